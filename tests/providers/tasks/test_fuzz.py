"""No body, header or description, however odd, raises anything but named errors, or lets the key leave its origin."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import LinkRefused, SettingsError
from bot.models import Outcome
from bot.providers.base import TaskHandle
from bot.providers.tasks.answers.answer import Going
from bot.providers.tasks.call import ServiceCall
from bot.providers.tasks.descriptions.file import SERVICES, read_description, shipped_names
from bot.providers.tasks.request import ServiceCalls, base_address, origin_of
from tests.providers.tasks.services import BASE, KEY, PLAIN, calls_of, order, plain_with, read

NAMES = (
    *(
        "id",
        "task_id",
        "request_id",
        "data",
        "task",
        "output",
        "result",
        "status",
        "state",
        "progress",
        "error",
        "code",
    ),
    *("message", "detail", "url", "video_url", "video", "unsigned_urls", "polling_url", "usage", "cost", "content"),
    *("cost_in_usd_ticks", "fail_reason", "metadata", "type", "base_resp", "success"),
)
WORDS = [
    "queued",
    "completed",
    "failed",
    "SUCCESS",
    "",
    "45%",
    "http://[",
    "https://cdn.example/v.mp4",
    "/v1/x/y",
    "\ud800",
]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(WORDS)
BODIES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=25,
)
HEADERS = st.dictionaries(
    st.sampled_from(["Retry-After", "openai-poll-after-ms", "Location", "Content-Type"]) | st.text(max_size=9),
    st.text(max_size=30)
    | st.sampled_from(["nan", "inf", "-1", "1e999", "video/mp4", "//[", "https://cdn.example/v.mp4"]),
    max_size=3,
)
PAGES = [
    PLAIN,
    plain_with('content = { path = "/c/{id}" }'),
    *((SERVICES / f"{name}.toml").read_text("utf-8") for name in shipped_names()),
]
ADDRESSES = st.text(max_size=40) | st.builds(
    "{}{}{}".format,
    st.sampled_from(["https://", "http://", "//", "https:\\\\", "https:/", "/", "", "ftp://", "HTTPS://"]),
    st.sampled_from(
        [
            "api.example",
            "evil.example",
            "api.example@evil.example",
            "api.example.evil.example",
            "[::1]",
            "api.example:99",
            "API.example",
        ]
    ),
    st.text(max_size=8),
)


@settings(max_examples=400, deadline=None)
@given(
    step=st.sampled_from(["create", "poll", "content"]),
    body=BODIES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60),
    status=st.integers(100, 599),
    headers=HEADERS,
    page=st.sampled_from(PAGES),
)
def test_any_answer_has_a_meaning(step: Any, body: bytes, status: int, headers: dict[str, str], page: str) -> None:
    meaning = read(step, body, status=status, headers=headers, text=page, age=3, prompt="a boat")

    assert isinstance(meaning.outcome, Outcome | Going)
    assert (meaning.link is not None) == (meaning.outcome is Outcome.SUCCESS)
    assert meaning.wait is None or meaning.wait >= 0
    json.dumps([meaning.wait, meaning.percent, meaning.cost, meaning.job_id, meaning.detail], allow_nan=False).encode()


@pytest.mark.parametrize(
    "body", [b"[" * 50_000, b'{"data":' * 2000 + b"1" + b"}" * 2000, b'{"id":' + b"9" * 5000 + b"}"]
)
def test_an_answer_nested_without_end_has_a_meaning(body: bytes) -> None:
    for step in ("create", "poll", "content"):
        assert read(step, body).outcome in (Going.AGAIN, Going.IN_PROGRESS, Going.QUEUED, Outcome.BAD_STREAM)


@settings(max_examples=300, deadline=None)
@given(
    page=st.sampled_from(PAGES),
    at=st.integers(0, 2000),
    size=st.integers(0, 12),
    inserted=st.text(max_size=12)
    | st.sampled_from(
        ['"', "{", "[", "= 1", "{id}", "[a.b]\n", "x = {}\n", "\x00", "[[errors]]\n", "a = 2026-11-26\n", "nan"]
    ),
)
def test_a_description_is_right_or_its_mistakes_are_told(page: str, at: int, size: int, inserted: str) -> None:
    at %= len(page)
    told: tuple[str, ...] = ()
    try:
        odd = read_description((page[:at] + inserted + page[at + size :]).encode("utf-8", "replace"), "my.toml")
        calls = ServiceCalls(odd, base_address(odd, "https://h.example"), KEY)
        json.dumps(calls.create(order(travels="link")).json, allow_nan=False)
        calls.poll(TaskHandle("1", "m"))
    except SettingsError as error:
        told = error.problems
    except LinkRefused:
        pass
    assert all(problem.startswith("my.toml") and "\n" not in problem for problem in told)


def with_key(call: ServiceCall) -> bool:
    return KEY in str(call.headers) or KEY in call.url or KEY in str(call.json)


@settings(max_examples=400, deadline=None)
@given(address=ADDRESSES, task_id=st.text(max_size=20), path=st.text(max_size=15), host=st.text(max_size=15))
def test_no_description_or_answer_makes_the_key_leave_its_origin(
    address: str, task_id: str, path: str, host: str
) -> None:
    text = plain_with(f"hosts = [{json.dumps(host)}, 'evil.example']").replace(
        'path = "/tasks/{id}"', f'path = {json.dumps("/" + path)}\nfrom = "polling_url"'
    )
    try:
        calls = calls_of(text)
        made = [calls.create(order()), calls.download(address)]
        created = read("create", {"id": task_id, "polling_url": address}, text=text)
        task = TaskHandle(created.job_id or task_id, "../m", created.addresses or {"poll": address})
        made += [calls.poll(task), calls.poll(TaskHandle(task_id, "m"))]
    except (SettingsError, LinkRefused):
        return
    for call in made:
        assert not with_key(call) or origin_of(call.url) == origin_of(BASE)
