"""Faults of the fake Discord that the side panel can switch on and off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.fake_discord.server import CannotDo, DiscordServer
from playground.fake_discord.state.faults import Fault, Faults


@dataclass(frozen=True, slots=True)
class FaultPreset:
    """One switch of the panel: its name, its texts, and the fault that it adds."""

    name: str
    label: str
    about: str
    add: Callable[[Faults], Fault]


FAULT_PRESETS = (
    FaultPreset(
        "rate-limits",
        "Rate limits",
        "every third request is told to wait a second (429)",
        lambda faults: faults.add("*", status=429, rate=0.34, retry_after=1.0),
    ),
    FaultPreset(
        "errors-500",
        "Server errors",
        "every fourth request fails inside Discord (500)",
        lambda faults: faults.add("*", status=500, rate=0.25),
    ),
    FaultPreset(
        "errors-503",
        "Overload",
        "every fourth request finds Discord overloaded (503)",
        lambda faults: faults.add("*", status=503, rate=0.25),
    ),
    FaultPreset(
        "resets",
        "Lost requests",
        "every fifth request is cut off before it does anything",
        lambda faults: faults.add("*", drop_connection=True, rate=0.2),
    ),
    FaultPreset(
        "lost-answers",
        "Lost answers",
        "every fifth edit is made, but its answer never arrives",
        lambda faults: faults.add("PATCH *", drop_connection=True, takes_effect=True, rate=0.2),
    ),
    FaultPreset("slow", "Slow answers", "each answer takes two seconds", lambda faults: faults.add("*", delay=2.0)),
    FaultPreset(
        "too-late",
        "Late first answers",
        "they arrive after Discord's three seconds",
        lambda faults: faults.add("POST /interactions/*", delay=4.0),
    ),
    FaultPreset(
        "dead-tokens",
        "Expired replies",
        "the bot's right to edit a reply ends early (401), as it does after 15 minutes",
        lambda faults: faults.add("* /webhooks/*", status=401, code=50027, message="Invalid Webhook Token"),
    ),
    FaultPreset(
        "no-uploads",
        "Refused uploads",
        "every request that brings a file is called too large (413)",
        lambda faults: faults.add("*", status=413, code=40005, message="Request entity too large", uploads_only=True),
    ),
    FaultPreset(
        "no-access",
        "Lost access",
        "the bot may no longer write in channels by itself (403)",
        lambda faults: faults.add("* /channels/*", status=403, code=50001, message="Missing Access"),
    ),
)
ONE_TIME_FAULTS = {
    "gateway-drop": ("Cut the connection", "the bot may go on where it was"),
    "gateway-invalid": ("End the session", "Discord forgets it, and the bot must log in again"),
}
_PRESETS = {preset.name: preset for preset in FAULT_PRESETS}


class FaultPanel:
    """The presets that are switched on, by name."""

    def __init__(self, discord: DiscordServer) -> None:
        self._discord = discord
        self._faults: dict[str, Fault] = {}

    @property
    def active(self) -> Mapping[str, bool]:
        """The presets that are on, each mapped to True."""
        return dict.fromkeys(self._faults, True)

    async def switch(self, name: str, *, on: bool) -> None:
        """Switch a preset on or off, or trigger a one-time fault. CannotDo if there is none of that name."""
        if name == "gateway-drop":
            await self._discord.drop_gateway()
        elif name == "gateway-invalid":
            await self._discord.invalidate_sessions()
        elif name not in _PRESETS:
            raise CannotDo(f"There is no fault called {name!r}.")
        elif on and name not in self._faults:
            self._faults[name] = _PRESETS[name].add(self._discord.faults)
        elif not on and name in self._faults:
            self._discord.faults.remove(self._faults.pop(name))

    def clear(self) -> None:
        """Switch everything off."""
        self._discord.faults.clear()
        self._faults.clear()


def fault_list() -> list[dict[str, Any]]:
    """Everything that the panel offers; `once` marks the faults that happen once and do not stay on."""
    lasting = [{"name": t.name, "label": t.label, "about": t.about, "once": False} for t in FAULT_PRESETS]
    one_time = [
        {"name": n, "label": label, "about": about, "once": True} for n, (label, about) in ONE_TIME_FAULTS.items()
    ]
    return lasting + one_time
