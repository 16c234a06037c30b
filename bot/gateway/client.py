"""The discord.py client: commands, their one error handler, and the order in which things start and end."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import discord
from discord import app_commands

from bot.app import App
from bot.concurrency.expiring_set import ExpiringSet
from bot.concurrency.tasks import Tasks
from bot.errors import StorageError
from bot.gateway.answers import is_worth_a_traceback, tell, tell_error
from bot.gateway.command_access import CommandAccess
from bot.gateway.edit_pacing import EditPacing
from bot.gateway.proxies import retry_proxy_429
from bot.gateway.shards import PacedShards
from bot.gateway.upload_limits import UploadLimits
from bot.i18n.translation import ENGLISH, LANGUAGES, _, catalogues_hash, in_context, set_locale
from bot.models import DiscordLimits, JobRecord
from bot.texts.buttons import NO_RECORD
from bot.texts.forms import UNKNOWN_FORM

EXTENSIONS = (
    "cogs.video",
    "cogs.usage",
    "cogs.limits",
    "cogs.moderation",
    "cogs.member",
    "cogs.operator",
    "cogs.gateway_status",
)
REPLY_GRACE = 20.0  # seconds left for the last edits after the jobs have ended
FORM_LIFE = 3600.0  # seconds; Discord does not report a dismissed form, and discord.py keeps it until then
ALERT_GRACE = 2.0  # seconds left for messages to the operator
_FINGERPRINT = "commands"

# No privileged ones, and no more than the names of servers, channels and roles to keep in memory.
INTENTS = discord.Intents(guilds=True)
# What Kinora needs in a server; the README names them.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    embed_links=True,
    read_message_history=True,
)

# In which context of the catalogues the words of commands stand.
_Location = app_commands.TranslationContextLocation
COMMAND_WORDS = {
    _Location.command_name: "command name",
    _Location.group_name: "command name",
    _Location.parameter_name: "option name",
    _Location.command_description: "description",
    _Location.group_description: "description",
    _Location.parameter_description: "description",
    _Location.choice_name: "choice",
}

log = logging.getLogger(__name__)

Interaction = discord.Interaction["KinoraBot"]  # a command, a button or a form that somebody used


def anybody(interaction: Interaction, record: JobRecord) -> None:
    """Allow the button to everybody."""


class Acknowledge(Enum):
    """How a button answers before anything is looked up, since Discord waits no longer than three seconds."""

    UPDATE = auto()  # the message stays as it is, and may be edited
    PRIVATE = auto()  # by a private "thinking…"
    ITSELF = auto()  # by what it does, a form or a public reply, which therefore reads only what is there in time


@dataclass(frozen=True, slots=True)
class JobAction:
    """
    What a button under a reply does with its job.

    ``command`` names the one whose permissions the member needs, None for a button of everybody. ``check`` raises
    UserError for those who may not use it; ``unknown`` is told of a job that is not of that server.
    """

    command: str | None
    perform: Callable[[Interaction, JobRecord], Awaitable[None]]
    check: Callable[[Interaction, JobRecord], None] = anybody
    unknown: str = NO_RECORD
    acknowledge: Acknowledge = Acknowledge.ITSELF


class Tree(app_commands.CommandTree["KinoraBot"]):
    """The commands, and the handler of every error that they raise."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Use the member's language from here on in the command's task, and for its choices."""
        set_locale(interaction.locale.value)
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Tell the member: a UserError's own sentence, for anything else a reference number that the log has too."""
        await tell_error(interaction, error)


class CommandTranslator(app_commands.Translator):
    """Translates what Discord shows of commands, from the same catalogues as all other words."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return ``string`` in the language of ``locale``, None if it stays as it is."""
        if locale.value not in LANGUAGES:
            return None
        return in_context(COMMAND_WORDS[context.location], string.message, locale.value)


