"""What the samples do not show of reading a task service: what is believed first, ages, addresses, the log."""

from __future__ import annotations

import pytest

from bot.models import Outcome
from bot.providers.tasks.answers.answer import BYTES, CONTENT, Going
from tests.providers.tasks.services import BASE, KEY, PICTURE, plain_with, read

MP4 = "https://cdn.example/v.mp4"
LOUD = {"error": {"message": "Internal error"}}
BUSY = {"error": {"message": "Too many requests"}}


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 301])
def test_a_poll_that_was_not_answered_teaches_nothing(status: int) -> None:
    meaning = read("poll", LOUD, status=status)

    assert (meaning.outcome, meaning.retry) == (Going.AGAIN, True)
    assert isinstance(meaning.last, Outcome)


@pytest.mark.parametrize(("age", "outcome"), [(None, Going.AGAIN), (5, Going.AGAIN), (600, Outcome.PROVIDER_ERROR)])
def test_a_task_that_is_not_known_is_asked_for_again_while_it_is_young(age: float | None, outcome: object) -> None:
    assert read("poll", {"detail": "Task not found"}, status=404, age=age).outcome is outcome
    assert read("poll", {"code": "task_not_exist", "message": "task_not_exist"}, age=age).outcome is outcome
    assert read("poll", {"message": "bad request"}, status=400, age=age).outcome is outcome


def test_too_many_polls_do_not_end_the_task() -> None:
    assert read("poll", BUSY).outcome is Going.AGAIN
    assert read("poll", BUSY, status=403).outcome is Going.AGAIN
    assert read("poll", {"status": "failed", **BUSY}).outcome is Outcome.RATE_LIMITED


def test_a_link_outweighs_a_complaint_beside_it_and_a_failure_outweighs_a_link() -> None:
    assert read("poll", {"state": "success", "url": MP4, "failCode": "0"}).link == MP4
    failed = read("poll", {"status": "failed", "url": MP4, "progress": 100, **LOUD})
    assert (failed.outcome, failed.link, failed.percent) == (Outcome.PROVIDER_ERROR, None, None)


def test_what_was_made_without_a_link_is_a_failure_unless_another_call_gives_it() -> None:
    assert read("poll", {"status": "completed"}).outcome is Outcome.PROVIDER_ERROR
    content = plain_with('content = { path = "/tasks/{id}/film" }')
    assert read("poll", {"status": "completed"}, text=content).link == CONTENT
    assert read("poll", {"status": "completed", **LOUD}, text=content).outcome is Outcome.PROVIDER_ERROR
    result = plain_with('result = { path = "/tasks/{id}/result" }')
    assert read("poll", {"status": "completed"}, text=result).outcome is Going.RESULT_CALL


def test_the_words_of_a_question_that_was_answered_are_not_those_of_the_task() -> None:
    for body in (
        {"status": "success", "data": {"status": "processing", "progress": 7}},
        {"code": "success", "data": [{"state": "running", "progress": "7%"}]},
        {"status": "ok", "result": '{"task_status": "PROCESSING", "percent": 7}'},
    ):
        meaning = read("poll", body)
        assert (meaning.outcome, meaning.percent) == (Going.IN_PROGRESS, 7)


def test_the_picture_that_the_request_held_is_not_the_video() -> None:
    body = {"status": "completed", "url": PICTURE.link}

    assert read("poll", body, picture_links=(PICTURE.link,)).outcome is Outcome.PROVIDER_ERROR


def test_the_prompt_that_a_failure_repeats_is_not_its_reason() -> None:
    prompt = "a knight is out of money and blocked by the guards"
    body = {"status": "failed", "error": {"message": f"Task failed. Prompt: {prompt}"}}
    meaning = read("poll", body, prompt=prompt, secrets=(KEY,))

    assert meaning.outcome is Outcome.PROVIDER_ERROR
    assert "knight" not in meaning.detail


def test_the_log_holds_no_key() -> None:
    assert KEY not in read("poll", {"status": "failed", "error": f"bad {KEY}"}, secrets=(KEY,)).detail


