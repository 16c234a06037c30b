"""A description is checked before the bot starts: a wrong one is told with file, line, key, and what is allowed."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.providers.tasks.descriptions.file import load_description, shipped_names
from bot.providers.tasks.descriptions.paths import first, parse_path
from bot.providers.tasks.descriptions.status_words import StatusWords, TaskState
from tests.providers.tasks.services import PLAIN, described, plain_with

# ruff: noqa: E501 - each mistake on its line
MISTAKES = {
    "a newer schema": ("schema = 1", "schema = 2", 2, "schema must be 1"),
    "another kind": ('kind = "task"', 'kind = "chat"', 3, "kind must be task"),
    "no syntax": ('name = "Plain"', 'name = "Plain', None, "is no valid TOML: Illegal character '\\n' (at line 4"),
    "no address": (
        'base = "https://api.example/v1"',
        'base = "ftp://h"',
        5,
        "base must be an address such as https://",
    ),
    "a user in the address": ("https://api", "https://me:pass@api", 5, "base must be an address such as https://"),
    "a missing key": ('path = "/tasks"\n', "", 6, "create.path is missing"),
    "an unknown key": (
        'path = "/tasks"',
        'path = "/tasks"\npth = "/x"',
        8,
        "pth is unknown; did you mean path?; allowed: body",
    ),
    "an unknown place": ("{prompt}", "{promt}", 8, "column 1: {promt} is no place here; allowed: height, image"),
    "an unknown form": ("{prompt}", "{prompt:loud}", 8, "{prompt:loud} has no such form; allowed: colon"),
    "an open place": ("{prompt}", "{prompt", 8, "is no place here"),
    "a place that the step has not": (
        "/tasks/{id}",
        "/tasks/{prompt}",
        10,
        "{prompt} is no place here; allowed: id, model",
    ),
    "no path": ("/tasks/{id}", "https://h/{id}", 10, "poll.path must be a path that begins with one /"),
    "another host in a path": (
        'path = "/tasks"',
        'path = "//evil.example/x"',
        7,
        "must be a path that begins with one /",
    ),
    "a query in a path": ("/tasks/{id}", "/tasks?id={id}", 10, "what follows a ? belongs into query"),
}
ADDED = {
    "a key in place of its name": ('auth = { key = "sk-live-123" }', "auth.key must name an environment variable"),
    "a secret of Kinora's": ('auth = { key = "DISCORD_TOKEN" }', "auth.key must name an environment variable"),
    "a key among the headers": ('headers = { authorization = "x" }', "headers may not hold the key"),
    "the connection's header": ('headers = { Cookie = "x" }', "none of the connection's own such as Host or Cookie"),
    "a header of two lines": ('headers = { X-A = "a\\r\\nHost: b" }', "must be one line"),
    "a host with a scheme": ('hosts = ["https://h.example"]', "hosts.0 must be a host such as queue.example.com"),
    "a word twice": ('status = { made = ["done"], failed = ["DONE"] }', "has the word 'done' twice"),
    "two last calls": (
        'content = { path = "/a/{id}" }\nresult = { path = "/b/{id}" }',
        "content, link_call and result exclude each other",
    ),
    "another way for pictures": (
        'image = { as = "pigeon" }',
        "image.as must be file, data_url, base64, link or upload",
    ),
    "a rule for nothing": ('errors = [{ outcome = "quota" }]', "errors.0 needs one of code, at, says, http"),
    "an outcome of no failure": (
        'errors = [{ http = 500, outcome = "success" }]',
        "errors.0.outcome must be one of moderation_image",
    ),
    "a path that is none": ('cost = { at = "usage..cost" }', "cost.0.at is no path at column 6"),
    "a wrong model": (
        'models = { "x*" = { poll = { every = 0 } } }',
        "poll.every must be at least 2",
    ),
    "a key among the headers of a step": (
        'cancel = { path = "/x/{id}", headers = { X-Api-Key = "x" } }',
        "headers may not hold the key",
    ),
    "a key in a header's value": ('headers = { X-Who = "sk-live-123" }', "headers.X-Who may not hold a key"),
    "a key behind the word for it": ('auth = { prefix = "Bearer sk-live-123" }', "auth.prefix may not hold a key"),
    "a call about no task": (
        'cancel = { path = "/tasks", method = "DELETE" }',
        "cancel names no task: its path, query or body needs the place id",
    ),
    "a video that is posted for": (
        'content = { path = "/x/{id}", method = "POST" }',
        "content.method must be GET",
    ),
    "no table": ('auth = "Bearer"', "auth must be a table; allowed in it: header, hosts, key, page, prefix"),
    "no number": ('ask = { seconds = ["5"] }', "ask.seconds.0 must be a whole number"),
}


def problems(text: str) -> str:
    with pytest.raises(SettingsError) as told:
        described(text)
    return "\n".join(told.value.problems)


@pytest.mark.parametrize(("right", "wrong", "line", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_line_and_what_is_right(
    right: str, wrong: str, line: int | None, sentence: str
) -> None:
    told = problems(PLAIN.replace(right, wrong))

    assert told.startswith(f"my.toml, line {line}: " if line else "my.toml: ")
    assert sentence in told


@pytest.mark.parametrize(("added", "sentence"), ADDED.values(), ids=ADDED)
def test_what_a_description_may_not_say_is_told_with_its_line(added: str, sentence: str) -> None:
    told = problems(plain_with(added))

    assert told.startswith(("my.toml, line 6: ", "my.toml: the file "))
    assert sentence in told


def test_a_service_has_one_key_for_all_its_models() -> None:
    text = PLAIN + '[models."x*".auth]\nkey = "OTHER_KEY"\n'

    assert problems(text) == "my.toml, line 12: models.x*.auth.key must be the one that all models have"


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ('base = "https://other.example/v1"', "base"),
        ('auth = { header = "X-Key" }', "auth"),
        ('headers = { X-A = "b" }', "headers"),
        ("link_with_key = false", "link_with_key"),
        ('content = { path = "/x/{id}" }', "content"),
    ],
)
def test_where_a_video_lies_and_what_opens_it_is_the_same_for_all_models(changed: str, what: str) -> None:
    told = problems(f'{PLAIN}[models."x*"]\n{changed}\n')

    assert told == f"my.toml, line 12: models.x*.{what} must be the one that all models have"


def test_a_key_of_the_whole_file_that_stands_in_a_table_is_told_where_it_belongs() -> None:
    assert problems(f'{PLAIN}cost = {{ at = "a" }}\n').startswith(
        "my.toml, line 11: poll.cost is unknown: cost belongs above the first [table] of the file"
    )


@pytest.mark.parametrize(
    ("body", "modes"),
    [
        ('{ image = "{image}", more = ["{last_image}"] }', {"data", "url", "base64", "file"}),
        ('{ image = { url = "{image}" } }', {"data", "url", "base64"}),
        ('{ frames = [{ url = "{image}" }] }', {"data", "url", "base64"}),
    ],
)
def test_a_picture_may_travel_as_a_file_where_it_is_in_no_object(body: str, modes: set[str]) -> None:
    text = PLAIN.replace('{ text = "{prompt}", image = "{image}" }', body)

    assert set(described(text).image_modes) == modes


def test_all_mistakes_are_told_at_once() -> None:
    text = PLAIN.replace("schema = 1", "schema = 3") + "evry = 9\n"

    assert problems(text).splitlines() == [
        "my.toml, line 2: schema must be 1",
        "my.toml, line 11: poll.evry is unknown; did you mean every?; allowed: body, every, from, headers, id, link, method, "
        "path, percent, percent_factor, query, status",
    ]


def test_of_a_list_of_tables_the_line_of_the_wrong_one_is_told() -> None:
    rules = '[[errors]]\ncode = "a"\noutcome = "quota"\n[[errors]]\ncode = "b"\noutcome = "qota"\n'

    assert problems(PLAIN + rules).startswith("my.toml, line 16: errors.1.outcome must be one of")


def test_a_file_of_a_picture_stands_at_the_top_of_a_form() -> None:
    text = plain_with('image = { as = "file" }').replace('"{image}"', '{ url = "{image}" }')

    assert "{image} is no place here" in problems(text)


def test_a_file_that_is_not_there_is_told_with_the_names_that_are() -> None:
    with pytest.raises(SettingsError, match=r"one of aimlapi, ark, .*, videos, vidu, wavespeed, xai, zhipu"):
        load_description("vidoes")


def test_a_file_that_is_no_text_or_too_long_is_told() -> None:
    for text in ("#" * 70_000, "a = " + "[" * 5000):
        assert problems(text).startswith("my.toml: is ")


def test_what_a_model_needs_otherwise_is_laid_over_the_rest() -> None:
    text = plain_with('[models."kling-*"]', "ask.seconds = [5, 10]", "poll.every = 20")

    assert (described(text).ask.seconds, described(text).poll.every) == ((), 10)
    kling = described(text, "kling-v3")
    assert (kling.ask.seconds, kling.poll.every, kling.poll.path) == ((5, 10), 20, "/tasks/{id}")


def test_each_description_that_comes_with_kinora_is_right() -> None:
    assert [load_description(name).schema_version for name in shipped_names()] == [1] * len(shipped_names())


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b[0].c", 1),
        ("a.b[-1].c", 2),
        ("a.b[kind=film].c", 2),
        ("a.json.d", 3),
        ("[0].a", None),
        ("a.b.c", None),
        ("a.b[9].c", None),
        ("a.__class__", None),
    ],
)
def test_a_path_follows_keys_places_and_json_in_strings(path: str, found: int | None) -> None:
    value = {"a": {"b": [{"c": 1}, {"kind": "film", "c": 2}], "json": '{"d": 3}'}}

    assert parse_path(path).find(value) == found


def test_the_first_path_that_leads_to_anything_wins() -> None:
    assert first(map(parse_path, ("none", "empty", "zero", "a")), {"empty": "", "zero": 0, "a": 1}) == 0


def test_words_mean_what_the_description_says_before_what_they_usually_mean() -> None:
    words = StatusWords(failed=("UNKNOWN", 7), made=(True,))

    assert [words.state_of(word) for word in ("unknown", 7, "7", True, 1, "IN_PROGRESS", "never met", None)] == [
        *[TaskState.FAILED] * 3,
        TaskState.MADE,
        None,
        TaskState.WORKING,
        None,
        None,
    ]
