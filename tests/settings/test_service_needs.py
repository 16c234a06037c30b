"""A service gets the address, the key and the way of pictures that it needs, or it is told what is missing."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import ServiceNeeds, Settings
from tests.settings.conftest import KEY, TOKEN

FILMERY = "secret-of-filmery"
SERVICE = ServiceNeeds("FILMERY_KEY", without_key=True, address="https://films.example", image_modes=("data", "base64"))


def load(needs: ServiceNeeds = SERVICE, env_file: Path | None = None) -> Settings:
    return Settings.load(env_file, lambda _api, _model: needs)


def problems(needs: ServiceNeeds = SERVICE) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(needs)
    return caught.value.problems


@pytest.fixture
def bare(environment: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that says nothing of a service."""
    for name in ("VIDEO_API_URL", "VIDEO_API_KEY", "FILMERY_KEY"):
        environment.delenv(name, raising=False)
    return environment


def test_a_service_with_an_address_of_its_own_needs_its_key_alone(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("FILMERY_KEY", FILMERY)
    settings = load()

    assert (settings.video_api_url, settings.key("FILMERY_KEY"), settings.key()) == ("", FILMERY, "")


def test_a_key_of_another_name_is_read_from_the_file_too_and_without_its_quotes(
    bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "kinora.env"
    file.write_text(f"FILMERY_KEY='\"{FILMERY}\"'\n", "utf-8")

    assert load(env_file=file).key("FILMERY_KEY") == FILMERY


def test_what_is_missing_is_told_by_the_name_that_it_has(bare: pytest.MonkeyPatch) -> None:
    bare.delenv("DISCORD_TOKEN")

    assert problems(ServiceNeeds("FILMERY_KEY")) == (
        "DISCORD_TOKEN is missing: the bot's token.",
        "VIDEO_API_URL is missing: base URL of the video service.",
        "FILMERY_KEY is missing: key of the video service.",
    )


def test_problems_of_the_description_stand_beside_the_others(bare: pytest.MonkeyPatch) -> None:
    def needs(api: str, _model: str) -> ServiceNeeds:
        raise SettingsError([f"{api} is wrong."])

    bare.setenv("VIDEO_API", "my.toml")
    bare.setenv("MAX_JOBS", "0")
    with pytest.raises(SettingsError) as caught:
        Settings.load(None, needs)
    assert [problem.split()[0] for problem in caught.value.problems] == ["MAX_JOBS", "my.toml"]


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000/v1", True),
        ("http://192.168.0.7:8091", True),
        ("http://[fd00::7]:8091", True),
        ("http://vllm:8000", True),
        ("http://gpu.lan", True),
        ("https://api.filmery.example", False),
        ("https://8.8.8.8", False),
        ("https://lan.example", False),
    ],
)
def test_a_server_of_ones_own_network_needs_no_key_and_others_do(bare: pytest.MonkeyPatch, url: str, own: bool) -> None:
    bare.setenv("VIDEO_API_URL", url)
    if own:
        assert load().key("FILMERY_KEY") == ""
        assert load().secrets == (TOKEN,)
    else:
        assert problems() == ("FILMERY_KEY is missing: key of the video service.",)


def test_a_description_of_a_server_of_ones_own_needs_neither_address_nor_key(bare: pytest.MonkeyPatch) -> None:
    assert load(ServiceNeeds(without_key=True, address="http://gpu.lan:8188/v1")).secrets == (TOKEN,)


def test_chat_completions_needs_its_key_wherever_it_is(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("VIDEO_API_URL", "http://127.0.0.1:8000")

    assert problems(ServiceNeeds()) == ("VIDEO_API_KEY is missing: key of the video service.",)


@pytest.mark.parametrize("url", ["https://[::1", "nonsense"])
def test_an_address_that_is_none_is_told_once_and_the_key_too(bare: pytest.MonkeyPatch, url: str) -> None:
    bare.setenv("VIDEO_API_URL", url)

    assert {problem.split()[0] for problem in problems()} == {"VIDEO_API_URL", "FILMERY_KEY"}


def test_a_key_of_another_name_is_a_secret_and_shown_nowhere(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FILMERY_KEY", f"sk-{FILMERY}")
    settings = load()

    assert set(settings.secrets) == {TOKEN, KEY, KEY.removeprefix("sk-"), f"sk-{FILMERY}", FILMERY}
    assert FILMERY not in f"{settings!r} {settings} {settings.model_dump()}"


def test_a_wrong_key_of_another_name_is_told_without_itself(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FILMERY_KEY", f"{FILMERY} {FILMERY}")
    with pytest.raises(SettingsError) as caught:
        load()

    assert caught.value.problems == ("FILMERY_KEY must be one word of plain letters, digits and signs.",)
    assert FILMERY not in "".join(traceback.format_exception(caught.value))


def test_a_way_of_pictures_that_the_service_does_not_know_is_told(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("VIDEO_IMAGE_MODE", "file")
    environment.setenv("VIDEO_MODELS", '[{"name": "a", "image_mode": "url"}, {"name": "b", "image_mode": "base64"}]')
    environment.setenv("FILMERY_KEY", FILMERY)

    assert problems() == (
        "VIDEO_IMAGE_MODE must be data or base64 for this service.",
        "VIDEO_MODELS is wrong for a: image_mode must be data or base64 for this service.",
    )
