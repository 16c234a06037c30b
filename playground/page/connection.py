"""The WebSocket connection of one open page: sends events to one person and runs their actions."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Coroutine
from typing import Any

from aiohttp import WSMsgType, web

from playground.fake_discord.server import CannotDo, DiscordServer, Interaction
from playground.fake_discord.state.events import Event
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.errors import ApiError
from playground.fake_discord.world.interaction import InteractionType
from playground.page.actions import Actions, Frame
from playground.page.fault_panel import fault_list
from playground.page.languages import language_list
from playground.page.panel import Panel
from playground.page.presenter import Presenter, can_see
from playground.page.scenario_labels import scenario_list
from playground.page.upload_store import UploadStore
from playground.page.wire_log import WireLog

HISTORY = 500  # messages of a channel shown when it is opened
MAX_QUEUED_FRAMES = 20_000  # a page that falls further behind is disconnected

log = logging.getLogger(__name__)


class Connection:
    """Serves one socket from the `hello` frame to its close."""

    def __init__(
        self,
        discord: DiscordServer,
        uploads: UploadStore,
        panel: Panel,
        wire: WireLog,
        presenter: Presenter,
        person: User,
    ) -> None:
        self.person = person
        self._discord = discord
        self._panel = panel
        self._wire = wire
        self._presenter = presenter
        self._actions = Actions(discord, uploads, person)
        self._channel: Channel | None = None
        self._modals: set[int] = set()
        self._socket = web.WebSocketResponse(heartbeat=30.0, timeout=1.0, max_msg_size=2**20)
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(MAX_QUEUED_FRAMES)
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk to the page until it disconnects or `close` is called."""
        await self._socket.prepare(request)
        self.send(self._hello())
        self._start(self._write(), "write")
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._start(self._receive(message.data), "action")
        finally:
            self._wire.unsubscribe(self.send)
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self._socket

    async def close(self) -> None:
        """Close the socket because the server shuts down."""
        await self._socket.close(code=1001)

    def send(self, frame: Frame) -> None:
        """Queue a frame; never waits."""
        try:
            self._outgoing.put_nowait(json.dumps(frame, ensure_ascii=False))
        except asyncio.QueueFull:
            self._start(self.close(), "close")

    def on_event(self, event: Event) -> None:
        """Send an event of the fake Discord, if the person can see it."""
        if event.message is not None:
            self._send_message(event)
        elif event.interaction is not None and event.interaction.person is self.person:
            self._send_interaction(event.interaction)

    def send_world(self) -> None:
        """Send people and servers again, after a change of roles or channels."""
        self.send(
            {
                "t": "world",
                "people": self._presenter.people(),
                "guilds": self._presenter.guilds(self.person),
            }
        )
        self.send_commands()

    def send_commands(self) -> None:
        """Send the commands of the open channel."""
        if self._channel is not None:
            commands = self._presenter.commands(self.person, self._channel)
            self.send({"t": "commands", "channel_id": str(self._channel.id), "commands": commands})

    def _hello(self) -> Frame:
        guilds = [guild for guild in self._discord.world.guilds.values() if self.person.id in guild.members]
        first = next((c for guild in guilds for c in guild.channels if can_see(self.person, c)), None)
        return {
            "t": "hello",
            "me": self._presenter.person(self.person),
            "people": self._presenter.people(),
            "guilds": self._presenter.guilds(self.person),
            "direct": self._presenter.direct(self.person),
            "bot": self._presenter.person(self._discord.world.bot),
            "commands": self._presenter.commands(self.person, first) if first else [],
            "languages": language_list(),
            "scenarios": scenario_list(),
            "fault_presets": fault_list(),
            "state": self._panel.state(),
        }

    def _send_message(self, event: Event) -> None:
        message = event.message
        if message is None or not can_see(self.person, message.channel):
            return
        if message.only_for is not None and message.only_for is not self.person:
            return
        where = {"channel_id": str(message.channel.id)}
        if event.kind == "message_deleted":
            self.send({"t": "deleted", **where, "id": str(message.id)})
        else:
            shown = self._presenter.message(message, self.person, new=event.kind == "message_created")
            self.send({"t": "message", **where, "message": shown})

    def _send_interaction(self, interaction: Interaction) -> None:
        if interaction.type is InteractionType.AUTOCOMPLETE:
            return
        settled = "failed" if interaction.failed else "acknowledged"
        self.send(
            {
                "t": "interaction",
                "id": str(interaction.id),
                "name": interaction.name,
                "state": settled if interaction.settled.is_set() else "sent",
                "person_id": str(interaction.person.id),
                "channel_id": str(interaction.channel.id),
                "message_id": str(interaction.source.id) if interaction.source else None,
                "reply_id": str(interaction.message.id) if interaction.message else None,
            }
        )
        self._send_modal(interaction)

    def _send_modal(self, interaction: Interaction) -> None:
        """Send the modal once, and only to the page where the interaction started."""
        if interaction.modal is None or interaction.id in self._modals or not self._actions.started(interaction):
            return
        self._modals.add(interaction.id)
        self.send({"t": "modal", "interaction_id": str(interaction.id), "modal": interaction.modal})

    async def _receive(self, text: str) -> None:
        """Run the action of one frame and answer it."""
        number: Any = None
        try:
            frame = json.loads(text)
            if not isinstance(frame, dict):
                raise CannotDo("A frame is an object.")
            number = frame.get("n")
            self.send({"t": "done", "n": number, "ok": True, "result": await self._run(frame)})
        except json.JSONDecodeError:
            self._fail(number, "The frame is no JSON.")
        except CannotDo as error:
            self._fail(number, str(error))
        except ApiError as error:
            self._fail(number, error.message)
        except Exception:
            log.exception("unexpected error while handling a frame of %s", self.person.name)
            self._fail(number, "The playground itself failed. Its terminal says why.")

    def _fail(self, number: Any, sentence: str) -> None:
        self.send({"t": "done", "n": number, "ok": False, "error": sentence})

    async def _run(self, frame: Frame) -> Any:
        kind = frame.get("t")
        if kind == "open":
            return self._open_channel(self._actions.channel(frame))
        if kind == "wire?":
            return self._wire.subscribe(self.send)
        if kind == "autocomplete":
            return await self._actions.autocomplete(frame)
        if kind == "say":
            return {"message_id": str(self._actions.say(frame).id)}
        if kind == "delete":
            return self._actions.delete(frame)
        interactions = {
            "slash": self._actions.slash,
            "menu": self._actions.menu,
            "click": self._actions.click,
            "choose": self._actions.choose,
            "modal": self._actions.modal,
        }
        if not isinstance(kind, str) or kind not in interactions:
            raise CannotDo(f"There is no frame {kind!r}.")
        interaction = await interactions[kind](frame)
        self._send_modal(interaction)  # the bot may have answered before `_run` got here
        return {"interaction_id": str(interaction.id)}

    def _open_channel(self, channel: Channel) -> dict[str, int]:
        self._channel = channel
        messages = self._presenter.history(channel, self.person, HISTORY)
        self.send({"t": "messages", "channel_id": str(channel.id), "messages": messages})
        self.send_commands()
        return {"messages": len(messages)}

    async def _write(self) -> None:
        while True:
            try:
                await self._socket.send_str(await self._outgoing.get())
            except ConnectionError:
                return  # the page has disconnected; reading ends too

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=f"{name}, page of {self.person.name}")
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)
