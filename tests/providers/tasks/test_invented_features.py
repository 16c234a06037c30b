"""What descriptions can say beyond the plain ones, each by a service that nobody has heard of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.models import Outcome
from bot.providers.base import TaskHandle
from bot.providers.tasks.answers.answer import Going
from bot.providers.tasks.call import TaskOrder
from bot.providers.tasks.request import ServiceCalls
from tests.providers.tasks.services import KEY, PICTURE, PLAIN, SECOND, calls_of, described, order, plain_with, read

TASK = TaskHandle("41", "m")
ELSEWHERE = "https://eu.reel.example/tasks/41?token=a%2Fb"


def body_of(text: str, *pictures: Any, model: str = "", **changes: Any) -> Any:
    """Return the body of the create of the service that ``text`` describes."""
    description = described(text, model)
    calls = ServiceCalls(description, description.base, KEY)
    return calls.create(TaskOrder(model or "m", "a cat", pictures, **changes)).json


def with_body(body: str, *lines: str) -> str:
    """Return the plain description with another body of the create, and ``lines`` before its first table."""
    return plain_with(*lines).replace('{ text = "{prompt}", image = "{image}" }', body)


def test_a_key_may_depend_on_whether_there_is_a_picture() -> None:
    text = with_body('{ shape = { "$when" = "image", "$value" = "as it is", "$else" = "{ratio}" } }')

    assert body_of(text, PICTURE) == {"shape": "as it is"}
    assert body_of(text, ratio="16:9") == {"shape": "16:9"}
    assert body_of(with_body('{ shape = { "$when" = "image", "$else" = "{ratio}" } }'), PICTURE, ratio="16:9") == {}


@pytest.mark.parametrize("value", ['{ "$else" = "x" }', '{ "$when" = "image", "$unless" = "x" }', '{ "$value" = "x" }'])
def test_a_word_with_a_dollar_that_has_no_meaning_is_told(value: str) -> None:
    with pytest.raises(SettingsError, match=r"is no word here; allowed: .when, and beside it .value and .else"):
        described(with_body(f"{{ shape = {value} }}"))


def test_several_pictures_may_be_a_list_and_one_its_value() -> None:
    text = with_body(
        '{ image = { "$when" = "last_image", "$value" = ["{image}", "{last_image}"], "$else" = "{image}" } }'
    )
    both = body_of(text, PICTURE, SECOND)["image"]

    assert [one.picture for one in both] == [PICTURE, SECOND]
    assert body_of(text, PICTURE)["image"].picture == PICTURE


def test_a_number_of_pictures_may_have_a_path_of_its_own() -> None:
    text = PLAIN.replace('path = "/tasks"', 'path = "/one"\npaths = { 0 = "/none", 2 = "/two", 4 = "/many" }')
    paths = [calls_of(text).create(TaskOrder("m", "a cat", (PICTURE,) * number)).url[-5:] for number in range(6)]

    assert paths == ["/none", "1/one", "1/two", "1/two", "/many", "/many"]


def test_a_model_may_lack_a_field_that_the_others_have() -> None:
    text = PLAIN + '[models."reel-*".create.body]\nimage = "{nothing}"\nframes = ["{image}"]\n'

    assert set(body_of(text, PICTURE, model="reel-2")) == {"text", "frames"}
    assert set(body_of(text, PICTURE)) == {"text", "image"}


@pytest.mark.parametrize(("wanted", "sent"), [(None, 6), (1, 4), (5, 4), (7, 6), (8, 6), (9, 10), (60, 10)])
def test_a_length_that_the_model_lacks_becomes_the_nearest(wanted: int | None, sent: int) -> None:
    text = with_body('{ length = "{seconds}s" }', "ask = { seconds = [6, 4, 10] }")

    assert body_of(text, seconds=wanted) == {"length": f"{sent}s"}


def test_a_size_tells_resolution_and_shape() -> None:
    text = with_body('{ lines = "{resolution:upper}", shape = "{ratio}" }')
    asked = with_body('{ lines = "{resolution}" }', 'ask = { resolution = ["480p", "720p"] }')

    assert body_of(text, size="720x1280") == {"lines": "720P", "shape": "9:16"}
    assert body_of(text) == {}
    assert body_of(asked) == body_of(asked, size="1000x1000") == {"lines": "480p"}
    assert body_of(asked, size="1280x720") == {"lines": "720p"}


def test_a_seed_and_a_mark_are_new_each_time() -> None:
    text = with_body(
        '{ seed = "{seed}", mark = "{uuid}", kind = "{last_image_type}" }', 'headers = { X-Mark = "{uuid}" }'
    )
    calls = calls_of(text)
    sent = [calls.create(order(PICTURE, SECOND)) for _ in range(2)] + [calls.poll(TASK), calls.poll(TASK)]

    assert len({call.headers["X-Mark"] for call in sent}) == 4
    assert sent[0].json["seed"] != sent[1].json["seed"]
    assert sent[0].json["mark"] != sent[1].json["mark"]
    assert sent[0].json["kind"] == "image/jpeg"
    with pytest.raises(SettingsError, match="is no place here; allowed: uuid"):
        described(plain_with('headers = { X-Mark = "{prompt}" }'))


def test_a_model_s_further_fields_may_hold_places_and_braces_of_their_own() -> None:
    text = PLAIN.replace("[poll]", "fill_extra = true\n[poll]")
    graph = {
        "6": {"text": "{prompt}", "style": "{warm|cold} {prompt}", "odd": "{other}", "steps": 20, "on": ["{seed}"]}
    }
    sent = body_of(text, extra={"graph": graph})["graph"]["6"]

    assert sent["text"] == "a cat"
    assert (sent["style"], sent["odd"], sent["steps"]) == ("{warm|cold} {prompt}", "{other}", 20)
    assert isinstance(sent["on"][0], int)
    assert body_of(PLAIN, extra={"graph": "{prompt}"})["graph"] == "{prompt}"


def test_an_address_out_of_an_answer_gets_what_it_lacks_of_the_query() -> None:
    text = plain_with('auth = { hosts = "*.reel.example" }').replace(
        'path = "/tasks/{id}"', 'path = "/tasks/{id}"\nfrom = "again_at"\nquery = { token = "{id}", logs = "1" }'
    )
    calls = ServiceCalls(described(text), "https://api.reel.example", KEY)

    assert calls.poll(TaskHandle("41", "m", {"poll": ELSEWHERE})).url == f"{ELSEWHERE}&logs=1"
    assert calls.poll(TASK).url == "https://api.reel.example/tasks/41?token=41&logs=1"


def test_the_key_goes_to_the_other_hosts_of_the_service_but_not_from_an_address_of_the_operators() -> None:
    text = plain_with('auth = { hosts = "*.reel.example" }', 'hosts = "*.films.example"')
    own = ServiceCalls(described(text), "https://api.reel.example", KEY)
    operators = ServiceCalls(described(text), "https://proxy.example", KEY)

    assert "Authorization" in own.poll(TaskHandle("41", "m", {"poll": ELSEWHERE})).headers
    assert "Authorization" not in own.download("http://eu.reel.example/f").headers
    assert "Authorization" not in own.download("https://reel.example.evil.example/f").headers
    assert own.poll(TaskHandle("41", "m", {"poll": "https://x.films.example/41"})).headers == {}
    assert not operators.may_call(ELSEWHERE)


UPLOADS = PLAIN.replace(
    "[create]",
    """image = { as = "upload" }