def test_a_key_that_is_refused_after_the_work_began_is_the_services_own() -> None:
    body = {"error": {"message": "Invalid API key"}}

    assert read("poll", {"status": "failed", **body}).outcome is Outcome.PROVIDER_ERROR
    assert read("create", body, status=401).outcome is Outcome.AUTH
    assert read("poll", body, status=401).outcome is Outcome.AUTH


def test_addresses_of_later_calls_are_kept_where_they_may_be_called() -> None:
    text = plain_with('cancel = { method = "PUT", from = "urls.cancel" }').replace(
        "[poll]", '[poll]\nfrom = ["none", "urls.get"]'
    )
    body = {"id": "1", "urls": {"get": "/v1/status/1", "cancel": "https://evil.example/cancel"}}

    assert read("create", body, text=text).addresses == {"poll": "https://api.example/v1/status/1"}


def test_a_create_that_was_not_understood_is_not_sent_again() -> None:
    for body in (b"", b"<html></html>", b"[]", b"{}", b'{"id": null}', b'{"id": true}', b'"accepted"'):
        meaning = read("create", body)
        assert (meaning.outcome, meaning.retry) == (Outcome.BAD_STREAM, False)
    assert read("create", LOUD, status=500).retry is False


def test_a_create_may_answer_with_the_link_of_the_video() -> None:
    assert read("create", {"status": "succeeded", "video_url": MP4}).link == MP4


@pytest.mark.parametrize("first", [b"ftyp", b"moov", b"mdat", b"wide", b"free"])
def test_a_create_may_answer_with_the_video(first: bytes) -> None:
    assert read("create", b"\0\0\0\x20" + first + b"isom\0\0").link == BYTES


def test_rules_of_the_description_go_before_all_others_in_their_order() -> None:
    text = plain_with(
        'errors = [{ code = "E1*", says = ["queue"], outcome = "again" }, { code = "E1*", outcome = "quota" },',
        '{ at = "*image*", outcome = "moderation_image" }, { http = 418, outcome = "auth" }]',
    )
    failed = {"status": "failed"}

    assert read("poll", {**failed, "error": {"code": "E17", "message": "queue"}}, text=text).outcome is Going.AGAIN
    assert read("poll", {**failed, "error": {"code": "E17", "message": "no"}}, text=text).outcome is Outcome.QUOTA
    odd = {"detail": [{"loc": ["body", "image_url"], "msg": "odd", "type": "value"}]}
    assert read("create", odd, status=422, text=text).outcome is Outcome.MODERATION_IMAGE
    assert read("create", {}, status=418, text=text).outcome is Outcome.AUTH


@pytest.mark.parametrize(
    ("value", "percent"), [(33, 33), ("45%", 45), ("45.5", 45.5), (0.5, 50), (None, None), ("soon", None), (101, None)]
)
def test_a_percentage_is_read_however_it_is_written(value: object, percent: float | None) -> None:
    assert read("poll", {"status": "running", "progress": value}).percent == percent


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"OpenAI-Poll-After-Ms": "2500", "Retry-After": "9"}, 2.5),
        ({"retry-after": "9"}, 9),
        ({"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"openai-poll-after-ms": "soon", "Retry-After": "nan"}, None),
        ({}, None),
    ],
)
def test_the_pause_that_the_service_asks_for_is_told(headers: dict[str, str], wait: float | None) -> None:
    assert read("poll", {"status": "running"}, headers=headers).wait == wait


def test_a_download_that_is_no_video_yet_is_asked_for_again_and_one_that_is_gone_is_not() -> None:
    for status, body in ((200, b""), (404, b"{}"), (503, b"<html>"), (400, b'{"error": "still processing"}')):
        assert read("content", body, status=status).outcome is Going.AGAIN
    assert read("content", {"error": "gone"}, status=410).outcome is Outcome.PROVIDER_ERROR
    assert read("content", {"error": {"code": "content_policy_violation"}}, status=422).outcome.is_refusal


@pytest.mark.parametrize(
    ("value", "cost"),
    [(0.4, 0.4), (0, 0), (-1, None), (9e14, None), (10**400, None), (float("nan"), None), (True, None), ("0.4", None)],
)
def test_a_cost_that_no_database_holds_is_none(value: object, cost: float | None) -> None:
    assert read("poll", {"status": "running", "usage": {"cost": value}}).cost == cost


