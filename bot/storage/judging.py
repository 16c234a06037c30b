"""What the operator, a block, the rules and the limits say of a request, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.policy.admission import AdmissionRequest, Denial, DenialReason
from bot.policy.blocks import KINORA
from bot.policy.limit_usage import CounterValue
from bot.policy.limits import Reservation, access_denial, first_exceeded, reservations_for
from bot.policy.policy import Allowance, Policy
from bot.policy.word_list import WordList
from bot.storage.counters import read_counters
from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.guilds import GuildRules, load_rules
from bot.storage.moderation.blocks import block_in_force


async def judge_access(
    connection: AsyncConnection, request: AdmissionRequest, now: datetime, *, waits: bool = False
) -> tuple[GuildRules, Denial | None]:
    """
    Return what holds for the server of ``request``, and why it is not let in at all, whatever its limits.

    ``waits``: it was let in before, so a pause of the server, which stops new ones alone, does not touch it.
    """
    job = request.job
    rules = (await load_rules(connection, [job.guild_id]))[job.guild_id]
    if not rules.allowed:
        return rules, Denial(DenialReason.GUILD)
    if not waits and (pause := rules.pause_at(now)):
        return rules, pause.denial()
    if block := await block_in_force(connection, job.guild_id, job.user_id, now):
        reason = DenialReason.PAUSED if block.by == KINORA else DenialReason.BLOCKED
        return rules, Denial(reason, retry_at=block.until, note=block.reason)
    return rules, access_denial(rules.policy, request) or _word_denial(rules.words, request)


async def judge_limits(connection: AsyncConnection, reservations: Iterable[Reservation]) -> Denial | None:
    """Return the limit that ``reservations`` would pass."""
    counters = await read_counters(connection, (each.key for each in reservations))
    return first_exceeded((each, counters.get(each.key, CounterValue())) for each in reservations)


async def judge_waiting(
    connection: AsyncConnection, request: AdmissionRequest, now: datetime, dearer: int, *, given_back: bool = False
) -> Denial | None:
    """
    Return why a job that was admitted, and waits, may not be sent any more. By now it costs ``dearer`` more.

    It stands on the counters, unless it was ``given_back``; limits of days and months that were lowered since are held
    against them.
    """
    rules, denial = await judge_access(connection, request, now, waits=True)
    policy = _known_part(rules.policy, request)
    if denial and denial.reason in (DenialReason.CHANNEL, DenialReason.ROLE, DenialReason.MODEL):
        denial = access_denial(policy, request) or _word_denial(rules.words, request)
    if denial:
        return denial
    reserved = reservations_for(policy, rules.cap, request)
    stands = not given_back
    changed = (each._replace(videos=each.videos - stands, cost=each.cost * given_back + dearer) for each in reserved)
    return await judge_limits(connection, [each for each in changed if each.window.days])


def _word_denial(words: WordList, request: AdmissionRequest) -> Denial | None:
    word = words.found_in((request.job.prompt, *request.earlier))
    return Denial(DenialReason.WORDS, note=word) if word else None


def _known_part(policy: Policy, request: AdmissionRequest) -> Policy:
    """Return ``policy`` without what asks for roles or places of a job from before those were kept."""
    if not request.channel_ids:
        policy = replace(policy, channels=frozenset())
    if not request.roles:
        policy = replace(policy, roles=frozenset(), member=Allowance() if policy.by_role else policy.member)
    return policy
