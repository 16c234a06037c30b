"""One round of the crash test: a burst of commands, a death, sometimes two, and the wait until all is quiet."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.soak.checks import is_cut_short, tracebacks, violations
from benchmarks.soak.scene import Command, Record, Scene
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.permissions import Permission

WORDS = ("", "", "#slow", "#refuse-prompt", "#refuse-result", "#fail", "#stall", "#silent", "#busy-once")
LARGEST_BURST = 8
BURST_SECONDS = 1.5
KILLED_WITHIN = 3.0  # seconds after the first command
QUIET_WITHIN = 90.0  # seconds; a lease ends 25 s after the death, and what waited takes its time
LOOK_EVERY = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """What chance has chosen for one round; all times in seconds."""

    asks: list[tuple[float, User, Channel, str]]
    killed_after: float
    starting_killed_after: float | None  # of the process that came next, wherever it has got to
    ready_killed_after: float | None  # of the one that came then, from its being ready: about when it takes over
    encore: bool  # one more command for the last process

    @classmethod
    def drawn(cls, scene: Scene, number: int, chance: random.Random) -> Plan:
        """Choose who asks for what and when the bot dies."""
        asks = [
            (
                0.0 if index == 0 else chance.uniform(0, BURST_SECONDS),
                *_somewhere(scene, chance),
                _prompt(number, index, chance),
            )
            for index in range(chance.randint(3, LARGEST_BURST))
        ]
        return cls(
            asks=sorted(asks, key=lambda ask: ask[0]),
            killed_after=chance.uniform(0, KILLED_WITHIN),
            starting_killed_after=chance.uniform(0, 5) if chance.random() < 0.3 else None,
            ready_killed_after=chance.uniform(20, 30) if chance.random() < 0.2 else None,
            encore=chance.random() < 0.3,
        )


@dataclass(slots=True)
class Report:
    """What one round came to."""

    number: int
    plan: Plan
    seconds: float = 0.0
    kills: int = 0
    commands: int = 0
    unheard: int = 0  # "did not respond": the bot was dead
    cut_short: int = 0  # acknowledged, not written down: its reply thinks for ever
    left_behind: Counter[str] = field(default_factory=Counter)  # by the deaths
    outcomes: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


async def play(scene: Scene, number: int, chance: random.Random) -> Report:
    """Play one round to its end and return what came of it."""
    plan = Plan.drawn(scene, number, chance)
    report = Report(number, plan)
    started, kills = time.monotonic(), scene.kills
    scene.left_behind.clear()
    commands, _ = await asyncio.gather(_burst(scene, plan), _die(scene, plan))
    if plan.encore:
        commands.append(await scene.ask(*_somewhere(scene, chance), _prompt(number, LARGEST_BURST, chance)))
    if not await _calmed(scene, commands):
        report.violations.append(f"not quiet after {QUIET_WITHIN:g} s")
    jobs = scene.jobs(commands)
    report.seconds, report.kills = time.monotonic() - started, scene.kills - kills
    report.left_behind.update(scene.left_behind)
    report.commands = len(commands)
    report.unheard = sum(command.interaction.failed for command in commands)
    report.cut_short = sum(is_cut_short(command, jobs) for command in commands)
    if report.commands != len(jobs) + report.unheard + report.cut_short:
        report.violations.append(f"{report.commands} commands, but {len(jobs)} rows: {jobs}")
    report.outcomes.update(str(job["outcome"]) for job in jobs)
    report.deliveries.update(str(job["delivery"]) for job in jobs)
    report.violations += violations(scene, commands)
    report.violations += (f"a traceback in the log:\n{text}" for text in tracebacks(scene.new_log()))
    return report


async def _burst(scene: Scene, plan: Plan) -> list[Command]:
    commands, now = [], 0.0
    for at, person, channel, prompt in plan.asks:
        await asyncio.sleep(at - now)
        now = at
        commands.append(await scene.ask(person, channel, prompt))
    return commands


async def _die(scene: Scene, plan: Plan) -> None:
    await asyncio.sleep(plan.killed_after)
    await scene.kill()
    if plan.starting_killed_after is not None:
        await scene.kill_while_starting(plan.starting_killed_after)
    await scene.playground.start_bot()
    if plan.ready_killed_after is not None:
        await asyncio.sleep(plan.ready_killed_after)
        await scene.kill()
        await scene.playground.start_bot()


async def _calmed(scene: Scene, commands: list[Command]) -> bool:
    """Wait until all is quiet; return False if it does not become so."""
    end = time.monotonic() + QUIET_WITHIN
    while time.monotonic() < end:
        if _is_quiet(scene, commands):
            return True
        await asyncio.sleep(LOOK_EVERY)
    return False


def _is_quiet(scene: Scene, commands: list[Command]) -> bool:
    jobs = {job["message_id"]: job for job in scene.jobs(commands)}
    return all(_is_over(command, scene.life, jobs) for command in commands)


def _is_over(command: Command, life: int, jobs: dict[int, Record]) -> bool:
    if not command.interaction.settled.is_set():
        return False
    message = command.interaction.message
    if command.interaction.failed or message is None:
        return True
    if job := jobs.get(message.id):
        return bool(job["state"] == "done" and job["delivery"])
    # Nobody but the process that was given it could have written it down.
    return command.life < life or not message.thinking


def _somewhere(scene: Scene, chance: random.Random) -> tuple[User, Channel]:
    """Return a person and a channel where they may use the bot."""
    places = [
        (member.user, channel)
        for guild in scene.discord.world.guilds.values()
        for channel in guild.channels
        for member in guild.members.values()
        if not member.user.bot and channel.permissions_of(member.user) & Permission.VIEW_CHANNEL
        if channel.permissions_of(scene.discord.world.bot) & Permission.VIEW_CHANNEL
    ]
    return chance.choice(places)


def _prompt(number: int, index: int, chance: random.Random) -> str:
    return f"round {number} job {index} {chance.choice(WORDS)}".strip()
