"""What is sent to a task service: pictures as it wants them, ids that lead nowhere else, the key to its origin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import LinkRefused, SettingsError
from bot.models import PictureFit
from bot.providers.base import TaskHandle
from bot.providers.tasks.call import FormPart, InlinePicture
from bot.providers.tasks.descriptions.file import load_description
from bot.providers.tasks.picture_rules import picture_fit
from bot.providers.tasks.request import ServiceCalls, base_address
from tests.providers.tasks.services import BASE, KEY, PICTURE, SECOND, calls_of, described, order, plain_with

FORM = plain_with('image = { as = "file" }', 'ask = { seconds = [8, 4], size = ["720x1280"] }').replace(
    'body = { text = "{prompt}", image = "{image}" }',
    'body = { prompt = "{prompt}", seconds = "{seconds:text}", wide = "{width}", input_reference = "{image}", '
    'end = "{last_image}" }',
)


def test_a_form_has_each_field_as_a_part_and_the_picture_as_a_file_with_a_name() -> None:
    call = calls_of(FORM).create(order(extra={"metadata": {"a": 1}}))

    assert call.json is None
    assert call.form == (
        FormPart("prompt", 'say "no"\n}'),
        FormPart("seconds", "8"),
        FormPart("wide", "720"),
        FormPart("input_reference", PICTURE, "picture.png"),
        FormPart("metadata", '{"a": 1}'),
    )


@pytest.mark.parametrize(
    ("travels", "sent"),
    [
        ("data_url", InlinePicture(PICTURE, "data:image/png;base64,")),
        ("base64", InlinePicture(PICTURE)),
        ("link", PICTURE.link),
    ],
)
def test_the_operator_may_have_the_picture_travel_in_json(travels: str, sent: object) -> None:
    call = calls_of(FORM).create(order(travels=travels))

    assert call.form == ()
    assert call.json["input_reference"] == sent
    assert "end" not in call.json  # there is no second picture


@pytest.mark.parametrize("travels", ["file", "data_url", "base64", "link"])
@pytest.mark.parametrize("field", [None, "images", "metadata.img_url"])
def test_a_prompt_alone_is_sent_without_any_place_for_a_picture(travels: str, field: str | None) -> None:
    call = calls_of(FORM).create(replace(order(travels=travels, image_field=field), pictures=()))

    sent = call.json or {part.name: part.value for part in call.form}
    assert sent == {"prompt": 'say "no"\n}', "seconds": "8", "wide": sent["wide"]}


def test_what_somebody_chose_is_sent_in_place_of_the_first() -> None:
    call = calls_of(FORM).create(order(seconds=4, size="1280x720", travels="link"))

    assert (call.json["seconds"], call.json["wide"]) == ("4", 1280)


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("image", {"image": PICTURE.link}),
        ("images", {"images": [PICTURE.link, SECOND.link]}),
        ("metadata.img_url", {"metadata": {"watermark": False, "img_url": PICTURE.link}}),
    ],
)
def test_a_model_may_take_its_picture_at_another_place(field: str, body: dict[str, object]) -> None:
    extra = {"metadata": {"watermark": False}} if "." in field else {}
    call = calls_of(FORM).create(order(PICTURE, SECOND, image_field=field, extra=extra, travels="link"))

    assert {name: value for name, value in call.json.items() if name not in ("prompt", "seconds", "wide")} == body


def test_a_picture_within_an_object_makes_json_of_a_form() -> None:
    call = calls_of(FORM).create(order(image_field="metadata.img_url"))

    assert call.json["metadata"]["img_url"] == InlinePicture(PICTURE, "data:image/png;base64,")


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("", "https://openrouter.ai/api/v1"),
        ("https://h.example", "https://h.example/api/v1"),
        ("https://h.example/v1", "https://h.example/v1"),
        ("https://h.example/v1/videos", "https://h.example/v1"),
        ("https://h.example/v1/chat/completions", "https://h.example/v1"),
    ],
)
def test_the_operators_address_goes_before_the_descriptions_own(written: str, base: str) -> None:
    assert base_address(load_description("openrouter"), written) == base


RULES = 'image = { as = "data_url", types = ["image/jpeg"], max_bytes = 9000, sides = [300, 6000], exact = true }'
SIZES = 'ask = { size = ["1280*720", "720p"] }'


@pytest.mark.parametrize(
    ("lines", "changes", "fit"),
    [
        ((), {}, PictureFit()),
        ((RULES,), {}, PictureFit(None, (300, 6000), ("image/jpeg",), 9000)),
        ((RULES, SIZES), {}, PictureFit((1280, 720), (300, 6000), ("image/jpeg",), 9000)),
        ((RULES, SIZES), {"size": "720p"}, PictureFit(None, (300, 6000), ("image/jpeg",), 9000)),
        ((SIZES,), {}, PictureFit()),
        ((), {"size": "720x1280"}, PictureFit((720, 1280))),
        ((RULES,), {"travels": "link"}, None),
    ],
)
def test_a_picture_has_the_size_that_is_sent_where_the_model_or_the_service_has_it_so(
    lines: tuple[str, ...], changes: dict[str, Any], fit: PictureFit | None
) -> None:
    assert picture_fit(described(plain_with(*lines)), order(**changes), PICTURE) == fit


@pytest.mark.parametrize("service", ["videos", "xai"])
@pytest.mark.parametrize("written", ["", "/", "/v1", "/v1/", "/v1/chat/completions", "/v1/videos", "/v1/videos/"])
def test_all_forms_of_the_address_mean_one(service: str, written: str) -> None:
    assert base_address(load_description(service), f"https://h.example{written}") == "https://h.example/v1"


def test_the_address_may_be_written_with_all_of_the_path_of_the_create() -> None:
    assert base_address(load_description("xai"), "https://h.example/v1/videos/generations") == "https://h.example/v1"


@pytest.mark.parametrize(("written", "base"), [("/relay", "/relay/v1"), ("/relay/v2", "/relay/v2")])
def test_a_folder_of_the_service_is_kept_and_its_version_too(written: str, base: str) -> None:
    assert base_address(load_description("videos"), f"https://h.example{written}") == f"https://h.example{base}"


def test_a_description_without_an_address_needs_the_operators() -> None:
    with pytest.raises(SettingsError, match="VIDEO_API_URL must name it"):
        base_address(load_description("videos"), "")


@pytest.mark.parametrize("task_id", ["../../admin", "a/b", "x?y=1#z", "video_a+/=", "sora-2:task_1", "ü"])
def test_an_id_stands_in_the_path_whole_and_encoded(task_id: str) -> None:
    url = calls_of().poll(TaskHandle(task_id, "m")).url

    assert url.startswith(f"{BASE}/tasks/")
    assert set(url.removeprefix(f"{BASE}/tasks/")).isdisjoint("/?#")


@pytest.mark.parametrize("task_id", ["", "..", ".", "a\nb", "x" * 513, "\ud800"])
def test_an_id_that_cannot_stand_in_a_path_is_refused(task_id: str) -> None:
    with pytest.raises(LinkRefused):
        calls_of().poll(TaskHandle(task_id, "m"))


@pytest.mark.parametrize("task_id", ["../x", "a//b", "a?b", "a#b", "/etc", "a/..", "%2e%2e/x", "a\\b"])
def test_an_id_that_is_a_path_leads_nowhere_else(task_id: str) -> None:
    calls = calls_of(plain_with().replace("/tasks/{id}", "/{id:path}"))

    assert calls.poll(TaskHandle("models/veo/operations/1", "m")).url == f"{BASE}/models/veo/operations/1"
    with pytest.raises(LinkRefused):
        calls.poll(TaskHandle(task_id, "m"))


def test_an_address_from_an_answer_is_called_on_the_own_origin_or_a_named_host_alone() -> None:
    calls = calls_of(plain_with('hosts = ["eu.api.example"]'))

    assert calls.absolute("/v1/tasks/1") == "https://api.example/v1/tasks/1"
    assert calls.absolute("https://eu.api.example/t") == "https://eu.api.example/t"
    assert calls.absolute("/" + "t" * 3000) is None  # it would be written down with each task
    for elsewhere in (
        "https://evil.example/t",
        "//evil.example/t",
        "https://api.example:8443/t",
        "http://api.example/t",
        "http://eu.api.example/t",
        "https://api.example@evil.example/",
        "https://api.example\\@evil.example/",
        "file:///etc/passwd",
        "https://[bad/",
        "http://169.254.169.254/latest",
    ):
        assert calls.absolute(elsewhere) is None
        with pytest.raises(LinkRefused):
            calls.poll(TaskHandle("1", "m", addresses={"poll": elsewhere}))


def test_the_key_goes_to_the_own_origin_alone_and_to_no_named_host() -> None:
    calls = calls_of(plain_with('hosts = ["eu.api.example"]'))
    named = calls.poll(TaskHandle("1", "m", addresses={"poll": "https://eu.api.example/t"}))

    assert KEY not in str(named.headers)
    assert calls.poll(TaskHandle("1", "m")).headers == {"Authorization": f"Bearer {KEY}"}
    assert calls.download("https://api.example/f.mp4").headers == {"Authorization": f"Bearer {KEY}"}
    assert calls.download("https://cdn.example/f.mp4").headers == {}


def test_without_a_key_no_header_tells_of_one() -> None:
    calls = calls_of(key="")

    assert calls.create(order()).headers == calls.poll(TaskHandle("1", "m")).headers == {}


def test_a_service_without_cancelling_has_no_call_for_it() -> None:
    assert calls_of().cancel(TaskHandle("1", "m")) is None
    assert calls_of().result(TaskHandle("1", "m")) is None


def test_a_step_without_an_address_is_refused_where_none_was_given() -> None:
    calls = ServiceCalls(described(plain_with('cancel = { method = "PUT", from = "cancel_url" }')), BASE, KEY)

    with pytest.raises(LinkRefused, match="gave no address to cancel"):
        calls.cancel(TaskHandle("1", "m"))
