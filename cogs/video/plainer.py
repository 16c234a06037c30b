"""Sends the view of a job, and where Discord does not take it as it is, a plainer one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from bot.texts.job_reply import Asked
from bot.texts.view import View
from cogs.video.reply_message import EditResult

Render = Callable[[Asked], View]
NOT_TAKEN = (EditResult.REFUSED, EditResult.BLOCKED)


class Sent(NamedTuple):
    """What became of a view, which one it was in the end, and how much of the request it repeats."""

    result: EditResult
    view: View
    asked: Asked


async def send_plainer(render: Render, asked: Asked, send: Callable[[View, Asked], Awaitable[EditResult]]) -> Sent:
    """Send a view as it is; if Discord refuses it, without the prompt; if it still does, without its buttons."""
    view = render(asked)
    result = await send(view, asked)
    if result in NOT_TAKEN and asked.prompt:
        asked = asked.without_prompt()
        view = render(asked)
        result = await send(view, asked)
    if result in NOT_TAKEN:
        view = view.without_controls()
        result = await send(view, asked)
    return Sent(result, view, asked)
