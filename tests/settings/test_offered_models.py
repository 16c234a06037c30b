"""The models that an operator offers, and what is said of those that cannot be."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.models import VideoModel
from bot.settings import ServiceNeeds, Settings
from bot.settings.offered_models import VideoModels
from tests.settings.conftest import problems


def test_models_as_a_comma_list_are_named_once_in_order(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("VIDEO_MODELS", "b, a ,,b")
    settings = Settings.load(None)
    assert [model.name for model in settings.video_models] == ["b", "a"]
    assert settings.model(None) == settings.model("b")
    assert settings.model("c") is None


def test_models_as_a_json_list_carry_label_price_and_images(environment: pytest.MonkeyPatch) -> None:
    row = '{"name":"a","label":"A!","price":"0.10","max_images":2,"min_images":0,"age_restricted":true}'
    environment.setenv("VIDEO_MODELS", f'[{row},{{"name":"b"}}]')
    first = VideoModel("a", "A!", 100_000, max_images=2, min_images=0, age_restricted=True)
    assert Settings.load(None).video_models == (first, VideoModel("b", "b", 0, max_images=1, min_images=1))


@pytest.mark.parametrize(
    ("price", "millionths"),
    [("0", 0), ("0.1", 100_000), ('"0.29"', 290_000), ("0.000001", 1), ("1.005", 1_005_000), ("1e2", 100_000_000)],
)
def test_price_is_exact(environment: pytest.MonkeyPatch, price: str, millionths: int) -> None:
    environment.setenv("VIDEO_MODELS", f'[{{"name":"a","price":{price}}}]')
    assert Settings.load(None).video_models[0].price == millionths


@pytest.mark.parametrize(
    "models",
    [
        "[",
        "[]",
        '["a"]',
        "[{}]",
        '[{"name": ""}]',
        '[{"name": 5}]',
        '{"name": "a"}',
        '[{"name":"a"},{"name":"a"}]',
        '[{"name":"a","cost":1}]',
        '[{"name":"a","price":-1}]',
        '[{"name":"a","price":"free"}]',
        '[{"name":"a","price":null}]',
        '[{"name":"a","price":NaN}]',
        '[{"name":"a","price":Infinity}]',
        '[{"name":"a","price":1e40}]',
        '[{"name":"a","price":0.0000001}]',
        '[{"name":"a","price":0.1000000000000000000000000000000001}]',
        '[{"name":"a","max_images":0}]',
        '[{"name":"a","max_images":1.5}]',
        '[{"name":"a","max_images":true}]',
        '[{"name":"a","max_images":1e400}]',
    ],
)
def test_bad_models_are_one_sentence(environment: pytest.MonkeyPatch, models: str) -> None:
    environment.setenv("VIDEO_MODELS", models)
    (sentence,) = problems()
    assert sentence.startswith("VIDEO_MODELS ")


@pytest.mark.parametrize("models", ["m" * 101, f'[{{"name": "{"m" * 101}"}}]'])
def test_model_name_that_discord_cannot_offer_is_refused(environment: pytest.MonkeyPatch, models: str) -> None:
    environment.setenv("VIDEO_MODELS", models)
    (problem,) = problems()
    assert problem == "VIDEO_MODELS has a name of more than 100 characters."


def test_models_of_task_services_say_what_is_sent(environment: pytest.MonkeyPatch) -> None:
    row = {
        "name": "wan2.7-i2v",
        "seconds": [5, 10],
        "sizes": ["1280x720", "720x1280"],
        "image_field": "metadata.img_url",
        "image_mode": "base64",
        "extra": {"metadata": {"watermark": False, "guidance": 7.5, "seeds": [1, 2]}},
    }
    environment.setenv("VIDEO_API", "videos")
    environment.setenv("VIDEO_MODELS", json.dumps([row]))
    settings = Settings.load(None, lambda _api, _model: ServiceNeeds(image_modes=("base64",)))
    (model,) = settings.video_models

    assert model == VideoModel(
        "wan2.7-i2v",
        "wan2.7-i2v",
        seconds=(5, 10),
        sizes=("1280x720", "720x1280"),
        image_field="metadata.img_url",
        image_mode="base64",
        extra=row["extra"],
    )
    assert json.dumps(dict(model.extra)) == json.dumps(row["extra"])  # its numbers are such as JSON has
    assert {model: "as a key"}[model]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("price", -1),
        ("max_images", 0),
        ("min_images", -1),
        ("min_images", 2),
        ("min_images", "0"),
        ("min_images", True),
        ("age_restricted", 1),
        ("age_restricted", "true"),
        ("seconds", 5),
        ("seconds", []),
        ("seconds", ["5"]),
        ("seconds", [0]),
        ("seconds", [601]),
        ("seconds", [True]),
        ("seconds", [2.5]),
        ("sizes", "1280x720"),
        ("sizes", []),
        ("sizes", ["1280*720"]),
        ("sizes", ["720p"]),
        ("sizes", ["1280x0720"]),
        ("sizes", ["8x8"]),
        ("sizes", ["9999x16"]),
        ("sizes", [1280]),
        ("image_field", ""),
        ("image_field", "a..b"),
        ("image_field", "a b"),
        ("image_field", ["image"]),
        ("image_field", "x" * 101),
        ("image_mode", "link"),
        ("image_mode", ["data"]),
        ("extra", []),
        ("extra", "watermark"),
        ("clip", 1),
    ],
)
def test_what_is_wrong_with_a_model_is_told_with_its_name_and_key(
    environment: pytest.MonkeyPatch, key: str, value: object
) -> None:
    environment.setenv("VIDEO_MODELS", json.dumps([{"name": "good"}, {"name": "the-bad-one", key: value}]))
    (sentence,) = problems()

    assert "the-bad-one" in sentence
    assert f": {key}" in sentence


@pytest.mark.parametrize("extra", ["NaN", "-Infinity", "1e999", "[" * 5000 + "]" * 5000])
def test_extra_that_cannot_be_sent_is_refused(environment: pytest.MonkeyPatch, extra: str) -> None:
    environment.setenv("VIDEO_MODELS", f'[{{"name": "a", "extra": {{"x": {extra}}}}}]')
    (sentence,) = problems()

    assert sentence.startswith("VIDEO_MODELS ")


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = [
    "name",
    "label",
    "price",
    "max_images",
    "min_images",
    "seconds",
    "sizes",
    "image_field",
    "image_mode",
    "extra",
    "other",
]


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), ANY_JSON, max_size=4) | ANY_JSON, max_size=3))
def test_whatever_is_written_is_refused_or_can_be_sent(rows: object) -> None:
    with contextlib.suppress(ValidationError):
        models = TypeAdapter(VideoModels).validate_python(json.dumps(rows))
        assert all(json.dumps(dict(model.extra), allow_nan=False) for model in models)


def test_a_file_cannot_stand_within_an_object(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("VIDEO_MODELS", '[{"name": "a", "image_mode": "file", "image_field": "metadata.image"}]')

    assert problems() == ("VIDEO_MODELS is wrong for a: image_mode cannot be file at a dotted image_field.",)


@pytest.mark.parametrize(
    ("said", "pictures", "most"),
    [
        ({"pictures": ["first", "last"]}, ("first", "last"), 2),
        ({"pictures": ["first", "reference", "reference"], "max_images": 3}, ("first", "reference", "reference"), 3),
        ({"pictures": "reference", "max_images": 3}, ("reference",) * 3, 3),
        ({"pictures": "reference"}, ("reference",), 1),
    ],
)
def test_a_model_says_what_each_of_its_pictures_is(
    environment: pytest.MonkeyPatch, said: dict[str, object], pictures: tuple[str, ...], most: int
) -> None:
    environment.setenv("VIDEO_MODELS", json.dumps([{"name": "a", **said}]))
    (model,) = Settings.load(None).video_models
    assert (model.pictures, model.max_images) == (pictures, most)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"pictures": ["first", "middle"]}, 'must be "reference", or a list of first, last and reference'),
        ({"pictures": "last"}, 'must be "reference", or a list of'),
        ({"pictures": []}, 'must be "reference", or a list of'),
        ({"pictures": ["first", 2]}, 'must be "reference", or a list of'),
        ({"pictures": ["first", "last", "last"]}, "may name first and last once each"),
        ({"pictures": ["reference", "last"]}, "must begin with first, where it names first or last"),
        ({"pictures": ["last", "first"]}, "must begin with first, where it names first or last"),
        ({"pictures": ["first", "last"], "max_images": 3}, "names 2, and max_images is 3"),
    ],
)
def test_pictures_that_a_video_cannot_have_are_told(
    environment: pytest.MonkeyPatch, said: dict[str, object], told: str
) -> None:
    environment.setenv("VIDEO_MODELS", json.dumps([{"name": "a", **said}]))
    (sentence,) = problems()
    assert sentence.startswith(f"VIDEO_MODELS is wrong for a: pictures {told}")
