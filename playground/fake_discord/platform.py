"""Builds all parts of the fake Discord and holds them for the code that needs several of them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from playground.clock import Clock
from playground.fake_discord.gateway.gateway import Gateway
from playground.fake_discord.gateway.session_starts import SessionStarts
from playground.fake_discord.state.cdn import Cdn
from playground.fake_discord.state.command_permissions import CommandPermissions
from playground.fake_discord.state.commands import Commands
from playground.fake_discord.state.events import Events
from playground.fake_discord.state.faults import Faults
from playground.fake_discord.state.interactions import Interactions
from playground.fake_discord.state.posting import Posting
from playground.fake_discord.state.rate_limits import RateLimiter
from playground.fake_discord.state.request_log import RequestLog
from playground.fake_discord.world.world import World


@dataclass(eq=False)
class Platform:
    """The state of one fake Discord with one world."""

    clock: Clock
    world: World
    token: str = field(default_factory=lambda: f"playground.{secrets.token_urlsafe(24)}", repr=False)
    events: Events = field(default_factory=Events)
    faults: Faults = field(default_factory=Faults)
    requests: RequestLog = field(default_factory=RequestLog)

    def __post_init__(self) -> None:
        self.cdn = Cdn(self.clock)
        self.limits = RateLimiter(self.clock)
        self.commands = Commands(self.world)
        self.command_permissions = CommandPermissions(self.world.application_id)
        self.posting = Posting(self.world, self.cdn, self.events)
        self.interactions = Interactions(self.world, self.events)
        self.session_starts = SessionStarts(self.clock)
        self.gateway = Gateway(self.world, self.token, self.session_starts)
