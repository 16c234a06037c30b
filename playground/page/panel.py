"""The side panel's levers: the video service's scenario, Discord's weather, the clock, the bot, and roles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from playground.fake_discord.server import CannotDo
from playground.page.bot_control import BotControl
from playground.page.scenario_labels import scenario_list
from playground.page.weather import FaultPanel
from playground.playground import Playground

MOST_MINUTES = 60 * 24 * 40  # a jump of the clock; beyond it nothing new expires

Order = dict[str, Any]


class Panel:
    """Holds how the world stands. `changed` is called after each change of `state`, `moved` after one of roles."""

    def __init__(self, playground: Playground, changed: Callable[[], None], moved: Callable[[], None]) -> None:
        self.bot = BotControl(playground, changed)
        self._playground = playground
        self._changed = changed
        self._moved = moved
        self._weather = FaultPanel(playground.discord)
        self._offset = 0.0

    def state(self) -> dict[str, Any]:
        """How everything stands that the panel can change."""
        return {
            "bot": self.bot.state,
            "clock_offset_seconds": round(self._offset),
            "faults": dict(self._weather.now),
            "scenario": self._playground.service.default_words or None,
        }

    async def do(self, order: Order) -> None:
        """Pull one lever. CannotDo says, in a sentence, why not."""
        levers: dict[str, Callable[[Order], Awaitable[None]]] = {
            "scenario": self._scenario,
            "fault": self._fault,
            "calm": self._calm,
            "clock": self._clock,
            "role": self._role,
            "restart": self._restart,
            "kill": self._kill,
            "start": self._start,
        }
        name = order.get("do")
        if not isinstance(name, str) or name not in levers:
            raise CannotDo(f"The panel has no lever {name!r}.")
        await levers[name](order)
        self._changed()

    async def _scenario(self, order: Order) -> None:
        words = str(order.get("word") or "")
        known = {row["word"] for row in scenario_list()}
        if unknown := [word for word in words.split() if word not in known]:
            raise CannotDo(f"The video service knows no {unknown[0]!r}.")
        self._playground.service.default_words = words

    async def _fault(self, order: Order) -> None:
        arguments = order.get("args") or {}
        on = bool(arguments.get("on", True)) if isinstance(arguments, dict) else True
        await self._weather.turn(str(order.get("name")), on=on)

    async def _calm(self, order: Order) -> None:
        self._weather.clear()

    async def _clock(self, order: Order) -> None:
        minutes = order.get("minutes")
        if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or not 0 < minutes <= MOST_MINUTES:
            raise CannotDo("The clock takes a number of minutes, and never goes back.")
        self._playground.discord.clock.advance(minutes * 60)
        self._offset += minutes * 60

    async def _role(self, order: Order) -> None:
        world = self._playground.discord.world
        for guild in world.guilds.values():
            role = next((role for role in guild.roles if str(role.id) == order.get("role")), None)
            member = next((m for m in guild.members.values() if str(m.user.id) == order.get("person")), None)
            if role is None or member is None or role.managed:
                continue
            if order.get("has", True):
                guild.give(member.user, role)
            elif role in member.roles:
                member.roles.remove(role)
            self._moved()
            return
        raise CannotDo("There is no such person, or no such role.")

    async def _restart(self, order: Order) -> None:
        self.bot.restart()

    async def _kill(self, order: Order) -> None:
        await self.bot.kill()

    async def _start(self, order: Order) -> None:
        self.bot.start()