@pytest.mark.parametrize(
    ("body", "job_id"),
    [
        ({"code": 200, "message": "success", "request_id": "req-77", "data": {"id": "task-9"}}, "task-9"),
        ({"request_id": "req-77", "output": {"task_id": "task-9"}}, "task-9"),
        ({"code": "success", "message": "", "data": "736a6f88-bd29-4b1e"}, "736a6f88-bd29-4b1e"),
        ({"request_id": "req-77", "data": None}, "req-77"),
        ({"code": 0, "data": "success"}, None),
    ],
)  # fmt: skip
def test_the_id_of_a_call_is_that_of_the_task_only_where_there_is_no_other(body: object, job_id: str | None) -> None:
    assert read("create", body).job_id == job_id


@pytest.mark.parametrize("status", [400, 404, 405, 418])
def test_a_page_tells_nothing_of_a_task_however_old_it_is(status: int) -> None:
    page = read(
        "poll", b"<html><head><title>Not Found</title></head><center>nginx</center></html>", status=status, age=600
    )

    assert (page.outcome, page.last) == (Going.AGAIN, Outcome.PROVIDER_ERROR)


@pytest.mark.parametrize("word", ["已完成", "生成成功", "Completed"])
def test_a_status_in_chinese_is_one(word: str) -> None:
    assert read("poll", {"status": word, "video_url": MP4}).link == MP4
    assert read("poll", {"status": "200", "data": {"id": "t", "status": word, "url": MP4}}).link == MP4


CONTENT_STEP = 'content = { path = "/videos/{id}/content" }'


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("http://localhost:3000/v1/videos/v1/content", CONTENT),
        ("https://public.example/api/v1/videos/v1/content?index=0", CONTENT),
        ("https://public.example/v1/videos/v1/content?token=x", None),
        (f"{BASE}/videos/v1/content", None),
        ("https://cdn.example/videos/v1.mp4", None),
    ],
)
def test_the_services_own_call_by_another_name_of_its_host_is_made_where_the_operator_says(
    link: str, expected: str | None
) -> None:
    made = read("poll", {"status": "completed", "metadata": {"url": link}}, text=plain_with(CONTENT_STEP))

    assert (made.outcome, made.link) == (Outcome.SUCCESS, expected or link)
    assert made.link_wants_key is (expected is CONTENT or link.startswith(BASE))


def test_a_file_elsewhere_is_no_call_of_a_service_whose_calls_end_in_an_id() -> None:
    body = {"status": "completed", "url": MP4}

    assert read("poll", body, text=plain_with('content = { path = "/{id}" }')).link == MP4


def test_a_video_that_is_gone_is_not_waited_for_though_the_service_says_404() -> None:
    gone = {"error": {"code": "video_expired", "message": "The video has expired and was deleted"}}

    assert read("content", gone, status=404).outcome is Outcome.PROVIDER_ERROR
    assert read("content", {"detail": "not ready, or expired"}, status=404).outcome is Going.AGAIN


def test_a_team_without_credits_has_no_money() -> None:
    body = {
        "code": "The caller does not have permission",
        "error": "Your team doesn't have any credits or licenses yet.",
    }

    assert read("create", body, status=403).outcome is Outcome.QUOTA


def test_the_log_names_the_fields_where_the_service_says_no_sentence() -> None:
    problem = {"ok": False, "problem": {"id": "FIELD", "text": "script is missing"}}

    assert "{ok: bool, problem: {id: str, text: str}}" in read("create", problem, status=422).detail


def test_the_log_says_where_a_service_sends_on_to() -> None:
    moved = read("create", b"", status=301, headers={"Location": "https://api.example/v2/tasks?a=1"})

    assert (moved.outcome, moved.retry) == (Outcome.PROVIDER_ERROR, False)
    assert moved.detail == "it sends on to https://api.example/v2/tasks, which is not followed"


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_task_that_is_said_to_go_on_has_not_ended_whatever_http_says(status: int) -> None:
    assert read("poll", {"id": "v", "status": "in_progress"}, status=status, age=600).outcome is Going.AGAIN
    assert read("poll", {"id": "v", "status": "failed"}, status=status, age=600).outcome is Outcome.PROVIDER_ERROR
