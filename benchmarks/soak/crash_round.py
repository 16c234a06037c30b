"""One round of the crash test: a burst of commands, one or more kills, and the wait until no job is running."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.soak.bot_under_test import BotUnderTest, Command, Record
from benchmarks.soak.checks import is_cut_short, tracebacks, violations
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.permissions import Permission
from playground.fake_video_service.tasks.dialects import OPENAI_SHAPED

WORDS = ("", "", "#slow", "#refuse-prompt", "#refuse-result", "#fail", "#stall", "#silent", "#busy-once")
_OF_TASKS = (*(word for word in WORDS if word != "#stall"), "#content-late", "#poll-busy")
TASK_WORDS = tuple(f"#{speaker} {word}".strip() for speaker in OPENAI_SHAPED for word in _OF_TASKS)
LARGEST_BURST = 8
BURST_SECONDS = 1.5
KILLED_WITHIN = 3.0  # seconds after the first command
QUIET_WITHIN = 90.0  # seconds; a lease expires 25 s after a kill, and queued jobs take their time
CHECK_EVERY = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """The random choices of one round; all times in seconds."""

    commands: list[tuple[float, User, Channel, str]]
    killed_after: float
    starting_killed_after: float | None  # since the start of the second process, however far it has started
    ready_killed_after: float | None  # since the last process was ready: about when it adopts the jobs
    extra_command: bool  # one more command for the last process

    @classmethod
    def draw(cls, bot: BotUnderTest, number: int, chance: random.Random, words: Sequence[str]) -> Plan:
        """Choose the commands and the times of the kills."""
        commands = [
            (
                0.0 if index == 0 else chance.uniform(0, BURST_SECONDS),
                *_random_place(bot, chance),
                _prompt(number, index, chance, words),
            )
            for index in range(chance.randint(3, LARGEST_BURST))
        ]
        return cls(
            commands=sorted(commands, key=lambda command: command[0]),
            killed_after=chance.uniform(0, KILLED_WITHIN),
            starting_killed_after=chance.uniform(0, 5) if chance.random() < 0.3 else None,
            ready_killed_after=chance.uniform(20, 30) if chance.random() < 0.2 else None,
            extra_command=chance.random() < 0.3,
        )


@dataclass(slots=True)
class Report:
    """The results of one round."""

    number: int
    plan: Plan
    seconds: float = 0.0
    kills: int = 0
    commands: int = 0
    unheard: int = 0  # "did not respond": the bot was not running
    cut_short: int = 0  # acknowledged but not stored: the reply stays "thinking" forever
    left_behind: Counter[str] = field(default_factory=Counter)  # unfinished jobs at the kills
    outcomes: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


async def play(bot: BotUnderTest, number: int, chance: random.Random, words: Sequence[str]) -> Report:
    """Run one round with prompts that hold one of ``words`` each, and return its report."""
    plan = Plan.draw(bot, number, chance, words)
    report = Report(number, plan)
    started, kills = time.monotonic(), bot.kills
    bot.left_behind.clear()
    commands, _ = await asyncio.gather(_burst(bot, plan), _kill_bot(bot, plan))
    if plan.extra_command:
        prompt = _prompt(number, LARGEST_BURST, chance, words)
        commands.append(await bot.send_command(*_random_place(bot, chance), prompt))
    if not await _wait_until_quiet(bot, commands):
        report.violations.append(f"not quiet after {QUIET_WITHIN:g} s")
    jobs = bot.jobs(commands)
    report.seconds, report.kills = time.monotonic() - started, bot.kills - kills
    report.left_behind.update(bot.left_behind)
    report.commands = len(commands)
    report.unheard = sum(command.interaction.failed for command in commands)
    report.cut_short = sum(is_cut_short(command, jobs) for command in commands)
    if report.commands != len(jobs) + report.unheard + report.cut_short:
        report.violations.append(f"{report.commands} commands, but {len(jobs)} rows: {jobs}")
    report.outcomes.update(str(job["outcome"]) for job in jobs)
    report.deliveries.update(str(job["delivery"]) for job in jobs)
    report.violations += violations(bot, commands)
    report.violations += (f"a traceback in the log:\n{text}" for text in tracebacks(bot.new_log()))
    return report


async def _burst(bot: BotUnderTest, plan: Plan) -> list[Command]:
    commands, now = [], 0.0
    for at, person, channel, prompt in plan.commands:
        await asyncio.sleep(at - now)
        now = at
        commands.append(await bot.send_command(person, channel, prompt))
    return commands


async def _kill_bot(bot: BotUnderTest, plan: Plan) -> None:
    await asyncio.sleep(plan.killed_after)
    await bot.kill()
    if plan.starting_killed_after is not None:
        await bot.kill_while_starting(plan.starting_killed_after)
    await bot.playground.start_bot()
    if plan.ready_killed_after is not None:
        await asyncio.sleep(plan.ready_killed_after)
        await bot.kill()
        await bot.playground.start_bot()


async def _wait_until_quiet(bot: BotUnderTest, commands: list[Command]) -> bool:
    """Wait until every command is finished; return False after QUIET_WITHIN."""
    end = time.monotonic() + QUIET_WITHIN
    while time.monotonic() < end:
        if _is_quiet(bot, commands):
            return True
        await asyncio.sleep(CHECK_EVERY)
    return False


def _is_quiet(bot: BotUnderTest, commands: list[Command]) -> bool:
    jobs = {job["message_id"]: job for job in bot.jobs(commands)}
    return all(_is_finished(command, bot.kills, jobs) for command in commands)


def _is_finished(command: Command, kills: int, jobs: dict[int, Record]) -> bool:
    if not command.interaction.settled.is_set():
        return False
    message = command.interaction.message
    if command.interaction.failed or message is None:
        return True
    if job := jobs.get(message.id):
        return bool(job["state"] == "done" and job["delivery"])
    # Only the process that received the command could have stored it.
    return command.kills < kills or not message.thinking


def _random_place(bot: BotUnderTest, chance: random.Random) -> tuple[User, Channel]:
    """Return a random person and a channel where they may use the bot."""
    places = [
        (member.user, channel)
        for guild in bot.discord.world.guilds.values()
        for channel in guild.channels
        for member in guild.members.values()
        if not member.user.bot and channel.permissions_of(member.user) & Permission.VIEW_CHANNEL
        if channel.permissions_of(bot.discord.world.bot) & Permission.VIEW_CHANNEL
    ]
    return chance.choice(places)


def _prompt(number: int, index: int, chance: random.Random, words: Sequence[str]) -> str:
    return f"round {number} job {index} {chance.choice(words)}".strip()
