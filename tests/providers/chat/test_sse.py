"""The SSE decoder: the rules of the standard, the three leniencies, and the limit on memory."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.providers.chat.sse import MAX_EVENT_BYTES, EventTooLarge, ServerSentEvent, SSEDecoder
from tests.providers.wire import body_of, names, samples


def decode(*chunks: bytes) -> list[ServerSentEvent]:
    decoder = SSEDecoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return events + decoder.flush()


def by_byte(body: bytes) -> list[ServerSentEvent]:
    return decode(*(body[place : place + 1] for place in range(len(body))))


def data(body: bytes) -> list[str]:
    """The data of each event; the same must come out one byte at a time."""
    events = decode(body)
    assert by_byte(body) == events
    return [event.data for event in events]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"data: one\n\ndata: two\n\n", ["one", "two"]),
        (b"data: a\ndata: b\n\n", ["a\nb"]),
        (b"data:a\n\ndata: a\n\n", ["a", "a"]),
        (b"data:  two spaces\n\n", [" two spaces"]),
        (b"data: a: b\n\n", ["a: b"]),
        (b"data\n\n", [""]),
        (b"data\ndata\n\n", ["\n"]),
        (b": a comment\n\ndata: x\n\n", ["x"]),
        (b": PING\n\n:\n\n: PING\n\n", []),
        (b":\ndata: x\n:\n\n", ["x"]),
        (b"id: 7\ndata: x\n\n", ["x"]),
        (b"id: 1\nretry: 3000\n\n", []),
        (b"retry: 10\ndata: x\nid\n\n", ["x"]),
        (b"\n\n\ndata: x\n\n\n\n\ndata: y\n\n", ["x", "y"]),
        (b"", []),
        (b"\n", []),
    ],
)
def test_events_follow_the_standard(body: bytes, expected: list[str]) -> None:
    assert data(body) == expected


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_of_the_standard_ends_a_line(end: bytes) -> None:
    lines = [b": hi", b"", b"id: 1", b"data: one", b"data: two", b"", b"data: three", b"", b""]
    assert data(end.join(lines)) == ["one\ntwo", "three"]


def test_line_ends_may_be_mixed() -> None:
    assert data(b"data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r") == ["a\nb\nc", "d"]


def test_a_line_end_cut_between_its_two_bytes_counts_once() -> None:
    assert decode(b"data: a\r", b"\ndata: b\r\n", b"\r", b"\n") == [ServerSentEvent("a\nb")]
    assert decode(b"data: a\r", b"", b"\n", b"data: b\n\n") == [ServerSentEvent("a\nb")]


def test_an_event_is_delivered_as_soon_as_its_blank_line_has_come() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"data: a\n") == []
    assert decoder.feed(b"\n") == [ServerSentEvent("a")]
    assert decoder.feed(b"data: b\r\r") == [ServerSentEvent("b")]


def test_the_type_belongs_to_its_own_event_only() -> None:
    body = b"event: error\ndata: bad\n\ndata: plain\n\nevent:ping\ndata: x\n\n"
    assert decode(body) == [ServerSentEvent("bad", "error"), ServerSentEvent("plain"), ServerSentEvent("x", "ping")]


@pytest.mark.parametrize("split", [0, 1, 2, 3, 4])
def test_a_byte_order_mark_is_skipped_wherever_it_is_cut(split: int) -> None:
    body = b"\xef\xbb\xbfdata: x\n\n"
    assert decode(body[:split], body[split:]) == [ServerSentEvent("x")]


def test_only_one_byte_order_mark_is_skipped() -> None:
    assert data(b"\xef\xbb\xbf\xef\xbb\xbfdata: x\n\n") == []


def test_text_is_utf_8_whatever_is_cut_and_broken_bytes_do_not_raise() -> None:
    assert data("data: 进度：36.0% 🏃\n\n".encode()) == ["进度：36.0% 🏃"]
    assert data(b"data: \xff\xfe!\n\n") == ["\ufffd\ufffd!"]


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n", b"\r", b"\r\n"])
def test_the_last_event_needs_no_blank_line(end: bytes) -> None:
    assert data(b"data: a\n\ndata: [DONE]" + end) == ["a", "[DONE]"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n"])
def test_bare_json_lines_are_events_and_clock_lines_are_not(end: bytes) -> None:
    lines = [b"21:56:01", b'{"a":1}', b"21:56:11", b'{"a":2}', b"21:56:21"]
    assert data(end.join(lines) + end) == ['{"a":1}', '{"a":2}']


def test_a_bare_json_line_is_delivered_without_waiting_for_a_blank_line() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b'21:56:01\n{"a":1}\n21:') == [ServerSentEvent('{"a":1}')]
    assert decoder.feed(b'56:02\n{"a":2}\n') == [ServerSentEvent('{"a":2}')]


def test_a_bare_error_after_events_is_an_event() -> None:
    assert data(b'data: {"a":1}\n\n{"error":{}}') == ['{"a":1}', '{"error":{}}']
    assert data(b'data: {"a":1}\n{"error":{}}\n\n') == ['{"a":1}', '{"error":{}}']
    assert decode(b'event: error\n{"error":{}}\n\n') == [ServerSentEvent('{"error":{}}', "error")]


@pytest.mark.parametrize("prefix", [b"", b"data: "])
def test_json_printed_over_many_lines_is_one_event(prefix: bytes) -> None:
    printed = json.dumps({"a": [{"b": 1}, 2], "c": {"d": "x"}}, indent=4)
    assert [json.loads(text) for text in data(prefix + printed.encode() + b"\n\n")] == [json.loads(printed)]


def test_a_page_of_html_holds_no_event() -> None:
    assert data(b"<html>\n<title>504 Gateway Time-out</title>\n\n<p>openresty: sorry</p>\n</html>") == []


@pytest.mark.parametrize("name", names())
def test_a_sample_gives_the_same_events_wherever_it_is_cut_in_two(name: str) -> None:
    body = body_of(next(sample for sample in samples() if sample["name"] == name))
    whole = decode(body)
    assert by_byte(body) == whole
    places = range(1, len(body)) if len(body) < 800 else random.Random(name).sample(range(1, len(body)), 100)
    assert all(decode(body[:place], body[place:]) == whole for place in places)


@given(st.sampled_from(names()), st.randoms(use_true_random=False), st.sampled_from([b"\n", b"\r\n", b"\r"]))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_sample_gives_the_same_events_however_it_is_cut(name: str, chance: random.Random, end: bytes) -> None:
    body = body_of(next(sample for sample in samples() if sample["name"] == name))
    whole = [event.data for event in decode(body)]
    body = body.replace(b"\r\n", b"\n").replace(b"\n", end)
    cuts = sorted(chance.sample(range(len(body) + 1), min(len(body), chance.randint(0, 40))))
    chunks = [body[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert [event.data for event in decode(*chunks)] == whole


PIECES = [b"data: x", b"data:", b"data", b"{}", b'{"a":1}', b"{", b"}", b"[", b":", b"event: e", b"id: 1", b"21:56:01"]
PIECES += [b"\n", b"\n\n", b"\r", b"\r\n", b"\xef\xbb\xbf", b" ", b"[DONE]", "度".encode(), b"\xff"]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map(b"".join))
@settings(max_examples=500, deadline=None, derandomize=True)
def test_any_bytes_give_the_same_data_whole_and_one_byte_at_a_time(body: bytes) -> None:
    def said(events: list[ServerSentEvent]) -> list[str]:
        return [line for event in events for line in event.data.split("\n") if line.strip()]

    assert said(by_byte(body)) == said(decode(body))


def test_an_event_of_the_greatest_size_passes_whole_and_in_drips() -> None:
    body = b"data: " + b"x" * (MAX_EVENT_BYTES - 6) + b"\n\n"
    assert len(decode(body)) == 1
    assert len(decode(*(body[place : place + 9973] for place in range(0, len(body), 9973)))) == 1
    assert len(decode(body[:-1], body[-1:])) == 1


@pytest.mark.parametrize("step", [1 << 22, 4099])
@pytest.mark.parametrize(
    "body",
    [
        b"data: " + b"x" * MAX_EVENT_BYTES + b"\n\n",
        b"data: 0123456789\n" * (MAX_EVENT_BYTES // 16) + b"\n",
        b"x" * (MAX_EVENT_BYTES + 9),
        b": " + b"x" * MAX_EVENT_BYTES + b"\n\n",
        b'{"a": "' + b"x" * MAX_EVENT_BYTES,
    ],
    ids=["one line", "many lines", "no line end", "a comment", "bare JSON"],
)
def test_an_event_that_is_too_large_raises(body: bytes, step: int) -> None:
    with pytest.raises(EventTooLarge):
        decode(*(body[place : place + step] for place in range(0, len(body), step)))


def test_a_long_stream_of_small_events_never_raises() -> None:
    decoder = SSEDecoder()
    chunk = b"data: 0123456789\n\n" * 1000
    assert sum(len(decoder.feed(chunk)) for _ in range(200)) == 200_000
