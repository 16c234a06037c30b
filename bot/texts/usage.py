"""The words of ``/usage overview`` and ``/usage member``: the numbers of a server, or of one member in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.i18n.translation import N_, _, money, ngettext, number, percent, span_words
from bot.models import Outcome
from bot.policy.blocks import KINORA, Block
from bot.policy.limit_usage import LimitUsage
from bot.reports.refusal_report import RefusalStage
from bot.reports.usage_report import Tally, UsageReport
from bot.texts.model_label import model_label
from bot.texts.outcomes import outcome_words
from bot.texts.policy import KnownServer
from bot.texts.punctuation import labelled, noted
from bot.texts.refused_members import most_refused, stage_words
from bot.texts.remaining import member_left, server_left
from bot.texts.requests import counted_requests
from bot.texts.trend import trend
from bot.texts.view import Tone, View, quote, timestamp

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
CSV = N_("CSV file")
CHART_DESCRIBED = N_("Bars: requests per day and per hour")
NO_CHART = N_("-# No chart: the bot's owner can add `charts`, as the README says.")
REVERSED = N_("`from` is after `to`. Please give the earlier day as `from`.")

_ROLE_MISSING = N_("🔒 None of their roles can make videos here.")

FEW = 5  # models and channels that are named
_MODEL_SHOWN = 45  # characters
_BUSY = 3  # hours that are called the busiest


def overview_view(
    report: UsageReport,
    guild: str,
    here: KnownServer,
    *,
    member: int | None = None,
    channel: int | None = None,
    limits: LimitUsage | None = None,
    charted: bool = True,
) -> View:
    """Return a server's numbers, or those of ``member`` in it, or in ``channel``; ``here`` tells what is gone."""
    where = [quote(guild, 100)] if guild else []
    where += [_("{member} only", member=f"<@{member}>")] if member is not None else []
    where += [_("{channel} only", channel=here.channel(channel))] if channel is not None else []
    head = _head(report, " · ".join(where))
    breakdown = [_outcomes(report), _word_refusals(report), _members(report) if member is None else ""]
    breakdown += [most_refused(report.refusals) if report.refusals and member is None else ""]
    breakdown += _ways(report, here, channel)
    rest = [_open(report), server_left(limits) if limits else "", _unconfirmed(report)]
    rest += [] if charted else [_(NO_CHART)]
    return View(Tone.NEUTRAL, _filled(head, *breakdown, *rest))


def member_view(
    report: UsageReport,
    member: int,
    here: KnownServer,
    limits: LimitUsage,
    *,
    block: Block | None = None,
    without_role: bool = False,
    charted: bool = True,
) -> View:
    """Return one member's numbers and what they may still do; ``without_role``: they hold none that would let them."""
    head = _head(report, f"<@{member}>", _barred(block) if block else "")
    now = [member_left(limits), _(_ROLE_MISSING) if without_role else "", _open(report)]
    breakdown = [_outcomes(report), _word_refusals(report), *_ways(report, here, None), _unconfirmed(report)]
    return View(Tone.NEUTRAL, _filled(head, *now, *breakdown, "" if charted else _(NO_CHART)))


def no_day(text: str) -> str:
    """Return what is wrong with a day that was typed."""
    return _(
        "I don't understand “{day}”. Please write it like `2026-03-31`.",
        day=quote(text, 40),
    )


def _head(report: UsageReport, whose: str, note: str = "") -> str:
    total = report.total
    days = noted(span_words(report.since, report.until), "UTC")
    lines = [f"## {counted_requests(total.jobs)}", " · ".join(filter(None, (whose, days)))]
    if total.jobs:
        became = f"**{ngettext('{count} video made', '{count} videos made', total.made)}**"
        spent = [_spent(total)] if total.cost else []
        spent += [_("unconfirmed {cost}", cost=money(total.unconfirmed))] if total.unconfirmed else []
        lines.append(" · ".join([became, *spent]))
    return "\n".join(line for line in (*lines, trend(report.total.jobs, report.before.jobs, report.days), note) if line)


def _outcomes(report: UsageReport) -> str:
    total, counts = report.total, report.by_outcome
    if not total.jobs:
        return ""
    lines = [_("**Results**")]
    if total.made:
        lines.append(f"✅ {_shared(_made(total), total.made, total.jobs)}")
    if total.refused:
        refused = _refused(total)
        stages = stage_words({RefusalStage(each.value): count for each, count in counts.items() if each.is_refusal})
        lines.append(f"🚫 {labelled(_shared(refused, total.refused, total.jobs), stages)}")
    failures = [outcome for outcome in counts if outcome is not Outcome.SUCCESS and not outcome.is_refusal]
    if total.failed:
        failed = ngettext("{count} failed or stopped", "{count} failed or stopped", total.failed)
        words = _counted(counts, failures)
        lines.append(f"⚠️ {labelled(_shared(failed, total.failed, total.jobs), words)}")
    return "\n".join(lines)


