"""The words of ``/usage``: a server's numbers, one member's, single requests, files, as moderators read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.desk import KINORA, Block, JobPage, Used, UsedUp
from bot.models import JobRecord, Outcome, State
from bot.outcomes import OUTCOME_WORDS
from bot.policy import Allowance
from bot.quota import Span
from bot.report import Tally, UsageReport
from bot.trend import trend
from bot.view import Tone, View, duration, money, quote

# What people choose from, by the values of cogs' ``Period``.
PERIODS: Mapping[str, str] = {
    "today": "Today",
    "7": "7 days",
    "30": "30 days",
    "month": "This month",
    "last_month": "Last month",
    "90": "90 days",
    "365": "365 days",
}
CSV, NEWER, OLDER = "CSV file", "◀ Newer", "Older ▶"
CHART_DESCRIBED = "Bars: the requests of each day, and of each hour of the day"
NO_CHART = "-# Shown without a chart. Whoever hosts Kinora can add it: `pip install 'kinora[charts]'`"
REVERSED = "`from` lies after `to`. Please give the earlier day as `from`."
TOO_LARGE = "Discord does not take a file of that size here. Please choose a shorter span with `/usage export`."

# What stands after "refused:", where a list of them would say it each time.
_STAGES = {
    Outcome.MODERATION_IMAGE: "for the picture",
    Outcome.MODERATION_PROMPT: "for the prompt",
    Outcome.MODERATION_RESULT: "after it was made",
    Outcome.MODERATION_UNKNOWN: "no stage named",
}
_STOPPED = (Outcome.CANCELLED, Outcome.INTERRUPTED)
_STATES = {State.QUEUED: "waiting", State.RUNNING: "under way"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_FEW = 5  # models and channels that are named
_BUSY = 3  # hours that are called the busiest
_NAME_SHOWN = 60  # characters of a model's name
_PROMPT_SHOWN = 120  # characters


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of the limits of a server, or a member, at ``now``."""

    allowance: Allowance
    used: UsedUp
    now: datetime


def overview_view(
    report: UsageReport,
    guild: str,
    labels: Mapping[str, str],
    *,
    member: int | None = None,
    channel: int | None = None,
    standing: Standing | None = None,
    charted: bool = True,
) -> View:
    """Return a server's numbers, or those of ``member`` in it, or in ``channel``; ``labels`` are the models' names."""
    where = [quote(guild, 100)]
    where += [f"<@{member}> only"] if member is not None else []
    where += [f"<#{channel}> only"] if channel is not None else []
    head = _head(report, " · ".join(where))
    breakdown = [_outcomes(report), _members(report) if member is None else "", *_ways(report, labels, channel)]
    rest = [_open(report), _server_left(standing) if standing else "", "" if charted else NO_CHART]
    return View(Tone.NEUTRAL, _filled(head, *breakdown, *rest))


def member_view(
    report: UsageReport,
    member: int,
    labels: Mapping[str, str],
    standing: Standing,
    *,
    block: Block | None = None,
    without_role: bool = False,
    charted: bool = True,
) -> View:
    """Return one member's numbers and what they may still do; ``without_role``: they hold none that would let them."""
    head = _head(report, f"<@{member}>", _barred(block) if block else "")
    now = [_member_left(standing), _ROLE_MISSING if without_role else "", _open(report)]
    breakdown = [_outcomes(report), *_ways(report, labels, None)]
    return View(Tone.NEUTRAL, _filled(head, *now, *breakdown, "" if charted else NO_CHART))


def jobs_view(
    page: JobPage, labels: Mapping[str, str], *, member: int | None = None, outcome: Outcome | None = None
) -> View:
    """Return a few single requests, the newest first."""
    chosen = [f"<@{member}> only"] if member is not None else []
    chosen += [f"{OUTCOME_WORDS[outcome]} only"] if outcome else []
    head = "### 🎞️ Requests, one by one\n-# " + " · ".join([*chosen, "newest first"])
    if not page.jobs:
        return View(Tone.NEUTRAL, (head, "None that fit." if chosen else "Nobody has asked for a video here yet."))
    return View(Tone.NEUTRAL, (head, *(_job(job, labels) for job in page.jobs)))


def csv_view(count: int, since: date, until: date, *, packed: bool) -> View:
    """Return what stands above a file of ``count`` requests."""
    hint = "-# One line for each request. It holds prompts, so please share it with care."
    if packed:
        hint += " Packed, since as it is it would be larger than Discord takes here."
    return View(Tone.NEUTRAL, (f"### 📄 {_requests(count)}\n{_dates(since, until)} (UTC)", hint))


