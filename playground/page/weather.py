"""Discord's weather: troubles of the platform that the panel can switch on and off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.fake_discord.server import CannotDo, DiscordServer
from playground.fake_discord.state.faults import Fault, Faults


@dataclass(frozen=True, slots=True)
class FaultPreset:
    """One switch of the panel: its name, what people read, and the fault it puts in force."""

    name: str
    label: str
    about: str
    bring: Callable[[Faults], Fault]


TROUBLES = (
    FaultPreset(
        "rate-limits",
        "Rate limits",
        "every third request is answered 429: wait a second",
        lambda faults: faults.add("*", status=429, rate=0.34, retry_after=1.0),
    ),
    FaultPreset(
        "errors-500",
        "Errors 500",
        "every fourth request fails inside Discord",
        lambda faults: faults.add("*", status=500, rate=0.25),
    ),
    FaultPreset(
        "errors-503",
        "Errors 503",
        "every fourth request finds Discord overloaded",
        lambda faults: faults.add("*", status=503, rate=0.25),
    ),
    FaultPreset(
        "resets",
        "Connections reset",
        "every fifth request is cut off before it did anything",
        lambda faults: faults.add("*", drop_connection=True, rate=0.2),
    ),
    FaultPreset(
        "lost-answers",
        "Answers lost",
        "every fifth edit is done, but its answer never arrives",
        lambda faults: faults.add("PATCH *", drop_connection=True, takes_effect=True, rate=0.2),
    ),
    FaultPreset("slow", "Slow answers", "each answer takes two seconds", lambda faults: faults.add("*", delay=2.0)),
    FaultPreset(
        "too-late",
        "Too late",
        "the bot's first answer arrives after Discord's three seconds",
        lambda faults: faults.add("POST /interactions/*", delay=4.0),
    ),
    FaultPreset(
        "dead-tokens",
        "Dead tokens",
        "interaction tokens end early: 401, as after 15 minutes",
        lambda faults: faults.add("* /webhooks/*", status=401, code=50027, message="Invalid Webhook Token"),
    ),
    FaultPreset(
        "no-uploads",
        "Uploads refused",
        "each request that brings a file is answered 413",
        lambda faults: faults.add("*", status=413, code=40005, message="Request entity too large", uploads_only=True),
    ),
    FaultPreset(
        "no-access",
        "Access taken away",
        "the bot may no longer write in channels by itself: 403",
        lambda faults: faults.add("* /channels/*", status=403, code=50001, message="Missing Access"),
    ),
)
GUSTS = {
    "gateway-drop": ("Drop the gateway", "the bot's connection is closed; it may resume"),
    "gateway-invalid": ("Forget the session", "the gateway no longer knows the bot, which must log in anew"),
}
_TROUBLE_OF = {trouble.name: trouble for trouble in TROUBLES}


class FaultPanel:
    """The troubles in force, by name."""

    def __init__(self, discord: DiscordServer) -> None:
        self._discord = discord
        self._faults: dict[str, Fault] = {}

    @property
    def now(self) -> Mapping[str, bool]:
        """The troubles that are on."""
        return dict.fromkeys(self._faults, True)

    async def turn(self, name: str, *, on: bool) -> None:
        """Switch a trouble on or off, or let a gust blow once. CannotDo if there is none of that name."""
        if name == "gateway-drop":
            await self._discord.drop_gateway()
        elif name == "gateway-invalid":
            await self._discord.invalidate_sessions()
        elif name not in _TROUBLE_OF:
            raise CannotDo(f"There is no weather called {name!r}.")
        elif on and name not in self._faults:
            self._faults[name] = _TROUBLE_OF[name].bring(self._discord.faults)
        elif not on and name in self._faults:
            self._discord.faults.remove(self._faults.pop(name))

    def clear(self) -> None:
        """Switch everything off."""
        self._discord.faults.clear()
        self._faults.clear()


def fault_list() -> list[dict[str, Any]]:
    """Everything the panel can offer; `once` marks what is over at once."""
    lasting = [{"name": t.name, "label": t.label, "about": t.about, "once": False} for t in TROUBLES]
    gusts = [{"name": name, "label": label, "about": about, "once": True} for name, (label, about) in GUSTS.items()]
    return lasting + gusts
