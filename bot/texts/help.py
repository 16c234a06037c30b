"""The words of ``/help``: what Kinora does here, the member's limits, what is refused, what else there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.i18n.translation import _, command, money, ngettext
from bot.models import VideoModel
from bot.policy.limit_kinds import DAY, MONTH
from bot.policy.limit_usage import CounterValue, LimitUsage
from bot.policy.policy import Policy
from bot.texts.limit_words import other_spans, used_in
from bot.texts.policy import KnownServer, allowance_words, restriction_lines
from bot.texts.punctuation import labelled, noted, with_commas
from bot.texts.refusals import review_lines
from bot.texts.starting import model_facts
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
    ids: Mapping[str, int],
) -> View:
    """
    Return what ``/help`` tells a member: ``own`` and ``server`` are limits and counts, ``models`` those they may use.

    ``hindrances`` say why they cannot ask for videos at all; ``ids`` are those of the commands, for mentions that can
    be clicked.
    """
    paragraphs = (
        _("### 🎞️ Kinora turns pictures into videos"),
        *hindrances,
        "\n".join(_commands(ids)),
        "\n".join([_("**Models**"), *_models(models)]),
        "\n".join([_("**Your limits here**"), *_limits(policy, here, own, server)]),
        "\n".join([_("**What is refused**"), *(f"- {line}" for line in review_lines())]),
    )
    return View(Tone.REFUSED if hindrances else Tone.NEUTRAL, paragraphs)


def _commands(ids: Mapping[str, int]) -> list[str]:
    def mention(*path: str) -> str:
        name, known = "/" + " ".join(path), ids.get(path[0])
        return f"<{name}:{known}>" if known else f"`{command(name)}`"

    return [
        _("- {video} makes a video of your picture and a few words", video=mention("video")),
        _("- **Apps** › **Animate this** does so with a picture in a message"),
        _("- **Again**, **Edit** and **Remix** below a video start from it"),
        _("- {quota} shows what is left for you, and your latest videos", quota=mention("quota")),
        _("- {privacy} shows what is stored about you", privacy=mention("privacy", "show")),
    ]


def _limits(policy: Policy, here: KnownServer, own: LimitUsage, server: LimitUsage) -> list[str]:
    lines = [
        labelled(f"**{_('You')}**", _limits_and_use(own)),
        labelled(f"**{_('Everyone together')}**", _limits_and_use(server)),
        *restriction_lines(policy, here),
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
    return " · ".join((quote(model.label, _MODEL_SHOWN), *model_facts(model)))