def _shared(words: str, part: int, whole: int) -> str:
    return noted(words, percent(100 * part / whole, 0)) if whole > 1 else words


def _word_refusals(report: UsageReport) -> str:
    count = report.refusals.by_stage.get(RefusalStage.WORDS, 0) if report.refusals else 0
    if not count:
        return ""
    return ngettext(
        "✋ {count} prompt kept back by the word list, in no other number",
        "✋ {count} prompts kept back by the word list, in no other number",
        count,
    )


def _counted(counts: Mapping[Outcome, int], which: Iterable[Outcome]) -> str:
    found = sorted((outcome for outcome in which if counts.get(outcome)), key=lambda outcome: -counts[outcome])
    return " · ".join(
        _("{count} {what}", count=number(counts[outcome]), what=outcome_words(outcome)) for outcome in found
    )


def _members(report: UsageReport) -> str:
    if not report.members:
        return ""
    lines = [_("**Top members**"), *(f"<@{member}> {_tally(tally)}" for member, tally in report.members)]
    if (more := report.member_count - len(report.members)) > 0:
        lines.append(ngettext("-# and {count} more member", "-# and {count} more members", more))
    return "\n".join(lines)


def _tally(tally: Tally) -> str:
    parts = [f"**{number(tally.jobs)}**", _made(tally)]
    parts += [_refused(tally)] if tally.refused else []
    parts += [_spent(tally)] if tally.cost else []
    return " · ".join(parts)


def _made(tally: Tally) -> str:
    return ngettext("{count} made", "{count} made", tally.made)


def _refused(tally: Tally) -> str:
    return ngettext("{count} refused", "{count} refused", tally.refused)


def _spent(tally: Tally) -> str:
    return _("spent {cost}", cost=money(tally.cost))


def _ways(report: UsageReport, here: KnownServer, channel: int | None) -> list[str]:
    """Return the paragraphs on models, channels and hours."""
    if not report.total.jobs:
        return []
    models = [f"{model_label(name, here.models, _MODEL_SHOWN)} {_tally(tally)}" for name, tally in report.models[:FEW]]
    named = report.channels[:FEW] if channel is None else ()
    places = [f"{here.channel(place)} **{number(tally.jobs)}**" for place, tally in named]
    listed = [_("**Models**"), *models]
    if (more := len(report.models) - FEW) > 0:
        listed.append(ngettext("-# and {count} more model", "-# and {count} more models", more))
    placed = [_("**Channels**"), " · ".join(places)] if places else []
    if places and (more := len(report.channels) - FEW) > 0:
        placed.append(ngettext("-# and {count} more channel", "-# and {count} more channels", more))
    return ["\n".join(listed), "\n".join(placed), _busiest(report)]


def _busiest(report: UsageReport) -> str:
    busiest = sorted(range(24), key=lambda hour: -report.by_hour[hour])[:_BUSY]
    hours = [noted(f"{hour:02}:00", f"**{number(report.by_hour[hour])}**") for hour in busiest if report.by_hour[hour]]
    return "\n".join([_("**Busiest hours**"), " · ".join(hours)])


def _open(report: UsageReport) -> str:
    if not report.open:
        return ""
    line = ngettext("⏳ {count} in progress", "⏳ {count} in progress", report.open)
    if report.reserved:
        line = ngettext(
            "⏳ {count} in progress, {cost} reserved",
            "⏳ {count} in progress, {cost} reserved",
            report.open,
            cost=money(report.reserved),
        )
    return "\n".join([_("**Right now**"), line])


def _unconfirmed(report: UsageReport) -> str:
    if not report.total.unconfirmed:
        return ""
    return _("-# Unconfirmed: failed after it was sent. The service may charge, so it stays in the budget.")


def _barred(block: Block) -> str:
    time, when, by = timestamp(block.until), timestamp(block.until, "R"), f"<@{block.by}>"
    if block.by == KINORA:
        return _("⏸️ Paused by Kinora until {time} ({when}) after refused prompts", time=time, when=when)
    if not block.reason:
        return _("⛔ Blocked until {time} ({when}) by {moderator}", time=time, when=when, moderator=by)
    reason = quote(block.reason)
    return _(
        "⛔ Blocked until {time} ({when}) by {moderator}: {reason}", time=time, when=when, moderator=by, reason=reason
    )


def _filled(*paragraphs: str) -> tuple[str, ...]:
    return tuple(paragraph for paragraph in paragraphs if paragraph)
