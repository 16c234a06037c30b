"""What the bot asked of Discord, counted as it happens, and the part of it that was made to fail."""

from __future__ import annotations

from collections import Counter

from playground.fake_discord.server import DiscordServer
from playground.fake_discord.state.request_log import RequestRecord

INJECTED = "injected"
# Shares of all requests. A 503 may cost 25 s inside discord.py; what is dropped in the end has taken effect.
SHARES = {"500": 0.02, "429": 0.015, "dropped": 0.01, "503": 0.002, "answer lost": 0.003}


def let_fail(discord: DiscordServer) -> None:
    """Let five in a hundred requests fail from here on."""
    add = discord.faults.add
    # Of a POST only the answer lost would be a second message, or a reply that nobody fills: so PATCH alone.
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
        """Count for ever."""
        with discord.events.subscribe() as events:
            async for event in events:
                if event.request:
                    self._add(event.request)

    def _add(self, request: RequestRecord) -> None:
        self.requests[request.method] += 1
        if request.status is None:
            self.failures["dropped"] += 1
        elif request.status >= 400:
            said = request.answer.get("message") if isinstance(request.answer, dict) else None
            if said == INJECTED:
                self.failures[str(request.status)] += 1
            elif request.status == 429:
                self.limited += 1
            else:
                self.failures[f"unasked {request.status}"] += 1
