"""One open page: a WebSocket on which one person sees what happens and acts."""

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
from playground.page.acts import Actions, Frame
from playground.page.panel import Panel
from playground.page.scenario_labels import scenario_list
from playground.page.showing import Presenter, sees
from playground.page.upload_shelf import UploadShelf
from playground.page.weather import fault_list
from playground.page.wire_log import WireLog

HISTORY = 500  # messages of a channel shown when it is opened
MOST_WAITING = 20_000  # frames; a page that does not read for so long is let go

log = logging.getLogger(__name__)


class Live:
    """Serves one socket from `hello` to its close."""

    def __init__(
        self, discord: DiscordServer, shelf: UploadShelf, panel: Panel, wire: WireLog, showing: Presenter, person: User
    ) -> None:
        self.person = person
        self._discord = discord
        self._panel = panel
        self._wire = wire
        self._showing = showing
        self._acts = Actions(discord, shelf, person)
        self._open: Channel | None = None
        self._modals: set[int] = set()
        self._socket = web.WebSocketResponse(heartbeat=30.0, timeout=1.0, max_msg_size=2**20)
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Speak with the page until it goes or `close` is called."""
        await self._socket.prepare(request)
        self.send(self._hello())
        self._begin(self._write(), "write")
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._begin(self._receive(message.data), "act")
        finally:
            self._wire.unsubscribe(self.send)
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self._socket

    async def close(self) -> None:
        """Hang up because the server goes away."""
        await self._socket.close(code=1001)

    def send(self, frame: Frame) -> None:
        """Put a frame on its way; never waits."""
        try:
            self._outgoing.put_nowait(json.dumps(frame, ensure_ascii=False))
        except asyncio.QueueFull:
            self._begin(self.close(), "close")

    def tell(self, event: Event) -> None:
        """Show an event of Discord to the person, if it is theirs to see."""
        if event.message is not None:
            self._tell_message(event)
        elif event.interaction is not None and event.interaction.person is self.person:
            self._tell_interaction(event.interaction)

    def tell_world(self) -> None:
        """Show who and what there is, after a change of roles or channels."""
        self.send(
            {
                "t": "world",
                "people": self._showing.people(),
                "guilds": self._showing.guilds(self.person),
            }
        )
        self.tell_commands()

    def tell_commands(self) -> None:
        """Show the commands of the open channel."""
        if self._open is not None:
            commands = self._showing.commands(self.person, self._open)
            self.send({"t": "commands", "channel_id": str(self._open.id), "commands": commands})

    def _hello(self) -> Frame:
        guilds = [guild for guild in self._discord.world.guilds.values() if self.person.id in guild.members]
        first = next((c for guild in guilds for c in guild.channels if sees(self.person, c)), None)
        return {
            "t": "hello",
            "me": self._showing.person(self.person),
            "people": self._showing.people(),
            "guilds": self._showing.guilds(self.person),
            "direct": self._showing.direct(self.person),
            "bot": self._showing.person(self._discord.world.bot),
            "commands": self._showing.commands(self.person, first) if first else [],
            "scenarios": scenario_list(),
            "weather": fault_list(),
            "state": self._panel.state(),
        }

    def _tell_message(self, event: Event) -> None:
        message = event.message
        if message is None or not sees(self.person, message.channel):
            return
        if message.only_for is not None and message.only_for is not self.person:
            return
        where = {"channel_id": str(message.channel.id)}
        if event.kind == "message_deleted":
            self.send({"t": "deleted", **where, "id": str(message.id)})
        else:
            shown = self._showing.message(message, self.person, new=event.kind == "message_created")
            self.send({"t": "message", **where, "message": shown})

    def _tell_interaction(self, interaction: Interaction) -> None:
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
        self._offer_modal(interaction)

    def _offer_modal(self, interaction: Interaction) -> None:
        """Open the modal once, on the page where the interaction began."""
        if interaction.modal is None or interaction.id in self._modals or not self._acts.asked(interaction):
            return
        self._modals.add(interaction.id)
        self.send({"t": "modal", "interaction_id": str(interaction.id), "modal": interaction.modal})

    async def _receive(self, text: str) -> None:
        """Do what one frame asks and answer it."""
        number: Any = None
        try:
            frame = json.loads(text)
            if not isinstance(frame, dict):
                raise CannotDo("A frame is an object.")
            number = frame.get("n")
            self.send({"t": "done", "n": number, "ok": True, "result": await self._do(frame)})
        except json.JSONDecodeError:
            self._fail(number, "The frame is no JSON.")
        except CannotDo as error:
            self._fail(number, str(error))
        except ApiError as error:
            self._fail(number, error.message)
        except Exception:
            log.exception("a frame of %s could not be served", self.person.name)
            self._fail(number, "The playground itself failed. Its terminal says why.")

    def _fail(self, number: Any, sentence: str) -> None:
        self.send({"t": "done", "n": number, "ok": False, "error": sentence})

    async def _do(self, frame: Frame) -> Any:
        kind = frame.get("t")
        if kind == "open":
            return self._look_into(self._acts.channel(frame))
        if kind == "wire?":
            return self._wire.subscribe(self.send)
        if kind == "autocomplete":
            return await self._acts.autocomplete(frame)
        if kind == "say":
            return {"message_id": str(self._acts.say(frame).id)}
        if kind == "delete":
            return self._acts.delete(frame)
        acts = {
            "slash": self._acts.slash,
            "menu": self._acts.menu,
            "click": self._acts.click,
            "choose": self._acts.choose,
            "modal": self._acts.modal,
        }
        if not isinstance(kind, str) or kind not in acts:
            raise CannotDo(f"There is no frame {kind!r}.")
        interaction = await acts[kind](frame)
        self._offer_modal(interaction)  # the bot may have been quicker than we were
        return {"interaction_id": str(interaction.id)}

    def _look_into(self, channel: Channel) -> dict[str, int]:
        self._open = channel
        messages = self._showing.history(channel, self.person, HISTORY)
        self.send({"t": "messages", "channel_id": str(channel.id), "messages": messages})
        self.tell_commands()
        return {"messages": len(messages)}

    async def _write(self) -> None:
        while True:
            try:
                await self._socket.send_str(await self._outgoing.get())
            except ConnectionError:
                return  # the page is gone; reading ends too

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=f"{name} of the page of {self.person.name}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)