class KinoraBot(PacedShards):
    """Kinora on Discord; it owns the tasks that show jobs."""

    def __init__(self, app: App) -> None:
        super().__init__(
            app.settings,
            app.time_slots,
            tree_cls=Tree,
            help_command=None,
            intents=INTENTS,
            # Of every command: it is offered in servers that added Kinora, and nowhere else.
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            http_trace=app.health.meters.trace(),
        )
        retry_proxy_429(self)
        logging.getLogger(app_commands.tree.__name__).addFilter(is_worth_a_traceback)
        self.app = app
        self.tasks = Tasks()  # each shows one job, to its end
        self.background: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {}  # what the cogs want to be at work
        self.chores = Tasks()  # the same once it is: these run until the bot leaves
        self.edit_pacing = EditPacing()
        self.upload_limits = UploadLimits()
        self.access = CommandAccess(self, self.chores)
        self.job_actions: dict[str, JobAction] = {}
        self.forms = ExpiringSet(FORM_LIFE)  # by custom_id: those that were opened, and may still be sent
        self.told_commands = False  # whether this start sent them to Discord
        self.showing: set[str] = set()  # jobs whose reply goes on to its end here
        self.withdrawn: set[str] = set()  # jobs whose reply a moderator took away before their end was shown
        self.silent_logs: set[int] = set()  # log channels that did not take their last lines
        app.alerts.send = self._tell_operator
        app.server_log.locale_of = self.locale_of

    async def setup_hook(self) -> None:
        """Load the cogs, and send the commands to Discord if they changed since the last time."""
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.tree.set_translator(CommandTranslator())
        self.told_commands = await self.sync_commands()

    async def serve(self, token: str) -> None:
        """Be on Discord until ``leave``, with all that goes on by itself meanwhile."""
        await self.login(token)
        self.start_background()
        await self.connect()

    def start_background(self) -> None:
        """Start what a bot that runs does by itself, unless it was asked to leave by now; after the cogs are loaded."""
        if self.app.jobs.closing.is_set():
            return
        self.app.start_background()
        for name, work in self.background.items():
            self.chores.start(work(), name)

    async def sync_commands(self, *, always: bool = False) -> bool:
        """Send the commands to Discord unless it knows them; return whether they were sent."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        # The catalogues by their files: translating all of it at every start would take longer than the start itself.
        content = json.dumps([self.application_id, payload, catalogues_hash()], sort_keys=True, default=str)
        fingerprint = hashlib.sha256(content.encode()).hexdigest()
        if not always and await self.app.key_values.get(_FINGERPRINT) == fingerprint:
            return False
        await self.tree.sync()
        await self.app.key_values.put(_FINGERPRINT, fingerprint)
        log.info("sent %d commands to Discord", len(payload))
        return True

    async def on_ready(self) -> None:
        """Log the servers, the shards and the invite link."""
        shards, servers = self.shard_words, len(self.guilds)
        log.info("ready as %s on %s, in %d servers there", self.user, shards, servers)
        log.info("invite with %s", self.invite_link)  # on a line of its own: it is copied from there

    async def on_raw_app_command_permissions_update(self, event: discord.RawAppCommandPermissionsUpdateEvent) -> None:
        """Fetch what a server has set under Integrations once more."""
        self.access.forget(event.guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget what the server has set."""
        self.access.forget(guild.id)

    async def on_shard_connect(self, shard_id: int) -> None:
        """Forget what may have changed without an event: a session began, and none was resumed."""
        self.access.forget()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a form that was opened before a restart, which discord.py would ignore."""
        data: Any = interaction.data
        if interaction.type is discord.InteractionType.modal_submit and data["custom_id"] not in self.forms:
            set_locale(interaction.locale.value)
            await tell(interaction, _(UNKNOWN_FORM))

    @property
    def invite_link(self) -> str:
        """The link with which a server's managers add this bot."""
        return discord.utils.oauth_url(
            self.application_id or 0, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
        )

    async def _tell_operator(self, sentence: str) -> None:
        """Send a message to the application's owner. A failure is logged."""
        try:
            # Ask Discord each time: the application may have a new owner since the login.
            application = await self.application_info()
            if owner := application.team.owner if application.team else application.owner:
                channel = await self.create_dm(owner)
                await channel.send(f"**Kinora**: {sentence}"[: DiscordLimits.CONTENT])
        except discord.HTTPException as error:
            log.warning("could not write to the owner: %s", error)

    async def is_owner(self, user: discord.abc.User, /) -> bool:
        """Whether the application belongs to ``user`` or their team; Discord is asked each time."""
        self.owner_id, self.owner_ids = None, set()
        return await super().is_owner(user)

    def locale_of(self, guild_id: int) -> str:
        """Return the server's preferred locale."""
        guild = self.get_guild(guild_id)
        return guild.preferred_locale.value if guild else ENGLISH

    def tell_log(self, guild_id: int, words: Callable[[], str]) -> None:
        """Post what ``words`` returns, in the server's own language, to its log channel, if it has one."""
        self.tasks.start(self.app.server_log.post(guild_id, words), f"log of {guild_id}")

    async def leave(self, grace: float) -> None:
        """End the jobs, the running ones after ``grace`` seconds, show their ends, and disconnect."""
        await self.chores.finish(0)
        await self.app.jobs.close(grace)
        await self.app.alerts.close(ALERT_GRACE)
        await self.tasks.finish(REPLY_GRACE)
        await self.close()
        try:
            await self.app.jobs.release_jobs()
        except StorageError as error:
            log.warning("could not release the jobs that are left: %s", error)
