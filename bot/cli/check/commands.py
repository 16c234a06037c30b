"""Checks whether Discord knows the same commands as this Kinora."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cli.check.findings import Finding, Severity, plain, some_of
from bot.gateway.client import KinoraBot

SLASH = 1
_BOUNDS = ("min_value", "max_value", "min_length", "max_length")
_REMEDY = "python -m bot sync. Members may have to reload their Discord."

Command = dict[str, Any]  # as it travels, to Discord or from it


async def check_commands(bot: KinoraBot, *, has_run: bool) -> list[Finding]:
    """Return whether Discord knows the commands of ``bot``, which must be logged in; ``has_run``: it ought to."""
    ours: list[Command] = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
    theirs: Sequence[Any] = await bot.http.get_global_commands(bot.application_id or 0)
    if not theirs and not has_run:
        what = f"Discord knows none of the {len(ours)} commands yet. The first start tells it."
        return [Finding("commands", Severity.OK, what)]
    return [compare(ours, theirs)]


def compare(ours: Sequence[Command], theirs: Sequence[Command]) -> Finding:
    """Return how the commands that Discord has differ from ours. Translations are not looked at."""
    wanted, known = ({_label(command): command for command in commands} for commands in (ours, theirs))
    if not known:
        return Finding("commands", Severity.WRONG, f"Discord knows none of the {len(wanted)} commands.", _REMEDY)
    differences = {
        "missing": [label for label in wanted if label not in known],
        "different": [label for label in wanted if label in known and not _same(wanted[label], known[label])],
        "left over": [label for label in known if label not in wanted],
    }
    said = [f"{how} {some_of(labels)}" for how, labels in differences.items() if labels]
    if said:
        what = f"Discord's commands are not this Kinora's: {'; '.join(said)}."
        return Finding("commands", Severity.WRONG, what, _REMEDY)
    return Finding("commands", Severity.OK, f"Discord knows all {len(wanted)}.")


def _label(command: Command) -> str:
    return ("/" if command.get("type", SLASH) == SLASH else "") + plain(str(command["name"]))


def _same(ours: Command, theirs: Command) -> bool:
    # What we leave to Discord is as Discord says.
    places = all(
        ours.get(key) is None or sorted(ours[key]) == sorted(theirs.get(key) or ())
        for key in ("contexts", "integration_types")
    )
    return places and _facts(ours) == _facts(theirs)


def _facts(part: Command) -> tuple[Any, ...]:
    """Return what members notice of a command, or of an option; Discord leaves out what is empty, null or false."""
    return (
        part.get("type", SLASH),
        *(part.get(key) or "" for key in ("name", "description")),
        *(part.get(key) for key in _BOUNDS),
        *(bool(part.get(key)) for key in ("nsfw", "required", "autocomplete")),
        str(part.get("default_member_permissions")),  # a number here, a text there
        sorted(part.get("channel_types") or ()),
        [(choice["name"], choice["value"]) for choice in part.get("choices") or ()],
        [_facts(option) for option in part.get("options") or ()],
    )
