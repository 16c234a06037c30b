"""The words of ``/help``: what Kinora does here, the member's limits, what is refused, what else there is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.translation import _, command, money, ngettext
from bot.models import VideoModel
from bot.policy.limit_kinds import DAY, MONTH
from bot.policy.limit_usage import CounterValue, LimitUsage
from bot.policy.policy import Policy
from bot.texts.limit_words import other_spans, used_in
from bot.texts.picture_roles import roles_in_short
from bot.texts.policy import KnownServer, access_lines, allowance_words, manner_lines
from bot.texts.punctuation import labelled, noted, with_commas
from bot.texts.refusals import review_lines
from bot.texts.view import Tone, View, quote

MODELS_SHOWN = 8
_MODEL_SHOWN = 30  # characters


def help_view(
    policy: Policy,
    here: KnownServer,
    own: LimitUsage,
    server: LimitUsage,
    models: Sequence[VideoModel],
    hindrances: Sequence[str],
) -> View:
    """
    Return what ``/help`` tells a member: ``own`` and ``server`` are limits and counts, ``models`` those they may use.

    ``hindrances`` say why they cannot ask for videos at all.
    """
    paragraphs = [
        _("### 🎞️ Kinora turns pictures into videos"),
        _(
            "Use `/video` with a picture and say what should happen, or **Apps** › **Animate this** on a "
            "message with a picture. Buttons below a video make it again, change it, or reuse the idea."
        ),
        *hindrances,
        "\n".join([_("**Your limits here**"), *_limits(policy, here, own, server)]),
        "\n".join([_("**Models**"), *_models(models)]),
        "\n".join([_("**What is refused**"), *(f"- {line}" for line in review_lines())]),
        "\n".join([_("**Commands**"), *_commands()]),
        _("-# Pictures are kept for two days. More: `/privacy show`."),
    ]
    return View(Tone.REFUSED if hindrances else Tone.NEUTRAL, tuple(paragraphs))


def _limits(policy: Policy, here: KnownServer, own: LimitUsage, server: LimitUsage) -> list[str]:
    where, who, _models_allowed = access_lines(policy, here)
    lines = [
        labelled(f"**{_('You')}**", _limits_and_use(own)),
        labelled(f"**{_('Everyone together')}**", _limits_and_use(server)),
        where,
        who,
        *manner_lines(policy, here),
        _("**Cancel** is free while a request waits. Once sent, it counts unless the service fails."),
    ]
    return [f"- {line}" for line in lines]


def _limits_and_use(usage: LimitUsage) -> str:
    today, month = _count(usage.of(DAY).used), _count(usage.of(MONTH).used)
    counts = [_("{today} today, {month} this month", today=today, month=month)]
    counts += [used_in(window, _count(usage.of(window).used)) for window in other_spans()]
    return noted(allowance_words(usage.allowance), with_commas(counts))


def _count(used: CounterValue) -> str:
    videos = ngettext("{count} video", "{count} videos", used.videos)
    return f"{videos} · {money(used.cost)}" if used.cost else videos


def _models(models: Sequence[VideoModel]) -> list[str]:
    lines = [f"- {_model(model)}" for model in models[:MODELS_SHOWN]]
    if more := len(models[MODELS_SHOWN:]):
        lines.append("- " + ngettext("and {count} more", "and {count} more", more))
    return lines or ["- " + _("none of those offered is allowed here")]


def _model(model: VideoModel) -> str:
    parts = [quote(model.label, _MODEL_SHOWN)]
    if model.price_of():
        parts.append(_("{price} per video", price=money(model.price_of())))
    if model.max_images > 1:
        several = ngettext("one picture", "up to {count} pictures", model.max_images)
        parts.append(roles_in_short(model) or several)
    if not model.min_images:
        parts.append(_("works without a picture"))
    return " · ".join(parts)


def _commands() -> list[str]:
    told = [
        (command("/video"), _("make a video from a picture; opens a form without a prompt")),
        (command("/quota"), _("what you used, what is left, and your latest videos")),
        (command("/privacy"), _("see, download or erase what is stored about you")),
    ]
    last = _("For moderators: `/usage`, `/blocks`, `/limits` and, on a message, **Video details**.")
    return [f"- {line}" for line in (*(labelled(f"`{name}`", words) for name, words in told), last)]
