"""The words of ``/usage``: a server's numbers, one member's, single requests, files, as moderators read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.desk import KINORA, Block, JobPage, Used, UsedUp
from bot.language import N_, _, duration, many, money, number, percent, span_words
from bot.models import JobRecord, Outcome, State
from bot.outcomes import outcome_words
from bot.policy import Allowance
from bot.quota import Span
from bot.report import Tally, UsageReport
from bot.trend import trend
from bot.view import Tone, View, quote

# What people choose from, by the values of cogs' ``Period``.
PERIODS: Mapping[str, str] = {
    "today": N_("Today"),
    "7": N_("7 days"),
    "30": N_("30 days"),
    "month": N_("This month"),
    "last_month": N_("Last month"),
    "90": N_("90 days"),
    "365": N_("365 days"),
}
CSV, NEWER, OLDER = N_("CSV file"), N_("◀ Newer"), N_("Older ▶")
CHART_DESCRIBED = N_("Bars: the requests of each day, and of each hour of the day")
NO_CHART = N_("-# Shown without a chart. Whoever hosts Kinora can add it: `pip install 'kinora[charts]'`")
REVERSED = N_("`from` lies after `to`. Please give the earlier day as `from`.")
TOO_LARGE = N_("Discord does not take a file of that size here. Please choose a shorter span with `/usage export`.")

# What stands after "refused:", where a list of them would say it each time.
_STAGES = {
    Outcome.MODERATION_IMAGE: N_("for the picture"),
    Outcome.MODERATION_PROMPT: N_("for the prompt"),
    Outcome.MODERATION_RESULT: N_("after it was made"),
    Outcome.MODERATION_UNKNOWN: N_("no stage named"),
}
_STOPPED = (Outcome.CANCELLED, Outcome.INTERRUPTED)
_STATES = {State.QUEUED: N_("waiting"), State.RUNNING: N_("under way")}

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
    where += [_("{member} only", member=f"<@{member}>")] if member is not None else []
    where += [_("{channel} only", channel=f"<#{channel}>")] if channel is not None else []
    head = _head(report, " · ".join(where))
    breakdown = [_outcomes(report), _members(report) if member is None else "", *_ways(report, labels, channel)]
    rest = [_open(report), _server_left(standing) if standing else "", "" if charted else _(NO_CHART)]
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
    now = [_member_left(standing), _(_ROLE_MISSING) if without_role else "", _open(report)]
    breakdown = [_outcomes(report), *_ways(report, labels, None)]
    return View(Tone.NEUTRAL, _filled(head, *now, *breakdown, "" if charted else _(NO_CHART)))


def jobs_view(
    page: JobPage, labels: Mapping[str, str], *, member: int | None = None, outcome: Outcome | None = None
) -> View:
    """Return a few single requests, the newest first."""
    chosen = [_("{member} only", member=f"<@{member}>")] if member is not None else []
    chosen += [_("{outcome} only", outcome=outcome_words(outcome))] if outcome else []
    head = _("### 🎞️ Requests, one by one") + "\n-# " + " · ".join([*chosen, _("newest first")])
    if not page.jobs:
        return View(
            Tone.NEUTRAL, (head, _("None that fit.") if chosen else _("Nobody has asked for a video here yet."))
        )
    return View(Tone.NEUTRAL, (head, *(_job(job, labels) for job in page.jobs)))


def csv_view(count: int, since: date, until: date, *, packed: bool) -> View:
    """Return what stands above a file of ``count`` requests."""
    hint = _("-# One line for each request. It holds prompts, so please share it with care.")
    if packed:
        hint += " " + _("Packed, since as it is it would be larger than Discord takes here.")
    return View(Tone.NEUTRAL, (f"### 📄 {_requests(count)}\n{span_words(since, until)} (UTC)", hint))


def no_csv(since: date, until: date) -> str:
    """Return what is said in place of a file without lines."""
    return _("There is nothing to put into a file: no requests, {days} (UTC).", days=span_words(since, until))


def no_day(text: str) -> str:
    """Return what is wrong with a day that was typed."""
    return _(
        "I do not know the day “{day}”. Please write it as year-month-day, such as `2026-03-31` (UTC).",
        day=quote(text, 40),
    )


# -- the parts of a report -------------------------------------------------------------------------------------------


def _head(report: UsageReport, whose: str, note: str = "") -> str:
    total = report.total
    lines = [f"## {_requests(total.jobs)}", f"{whose} · {span_words(report.since, report.until)} (UTC)"]
    if total.jobs:
        became = f"**{many('{count} became a video', '{count} became videos', total.made)}**"
        lines.append(f"{became} · {_spent(total)}" if total.cost else became)
    return "\n".join(line for line in (*lines, trend(report.total.jobs, report.before.jobs, report.days), note) if line)


def _outcomes(report: UsageReport) -> str:
    total, counts = report.total, report.by_outcome
    if not total.jobs:
        return ""
    lines = [_("**What became of them**")]
    if total.made:
        lines.append(f"✅ {_made(total)}{_share(total.made, total.jobs)}")
    if total.refused:
        share, stages = _share(total.refused, total.jobs), _counted(counts, _STAGES, lambda stage: _(_STAGES[stage]))
        lines.append(
            many(
                "🚫 {count} refused{share}: {stages}",
                "🚫 {count} refused{share}: {stages}",
                total.refused,
                share=share,
                stages=stages,
            )
        )
    failures = [outcome for outcome in counts if outcome is not Outcome.SUCCESS and not outcome.is_refusal]
    if total.failed:
        share, words = _share(total.failed, total.jobs), _counted(counts, failures, outcome_words)
        lines.append(
            many(
                "⚠️ {count} failed or stopped{share}: {outcomes}",
                "⚠️ {count} failed or stopped{share}: {outcomes}",
                total.failed,
                share=share,
                outcomes=words,
            )
        )
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f" ({percent(100 * part / whole, 0)})" if whole > 1 else ""


def _counted(counts: Mapping[Outcome, int], which: Iterable[Outcome], words: Callable[[Outcome], str]) -> str:
    found = sorted((outcome for outcome in which if counts.get(outcome)), key=lambda outcome: -counts[outcome])
    return " · ".join(_("{count} {what}", count=number(counts[outcome]), what=words(outcome)) for outcome in found)


def _members(report: UsageReport) -> str:
    if not report.members:
        return ""
    lines = [_("**Who asked**"), *(f"<@{member}> {_tally(tally)}" for member, tally in report.members)]
    if (more := report.member_count - len(report.members)) > 0:
        lines.append(many("-# and {count} more member", "-# and {count} more members", more))
    return "\n".join(lines)


def _tally(tally: Tally) -> str:
    parts = [f"**{number(tally.jobs)}**", _made(tally)]
    parts += [many("{count} refused", "{count} refused", tally.refused)] if tally.refused else []
    parts += [_spent(tally)] if tally.cost else []
    return " · ".join(parts)


def _made(tally: Tally) -> str:
    return many("{count} made", "{count} made", tally.made)


def _spent(tally: Tally) -> str:
    return _("spent {cost}", cost=money(tally.cost))


def _ways(report: UsageReport, labels: Mapping[str, str], channel: int | None) -> list[str]:
    """Return the paragraphs on models, channels and hours."""
    if not report.total.jobs:
        return []
    models = [f"{_label(name, labels)} {_tally(tally)}" for name, tally in report.models[:_FEW]]
    places = (
        [f"<#{place}> **{number(tally.jobs)}**" for place, tally in report.channels[:_FEW]] if channel is None else []
    )
    listed = [_("**Models**"), *models]
    if (more := len(report.models) - _FEW) > 0:
        listed.append(many("-# and {count} more model", "-# and {count} more models", more))
    placed = [_("**Channels**"), " · ".join(places)] if places else []
    if places and (more := len(report.channels) - _FEW) > 0:
        placed.append(many("-# and {count} more channel", "-# and {count} more channels", more))
    return ["\n".join(listed), "\n".join(placed), _busiest(report)]


def _busiest(report: UsageReport) -> str:
    busiest = sorted(range(24), key=lambda hour: -report.by_hour[hour])[:_BUSY]
    hours = [f"{hour:02}:00 (**{number(report.by_hour[hour])}**)" for hour in busiest if report.by_hour[hour]]
    return "\n".join([_("**Busiest hours**"), " · ".join(hours)])


def _open(report: UsageReport) -> str:
    if not report.open:
        return ""
    line = many("⏳ {count} waiting or under way", "⏳ {count} waiting or under way", report.open)
    if report.reserved:
        line = many(
            "⏳ {count} waiting or under way, {cost} set aside for it",
            "⏳ {count} waiting or under way, {cost} set aside for them",
            report.open,
            cost=money(report.reserved),
        )
    return "\n".join([_("**Right now**"), line])


# -- what is left ----------------------------------------------------------------------------------------------------

_ROLE_MISSING = N_("🔒 They hold none of the roles that may ask for videos here.")


def _server_left(standing: Standing) -> str:
    left = _left(standing)
    if not left:
        return _("-# The server as a whole has no limits; `/limits` sets them.")
    return "\n".join([_("**Left for the server**"), *left])


def _member_left(standing: Standing) -> str:
    if standing.allowance.unlimited:
        return "\n".join([_("**Left for them**"), _("A role of theirs frees them from the limits for members.")])
    left = _left(standing)
    return "\n".join([_("**Left for them**"), *left]) if left else _("-# No limits hold for them.")


def _left(standing: Standing) -> list[str]:
    allowance, used, now = standing.allowance, standing.used, standing.now
    lines = [
        *_of_span(_("Today"), Span.DAY, allowance.videos_day, allowance.money_day, used.day, now),
        *_of_span(_("This month"), Span.MONTH, allowance.videos_month, allowance.money_month, used.month, now),
    ]
    if allowance.at_once is not None:
        left = number(max(0, allowance.at_once - used.now.videos))
        lines.append(_("At once: {left} of {most}", left=left, most=number(allowance.at_once)))
    if allowance.cooldown and used.now.latest:
        again = used.now.latest + timedelta(seconds=allowance.cooldown)
        lines += [_("Cooldown: over {when}", when=_time(again, "R"))] if again > now else []
    return lines


def _of_span(name: str, span: Span, videos: int | None, cost: int | None, used: Used, now: datetime) -> list[str]:
    parts = []
    if videos is not None:
        left = number(max(0, videos - used.videos))
        parts.append(many("{left} of {count} videos", "{left} of {count} videos", videos, left=left))
    if cost is not None:
        parts.append(_("{left} of {most} to spend", left=money(max(0, cost - used.cost)), most=money(cost)))
    ends = span.ends(now)
    if not (parts and ends):
        return []
    return [_("{span}: {left}, anew {when}", span=name, left=" · ".join(parts), when=_time(ends, "R"))]


def _barred(block: Block) -> str:
    time, when, by = _time(block.until), _time(block.until, "R"), f"<@{block.by}>"
    if block.by == KINORA:
        return _("⏸️ Paused by Kinora until {time} ({when}), for refused prompts", time=time, when=when)
    if not block.reason:
        return _("⛔ Blocked until {time} ({when}) by {moderator}", time=time, when=when, moderator=by)
    reason = quote(block.reason)
    return _(
        "⛔ Blocked until {time} ({when}) by {moderator}: {reason}", time=time, when=when, moderator=by, reason=reason
    )


# -- single requests -------------------------------------------------------------------------------------------------


def _job(job: JobRecord, labels: Mapping[str, str]) -> str:
    facts = [f"<@{job.user_id}>", _label(job.model, labels)]
    facts += [duration(job.seconds)] if job.finished_at else []
    if cost := job.cost and money(job.cost):
        facts.append(cost if job.outcome else _("{cost} set aside", cost=cost))
    when = _time(job.created_at)
    if job.message_id:
        link = f"https://discord.com/channels/{job.guild_id}/{job.channel_id}/{job.message_id}"
        when += f" · [{_('Show it')}]({link})"
    prompt = f"> {quote(job.prompt, _PROMPT_SHOWN)}" if job.prompt else _("> *The prompt is no longer kept.*")
    return f"{_sign(job)} **{_state(job)}** · {' · '.join(facts)}\n{when}\n{prompt}"


def _state(job: JobRecord) -> str:
    return outcome_words(job.outcome) if job.outcome else _(_STATES.get(job.state, job.state))


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
    return many("{count} request", "{count} requests", count) if count else _("No requests")


def _label(model: str, labels: Mapping[str, str]) -> str:
    return quote(labels.get(model, model), _NAME_SHOWN)


def _time(moment: datetime, shape: str = "f") -> str:
    return f"<t:{int(moment.timestamp())}:{shape}>"


def _filled(*paragraphs: str) -> tuple[str, ...]:
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def label_of(outcome: Outcome) -> str:
    """Return an outcome as people choose it from a list."""
    return outcome_words(outcome).capitalize()