auth = { hosts = ["api.example", "store.example"] }
[upload]
base = "https://store.example"
path = "/pictures"
body = { file = "{image}", name = "{uuid}.{image_ending}" }
id = "picture.no"
gives = { kept = "{id}" }
[create]""",
)


def test_a_picture_is_handed_over_at_its_place_and_what_it_gives_is_sent() -> None:
    calls = calls_of(UPLOADS)
    upload = calls.upload(PICTURE, "m")
    assert upload
    file, name = upload.form

    assert (upload.method, upload.url, upload.headers) == (
        "POST",
        "https://store.example/pictures",
        {"Authorization": f"Bearer {KEY}"},
    )
    assert (file.name, file.value, file.filename) == ("file", PICTURE, "picture.png")
    assert str(name.value).endswith(".png")
    assert calls.create(order(uploaded=({"kept": 7},))).json["image"] == {"kept": 7}
    assert calls_of().upload(PICTURE, "m") is None


def test_with_an_address_of_the_operators_pictures_go_there_too() -> None:
    upload = calls_of(UPLOADS, "http://127.0.0.1:9").upload(PICTURE, "m")

    assert upload
    assert upload.url == "http://127.0.0.1:9/pictures"


def test_what_is_answered_to_a_picture_is_read() -> None:
    taken = read("upload", {"picture": {"no": 7}}, text=UPLOADS)
    refused = read("upload", {"error": "The image contains nudity and was rejected"}, status=400, text=UPLOADS)

    assert (taken.outcome, taken.picture) == (Going.QUEUED, {"kept": 7})
    assert refused.outcome is Outcome.MODERATION_IMAGE
    assert read("upload", {"picture": None}, text=UPLOADS).outcome is Outcome.PROVIDER_ERROR
    assert read("upload", b"<html>", status=503, text=UPLOADS).outcome is Outcome.PROVIDER_ERROR


def test_an_upload_and_pictures_that_are_handed_over_belong_together() -> None:
    with pytest.raises(SettingsError, match="belong together"):
        described(plain_with('image = { as = "upload" }'))
    assert described(UPLOADS).image_modes == ()


@pytest.mark.parametrize(
    ("body", "learnt"),
    [
        ({"task": {"no": "41", "state": "done", "url": "https://cdn.example/41.mp4"}}, Outcome.SUCCESS),
        ({"task": {"no": 41, "state": "failed"}}, Outcome.PROVIDER_ERROR),
        ({"task": {"no": "7", "state": "done", "url": "https://cdn.example/7.mp4"}}, Going.AGAIN),
        ({"items": [{"no": "7", "url": "https://cdn.example/7.mp4"}]}, Going.AGAIN),
        ({"task": {"state": "failed"}}, Outcome.PROVIDER_ERROR),
    ],
)
def test_from_an_answer_about_another_task_nothing_is_learnt(body: Any, learnt: Any) -> None:
    assert read("poll", body, text=f'{PLAIN}id = "task.no"\nstatus = "task.state"\n', task="41").outcome is learnt


@pytest.mark.parametrize(
    ("log", "percent"),
    [
        ("seed 7\n  0%|    | 0/40\n 45%|##  | 18/40 [00:04]\nsaving", 45),
        (" 10%|#| 1/10\r 90%|#########| 9/10\n", 90),
        ([{"message": "loading"}, {"message": " 12%|#   | 5/40"}, {"level": "INFO"}], 12),
        ("loaded\n100 items, 5% of them odd\n", None),
        ([], None),
    ],
)
def test_the_last_bar_of_a_log_tells_the_percentage(log: Any, percent: float | None) -> None:
    text = f'{PLAIN}percent = "logs"\n'

    assert read("poll", {"status": "running", "logs": log}, text=text).percent == percent


def test_one_more_call_may_give_the_link_or_tell_how_it_ended() -> None:
    last = 'path = "/files/{result_id}", id = "file", link = "at"'
    link_call, result = (plain_with(f"{name} = {{ {last} }}") for name in ("link_call", "result"))
    done = {"status": "done", "file": "f/9"}
    made, ended = (read("poll", done, text=text) for text in (link_call, result))

    assert (made.outcome, made.link, made.result_id) == (Outcome.SUCCESS, None, "f/9")
    assert (ended.outcome, ended.result_id) == (Going.RESULT_CALL, "f/9")
    assert read("content", {"at": "https://cdn.example/9"}, text=link_call).link == "https://cdn.example/9"
    refused = read("content", {"error": {"message": "the prompt violates our policy"}}, status=422, text=result)
    assert refused.outcome is Outcome.MODERATION_PROMPT


def test_a_value_in_the_body_says_that_it_failed_whatever_the_status_is() -> None:
    text = plain_with('failed_if = [{ at = "verdict.no", but = [0, "fine"] }, { at = "withheld" }]')

    assert read("create", {"id": "41", "verdict": {"no": 0}}, text=text).outcome is Going.QUEUED
    assert read("create", {"id": "41", "verdict": {"no": "FINE"}}, text=text).outcome is Going.QUEUED
    assert read("create", {"id": "41", "verdict": {"no": 9}}, text=text).outcome is Outcome.PROVIDER_ERROR
    assert read("poll", {"status": "done", "withheld": 1}, text=text).outcome is Outcome.PROVIDER_ERROR
    assert read("poll", {"status": "done", "withheld": False, "video": "https://c.example/a.mp4"}, text=text).link
    assert read("poll", {"status": "done", "withheld": 1, "video": "https://c.example/a.mp4"}, text=text).link


def test_an_http_status_may_stand_in_the_body() -> None:
    text = plain_with('http_at = "code"')

    assert read("create", {"code": 402, "msg": "no"}, text=text).outcome is Outcome.QUOTA
    assert read("create", {"code": "200", "data": {"id": "41"}}, text=text).job_id == "41"
    assert read("poll", {"code": 503, "msg": "no"}, text=text).outcome is Going.AGAIN
    assert read("poll", {"code": 7, "status": "running"}, text=text).outcome is Going.IN_PROGRESS


def test_words_may_say_that_it_was_stopped() -> None:
    text = plain_with('status = { cancelled = "halted" }')

    assert read("poll", {"status": "Halted"}, text=text).outcome is Outcome.CANCELLED
    assert read("poll", {"status": "halted", "error": "the prompt violates our policy"}, text=text).outcome.is_refusal
    assert read("poll", {"status": "cancelled"}, text=text).outcome is Outcome.PROVIDER_ERROR


def test_a_rule_may_go_by_the_number_of_the_status() -> None:
    text = (
        plain_with("status = { failed = [7, 8] }", 'errors = { code = 7, outcome = "moderation_result" }')
        + 'status = "stage"\n'
    )

    assert read("poll", {"stage": 7}, text=text).outcome is Outcome.MODERATION_RESULT
    assert read("poll", {"stage": 8}, text=text).outcome is Outcome.PROVIDER_ERROR


RULES = plain_with(
    'errors = [{ code = "1008", outcome = "quota" }, { code = "SLOW", outcome = "rate_limited" },'
    ' { code = "GONE", outcome = "provider_error", model_gone = true }, { code = "STUCK", outcome = "timeout" },'
    ' { http = 429, outcome = "rate_limited" }]'
)


def test_a_number_in_brackets_is_a_code() -> None:
    body = {"error": {"message": "it does not go on (1008)"}}

    assert read("create", body, status=429, text=RULES).outcome is Outcome.QUOTA
    assert (
        read("create", {"error": {"message": "request 1008 failed"}}, status=500, text=RULES).outcome
        is not Outcome.QUOTA
    )


def test_a_rule_may_say_that_the_model_is_not_there() -> None:
    gone = read("create", {"error": {"code": "GONE"}}, status=400, text=RULES)

    assert (gone.outcome, gone.model_gone, gone.retry) == (Outcome.PROVIDER_ERROR, True, False)


def test_a_code_ends_a_task_before_its_http_status_is_looked_at_but_one_of_the_call_does_not() -> None:
    stuck, slow, broke = ({"error": {"code": code}} for code in ("STUCK", "SLOW", "1008"))

    assert read("poll", stuck, status=504, text=RULES).outcome is Outcome.TIMEOUT
    assert read("content", stuck, status=504, text=RULES).outcome is Outcome.TIMEOUT
    assert read("poll", slow, status=429, text=RULES).outcome is Going.AGAIN
    assert read("poll", broke, status=429, text=RULES).outcome is Going.AGAIN
    assert read("poll", {}, status=504, text=RULES).outcome is Going.AGAIN


def test_a_create_is_never_asked_again_whatever_a_rule_says() -> None:
    text = plain_with('errors = { code = "TIRED", outcome = "again" }')
    tired = {"error": {"code": "TIRED"}}

    assert read("poll", tired, text=text).outcome is Going.AGAIN
    created = read("create", tired, text=text)
    assert (created.outcome, created.retry) == (Outcome.PROVIDER_ERROR, False)


def test_an_error_without_a_word_of_the_task_is_of_the_call_unless_a_code_says_more() -> None:
    text = plain_with('errors = { code = "E9", outcome = "provider_error" }')

    assert read("poll", {"error": {"code": "E7", "message": "Internal error"}}, text=text).outcome is Going.AGAIN
    assert read("poll", {"error": {"code": "E9"}}, text=text).outcome is Outcome.PROVIDER_ERROR
    assert read("poll", {"status": "failed", "error": {"code": "E7"}}, text=text).outcome is Outcome.PROVIDER_ERROR
    assert read("poll", {"error": "the prompt violates our policy"}, text=text).outcome.is_refusal


def test_a_status_that_says_that_there_is_no_such_task_is_believed_only_later() -> None:
    unknown = {"status": "Task not found"}

    assert read("poll", unknown, age=3).outcome is Going.AGAIN
    assert read("poll", unknown, age=3000).outcome is Outcome.PROVIDER_ERROR


def test_what_a_rule_calls_haste_was_not_begun() -> None:
    words = {"error": "no more generations in progress"}

    assert read("create", words, status=429, text=RULES).retry
    assert not read("create", words, status=429).retry


def test_credits_are_told_and_not_booked() -> None:
    text = plain_with('cost = [{ at = "bill.dollars" }, { at = "bill.credits", credits = true }]')
    both = read("poll", {"status": "done", "bill": {"dollars": 0.5, "credits": 40}}, text=text)
    credits = read("poll", {"status": "done", "bill": {"credits": 40}}, text=text)

    assert (both.cost, both.credits) == (0.5, 40)
    assert (credits.cost, credits.credits) == (None, 40)


@pytest.mark.parametrize(
    ("body", "wait"),
    [
        ({"detail": "Your limit resets in ~30s."}, 30),
        ({"retry_after": 7}, 7),
        ({"retry_after": "soon"}, None),
        ([], None),
    ],
)
def test_the_pause_may_stand_in_the_body(body: Any, wait: float | None) -> None:
    assert read("create", json.dumps(body).encode(), status=429).wait == wait


def test_a_video_that_is_still_in_progress_comes_to_a_timeout_and_one_that_is_not_ready_to_a_failure() -> None:
    works = read("content", {"detail": "Request is still in progress"}, status=400)
    late = read("content", {"error": {"code": "not_ready"}}, status=400)

    assert (works.outcome, works.last) == (Going.AGAIN, Outcome.TIMEOUT)
    assert (late.outcome, late.last) == (Going.AGAIN, Outcome.PROVIDER_ERROR)
