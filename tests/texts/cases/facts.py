"""The server, its members, their requests and their use, as the cases tell of them: the same on every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.models import Delivery, JobRecord, JobState, Outcome, VideoModel
from bot.policy.blocks import KINORA, Block
from bot.policy.limit_kinds import DAY, MONTH, NOW, kinds
from bot.policy.limit_usage import CounterValue, LimitUsage
from bot.policy.policy import Allowance, Policy
from bot.reports.refusal_report import RefusalReport, RefusalStage
from bot.reports.usage_report import Tally, UsageReport
from bot.texts.policy import KnownServer

NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)
MEMBER, MODERATOR = 42, 9
PROMPT = "a lighthouse at dusk"
HOSTILE = "**@everyone** <@1> [x](https://h.example)\n# x"
LARGEST_ID = 2**63 - 1

SORA = VideoModel("sora", "Sora 2", 150_000)
PRO = VideoModel("pro", "Sora *Pro*", 900_000, max_images=3)
MODELS = (SORA, PRO)
FORMER = "sora_*1*"  # a model that is no longer offered

DONE = JobRecord(
    id="0" * 32,
    guild_id=1,
    channel_id=2,
    message_id=3,
    user_id=MEMBER,
    model=SORA.name,
    prompt=PROMPT,
    state=JobState.DONE,
    outcome=Outcome.SUCCESS,
    percent=100.0,
    video_url="https://h.example/v.mp4",
    cost=290_000,
    picture="p.jpg",
    picture_link="",
    created_at=NOON,
    started_at=NOON + timedelta(seconds=5),
    finished_at=NOON + timedelta(seconds=125),
    delivery=Delivery.REPLY,
)
RUNNING = replace(DONE, state=JobState.RUNNING, outcome=None, delivery=None, finished_at=None)
QUEUED = replace(RUNNING, state=JobState.QUEUED, started_at=None)
LONG = replace(
    DONE,
    guild_id=LARGEST_ID,
    channel_id=LARGEST_ID,
    message_id=LARGEST_ID,
    user_id=LARGEST_ID,
    prompt="*" * 4000,
    model="*" * 200,
    cost=10**15,
)

FOR_A_DAY = Block(1, MEMBER, NOON + timedelta(days=1), "", MODERATOR, NOON)
FOR_A_REASON = replace(FOR_A_DAY, reason="@everyone was told *twice*")
FOR_GOOD = replace(FOR_A_DAY, until=NOON + timedelta(days=36525))
PAUSE = Block(1, MEMBER, NOON + timedelta(hours=1), "", KINORA, NOON)
LONG_BLOCK = Block(1, LARGEST_ID, NOON, "*" * 1000, LARGEST_ID, NOON)

HERE = KnownServer(MODELS, roles=frozenset({7, 8}), channels=frozenset({70, 80}))
PLAIN = Policy()
FULL = Policy(
    server=Allowance(videos_day=100, money_month=20_000_000),
    member=Allowance(videos_day=5, at_once=1, cooldown=60),
    by_role={7: Allowance(videos_day=20)},
    channels=frozenset({70}),
    age_restricted=True,
    roles=frozenset({7, 8}),
    models=frozenset({SORA.name}),
    refusals_count=True,
    refusals_public=True,
    pause_after=0,
    log_channel=80,
    prompt_days=1,
)
GONE = Policy(
    by_role={9: Allowance(videos_day=1)},
    channels=frozenset({90, 91}),
    roles=frozenset({9}),
    models=frozenset({FORMER, PRO.name}),
    log_channel=90,
)
MANY = Policy(
    channels=frozenset(range(1, 26)),
    roles=frozenset(range(1, 13)),
    by_role={role: Allowance(videos_day=role) for role in range(1, 18)},
)

EVERY_LIMIT = Allowance(
    videos_day=5, videos_month=30, at_once=2, cooldown=60, money_day=2_000_000, money_month=10_000_000
)
MOST = Allowance(**{kind.name: kind.largest for kind in kinds()})
# As much as a server can have, and as can be stored of it: Discord has 250 roles, its selects take 25.
CROWDED = Policy(
    server=MOST,
    member=MOST.with_limits(videos_month=1),
    by_role={LARGEST_ID - role: MOST for role in range(250)},
    channels=frozenset(LARGEST_ID - channel for channel in range(25)),
    roles=frozenset(LARGEST_ID - 300 - role for role in range(25)),
    models=frozenset(f"{number:02}{'*' * 98}" for number in range(25)),
    age_restricted=True,
    refusals_count=True,
    refusals_public=True,
    log_channel=LARGEST_ID,
)
USED = {
    DAY: CounterValue(3, 870_000),
    MONTH: CounterValue(12, 3_480_000),
    NOW: CounterValue(1, 290_000, NOON - timedelta(seconds=20)),
}
MOST_USED = dict.fromkeys((DAY, MONTH, NOW), CounterValue(10**6, 10**15, NOON))


def usage(allowance: Allowance, used: dict[Any, CounterValue] | None = None) -> LimitUsage:
    """What somebody may use, and has used at noon."""
    return LimitUsage(allowance, used or {}, NOON)


UNLIMITED = usage(Allowance())

_EVENING = (*[1] * 18, 40, 41, 21, 0, 0, 0)
_OUTCOMES = {
    Outcome.SUCCESS: 90,
    Outcome.MODERATION_PROMPT: 12,
    Outcome.MODERATION_IMAGE: 8,
    Outcome.TIMEOUT: 5,
    Outcome.PROVIDER_ERROR: 3,
    Outcome.CANCELLED: 2,
}


REFUSED = RefusalReport(
    date(2026, 3, 1),
    date(2026, 3, 30),
    {RefusalStage.PROMPT: 12, RefusalStage.PICTURE: 3, RefusalStage.WORDS: 4},
    ((7, {RefusalStage.PROMPT: 12, RefusalStage.WORDS: 3}), (8, {RefusalStage.PICTURE: 3, RefusalStage.WORDS: 1})),
    2,
)


def a_report(**changes: Any) -> UsageReport:
    """The report of a busy month; ``changes`` replace its fields."""
    fields: dict[str, Any] = {
        "since": date(2026, 3, 1),
        "until": date(2026, 3, 30),
        "total": Tally(120, 90, 20, 18_000_000),
        "before": Tally(100, 80, 10, 0),
        "by_outcome": _OUTCOMES,
        "by_day": {},
        "by_hour": _EVENING,
        "members": ((7, Tally(80, 60, 15, 12_000_000)), (8, Tally(40, 30, 5, 6_000_000))),
        "member_count": 2,
        "models": ((SORA.name, Tally(120, 90, 20, 18_000_000)),),
        "channels": ((70, Tally(100, 80, 20, 0)), (71, Tally(20, 10, 0, 0))),
    }
    return UsageReport(**fields | changes)


def no_report(**changes: Any) -> UsageReport:
    """The report of a month without requests; ``changes`` replace its fields."""
    nothing: dict[str, Any] = {"total": Tally(), "before": Tally(), "by_outcome": {}, "by_hour": (0,) * 24}
    return a_report(**nothing | {"members": (), "member_count": 0, "models": (), "channels": ()} | changes)
