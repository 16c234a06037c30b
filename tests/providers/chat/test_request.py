"""The request of the API page, byte by byte."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest

from bot.models import Exchange, Picture, VideoModel, VideoRequest
from bot.providers.chat.request import ChatRequest
from bot.providers.request_body import PIECE_BYTES

LINK = "https://cdn.discordapp.com/attachments/1/2/cat.png?ex=1&is=2&hm=3"


def request_of(path: Path, *, prompt: str = "a cat", link: str = LINK) -> VideoRequest:
    size = path.stat().st_size if path.exists() else 9
    picture = Picture(path, "image/png", size, link)
    return VideoRequest(1, 2, 3, 4, VideoModel("sora_video2", "Sora"), prompt, (picture,))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    path.write_bytes(bytes(range(256)) * 3)
    return path


async def sent(request: VideoRequest, *, stream: bool = True, image_mode: str = "data") -> bytes:
    body = ChatRequest(request, stream=stream, image_mode=image_mode)
    async with body.opened() as pieces:
        whole = b"".join([piece async for piece in pieces])
    assert body.size == len(whole)
    return whole


def text_and_url(body: bytes) -> tuple[str, str]:
    text, image = json.loads(body)["messages"][0]["content"]
    return text["text"], image["image_url"]["url"]


@pytest.mark.parametrize("stream", [True, False])
async def test_the_body_has_the_shape_of_the_api_page(picture: Path, stream: bool) -> None:
    body: dict[str, Any] = json.loads(await sent(request_of(picture), stream=stream))
    url = "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
    assert body == {
        "model": "sora_video2",
        "stream": stream,
        "messages": [
            {
                "role": "user",
                "content": [{"type": "text", "text": "a cat"}, {"type": "image_url", "image_url": {"url": url}}],
            }
        ],
    }


async def test_a_picture_is_closed_once_it_was_read_although_the_request_goes_on(picture: Path) -> None:
    def is_open() -> bool:
        return any(file.path == str(picture) for file in psutil.Process().open_files())

    async with ChatRequest(request_of(picture), stream=True, image_mode="data").opened() as pieces:
        before = is_open()
        assert b"".join([piece async for piece in pieces])
        after = is_open()

    assert (before, after) == (True, False)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 2])
async def test_the_data_uri_holds_the_bytes_of_the_file(tmp_path: Path, size: int) -> None:
    path = tmp_path / "x"
    path.write_bytes((b"0123456789abcdef\x00\xff" * (size // 18 + 1))[:size])
    _, url = text_and_url(await sent(request_of(path)))
    assert base64.b64decode(url.removeprefix("data:image/png;base64,"), validate=True) == path.read_bytes()


@pytest.mark.parametrize(
    "prompt",
    [
        'he said "hi" and \\ left',
        "emoji 🏃 进度：36.0%",
        "PICTURE-GOES-HERE",
        '"}},{"type":"image_url","image_url":{"url":"PICTURE-GOES-HERE"}}]}]}',
        "line\nline\r\n\ttab\x00\u2028",
        "",
        "x" * 4000,
    ],
)
@pytest.mark.parametrize("image_mode", ["data", "url"])
async def test_any_prompt_arrives_as_it_was_typed(picture: Path, prompt: str, image_mode: str) -> None:
    text, url = text_and_url(await sent(request_of(picture, prompt=prompt), image_mode=image_mode))
    assert text == prompt
    assert url.startswith("data:image/png;base64," if image_mode == "data" else LINK)


async def test_half_a_surrogate_pair_in_the_prompt_does_not_raise(picture: Path) -> None:
    for image_mode in ("data", "url"):
        text, _ = text_and_url(await sent(request_of(picture, prompt="a\ud83db"), image_mode=image_mode))
        assert text == "a?b"


async def test_the_url_mode_sends_the_link_and_never_opens_the_file(tmp_path: Path) -> None:
    assert text_and_url(await sent(request_of(tmp_path / "gone"), image_mode="url")) == ("a cat", LINK)


async def test_the_url_mode_sends_the_picture_itself_if_it_has_no_link(picture: Path) -> None:
    _, url = text_and_url(await sent(request_of(picture, link=""), image_mode="url"))
    assert url.startswith("data:image/png;base64,")


async def test_a_picture_that_is_gone_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await sent(request_of(tmp_path / "gone"))


async def test_no_piece_holds_the_whole_picture(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(b"x" * 1_000_000)
    async with ChatRequest(request_of(path), stream=True, image_mode="data").opened() as pieces:
        assert max([len(piece) async for piece in pieces]) <= PIECE_BYTES * 4 // 3


def data_uri(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


async def test_a_prompt_alone_is_a_text_part_alone(picture: Path) -> None:
    body = json.loads(await sent(replace(request_of(picture), pictures=())))
    assert body["messages"] == [{"role": "user", "content": [{"type": "text", "text": "a cat"}]}]


async def test_several_pictures_follow_the_words_in_their_order(tmp_path: Path, picture: Path) -> None:
    others = []
    for name, data in (("b", b"\xff" * (PIECE_BYTES + 1)), ("c", b"")):
        path = tmp_path / name
        path.write_bytes(data)
        others.append(Picture(path, "image/png", len(data)))
    request = request_of(picture)
    body = await sent(replace(request, pictures=(*request.pictures, *others)))
    urls = [data_uri(path) for path in (picture, tmp_path / "b", tmp_path / "c")]
    images = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    content = [{"type": "text", "text": "a cat"}, *images]
    page = {"model": "sora_video2", "stream": True, "messages": [{"role": "user", "content": content}]}
    assert body == json.dumps(page, separators=(",", ":")).encode()


async def test_in_url_mode_a_picture_without_a_link_stands_between_those_with_one(
    tmp_path: Path, picture: Path
) -> None:
    request = request_of(picture, link="")
    linked = Picture(tmp_path / "gone", "image/png", 9, LINK)
    body = json.loads(await sent(replace(request, pictures=(linked, *request.pictures, linked)), image_mode="url"))
    urls = [part["image_url"]["url"] for part in body["messages"][0]["content"][1:]]
    assert urls == [LINK, data_uri(picture), LINK]


async def test_a_remix_is_the_next_turn_after_the_former_answer(picture: Path) -> None:
    former = (Exchange("a cat", "https://v.example/1.mp4"), Exchange("at night", "https://v.example/2.mp4"))
    body = await sent(replace(request_of(picture, prompt="slower"), history=former))
    image = {"type": "image_url", "image_url": {"url": data_uri(picture)}}
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": [{"type": "text", "text": "a cat"}, image]},
        {"role": "assistant", "content": "https://v.example/1.mp4"},
        {"role": "user", "content": [{"type": "text", "text": "at night"}]},
        {"role": "assistant", "content": "https://v.example/2.mp4"},
        {"role": "user", "content": [{"type": "text", "text": "slower"}]},
    ]
    page = {"model": "sora_video2", "stream": True, "messages": messages}
    assert body == json.dumps(page, separators=(",", ":")).encode()


async def test_of_several_pictures_one_that_is_gone_is_missed_before_anything_is_sent(picture: Path) -> None:
    gone = Picture(picture.with_name("gone"), "image/png", 3)
    request = request_of(picture)
    body = ChatRequest(replace(request, pictures=(*request.pictures, gone)), stream=True, image_mode="data")
    with pytest.raises(FileNotFoundError):
        async with body.opened():
            raise AssertionError("opened although a picture is gone")
