"""Settings are read once, checked all at once, and never show a secret."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import SettingsError
from bot.models import VideoModel
from bot.settings import Settings
from tests.settings.conftest import KEY, NEEDED, TOKEN, problems


def test_three_names_are_enough_and_the_rest_has_the_documented_defaults() -> None:
    settings = Settings.load(None)
    assert settings.video_models == (VideoModel("sora_video2", "sora_video2", price=0, max_images=1),)
    assert (settings.video_image_mode, settings.video_stream) == (None, True)
    assert (settings.video_stall_timeout, settings.video_timeout) == (180, 1800)
    assert settings.database_url == "sqlite+aiosqlite:///data/kinora.db"
    assert (settings.video_allowed_hosts, settings.progress_interval, settings.max_jobs) == ((), 2.5, 50)
    assert (settings.discord_api_url, settings.discord_gateway_url) == (None, None)
    assert (settings.shard_count, settings.shard_ids) == (None, ())
    assert (settings.health_port, settings.health_host) == (None, "127.0.0.1")
    assert (settings.log_level, settings.log_format) == ("INFO", "text")


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("DISCORD_TOKEN", "another.token", "another.token"),
        ("VIDEO_API_KEY", "another-key", "another-key"),
        ("VIDEO_API_URL", "http://10.0.0.5:3000/v1/", "http://10.0.0.5:3000/v1"),
        ("VIDEO_IMAGE_MODE", "url", "url"),
        ("VIDEO_STREAM", "false", False),
        ("VIDEO_STALL_TIMEOUT", "12.5", 12.5),
        ("VIDEO_TIMEOUT", "60", 60),
        ("DATABASE_URL", "sqlite+aiosqlite:////var/lib/k.db", "sqlite+aiosqlite:////var/lib/k.db"),
        ("VIDEO_ALLOWED_HOSTS", "video.lan, 10.0.0.5:8080,", ("video.lan", "10.0.0.5:8080")),
        ("PROGRESS_INTERVAL", "0.05", 0.05),
        ("MAX_JOBS", "1", 1),
        ("DISCORD_API_URL", "http://127.0.0.1:8700/api/v10", "http://127.0.0.1:8700/api/v10"),
        ("DISCORD_GATEWAY_URL", "ws://127.0.0.1:8700", "ws://127.0.0.1:8700"),
        ("SHARD_COUNT", "4", 4),
        ("HEALTH_PORT", "8080", 8080),
        ("HEALTH_HOST", "0.0.0.0", "0.0.0.0"),
        ("LOG_LEVEL", "DEBUG", "DEBUG"),
        ("LOG_FORMAT", "json", "json"),
    ],
)
def test_name_is_read(environment: pytest.MonkeyPatch, name: str, written: str, read: object) -> None:
    environment.setenv(name, written)
    value = getattr(Settings.load(None), name.lower())
    assert (value.get_secret_value() if hasattr(value, "get_secret_value") else value) == read


def test_shard_ids_are_read_beside_their_count(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SHARD_COUNT", "4")
    environment.setenv("SHARD_IDS", "0, 3")
    assert Settings.load(None).shard_ids == (0, 3)


@pytest.mark.parametrize(("count", "ids"), [(None, "0"), ("2", "0,2")])
def test_shard_ids_without_a_count_that_holds_them_are_refused(
    environment: pytest.MonkeyPatch, count: str | None, ids: str
) -> None:
    if count:
        environment.setenv("SHARD_COUNT", count)
    environment.setenv("SHARD_IDS", ids)
    assert problems() == ("SHARD_IDS needs SHARD_COUNT, and each id must be below it.",)


def test_all_missing_names_are_told_at_once(environment: pytest.MonkeyPatch) -> None:
    for name in NEEDED:
        environment.delenv(name)
    assert problems() == (
        "DISCORD_TOKEN is missing: the bot's token.",
        "VIDEO_API_URL is missing: base URL of the video service.",
        "VIDEO_API_KEY is missing: key of the video service.",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_TOKEN", "two words"),
        ("DISCORD_TOKEN", "schlüssel"),
        ("DISCORD_TOKEN", '""'),
        ("VIDEO_API_KEY", "line\nbreak"),
        ("VIDEO_API_KEY", "bell\x07"),
        ("VIDEO_API_URL", "video.example"),
        ("VIDEO_API_URL", "ftp://video.example"),
        ("VIDEO_API_URL", "https://"),
        ("VIDEO_API_URL", "https://[::1"),
        ("VIDEO_API_URL", "https://h:port"),
        ("VIDEO_API_URL", "https://h:99999"),
        ("VIDEO_API_URL", "https://h /v1"),
        ("VIDEO_API_URL", "https://h/v1?api=1"),
        ("VIDEO_API_URL", "https://user:secret@h"),
        ("VIDEO_IMAGE_MODE", "base64"),
        ("VIDEO_STREAM", "perhaps"),
        ("VIDEO_STALL_TIMEOUT", "0"),
        ("VIDEO_TIMEOUT", "-1"),
        ("VIDEO_TIMEOUT", "inf"),
        ("VIDEO_TIMEOUT", "nan"),
        ("PROGRESS_INTERVAL", "0"),
        ("MAX_JOBS", "0"),
        ("MAX_JOBS", "many"),
        ("DATABASE_URL", "mysql://h/db"),
        ("DATABASE_URL", "sqlite:///data.db"),
        ("DATABASE_URL", "sqlite+aiosqlite:///"),
        ("DATABASE_URL", "sqlite+aiosqlite:///:memory:"),
        ("VIDEO_ALLOWED_HOSTS", "http://video.lan"),
        ("VIDEO_ALLOWED_HOSTS", "video.lan other.lan"),
        ("DISCORD_API_URL", "localhost:8700"),
        ("DISCORD_GATEWAY_URL", "http://127.0.0.1"),
        ("SHARD_COUNT", "0"),
        ("SHARD_IDS", "0,x"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("VIDEO_MODELS", ","),
    ],
)
def test_bad_value_is_one_plain_sentence_that_names_it(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    (sentence,) = problems()
    assert sentence.startswith(f"{name} ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert not re.search(r"[Ii]nput|pars|valid (?!URL)|'", sentence), "these are pydantic's words"


def test_bad_value_itself_is_not_repeated(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("VIDEO_TIMEOUT", "4711 seconds")
    assert "4711" not in "".join(problems())


def test_many_bad_values_are_told_at_once(environment: pytest.MonkeyPatch) -> None:
    bad = {"DISCORD_TOKEN": "a b", "VIDEO_TIMEOUT": "x", "MAX_JOBS": "0", "LOG_LEVEL": "LOUD", "VIDEO_MODELS": "[1]"}
    for name, value in bad.items():
        environment.setenv(name, value)
    environment.delenv("VIDEO_API_KEY")
    assert {sentence.split()[0] for sentence in problems()} == {*bad, "VIDEO_API_KEY"}


@pytest.mark.parametrize("wrong", ["VIDEO_API_KEY", "VIDEO_API_URL", "MAX_JOBS", "VIDEO_MODELS", "DATABASE_URL"])
def test_no_secret_stands_in_an_error_when_a_neighbour_is_wrong(environment: pytest.MonkeyPatch, wrong: str) -> None:
    environment.setenv("DATABASE_URL", "postgresql+asyncpg://kinora:pass-4711@db/kinora")
    environment.setenv(wrong, "[no such thing")
    with pytest.raises(SettingsError) as caught:
        Settings.load(None)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(caught.value)
    assert not [secret for secret in (TOKEN, KEY, "pass-4711", "no such thing") if secret in shown]


@pytest.mark.parametrize("token", ["secret word", "secret-wörd"])
def test_secret_that_is_itself_wrong_is_not_shown(environment: pytest.MonkeyPatch, token: str) -> None:
    environment.setenv("DISCORD_TOKEN", token)
    assert "secret" not in "".join(problems())


def test_password_in_a_url_that_python_cannot_read_is_not_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("VIDEO_API_URL", "https://user:pass-4711@h\u2100.example")
    assert problems() == ("VIDEO_API_URL is no valid URL.",)


@pytest.mark.parametrize("show", [repr, str, lambda settings: f"{settings!r} {settings}"])
def test_settings_show_no_secret(environment: pytest.MonkeyPatch, show: object) -> None:
    environment.setenv("DATABASE_URL", "postgresql+asyncpg://kinora:pass-4711@db/kinora")
    settings = Settings.load(None)
    shown = show(settings)  # type: ignore[operator]
    assert not [secret for secret in settings.secrets if secret in shown]


@pytest.mark.parametrize(
    ("url", "passwords"),
    [
        ("postgresql+asyncpg://kinora:simple@db/kinora", {"simple"}),
        ("postgresql+asyncpg://kinora:p%40ss@db/kinora", {"p%40ss", "p@ss"}),
        ("postgresql+asyncpg://kinora:p#w/x?y[z@db/kinora", {"p#w/x?y[z"}),
        ("postgresql+asyncpg://db/kinora?user=kinora&password=p%20w", {"p%20w", "p w"}),
        ("postgresql+asyncpg://db/kinora", set()),
        ("sqlite+aiosqlite:///data/kinora.db", set()),
    ],
)
def test_database_password_is_among_the_secrets_in_both_spellings(
    environment: pytest.MonkeyPatch, url: str, passwords: set[str]
) -> None:
    environment.setenv("DATABASE_URL", url)
    assert set(Settings.load(None).secrets) == {TOKEN, KEY, KEY.removeprefix("sk-"), *passwords}


def test_password_of_a_gateway_proxy_is_among_the_secrets(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DISCORD_GATEWAY_URL", "ws://kinora:pr0xy@gateway:7878")
    settings = Settings.load(None)
    assert "pr0xy" in settings.secrets
    assert "pr0xy" not in repr(settings) + str(settings)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80.5"])
def test_port_that_cannot_be_one_is_one_sentence(environment: pytest.MonkeyPatch, port: str) -> None:
    environment.setenv("HEALTH_PORT", port)
    (sentence,) = problems()
    assert sentence.startswith("HEALTH_PORT ")


@pytest.mark.parametrize("quote", ['"', "'"])
def test_quotes_that_docker_keeps_are_taken_away(environment: pytest.MonkeyPatch, quote: str) -> None:
    written = {
        **NEEDED,
        "VIDEO_STREAM": "false",
        "MAX_JOBS": "7",
        "VIDEO_MODELS": '[{"name": "m"}]',
        "VIDEO_ALLOWED_HOSTS": "a.lan,b.lan",
        "LOG_FORMAT": "json",
    }
    for name, value in written.items():
        environment.setenv(name, f" {quote}{value}{quote} ")
    settings = Settings.load(None)
    assert settings.discord_token.get_secret_value() == TOKEN
    assert (settings.video_stream, settings.max_jobs, settings.log_format) == (False, 7, "json")
    assert (settings.video_models[0].name, settings.video_allowed_hosts) == ("m", ("a.lan", "b.lan"))


def test_env_file_lies_beneath_the_environment(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "kinora.env"
    file.write_text("VIDEO_API_KEY=from-file\nMAX_JOBS=3\nOTHER=ignored\n", encoding="utf-8")
    settings = Settings.load(file)
    assert (settings.video_api_key.get_secret_value(), settings.max_jobs) == (KEY, 3)


def test_empty_variable_does_not_hide_the_env_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "kinora.env"
    file.write_text("VIDEO_API_KEY=from-file\n", encoding="utf-8")
    environment.setenv("VIDEO_API_KEY", "")
    assert Settings.load(file).video_api_key.get_secret_value() == "from-file"


def test_dot_env_of_the_working_folder_is_read(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MAX_JOBS=9\n", encoding="utf-8")
    assert Settings.load().max_jobs == 9


def test_env_file_from_the_windows_notepad_is_read(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "kinora.env"
    file.write_text("MAX_JOBS=9\r\n", encoding="utf-8-sig")
    assert Settings.load(file).max_jobs == 9


def test_env_file_in_another_encoding_is_a_problem_in_plain_words(tmp_path: Path) -> None:
    file = tmp_path / "kinora.env"
    file.write_text("MAX_JOBS=9\n", encoding="utf-16")
    assert problems(file) == (f"{file} is not saved as UTF-8 text.",)


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v1/chat/completions", "/v1/chat/completions/"])
def test_three_forms_of_the_url_mean_one_endpoint(environment: pytest.MonkeyPatch, path: str) -> None:
    environment.setenv("VIDEO_API_URL", f"https://h{path}")
    assert Settings.load(None).services[0].chat_endpoint == "https://h/v1/chat/completions"


def test_other_version_and_folder_of_the_service_are_kept(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("VIDEO_API_URL", "https://h/relay/v2")
    assert Settings.load(None).services[0].chat_endpoint == "https://h/relay/v2/chat/completions"


def test_settings_are_frozen() -> None:
    settings = Settings.load(None)
    with pytest.raises(ValidationError):
        settings.max_jobs = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("url", "directory"),
    [
        ("sqlite+aiosqlite:////var/lib/kinora/k.db?cache=shared", Path("/var/lib/kinora")),
        ("postgresql+asyncpg://db/kinora", Path("data")),
    ],
)
def test_files_lie_beside_the_database(environment: pytest.MonkeyPatch, url: str, directory: Path) -> None:
    environment.setenv("DATABASE_URL", url)
    assert Settings.load(None).data_directory == directory