def no_csv(since: date, until: date) -> str:
    """Return what is said in place of a file without lines."""
    return f"There is nothing to put into a file: no requests, {_dates(since, until)} (UTC)."


def no_day(text: str) -> str:
    """Return what is wrong with a day that was typed."""
    return f"I do not know the day “{quote(text, 40)}”. Please write it as year-month-day, such as `2026-03-31` (UTC)."


# -- the parts of a report -------------------------------------------------------------------------------------------


def _head(report: UsageReport, whose: str, note: str = "") -> str:
    total = report.total
    lines = [f"## {_requests(total.jobs)}", f"{whose} · {_dates(report.since, report.until)} (UTC)"]
    if total.jobs:
        became = "1 became a video" if total.made == 1 else f"{total.made:,} became videos"
        lines.append(f"**{became}** · spent {money(total.cost)}" if total.cost else f"**{became}**")
    return "\n".join(line for line in (*lines, trend(report.total.jobs, report.before.jobs, report.days), note) if line)


def _outcomes(report: UsageReport) -> str:
    total, counts = report.total, report.by_outcome
    if not total.jobs:
        return ""
    lines = ["**What became of them**"]
    if total.made:
        lines.append(f"✅ {total.made:,} made{_share(total.made, total.jobs)}")
    if total.refused:
        stages = _counted(counts, _STAGES, _STAGES)
        lines.append(f"🚫 {total.refused:,} refused{_share(total.refused, total.jobs)}: {stages}")
    failures = [outcome for outcome in counts if outcome is not Outcome.SUCCESS and not outcome.is_refusal]
    if total.failed:
        words = _counted(counts, failures, OUTCOME_WORDS)
        lines.append(f"⚠️ {total.failed:,} failed or stopped{_share(total.failed, total.jobs)}: {words}")
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f" ({100 * part / whole:.0f} %)" if whole > 1 else ""


def _counted(counts: Mapping[Outcome, int], which: Iterable[Outcome], words: Mapping[Outcome, str]) -> str:
    found = sorted((outcome for outcome in which if counts.get(outcome)), key=lambda outcome: -counts[outcome])
    return " · ".join(f"{counts[outcome]:,} {words[outcome]}" for outcome in found)


def _members(report: UsageReport) -> str:
    if not report.members:
        return ""
    lines = ["**Who asked**", *(f"<@{member}> {_tally(tally)}" for member, tally in report.members)]
    if (more := report.member_count - len(report.members)) > 0:
        lines.append(f"-# and {more:,} more member{'s' * (more > 1)}")
    return "\n".join(lines)


def _tally(tally: Tally) -> str:
    parts = [f"**{tally.jobs:,}**", f"{tally.made:,} made"]
    parts += [f"{tally.refused:,} refused"] if tally.refused else []
    parts += [f"spent {money(tally.cost)}"] if tally.cost else []
    return " · ".join(parts)


def _ways(report: UsageReport, labels: Mapping[str, str], channel: int | None) -> list[str]:
    """Return the paragraphs on models, channels and hours."""
    if not report.total.jobs:
        return []
    models = [f"{_label(name, labels)} {_tally(tally)}" for name, tally in report.models[:_FEW]]
    places = [f"<#{place}> **{tally.jobs:,}**" for place, tally in report.channels[:_FEW]] if channel is None else []
    return [
        "\n".join(["**Models**", *models, *_more(len(report.models), "model")]),
        "\n".join(["**Channels**", " · ".join(places), *_more(len(report.channels), "channel")]) if places else "",
        _busiest(report),
    ]


def _more(count: int, what: str) -> list[str]:
    more = count - _FEW
    return [f"-# and {more:,} more {what}{'s' * (more > 1)}"] if more > 0 else []


def _busiest(report: UsageReport) -> str:
    busiest = sorted(range(24), key=lambda hour: -report.by_hour[hour])[:_BUSY]
    hours = [f"{hour:02}:00 (**{report.by_hour[hour]:,}**)" for hour in busiest if report.by_hour[hour]]
    return f"**Busiest hours**\n{' · '.join(hours)}"


def _open(report: UsageReport) -> str:
    if not report.open:
        return ""
    reserved = f", {money(report.reserved)} set aside for {'it' if report.open == 1 else 'them'}"
    return f"**Right now**\n⏳ {report.open:,} waiting or under way{reserved if report.reserved else ''}"


