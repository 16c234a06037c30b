"""What all processes of a run stand in: its time, its servers and members, and the truth about each request."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.soak.fuzz.calls import Caller
from benchmarks.soak.fuzz.video_service import VideoService
from benchmarks.soak.fuzz.virtual_loop import VirtualLoop
from bot.models import JobRecord, Outcome, Picture, VideoModel, VideoRequest
from bot.policy.policy import Allowance

START = datetime(2026, 1, 30, 20, tzinfo=UTC)
GUILDS = (11, 12, 13)
REFUSALS_COUNT = 13  # where what reviews refuse counts as a video
MEMBERS = (101, 102, 103, 104)
MODELS = ("sora_video2", "sora_video2-15s")
PRICES = (0, 150_000, 600_000)
WAITS = "waits"  # what a member is told whose request was taken
TRACE = 120  # lines

_PICTURE = Picture(Path("picture.jpg"), "image/jpeg", 1)


@dataclass(eq=False)
class Asked:
    """
    A member's request. ``told``: what they were answered at once; ``shown``: the ends that stood in the reply, the last
    one put there ``by`` that process.
    """

    process: Caller
    by: Caller | None = None
    told: str = ""
    shown: list[Outcome] = field(default_factory=list)


class World:
    """One run's world; what goes wrong in it stands in ``violations``."""

    def __init__(self, loop: VirtualLoop, chance: random.Random) -> None:
        self.loop, self.chance = loop, chance
        self.service = VideoService(chance, has_tasks=chance.random() < 0.5)
        self.refusals_cost = chance.random() < 0.5
        self.left: set[int] = set()  # servers without the bot
        self.disallowed: set[int] = set()  # servers, by the operator
        self.blocked: dict[tuple[int, int], datetime] = {}
        self.offered = set(MODELS)
        self.prices = {name: chance.choice(PRICES) for name in MODELS}
        self.cap = Allowance()
        self.asked: dict[int, Asked] = {}  # by message
        self.heard: defaultdict[tuple[str, str], list[Outcome]] = defaultdict(list)  # by listener and job
        self.violations: list[str] = []
        self.trace: deque[str] = deque(maxlen=TRACE)
        self.jumped = timedelta(0)  # by the clocks, in no time

    def now(self) -> datetime:
        """Return the time."""
        return START + self.jumped + timedelta(seconds=self.loop.time())

    def say(self, words: str) -> None:
        """Write down what happens."""
        self.trace.append(f"{self.now():%m-%d %H:%M:%S.%f} {words}")

    def violate(self, words: str) -> None:
        """Write down what may not happen."""
        self.say(f"VIOLATION: {words}")
        self.violations.append(words)

    def new_request(self, process: Caller) -> VideoRequest:
        """Return a request of some member, made to ``process``."""
        guild, member, name = self.chance.choice(GUILDS), self.chance.choice(MEMBERS), self.chance.choice(MODELS)
        number = len(self.asked) + 1
        self.asked[number] = Asked(process)
        self.say(f"{member} of {guild} asks {process.name} for {number}")
        return self._request(guild, number, member, name)

    def rebuilt(self, record: JobRecord) -> VideoRequest | None:
        """Return the request of a job that is adopted; now and then none, since a picture that it needs is gone."""
        if not record.task and self.chance.random() < 0.05:
            return None
        return self._request(record.guild_id, record.message_id, record.user_id, record.model)

    def _request(self, guild: int, number: int, member: int, name: str) -> VideoRequest:
        model = VideoModel(name, name, self.prices[name])
        return VideoRequest(guild, guild * 10, number, member, model, "a lighthouse", (_PICTURE,))

    def tell(self, process: Caller, number: int, what: str) -> None:
        """Answer a member's request."""
        if not process.is_gone:
            self.asked[number].told = what
            self.say(f"{process.name}: the member of {number} is told: {what}")

    def show(self, process: Caller, number: int, outcome: Outcome) -> None:
        """Show an end in a reply."""
        if not process.is_gone:
            self.asked[number].shown.append(outcome)
            self.asked[number].by = process
            self.say(f"{process.name}: {number} shows {outcome}")

    def send(self, process: Caller, number: int, *, leaving: bool) -> None:
        """Let a request leave."""
        self.say(f"{process.name}: {number} is sent")
        asked = self.asked[number]
        if any(not sent.was_turned_away for sent in self.service.of(number)):
            self.violate(f"{number} is sent again")
        if process.is_gone or leaving:
            self.violate(f"{number} is sent by {process.name}, which was asked to leave")
        if asked.shown or (asked.told not in ("", WAITS) and asked.process is process):
            self.violate(f"{number} is sent, but its member was told: {asked.told} {asked.shown}")

    def hear(self, process: Caller, listener: str, record: JobRecord) -> None:
        """Tell a listener of an ending."""
        if not process.is_gone and record.outcome:
            self.heard[listener, record.id].append(record.outcome)
