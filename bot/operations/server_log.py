"""What a server's moderators read in their log channel: each ended video, each pause, and what they did themselves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from bot.errors import StorageError
from bot.i18n.translation import ENGLISH, _, duration, locale_context, money
from bot.models import Finished, JobRecord, Outcome
from bot.policy.blocks import Block
from bot.policy.policy import Policy
from bot.storage import BlockStore, GuildStore
from bot.texts.outcomes import outcome_words, sign
from bot.texts.view import jump_link, quote, timestamp

log = logging.getLogger(__name__)


class ServerLog:
    """
    Heeds how jobs have ended. What it says goes to ``send``, once that is set, for the servers that want it.

    It speaks the language of the server, which ``locale_of`` knows: nobody in particular reads it.
    """

    def __init__(
        self, guilds: GuildStore, blocks: BlockStore, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._guilds = guilds
        self._blocks = blocks
        self._clock = clock
        self.send: Callable[[int, int, str], None] | None = None  # server, channel, text
        self.locale_of: Callable[[int], str] = lambda guild_id: ENGLISH

    async def on_settled(self, record: JobRecord, done: Finished) -> None:
        """Say how a job has ended, and pause a member whose prompts are refused again and again."""
        try:
            policy = await self._guilds.policy(record.guild_id)
            self._tell(policy, record.guild_id, lambda: _ended(record, done))
            if done.outcome is Outcome.MODERATION_PROMPT and policy.pause_after:
                pause = await self._blocks.pause_after_refusals(
                    record.guild_id, record.user_id, self._clock(), policy.pause_after
                )
                if pause:
                    log.warning("a member is paused for refused prompts", extra={"guild": record.guild_id})
                    self._tell(policy, record.guild_id, partial(_paused, pause))
        except StorageError as error:
            log.warning("a server's log could not be kept: %s", error, extra={"guild": record.guild_id})

    async def post(self, guild_id: int, words: Callable[[], str]) -> None:
        """Say what ``words`` returns, asked in the server's own language, in its log channel, if it has one."""
        try:
            self._tell(await self._guilds.policy(guild_id), guild_id, words)
        except StorageError as error:
            log.warning("a server's log could not be kept: %s", error, extra={"guild": guild_id})

    def _tell(self, policy: Policy, guild_id: int, words: Callable[[], str]) -> None:
        if self.send and policy.log_channel:
            with locale_context(self.locale_of(guild_id)):
                text = words()
            self.send(guild_id, policy.log_channel, text)


def _ended(record: JobRecord, done: Finished) -> str:
    link = jump_link(record.guild_id, record.channel_id, record.message_id)
    price = f" · {money(record.cost)}" if record.cost and done.outcome is Outcome.SUCCESS else ""
    words = outcome_words(done.outcome)
    return (
        f"{sign(done.outcome)} <@{record.user_id}> · {words} · {quote(record.model, 100)}{price} · "
        f"{duration(done.seconds)} · {link}"
    )


def _paused(pause: Block) -> str:
    return _(
        "⏸️ {member} is paused until {time}: several of their prompts were refused within a day. `/blocks lift` ends "
        "the pause.",
        member=f"<@{pause.user_id}>",
        time=timestamp(pause.until, "t"),
    )
