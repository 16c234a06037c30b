"""Framing: chunks and whole bodies of every shape that services were seen to send."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.providers.base import TokenUsage
from bot.providers.chat.chunk import StreamDelta
from bot.providers.chat.stream import ChatStream, read_body
from bot.providers.places.complaints import error_message
from tests.providers.wire import DONE, delta, event


def said(body: str | bytes) -> StreamDelta:
    stream = ChatStream()
    one = stream.feed(body.encode() if isinstance(body, str) else body)
    rest = stream.flush()
    rest.content, rest.reasoning = one.content + rest.content, one.reasoning + rest.reasoning
    rest.links, rest.errors = one.links + rest.links, one.errors + rest.errors
    rest.last, rest.usage, rest.percent = rest.last or one.last, rest.usage or one.usage, rest.percent or one.percent
    rest.finished, rest.done, rest.broken = (
        one.finished or rest.finished,
        one.done or rest.done,
        one.broken + rest.broken,
    )
    return rest


def chunk(choice: dict[str, Any], **fields: Any) -> str:
    return event({"id": "", "created": 0, "choices": [choice], **fields})


@pytest.mark.parametrize(
    "choice",
    [
        {"delta": {"content": "hi"}, "finish_reason": None},
        {"delta": {"content": "hi"}},
        {"message": {"role": "assistant", "content": "hi"}, "finish_reason": None},
        {"delta": {}, "message": {"content": "hi"}},
        {"delta": None, "message": {"content": "hi"}},
        {"delta": {"content": [{"type": "text", "text": "h"}, {"type": "text", "text": "i"}, {"type": "x"}, 7]}},
        {"text": "hi"},
    ],
)
def test_text_is_found_in_every_place(choice: dict[str, Any]) -> None:
    assert said(chunk(choice)).content == "hi"
    assert read_body(json.dumps({"choices": [choice]}).encode()).content == "hi"


@pytest.mark.parametrize(
    "spoken",
    [
        {"role": "assistant"},
        {"role": "assistant", "content": ""},
        {"content": None, "reasoning_content": "", "refusal": None, "tool_calls": None},
        {"role": "assistant", "content": None},
        {},
        None,
        "",
        [],
    ],
)
def test_a_chunk_that_says_nothing_is_nothing(spoken: Any) -> None:
    assert said(chunk({"index": 0, "delta": spoken, "finish_reason": None})) == StreamDelta()


@pytest.mark.parametrize("choices", [[], None, {}, [None], ["x"], 3])
def test_choices_without_a_choice_do_not_raise(choices: Any) -> None:
    assert said(event({"choices": choices})) == StreamDelta()


def test_content_and_reasoning_are_kept_apart() -> None:
    body = delta(None, reasoning_content="a") + delta("b") + delta(None, reasoning="c") + delta("d\n", reasoning="e")
    assert (said(body).content, said(body).reasoning, said(body).last) == ("bd\n", "ace", "d\n")


def test_the_last_piece_is_the_last_that_is_not_blank() -> None:
    assert said(delta("a") + delta("https://h/x") + delta("\n\n")).last == "https://h/x"
    assert (
        said('data: {"choices":[{"delta":{"content":"a"}}]}\ndata: {"choices":[{"delta":{"content":"b"}}]}\n').last
        == "b"
    )


@pytest.mark.parametrize("reason", ["stop", "STOP", "length"])
def test_a_finish_reason_finishes(reason: str) -> None:
    assert said(delta(finish=reason)).finished
    assert not said(delta("x")).finished


def test_a_content_filter_and_a_refusal_are_complaints() -> None:
    assert said(delta(finish="content_filter")).errors == ["finish_reason content_filter"]
    assert said(delta(None, refusal="I cannot do that.")).errors == ["refusal | I cannot do that."]


@pytest.mark.parametrize(
    "done", ["data: [DONE]\n\n", "data:[DONE]\n\n", "data: [DONE]", "data: [DONE]\\n\\n", "data: [DONE\n]\n\n"]
)
def test_the_end_mark_is_known_in_every_form(done: str) -> None:
    result = said(delta("x") + done)
    assert (result.done, result.broken, result.content) == (True, 0, "x")


@pytest.mark.parametrize(
    "broken", ['{"choices":[{"delta":{"content":"y"}}]]}', "{", "hello", '"text"', "[1]", "7", "null"]
)
def test_a_chunk_that_is_no_object_is_counted_and_skipped(broken: str) -> None:
    result = said(delta("a") + f"data: {broken}\n\n" + delta("b"))
    assert (result.content, result.broken, result.errors) == ("ab", 1, [])


def test_json_too_deep_to_parse_is_counted_and_skipped() -> None:
    assert said("data: " + "[" * 100_000 + "\n\n").broken == 1
    assert said("data: " + '{"a":' * 100_000 + "\n\n").broken == 1


def test_a_complaint_nested_ever_deeper_does_not_raise() -> None:
    deep = '{"error":' * 900 + '"x"' + "}" * 900
    assert error_message(json.loads(deep)) == ""
    assert said(f"data: {deep}\n\n").errors == ["error"]


def test_events_set_apart_by_one_line_end_are_read() -> None:
    result = said((delta("a") + delta("b", finish="stop") + DONE).replace("\n\n", "\n"))
    assert (result.content, result.finished, result.done, result.broken) == ("ab", True, True, 0)


def test_an_id_line_before_each_event_changes_nothing() -> None:
    assert said("id: 1\n" + delta("a") + "id: 2\n" + delta("b")).content == "ab"


@pytest.mark.parametrize("mode", [{"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}])
def test_one_whole_body_is_read_however_it_is_printed(mode: dict[str, Any]) -> None:
    body = {"object": "chat.completion", "choices": [{"message": {"content": "进度"}, "finish_reason": "stop"}]}
    text = json.dumps(body, **mode)
    for result in (
        said(text),
        said("\ufeff" + text),
        read_body(text.encode()),
        read_body(b"\xef\xbb\xbf" + text.encode()),
    ):
        assert (result.content, result.finished, result.broken) == ("进度", True, 0)


def test_a_body_that_is_no_json_is_broken() -> None:
    assert read_body(b"<html>").broken
    assert read_body(b": PING\n\ndata: {}\n\n").broken


URLS = ["https://h/a.mp4", "https://h/b.mp4"]


@pytest.mark.parametrize(
    ("body", "links"),
    [
        (delta("x", output=[{"url": URLS[0], "type": "video", "task_id": "t"}]), URLS[:1]),
        (delta(None, output=[{"url": URLS[0], "type": "video"}]), URLS[:1]),
        (delta(None, role="assistant", output=[{"url": URLS[0], "type": "video"}]), URLS[:1]),
        (event({"choices": [{"message": {"content": "x"}}], "media_url": URLS[0], "media_urls": URLS}), URLS),
        (event({"media_urls": URLS}), URLS),
        (event({"data": [{"url": URLS[0]}]}), URLS[:1]),
        (delta("x", output=[{"url": "https://h/a.png", "type": "image"}]), []),
        (delta("x", output="https://h/a.mp4"), URLS[:1]),
        (delta("x", output=[{"url": None}, 5, {}]), []),
        (delta("x", wm={"stage": "start", "attempt": 1, "can_cancel": True, "task_id": "t"}), []),
    ],
)
def test_links_in_fields_of_their_own_are_taken(body: str, links: list[str]) -> None:
    assert said(body).links == links


@pytest.mark.parametrize(
    ("progress", "percent"),
    [
        (40, 40.0),
        (0, 0.0),
        (36.5, 36.5),
        (101, None),
        (-1, None),
        (True, None),
        ("40%", 40.0),
        ("45/90", 50.0),
        (0.45, 45.0),
        ("soon", None),
        (float("nan"), None),
    ],
)
def test_a_percentage_in_a_field_is_taken_if_it_is_one(progress: Any, percent: float | None) -> None:
    assert said(delta("x", progress=progress)).percent == percent


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 14, "completion_tokens": 240, "total_tokens": 254}, TokenUsage(14, 240)),
        ({"prompt_tokens": 0}, None),
        (None, None),
        ({"prompt_tokens": "14", "completion_tokens": 1}, None),
        ({"prompt_tokens": -1, "completion_tokens": True}, None),
        ([], None),
    ],
)
def test_usage_is_taken_if_it_is_whole(usage: Any, counts: TokenUsage | None) -> None:
    assert said(event({"choices": [], "usage": usage})).usage == counts


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "m", "type": "t", "param": None, "code": None}}, "t | m"),
        ({"error": {"message": "m", "code": 402}}, "code 402 | m"),
        ({"error": {"message": "m", "code": ""}}, "m"),
        ({"error": "m", "code": "c"}, "c | m"),
        ({"message": "m"}, "m"),
        ({"msg": "m", "code": -1}, "code -1 | m"),
        ({"err": "m"}, "m"),
        ({"error_msg": "m"}, "m"),
        ({"header": {"message": "m"}}, "m"),
        ({"detail": "m"}, "m"),
        ({"detail": [{"loc": ["body"], "msg": "m", "type": "t"}]}, "t | m"),
        ({"error": {"kind": "sora_error", "message": "m"}}, "sora_error | m"),
        ({"error": {"message": "m", "moderation_stage": "output"}}, "m | moderation stage: output"),
        ({"title": "a", "detail": "b"}, "b | a"),
        ({}, ""),
        ([], ""),
        (None, ""),
        (7, ""),
        ("m", "m"),
    ],
)
def test_a_complaint_is_found_in_every_place(body: Any, words: str) -> None:
    assert error_message(body) == words


def test_the_details_of_a_moderation_are_part_of_the_complaint() -> None:
    details = {"moderation_stage": "input", "categories": ["sexual"]}
    words = error_message({"error": {"code": "moderation_blocked", "message": "No.", "moderation_details": details}})
    assert words.startswith("moderation_blocked | No. | ")
    assert "moderation stage: input" in words


@pytest.mark.parametrize(
    "body",
    [
        event({"error": {"message": "m"}}),
        'event: error\ndata: {"error":{"message":"m"}}\n\n',
        "event: error\ndata: m\n\n",
        '{"error":{"message":"m"}}',
        delta("x") + '{"error":{"message":"m"}}\n',
        event({"error": "m"}),
        event({"msg": "m"}),
        event({"msg": "m", "data": None}),
        event({"msg": "m", "choices": []}),
        event({"detail": "m"}),
        event({"error": {"message": "m"}, "choices": [{"delta": {}}]}),
    ],
)
def test_an_error_inside_a_stream_is_a_complaint(body: str) -> None:
    assert said(body).errors == ["m"]


@pytest.mark.parametrize(
    "value",
    [{"code": 0, "msg": "ok"}, {"code": 200, "message": "success"}, {"error": None, "choices": []}, {"id": "x"}],
)
def test_good_news_is_no_complaint(value: dict[str, Any]) -> None:
    assert said(event(value)).errors == []
