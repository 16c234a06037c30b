"""Counts the bot's requests to Discord, and injects faults into a part of them."""

from __future__ import annotations

from collections import Counter

from playground.fake_discord.server import DiscordServer
from playground.fake_discord.state.request_log import RequestRecord

INJECTED = "injected"
# Shares of all requests. A 503 may take 25 s inside discord.py; a request whose answer is lost has taken effect.
SHARES = {"500": 0.02, "429": 0.015, "dropped": 0.01, "503": 0.002, "answer lost": 0.003}


def inject_faults(discord: DiscordServer) -> None:
    """Let five in a hundred requests fail from now on."""
    add = discord.faults.add
    # Only for PATCH: a POST whose answer is lost would lead to a second message or an unfilled reply.
    add("PATCH *", drop_connection=True, takes_effect=True, rate=SHARES["answer lost"])
    add(status=500, message=INJECTED, rate=SHARES["500"])
    add(status=429, via=False, message=INJECTED, rate=SHARES["429"])
    add(status=503, message=INJECTED, rate=SHARES["503"])
    add(drop_connection=True, rate=SHARES["dropped"])


class TrafficLog:
    """Counts requests by their kind, and failures by theirs."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.limited = 0  # refused by Discord's own rate limits

    async def count(self, discord: DiscordServer) -> None:
        """Count forever."""
        with discord.events.subscribe() as events:
            async for event in events:
                if event.request:
                    self._add(event.request)

    def _add(self, request: RequestRecord) -> None:
        self.requests[request.method] += 1
        if request.status is None:
            self.failures["dropped"] += 1
        elif request.status >= 400:
            message = request.answer.get("message") if isinstance(request.answer, dict) else None
            if message == INJECTED:
                self.failures[str(request.status)] += 1
            elif request.status == 429:
                self.limited += 1
            else:
                self.failures[f"not injected {request.status}"] += 1
