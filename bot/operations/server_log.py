"""Posts to a server's log channel: each ended job, each pause, and what its moderators did."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bot.errors import StorageError
from bot.i18n.translation import ENGLISH, locale_context
from bot.models import Finished, JobRecord, Outcome, VideoModel
from bot.policy.policy import Policy
from bot.storage import BlockStore, GuildStore
from bot.texts.server_log import ended_line, paused_line

log = logging.getLogger(__name__)


class ServerLog:
    """
    Passes its lines to ``send``, once that is set, for servers that have a log channel.

    The lines are in the language of the server, which ``locale_of`` returns; ``models`` are those on offer.
    """

    def __init__(
        self,
        guilds: GuildStore,
        blocks: BlockStore,
        models: Sequence[VideoModel],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._models = models
        self._guilds = guilds
        self._blocks = blocks
        self._clock = clock
        self.send: Callable[[int, int, str], None] | None = None  # server, channel, text
        self.locale_of: Callable[[int], str] = lambda guild_id: ENGLISH

    async def on_settled(self, record: JobRecord, finished: Finished) -> None:
        """Post how a job ended, and pause a member whose prompts are refused again and again."""
        try:
            policy = await self._guilds.policy(record.guild_id)
            self._post(policy, record.guild_id, lambda: ended_line(record, finished, self._models))
            if finished.outcome is Outcome.MODERATION_PROMPT and policy.pause_after:
                pause = await self._blocks.pause_after_refusals(
                    record.guild_id, record.user_id, self._clock(), policy.pause_after
                )
                if pause:
                    log.warning("a member is paused for refused prompts", extra={"guild": record.guild_id})
                    self._post(policy, record.guild_id, lambda: paused_line(pause))
        except StorageError as error:
            log.warning("could not write a server's log: %s", error, extra={"guild": record.guild_id})

    async def post(self, guild_id: int, words: Callable[[], str]) -> None:
        """Post what ``words`` returns, called in the server's own language, to its log channel, if it has one."""
        try:
            self._post(await self._guilds.policy(guild_id), guild_id, words)
        except StorageError as error:
            log.warning("could not write a server's log: %s", error, extra={"guild": guild_id})

    def _post(self, policy: Policy, guild_id: int, words: Callable[[], str]) -> None:
        if self.send and policy.log_channel:
            with locale_context(self.locale_of(guild_id)):
                text = words()
            self.send(guild_id, policy.log_channel, text)
