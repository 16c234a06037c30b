"""What moderators and the operator do in a run; each is done at once, by a hand of its own in the database."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from benchmarks.soak.fuzz.world import GUILDS, MEMBERS, MODELS, PRICES, REFUSALS_COUNT, World
from bot.policy.blocks import Block
from bot.policy.policy import Allowance, Policy
from bot.storage import BlockStore, Database, GuildStore

MODERATOR = 1


class OperatorSteps:
    """Changes what jobs are judged by."""

    def __init__(self, world: World, database: Database) -> None:
        self._world = world
        self._guilds, self._blocks = GuildStore(database), BlockStore(database)

    async def set_rules(self) -> None:
        """Give each server rules of its own: few videos at once, little money, none at all."""
        few, poor = Allowance(at_once=4, videos_day=40), Allowance(money_day=6_000_000, money_month=20_000_000)
        for guild, member, server in zip(GUILDS, (few, Allowance(cooldown=2), poor), (poor, few, few), strict=True):
            rules = Policy(member, server.with_limits(at_once=12), refusals_count=guild == REFUSALS_COUNT)
            await self._guilds.change(guild, MODERATOR, self._world.now(), partial(_replaced, rules))

    async def block(self) -> None:
        """Block a member for a while, or let them in again."""
        world = self._world
        guild, member = world.chance.choice(GUILDS), world.chance.choice(MEMBERS)
        if world.blocked.pop((guild, member), None):
            world.say(f"{member} of {guild} is let in again")
            await self._blocks.lift(guild, member, world.now())
            return
        until = world.blocked[guild, member] = world.now() + timedelta(seconds=world.chance.uniform(10, 300))
        world.say(f"{member} of {guild} is blocked until {until:%H:%M:%S}")
        await self._blocks.put(Block(guild, member, until, "", MODERATOR, world.now()))

    async def allow(self) -> None:
        """Deny a server the use of the bot, or allow it again."""
        guild = self._toggle(self._world.disallowed)
        await self._guilds.allow(guild, guild not in self._world.disallowed)

    def leave_server(self) -> None:
        """Have the bot thrown out of a server, or invited again."""
        self._toggle(self._world.left)

    def offer(self) -> None:
        """Take a model away, or offer it again, at a new price."""
        world = self._world
        name = world.chance.choice(MODELS)
        world.prices[name] = world.chance.choice(PRICES)
        world.offered = set(MODELS) if len(world.offered) < len(MODELS) else {name}
        world.say(f"offered: {sorted(world.offered)} at {world.prices}")

    async def cap(self) -> None:
        """Change what all servers together may use."""
        world = self._world
        limits = {
            "videos_day": world.chance.choice((None, None, None, 0, 60)),
            "money_day": world.chance.choice((None, None, 12_000_000)),
            "money_month": world.chance.choice((None, None, 40_000_000)),
        }
        world.say(f"the operator's cap: {limits}")
        _, world.cap = await self._guilds.change_cap(MODERATOR, world.now(), limits)

    async def heal(self) -> None:
        """Allow everything again, so that what waits may go."""
        self._world.left.clear()
        self._world.offered |= set(MODELS)
        for guild in sorted(self._world.disallowed):
            await self._guilds.allow(guild, True)
        self._world.disallowed.clear()

    def _toggle(self, guilds: set[int]) -> int:
        """Put a server into ``guilds``, or take out the one that is there."""
        if guilds:
            guild = guilds.pop()
        else:
            guilds.add(guild := self._world.chance.choice(GUILDS))
        self._world.say(f"the bot is not on {self._world.left or '-'}, not allowed on {self._world.disallowed or '-'}")
        return guild


def _replaced(rules: Policy, _: Policy) -> Policy:
    return rules
