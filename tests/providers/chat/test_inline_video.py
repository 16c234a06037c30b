"""A video that travels inside the reply."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.providers.chat.sse import MAX_VIDEO_BYTES, EventTooLarge
from tests.providers.wire import DONE, delta, event, letters, read, urls

HEAD = "data:video/mp4;base64,"
PLACES: dict[str, Callable[[str], str]] = {
    "a part of the content": lambda video: event(
        {"choices": [{"delta": {"content": [{"type": "video_url", "video_url": {"url": HEAD + video}}]}}]}
    ),
    "Markdown": lambda video: delta(f"![video]({HEAD}{video})"),
    "a tag": lambda video: delta(f"<video src='{HEAD}{video}' controls></video>"),
    "Markdown over many chunks": lambda video: _spread(f"![video]({HEAD}{video}) enjoy"),
    "nothing else, over many chunks": lambda video: _spread(f"{HEAD}{video}"),
    "videos of the message": lambda video: json.dumps(
        {"choices": [{"message": {"content": "", "videos": [{"video_url": {"url": HEAD + video}}]}}]}
    ),
    "Gemini's inlineData": lambda video: json.dumps(
        {"candidates": [{"content": {"parts": [{"inlineData": {"mimeType": "video/mp4", "data": video}}]}}]}
    ),
    "Vertex AI's bytes": lambda video: json.dumps(
        {"response": {"videos": [{"bytesBase64Encoded": video, "mimeType": "video/mp4"}]}}
    ),
    "OpenAI's b64_json": lambda video: json.dumps({"data": [{"type": "video", "b64_json": video}]}),
}


def _spread(text: str) -> str:
    return letters(text, 65_536) + delta(finish="stop")


def _video(size: int) -> str:
    return base64.b64encode(bytes(range(256)) * (size // 256)).decode()


@pytest.mark.parametrize("size", [4096, 3 * 2**20], ids=["small", "three megabytes"])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_it_is_the_video_wherever_it_stands(place: Callable[[str], Any], size: int) -> None:
    ending, _ = read((place(_video(size)) + DONE).encode())
    assert urls(ending) == [HEAD + _video(size)]


def test_one_that_is_too_large_ends_the_reading() -> None:
    with pytest.raises(EventTooLarge):
        read(delta(f"![video]({HEAD}{_video(MAX_VIDEO_BYTES)})").encode())


def test_one_whose_end_never_came_is_no_video() -> None:
    ending, _ = read(letters(f"![video]({HEAD}{_video(200_000)}", 65_536).encode())
    assert urls(ending) == []
