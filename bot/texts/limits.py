"""What managers read when they look at their server's rules or change them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from bot.i18n.translation import N_, _, command, money, ngettext, number
from bot.models import DiscordLimits
from bot.policy.limit_kinds import DAY, MONTH, NOW
from bot.policy.limit_usage import LimitUsage, Usage, WindowUsage
from bot.policy.policy import ROLE, Policy, PolicyChange, differences
from bot.policy.server_pause import ServerPause
from bot.policy.word_list import WordList
from bot.texts.limit_words import limit_words, next_begins, other_spans, used_in
from bot.texts.pauses import standing_pause
from bot.texts.policy import KnownServer, access_lines, allowance_words, limit_lines, manner_lines, subject
from bot.texts.policy_changes import change_line, changes_words
from bot.texts.policy_warnings import warnings
from bot.texts.punctuation import joined_sentences, labelled
from bot.texts.view import Tone, View, shortened, timestamp
from bot.texts.word_list import WORD_LIST, counted_words

ROOM = DiscordLimits.TEXT - 500  # characters of one list
_CHANGES_SHOWN = 20
_NO_WORDS = WordList()
# What is said around the select for a rule: above it, in it while nothing is chosen, and of choosing nothing.
ACCESS_WORDS = {
    "channels": (
        N_("### 📍 Where videos can be made"),
        N_("Everywhere"),
        N_("A category covers all its channels. Choose nothing for everywhere."),
    ),
    "roles": (
        N_("### 👥 Who can make videos"),
        N_("Everyone"),
        N_("Members with any of these roles can. Choose nothing for everyone."),
    ),
    "models": (
        N_("### 🎞️ Which models can be used"),
        N_("All models"),
        N_("Choose nothing for all of them."),
    ),
}


# What is said of a change whose view Discord does not take.
SAVED = N_("✅ Changed. `/limits show` has the rules; I couldn't show them here.")


class RulesOrigin(StrEnum):
    """Where the rules in force come from."""

    OWN = N_("These are this server's own rules.")
    OPERATOR = N_("Nothing is set here: these are the bot's owner's rules.")
    KINORA = N_("Nothing is set here: these are Kinora's default rules.")


def rules_view(
    policy: Policy,
    here: KnownServer,
    used: Usage,
    now: datetime,
    *,
    origin: RulesOrigin,
    allowed: bool = True,
    pause: ServerPause | None = None,
    words: WordList = _NO_WORDS,
) -> View:
    """Return the rules and the ``pause`` in force, what of the limits is used up, and how to change them."""
    server = LimitUsage(policy.server, used, now)
    paragraphs = [_("### 📏 This server's rules")]
    if not allowed:
        paragraphs.append(_("⚠️ The bot's owner doesn't offer videos on this server."))
    paragraphs += [standing_pause(pause)] if pause else []
    paragraphs += ["\n".join(lines(policy, here)) for lines in (limit_lines, access_lines, manner_lines)]
    paragraphs += [labelled(f"**{_(WORD_LIST)}**", counted_words(len(words.words)))] if words.words else []
    paragraphs += _warnings(policy, here)
    paragraphs += [_used(server), _calendar(now), f"-# {_(origin)}\n{_(_HOW)}"]
    return View(Tone.NEUTRAL, tuple(paragraphs))


_HOW = N_(
    "-# Change: `/limits` with `member`, `server`, `role`, `channels`, `age_restricted`, `roles`, `models`, "
    "`refusals`, `prompts` or `log`. Remove: `/limits lift`. Pause: `/limits pause`. Words: `/limits words`. "
    "History: `/limits changes`."
)


def changed_view(before: Policy, after: Policy, here: KnownServer) -> View:
    """Return what became different, and the rule that results."""
    changed = differences(before, after)
    if not changed:
        return View(Tone.NEUTRAL, (_("### No change"), _("It was already set like that.")))
    parts = dict.fromkeys(_part(what) for what, *_values in changed)
    said = _warnings(after, here)
    if list(parts) == [manner_lines] and said == _warnings(before, here):
        said = []  # old news, and of something else
    rule = [line for part in parts for line in part(after, here)]
    now = "\n".join([_("**It is now:**"), *rule])
    paragraphs = (_("### ✅ Changed"), changes_words(before, after, here), *said, now)
    return View(Tone.REFUSED if said else Tone.GOOD, paragraphs)


def unset_view(scope: str, policy: Policy, here: KnownServer) -> View:
    """Return what holds for ``scope`` (``server``, ``member``, ``by_role.<id>``), for a command without options."""
    role = scope.partition(".")[2]
    path = "/limits role" if role else f"/limits {scope}"
    lines = limit_lines(policy, here)
    if role and int(role) not in policy.by_role:
        lines.append(labelled(f"**{subject(scope, here)}**", _("same as for each member")))
    how = _(
        "-# Nothing was changed. Give `{command}` an option, such as `videos_day`; 0 is none. Remove limits "
        "with `/limits lift`.",
        command=command(path),
    )
    return View(Tone.NEUTRAL, (_("### 📏 Limits"), "\n".join(lines), how))


def manner_view(policy: Policy, here: KnownServer) -> View:
    """Return how Kinora behaves there, for a command without options."""
    how = _("-# Nothing was changed. Give `/limits refusals` an option.")
    return View(Tone.NEUTRAL, (_("### 🛡️ Refusals"), "\n".join(manner_lines(policy, here)), how))


def access_view(rule: str, policy: Policy, here: KnownServer, before: Policy | None = None) -> View:
    """Return what stands above the select for ``rule``: ``channels``, ``roles`` or ``models``."""
    head, _unchosen, hint = map(_, ACCESS_WORDS[rule])
    shown = [head]
    if before is not None:
        shown.append(f"✅ {changes_words(before, policy, here) or _('Nothing changed.')}")
    said, effect = _warnings(policy, here), joined_sentences(_("Your choice takes effect at once."), hint)
    shown += [*said, "\n".join(access_lines(policy, here)), f"-# {effect}"]
    if rule == "models" and len(here.models) > DiscordLimits.CHOICES:
        shown.append(
            ngettext(
                "-# Only {first} of {count} models can be chosen here.",
                "-# Only {first} of {count} models can be chosen here.",
                len(here.models),
                first=DiscordLimits.CHOICES,
            )
        )
    tone = Tone.REFUSED if said else Tone.GOOD if before is not None else Tone.NEUTRAL
    return View(tone, tuple(shown))


def changes_view(changes: Sequence[PolicyChange], here: KnownServer) -> View:
    """Return who changed what and when, the newest first, as far as there is room."""
    head = _("### 📜 Changes to the rules")
    lines: list[str] = []
    for change in changes:
        line = change_line(change.what, json.loads(change.before), json.loads(change.after), here)
        entry = f"{timestamp(change.at, 'R')} <@{change.user_id}> {line}"
        if line and len(lines) < _CHANGES_SHOWN and sum(map(len, lines)) + len(entry) < ROOM:
            lines.append(entry)
    return View(Tone.NEUTRAL, (head, "\n".join(lines) or _("Nothing has been changed here yet.")))


def change_note(user_id: int, before: Policy, after: Policy, here: KnownServer) -> str:
    """Return the line for the log channel, "" if nothing changed."""
    changes = changes_words(before, after, here)
    head = _("📏 {member} changed the rules.", member=f"<@{user_id}>")
    return shortened(f"{head}\n{changes}", DiscordLimits.CONTENT) if changes else ""


def unnamed_role(role: int, here: KnownServer) -> str:
    """Return a role whose name is not known as a choice, in which Discord draws no mention."""
    return _("Role {id}", id=str(role)) if here.has_role(role) else _("A deleted role")


def lift_label(key: str, policy: Policy, role_name: Callable[[int], str]) -> str:
    """Return the limit ``key`` (see ``limits_in_force``) as a choice, in which Discord draws neither bold nor names."""
    scope, name = key.rpartition(".")[::2]
    if scope == ROLE:
        limits = allowance_words(policy.by_role[int(name)])
        return _("{role}: all of its own limits ({limits})", role=role_name(int(name)), limits=limits)
    role = scope.partition(".")[2]
    who = role_name(int(role)) if role else subject(scope, KnownServer())
    own = policy.allowances()[scope].in_force()
    return labelled(who, next(limit_words(kind, value) for kind, value in own.items() if kind.name == name))


def _part(what: str) -> Callable[[Policy, KnownServer], list[str]]:
    if "." in what:
        return limit_lines
    return access_lines if what in ACCESS_WORDS else manner_lines


def _warnings(policy: Policy, here: KnownServer) -> list[str]:
    said = [f"⚠️ {warning}" for warning in warnings(policy, here)]
    return ["\n".join(said)] if said else []


def _used(server: LimitUsage) -> str:
    today, month, under_way = (_share(server.of(window)) for window in (DAY, MONTH, NOW))
    used = _(
        "**Used together**: {today} today · {month} this month · {under_way} in progress",
        today=today,
        month=month,
        under_way=under_way,
    )
    return " · ".join([used, *(used_in(window, _share(server.of(window))) for window in other_spans())])


def _share(part: WindowUsage) -> str:
    used, cost = part.used, money(part.used.cost)
    if part.video_limit is None:
        count = ngettext("{count} video", "{count} videos", used.videos)
    else:
        videos = number(used.videos)
        count = ngettext("{used} of {count} videos", "{used} of {count} videos", part.video_limit, used=videos)
    if part.cost_limit is not None:
        return _("{videos}, {cost} of {most} spent", videos=count, cost=cost, most=money(part.cost_limit))
    # What is open has not cost anything yet.
    return _("{videos}, {cost} spent", videos=count, cost=cost) if used.cost and part.resets_at else count


def _calendar(now: datetime) -> str:
    ends = {window: end for window in (DAY, MONTH, *other_spans()) if (end := window.resets_at(now))}
    when = {window: timestamp(end, "R") for window, end in ends.items()}
    line = _(
        "-# All in UTC (00:00 is {time} for you): the next day {day}, the next month {month}.",
        time=timestamp(ends[DAY], "t"),
        day=when[DAY],
        month=when[MONTH],
    )
    return "\n".join([line, *(next_begins(window, when[window]) for window in other_spans())])
