"""The side panel's controls: the video services' scenarios, Discord's faults, the clock, the bot, and roles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from playground.fake_discord.server import CannotDo
from playground.fake_video_service.server import VideoService
from playground.page.bot_control import BotControl
from playground.page.bot_log import BotLog
from playground.page.fault_panel import FaultPanel
from playground.page.redaction import Redaction
from playground.page.scenario_labels import scenario_list
from playground.playground import Playground

MAX_MINUTES = 60 * 24 * 40  # of one clock jump; beyond it nothing new expires

PanelRequest = dict[str, Any]


class Panel:
    """Applies changes. `on_change` is called after each change of `state`, `on_roles_change` after one of roles."""

    def __init__(
        self,
        playground: Playground,
        redact: Redaction,
        on_change: Callable[[], None],
        on_roles_change: Callable[[], None],
    ) -> None:
        self.bot = BotControl(playground, on_change)
        self.bot_log = BotLog(playground.bot.log, redact, on_change)
        self._playground = playground
        self._on_change = on_change
        self._on_roles_change = on_roles_change
        self._fault_panel = FaultPanel(playground.discord)
        self._offset = 0.0

    def state(self) -> dict[str, Any]:
        """The present state of everything that the panel can change."""
        return {
            "bot": self.bot.state,
            "clock_offset_seconds": round(self._offset),
            "faults": dict(self._fault_panel.active),
            "services": [
                {"name": name, "scenario": service.default_words or None, "down": service.is_down}
                for name, service in self._playground.services.items()
            ],
            "log": list(self.bot_log.lines),
        }

    async def apply(self, request: PanelRequest) -> None:
        """Apply one change. CannotDo says in a sentence why that is impossible."""
        controls: dict[str, Callable[[PanelRequest], Awaitable[None]]] = {
            "scenario": self._scenario,
            "down": self._down,
            "fault": self._fault,
            "clear_faults": self._clear_faults,
            "clock": self._clock,
            "role": self._role,
            "restart": self._restart,
            "kill": self._kill,
            "start": self._start,
        }
        name = request.get("action")
        if not isinstance(name, str) or name not in controls:
            raise CannotDo(f"The panel has no action {name!r}.")
        await controls[name](request)
        self._on_change()

    async def _scenario(self, request: PanelRequest) -> None:
        words = str(request.get("word") or "")
        known = {row["word"] for row in scenario_list()}
        if unknown := [word for word in words.split() if word not in known]:
            raise CannotDo(f"The video service knows no {unknown[0]!r}.")
        for service in self._services(request):
            service.default_words = words

    async def _down(self, request: PanelRequest) -> None:
        for service in self._services(request):
            if request.get("on"):
                await service.go_down()
            elif service.is_down:
                await service.start()

    def _services(self, request: PanelRequest) -> list[VideoService]:
        """The service that a request names; all of them where it names none."""
        name = request.get("service")
        found = [service for each, service in self._playground.services.items() if name in (None, each)]
        if not found:
            raise CannotDo(f"There is no video service {name!r}.")
        return found

    async def _fault(self, request: PanelRequest) -> None:
        arguments = request.get("args") or {}
        on = bool(arguments.get("on", True)) if isinstance(arguments, dict) else True
        await self._fault_panel.switch(str(request.get("name")), on=on)

    async def _clear_faults(self, request: PanelRequest) -> None:
        self._fault_panel.clear()

    async def _clock(self, request: PanelRequest) -> None:
        minutes = request.get("minutes")
        if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or not 0 < minutes <= MAX_MINUTES:
            raise CannotDo("The clock takes a number of minutes, and never goes back.")
        self._playground.discord.clock.advance(minutes * 60)
        self._offset += minutes * 60

    async def _role(self, request: PanelRequest) -> None:
        world = self._playground.discord.world
        for guild in world.guilds.values():
            role = next((role for role in guild.roles if str(role.id) == request.get("role")), None)
            member = next((m for m in guild.members.values() if str(m.user.id) == request.get("person")), None)
            if role is None or member is None or role.managed:
                continue
            if request.get("has", True):
                guild.add_roles(member.user, role)
            elif role in member.roles:
                member.roles.remove(role)
            self._on_roles_change()
            return
        raise CannotDo("There is no such person, or no such role.")

    async def _restart(self, request: PanelRequest) -> None:
        self.bot.restart()

    async def _kill(self, request: PanelRequest) -> None:
        await self.bot.kill()

    async def _start(self, request: PanelRequest) -> None:
        self.bot.start()
