"""What moderators read of who was refused, how often and at which stage."""

from __future__ import annotations

from collections.abc import Mapping

from bot.i18n.translation import N_, _, ngettext, number, span_words
from bot.reports.refusal_report import RefusalReport, RefusalStage
from bot.texts.punctuation import labelled, noted
from bot.texts.view import Tone, View

# What stands after "refused:", where a list of them would say it each time.
_STAGES = {
    RefusalStage.PICTURE: N_("for the picture"),
    RefusalStage.PROMPT: N_("for the prompt"),
    RefusalStage.RESULT: N_("after it was made"),
    RefusalStage.UNKNOWN: N_("stage unknown"),
    RefusalStage.WORDS: N_("by the word list"),
}


def refusals_view(report: RefusalReport) -> View:
    """Return who was refused most, and how often at each stage."""
    days = noted(span_words(report.since, report.until), "UTC")
    head = _("### 🚫 Refused requests") + f"\n-# {days}"
    if not report.members:
        return View(Tone.NEUTRAL, (head, _("No one was refused.")))
    everyone = labelled(f"**{_('Everyone together')}**", stage_words(report.by_stage))
    lines = [_member(member, counts) for member, counts in report.members]
    if (more := report.member_count - len(report.members)) > 0:
        lines.append(ngettext("-# and {count} more member", "-# and {count} more members", more))
    hint = _(
        "-# The word list keeps prompts from being sent. Single requests: `/usage jobs`. Block a member: `/blocks add`."
    )
    return View(Tone.NEUTRAL, (head, everyone, "\n".join(lines), hint))


def most_refused(report: RefusalReport) -> str:
    """Return the paragraph on those who were refused most, "" if no one was."""
    if not report.members:
        return ""
    lines = [_member(member, counts) for member, counts in report.members]
    return "\n".join([_("**Refused most**"), *lines, _("-# More: `/usage refusals`.")])


def stage_words(counts: Mapping[RefusalStage, int]) -> str:
    """Return how often at each stage, the most first."""
    found = sorted((stage for stage in _STAGES if counts.get(stage)), key=lambda stage: -counts[stage])
    return " · ".join(_("{count} {what}", count=number(counts[stage]), what=_(_STAGES[stage])) for stage in found)


def _member(member: int, counts: Mapping[RefusalStage, int]) -> str:
    return f"<@{member}> **{number(sum(counts.values()))}** · {stage_words(counts)}"
