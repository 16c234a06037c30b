"""Says which dialect a video service seems to speak, and whether ``VIDEO_API`` says the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.cli.check.findings import Finding, Severity
from bot.cli.check.http_probe import Answer
from bot.cli.check.services.free_look import FreeLook, VideoService, is_list
from bot.providers.tasks.descriptions.file import load_description, shipped_names
from bot.settings import CHAT

LISTS_TASKS, LISTS_VIDEO_MODELS = "videos", "openrouter"  # descriptions of the shapes that alone have such a list
CHAT_TYPE = "openai"  # new-api's word for chat completions; its word for tasks is openai-video


@dataclass(frozen=True, slots=True)
class Sign:
    """What tells that a service speaks ``VIDEO_API=api``; ``sure`` if it speaks nothing else for videos."""

    api: str
    why: str
    sure: bool


def check_dialect(service: VideoService, found: FreeLook) -> list[Finding]:
    """Return what is to be said of the dialect; nothing where nothing tells, or a description is the operator's own."""
    if service.api not in (CHAT, *shipped_names()):
        return []
    signs = sorted(_signs(service, found), key=lambda sign: not sign.sure)
    own = next((sign for sign in signs if sign.api == service.api), None)
    other = next((sign for sign in signs if sign.api != service.api), None)
    if other and other.sure and not (own and own.sure):
        what = f"The service seems to speak another dialect than VIDEO_API={service.api}: {other.why}."
        return [Finding("dialect", Severity.WRONG, what, f"Set VIDEO_API={other.api}.")]
    if own:
        return [Finding("dialect", Severity.OK, f"The service seems to speak VIDEO_API={own.api}: {own.why}.")]
    if other:
        what = f"The service may speak another dialect than VIDEO_API={service.api}: {other.why}."
        return [Finding("dialect", Severity.HINT, what, f"If videos fail, set VIDEO_API={other.api}.")]
    return []


def _signs(service: VideoService, found: FreeLook) -> Iterator[Sign]:
    host = urlsplit(service.base).hostname
    for name in shipped_names():
        if urlsplit(load_description(name).base).hostname == host:
            yield Sign(name, f"{host} is where it is at home", sure=True)
    if is_list(found.video_models):
        yield Sign(LISTS_VIDEO_MODELS, "it lists models for videos at /videos/models", sure=True)
    yield from _signs_of_models(service, found)
    chat = found.chat.status if isinstance(found.chat, Answer) else None
    if is_list(found.tasks):
        alone = chat == 404
        yield Sign(LISTS_TASKS, f"it lists tasks at /videos{' and has no chat endpoint' * alone}", sure=alone)
    if chat in (200, 400, 405, 422):  # whoever has no such address says 404
        yield Sign(CHAT, "its chat endpoint is there", sure=False)


def _signs_of_models(service: VideoService, found: FreeLook) -> Iterator[Sign]:
    """Yield what the kinds of endpoints tell that are listed for the models; none is listed for some that would do."""
    for model in service.models:
        types = found.endpoint_types.get(model, ())
        videos = [word for word in types if "video" in word]
        if videos:
            yield Sign(LISTS_TASKS, f"it lists {model} as {videos[0]}", sure=CHAT_TYPE not in types)
        if CHAT_TYPE in types:
            yield Sign(CHAT, f"it lists {model} as {CHAT_TYPE}", sure=False)
