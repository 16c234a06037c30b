"""What the operator reads: alerts, totals over all servers, who may use Kinora, the rules where none were set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.i18n.translation import N_, _, format_list, money, ngettext, number
from bot.policy.limit_kinds import LimitKind, Unit, kinds
from bot.policy.limit_usage import LimitUsage
from bot.policy.policy import Policy
from bot.reports.usage_report import GuildTotal, Tally
from bot.texts.limit_words import limit_label, limit_value, limit_words
from bot.texts.policy import KnownServer, policy_lines
from bot.texts.policy_changes import changes_words
from bot.texts.punctuation import labelled, noted
from bot.texts.requests import counted_requests
from bot.texts.trend import trend
from bot.texts.view import Tone, View, quote

NOT_YOURS = N_("This command is for the bot's owner.")
NO_SERVER = N_("I don't know that server. Choose one from the list, or give its id.")
SERVER_SHOWN = 60  # characters of a server's name
USE_THESE = N_("Use this server's rules")
# In English, as the log is, where they stand as well.
ALERTS = {
    "auth": "The video service{service} refuses the key. Whatever it is sent fails until {key} is right and the bot "
    "restarted.",
    "quota": "The account with the video service{service} has no credit left. Whatever it is sent fails until it is "
    "topped up.",
    "model": "The video service{service} no longer has the model {model}. Take it out of {models}, or name its "
    "successor.",
    "rest": "The video service {service} turned away several requests in a row ({outcome}). Other services that have "
    "the model are asked in its place for a while; then it is tried again by itself.",
    "off": "The video service {service} is switched off until this is fixed and the bot restarted: {problems}",
    "cap": "All servers together have used {percent}% of your cap: {used} of {limit} ({label}). The count starts "
    "again on {when}.",
    "cap_full": "Your cap on all servers together has no room for another video like the last one: {used} of {limit} "
    "used ({label}). The count starts again on {when}.",
}

_NAMED = 15  # servers with a line of their own


@dataclass(frozen=True, slots=True)
class ServerAccess:
    """Who may use Kinora: how many servers were denied by name, and whether those that nothing was said of may."""

    denied: int
    newcomers: bool


def totals_view(
    since: date,
    until: date,
    totals: Sequence[GuildTotal],
    before: Tally,
    standing: ServerAccess,
    name_of: Callable[[int], str | None],
) -> View:
    """Return the sums over all servers; ``before`` is the sum of the span of the same length before."""
    total = sum((line.tally for line in totals), Tally())
    dates = f"{until}" if since == until else f"{since} – {until}"
    where = " · " + ngettext("{count} server", "{count} servers", len(totals)) if totals else ""
    head = [
        f"## {counted_requests(total.jobs)}",
        f"{noted(dates, 'UTC')}{where}",
        _outcomes(total),
        trend(total.jobs, before.jobs, (until - since).days + 1),
    ]
    lines = [_line(line, name_of(line.guild_id)) for line in totals[:_NAMED]]
    if more := totals[_NAMED:]:
        lines.append(
            ngettext(
                "-# and {count} more server with {requests}",
                "-# and {count} more servers with {requests}",
                len(more),
                requests=counted_requests(sum(line.tally.jobs for line in more)),
            )
        )
    listed = ["\n".join([_("**Where**"), *lines])] if lines else []
    return View(Tone.NEUTRAL, ("\n".join(line for line in head if line), *listed, _standing(standing)))


def denied_view(server: str) -> View:
    """Return what holds from now on for a server, as ``server_words`` names it, that may not use Kinora any more."""
    words = _("Members there are refused and told why. Videos in progress go on. Kinora stays and keeps its records.")
    back = _("-# Undo this with `/operator allow`.")
    return View(Tone.REFUSED, (_("### ⛔ Denied: {server}", server=server), words, back))


def allowed_view(server: str) -> View:
    """Return what holds from now on for a server that may use Kinora."""
    words = _("Its members can make videos within their server's rules.")
    back = _("-# Undo this with `/operator deny`.")
    return View(Tone.GOOD, (_("### ✅ Allowed: {server}", server=server), words, back))


def newcomers_view(*, allowed: bool) -> View:
    """Return what holds from now on for servers that were neither allowed nor denied."""
    if allowed:
        words = _("They can use Kinora once it is invited, unless denied.")
        back = _("-# Undo this with `/operator newcomers allowed:False`.")
        return View(Tone.GOOD, (_("### ✅ Allowed: servers you haven't decided on"), words, back))
    words = _(
        "Members there are refused, **also on servers that Kinora is already in**, unless you use `/operator "
        "allow`. Videos in progress go on."
    )
    back = _("-# Undo this with `/operator newcomers allowed:True`.")
    return View(Tone.REFUSED, (_("### ⛔ Denied: servers you haven't decided on"), words, back))


def defaults_view(default: Policy, here: Policy, known: KnownServer) -> View:
    """Return the rules where managers have set nothing, and what those of this server would change about them."""
    rules = "\n".join(policy_lines(default, known))
    same = _("-# Same as this server's. To change them, set `/limits` here first.")
    if not (changes := changes_words(default, here, known)):
        return View(Tone.NEUTRAL, (_(_DEFAULTS), rules, same))
    changed = f"{_(_WITH_RULES)}\n{changes}"
    return View(Tone.NEUTRAL, (_(_DEFAULTS), rules, changed, _(_KEPT)))


_DEFAULTS = N_("### 📏 Rules for servers that have set nothing")
_WITH_RULES = N_("**With this server's rules they would be**")
_KEPT = N_("-# Without roles, channels and log. Servers with rules of their own keep them.")


def defaults_set_view(before: Policy, after: Policy, known: KnownServer) -> View:
    """Return the rules that hold from now on where managers have set nothing, and what was different."""
    rules = "\n".join([_("**They are now**"), *policy_lines(after, known)])
    back = _("-# To undo: set the old values with `/limits`, then use `/operator defaults` again.")
    changed = changes_words(before, after, known) or _("Nothing changed.")
    return View(Tone.GOOD, (f"{_(_DEFAULTS)}\n{_('✅ Changed')}", changed, rules, back))


def cap_view(usage: LimitUsage, *, changed: bool, priced: bool) -> View:
    """
    Return what all servers together may use, and have used.

    ``changed``: it was set just now; ``priced``: some model has a price.
    """
    cap = usage.allowance.in_force()
    lines = [_cap_line(kind, usage) for kind in kinds() if kind.for_operator]
    head = "\n".join([_("### 🪙 Budget for all servers together"), *([_("✅ Changed")] if changed else [])])
    notes = []
    if any(not limit and (priced or kind.unit is Unit.VIDEOS) for kind, limit in cap.items()):
        notes.append(_("**New videos are refused on all servers.** Videos in progress go on."))
    if not priced and (idle := [limit_words(kind, limit) for kind, limit in cap.items() if kind.unit is Unit.MONEY]):
        said = _("Without a price, money limits have no effect ({limits}).", limits=format_list(idle))
        notes.append(f"⚠️ {said}")
    back = _("-# Remove all of them with `/operator cap clear:True`.") if cap else _(_NO_CAP)
    end = _("-# Members see no numbers, only that it is used up and when it resets.")
    tone = Tone.REFUSED if notes else Tone.GOOD if changed else Tone.NEUTRAL
    return View(tone, (head, "\n".join(lines), *notes, "\n".join([back, end])))


_NO_CAP = N_("-# No budget is set: servers can spend what their managers allow. Set one to avoid a surprise.")


def _cap_line(kind: LimitKind, usage: LimitUsage) -> str:
    counter, limit = usage.of(kind.window).used, usage.allowance[kind]
    used = limit_value(kind, counter.cost if kind.unit is Unit.MONEY else counter.videos)
    if limit is None:
        return _("**{limit}**: no limit, {used} used", limit=limit_label(kind), used=used)
    return _("**{limit}**: {used} of {most} used", limit=limit_label(kind), used=used, most=limit_value(kind, limit))


def server_words(guild_id: int, name: str | None) -> str:
    """Return a server by its name, if that is known, and its id."""
    return noted(quote(name, SERVER_SHOWN), f"`{guild_id}`") if name else f"`{guild_id}`"


def _line(line: GuildTotal, name: str | None) -> str:
    who = quote(name, SERVER_SHOWN) if name else f"`{line.guild_id}`"
    denied = f" · {_('⛔ denied')}" if line.denied else ""
    return labelled(who, f"**{number(line.tally.jobs)}** · {_outcomes(line.tally)}{denied}")


def _outcomes(tally: Tally) -> str:
    parts = [ngettext("{count} made", "{count} made", tally.made)] if tally.jobs else []
    parts += [ngettext("{count} refused", "{count} refused", tally.refused)] if tally.refused else []
    parts += [ngettext("{count} failed", "{count} failed", tally.failed)] if tally.failed else []
    parts += [_("{cost} spent", cost=money(tally.cost))] if tally.cost else []
    parts += [_("{cost} unconfirmed", cost=money(tally.unconfirmed))] if tally.unconfirmed else []
    return " · ".join(parts)


def _standing(standing: ServerAccess) -> str:
    denied = _("No servers denied")
    if standing.denied:
        denied = ngettext("{count} server denied", "{count} servers denied", standing.denied)
    others = _("servers you haven't decided on: ⛔ denied")
    if standing.newcomers:
        others = _("servers you haven't decided on: allowed")
    return f"-# {denied} · {others}"