# -- what is left ----------------------------------------------------------------------------------------------------

_ROLE_MISSING = "🔒 They hold none of the roles that may ask for videos here."


def _server_left(standing: Standing) -> str:
    left = _left(standing)
    if not left:
        return "-# The server as a whole has no limits; `/limits` sets them."
    return "\n".join(["**Left for the server**", *left])


def _member_left(standing: Standing) -> str:
    if standing.allowance.unlimited:
        return "**Left for them**\nA role of theirs frees them from the limits for members."
    left = _left(standing)
    return "\n".join(["**Left for them**", *left]) if left else "-# No limits hold for them."


def _left(standing: Standing) -> list[str]:
    allowance, used, now = standing.allowance, standing.used, standing.now
    lines = [
        *_of_span("Today", Span.DAY, allowance.videos_day, allowance.money_day, used.day, now),
        *_of_span("This month", Span.MONTH, allowance.videos_month, allowance.money_month, used.month, now),
    ]
    if allowance.at_once is not None:
        lines.append(f"At once: {max(0, allowance.at_once - used.now.videos):,} of {allowance.at_once:,}")
    if allowance.cooldown and used.now.latest:
        again = used.now.latest + timedelta(seconds=allowance.cooldown)
        lines += [f"Cooldown: over {_time(again, 'R')}"] if again > now else []
    return lines


def _of_span(name: str, span: Span, videos: int | None, cost: int | None, used: Used, now: datetime) -> list[str]:
    parts = [] if videos is None else [f"{max(0, videos - used.videos):,} of {videos:,} videos"]
    parts += [] if cost is None else [f"{money(max(0, cost - used.cost))} of {money(cost)} to spend"]
    ends = span.ends(now)
    return [f"{name}: {' · '.join(parts)}, anew {_time(ends, 'R')}"] if parts and ends else []


def _barred(block: Block) -> str:
    until = f"until {_time(block.until)} ({_time(block.until, 'R')})"
    if block.by == KINORA:
        return f"⏸️ Paused by Kinora {until}, for refused prompts"
    reason = f": {quote(block.reason)}" if block.reason else ""
    return f"⛔ Blocked {until} by <@{block.by}>{reason}"


# -- single requests -------------------------------------------------------------------------------------------------


def _job(job: JobRecord, labels: Mapping[str, str]) -> str:
    facts = [f"<@{job.user_id}>", _label(job.model, labels)]
    facts += [duration(job.seconds)] if job.finished_at else []
    facts += [money(job.cost) if job.outcome else f"{money(job.cost)} set aside"] if job.cost else []
    when = _time(job.created_at)
    if job.message_id:
        when += f" · [Show it](https://discord.com/channels/{job.guild_id}/{job.channel_id}/{job.message_id})"
    prompt = f"> {quote(job.prompt, _PROMPT_SHOWN)}" if job.prompt else "> *The prompt is no longer kept.*"
    return f"{_sign(job)} **{_state(job)}** · {' · '.join(facts)}\n{when}\n{prompt}"


def _state(job: JobRecord) -> str:
    return OUTCOME_WORDS[job.outcome] if job.outcome else _STATES.get(job.state, job.state)


def _sign(job: JobRecord) -> str:
    if job.outcome is None:
        return "⏳"
    if job.outcome is Outcome.SUCCESS:
        return "✅"
    if job.outcome.is_refusal:
        return "🚫"
    return "⏹️" if job.outcome in _STOPPED else "⚠️"


# -- the smallest things ---------------------------------------------------------------------------------------------


def _requests(count: int) -> str:
    return "No requests" if not count else f"{count:,} request{'s' * (count > 1)}"


def _dates(since: date, until: date) -> str:
    last = f"{until.day} {_MONTHS[until.month - 1]} {until.year}"
    if since == until:
        return last
    year = f" {since.year}" if since.year != until.year else ""
    return f"{since.day} {_MONTHS[since.month - 1]}{year} – {last}"


def _label(model: str, labels: Mapping[str, str]) -> str:
    return quote(labels.get(model, model), _NAME_SHOWN)


def _time(moment: datetime, shape: str = "f") -> str:
    return f"<t:{int(moment.timestamp())}:{shape}>"


def _filled(*paragraphs: str) -> tuple[str, ...]:
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def label_of(outcome: Outcome) -> str:
    """Return an outcome as people choose it from a list."""
    return OUTCOME_WORDS[outcome].capitalize()
