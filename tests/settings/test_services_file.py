"""Several services are read from their file; one with a mistake is switched off by itself, and the line is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.models import VideoModel
from bot.settings import Settings
from bot.wiring.video_services import load_settings

RELAY = """
[[services]]
name = "relay"
url = "https://relay.example/v1"
key_env = "RELAY_KEY"
  [[services.models]]
  name = "sora_video2"
  label = "Sora 2"
  price = 0.15
"""
HOME = """
[[services]]
name = "home"
api = "videos"
url = "http://gpu:8000/v1"
  [[services.models]]
  name = "Wan-AI/Wan2.2"
  label = "Wan"
  seconds = [4, 8]
"""


@pytest.fixture
def folder(environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("VIDEO_API_URL", "VIDEO_API_KEY", "VIDEO_API"):
        environment.delenv(name, raising=False)
    environment.setenv("RELAY_KEY", "secret-of-the-relay")
    environment.chdir(tmp_path)
    return tmp_path


def load(folder: Path, *texts: str) -> Settings:
    (folder / "services.toml").write_text("".join(texts), "utf-8")
    return load_settings(None)


def problems(folder: Path, *texts: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(folder, *texts)
    return caught.value.problems


def test_services_and_their_models_are_read_from_the_file_that_is_there(folder: Path) -> None:
    settings = load(folder, RELAY, HOME)
    relay, home = settings.services
    assert (relay.name, relay.api, relay.url, relay.key.get_secret_value()) == (
        "relay",
        "chat",
        "https://relay.example/v1",
        "secret-of-the-relay",
    )
    assert (home.api, home.key.get_secret_value()) == ("videos", "")
    assert [(model.name, model.label, model.service) for model in settings.models] == [
        ("sora_video2", "Sora 2", "relay"),
        ("Wan-AI/Wan2.2", "Wan", "home"),
    ]


def test_the_keys_are_secrets_and_in_no_repr(folder: Path) -> None:
    settings = load(folder, RELAY)
    assert "secret-of-the-relay" in settings.secrets
    assert "secret-of-the-relay" not in f"{settings!r} {settings.services!r}"


def test_another_file_may_be_named(folder: Path, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SERVICES_FILE", "mine.toml")
    with pytest.raises(SettingsError, match=r"SERVICES_FILE: mine\.toml cannot be read"):
        load_settings(None)
    (folder / "mine.toml").write_text(RELAY, "utf-8")
    assert [service.name for service in load_settings(None).services] == ["relay"]


def test_models_of_one_label_stand_in_for_each_other_and_keep_the_names_of_their_services(folder: Path) -> None:
    second = RELAY.replace('"relay"', '"backup"').replace("sora_video2", "sora-2").replace("0.15", "0.2")
    (model,) = load(folder, RELAY, second).models
    (other,) = model.stand_ins
    assert (model.name, model.at_service, model.service) == ("sora_video2", "sora_video2", "relay")
    assert (other.name, other.at_service, other.service) == ("sora_video2", "sora-2", "backup")
    assert max(each.price_of() for each in (model, other)) == 200_000


def test_models_of_one_name_and_two_labels_are_told_apart(folder: Path) -> None:
    second = RELAY.replace('"relay"', '"backup"').replace("Sora 2", "Sora 2, slow")
    assert [model.name for model in load(folder, RELAY, second).models] == ["sora_video2", "backup/sora_video2"]


def test_two_models_of_one_label_at_one_service_are_both_offered(folder: Path) -> None:
    more = '  [[services.models]]\n  name = "sora_pro"\n  label = "Sora 2"\n'
    assert [model.name for model in load(folder, RELAY + more).models] == ["sora_video2", "sora_pro"]


def test_without_a_file_the_environment_names_one_service(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.chdir(tmp_path)
    settings = load_settings(None)
    assert [service.name for service in settings.services] == ["service"]
    assert settings.models == (VideoModel("sora_video2", "sora_video2", service="service", served_as="sora_video2"),)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (RELAY.replace('"relay"', '"a relay"'), "services.toml, line 3: services[0].name must be a word of letters"),
        (RELAY.replace("https://", "ftp://"), "services.toml, line 4: services[0].url must be a URL that begins"),
        (RELAY.replace("RELAY_KEY", "relay key"), "line 5: services[0].key_env must be the name of a variable"),
        (RELAY.replace("0.15", '"cheap"'), "line 9: services[0].models[0].price is wrong for sora_video2: price must"),
        (RELAY.replace("price", "prize"), "line 9: services[0].models[0].prize has an unknown word for sora_video2"),
        (RELAY + 'pictures = ["last"]', "line 10: services[0].models[0].pictures is wrong for sora_video2:"),
        (RELAY.replace("key_env", "api_key"), "line 5: services[0].api_key is unknown; known: name, api, url"),
        (RELAY.replace("RELAY_KEY", "NO_KEY"), "line 5: services[0].key_env: NO_KEY is missing: key of"),
        (RELAY.replace("url", 'api = "nobody"\nurl'), "line 4: services[0].api must be chat, "),
        (RELAY.replace("url", 'api = "nobody"\nurl'), "there is no file nobody"),
        (RELAY.replace("url", 'api = "services.toml"\nurl'), "line 4: services[0].api: services.toml: schema"),
        (RELAY.replace("url", "image_mode = 3\nurl"), "line 4: services[0].image_mode must be data or url for this"),
        (RELAY + 'image_mode = "file"', "line 10: services[0].models[0].image_mode is wrong for"),
        (RELAY + "min_images = 2", "line 10: services[0].models[0].min_images is wrong for"),
        (RELAY + "extra = { at = 2026-01-01 }", "line 10: services[0].models[0].extra is wrong for sora_video2: extra"),
        (RELAY + "extra = { at = [nan] }", "extra holds a number that is none, or too large"),
        (RELAY.replace('"Sora 2"', "[1]"), "line 8: services[0].models[0].label is wrong for"),
        (RELAY + '  [[services.models]]\n  name = "b"\n  price = "x"', "line 12: services[0].models[1].price is wrong"),
        (RELAY + '  [[services.models]]\n  label = "b"', "line 10: services[0].models[1] needs a \"name\""),
        (RELAY.replace('name = "relay"\n', ""), "line 2: services[0].name must be a word of letters"),
        (RELAY.split("  [[")[0], "services[0].models needs one table [[services.models]] or more"),
        (RELAY.replace('"relay"', "relay"), "services.toml is no valid TOML"),
        ("x = 1", "services.toml must hold one to 20 tables [[services]]"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(folder: Path, wrong: str, told: str) -> None:
    assert any(told in problem for problem in problems(folder, wrong)), problems(folder, wrong)


def test_a_service_that_is_wrong_is_switched_off_alone(folder: Path) -> None:
    settings = load(folder, RELAY.replace("RELAY_KEY", "NO_KEY"), HOME)
    assert [service.name for service in settings.services] == ["home"]
    assert [*settings.services_off] == ["relay"]
    assert "NO_KEY is missing" in settings.services_off["relay"][0]


def test_a_name_that_is_there_twice_switches_off_the_second(folder: Path) -> None:
    settings = load(folder, HOME, HOME)
    assert len(settings.services) == 1
    assert "is that of another service" in settings.services_off["home"][0]


BACKUP = RELAY.replace('"relay"', '"backup"').replace("sora_video2", "sora-2").replace("RELAY_KEY", "BACKUP_KEY")


def test_a_model_keeps_its_name_while_the_service_that_named_it_is_switched_off(
    folder: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("BACKUP_KEY", "secret-of-the-backup")
    for wrong in (RELAY.replace("RELAY_KEY", "NO_KEY"), RELAY.replace("url", "uri"), RELAY.replace("https", "ftp")):
        (model,) = load(folder, wrong, BACKUP).models
        assert (model.name, model.service, model.at_service, model.stand_ins) == ("sora_video2", "backup", "sora-2", ())


def test_a_model_is_found_by_its_old_name_once_its_services_stand_in_another_order(
    folder: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("BACKUP_KEY", "secret-of-the-backup")
    before, after = load(folder, RELAY, BACKUP), load(folder, BACKUP, RELAY)
    (model,) = before.models
    assert model.name == "sora_video2"
    found = after.model(model.name)
    assert found
    assert (found.name, found.service) == ("sora-2", "backup")
    assert after.model("sora") is None


def test_no_two_models_have_one_name_and_none_is_longer_than_discord_takes(folder: Path) -> None:
    long = "m" * 100
    first = RELAY.replace("sora_video2", "home/wan").replace("Sora 2", "A") + _model("wan", "B") + _model(long, "C")
    names = [model.name for model in load(folder, first, HOME + _model("wan", "D") + _model(long, "E")).models]
    assert names == ["home/wan", "wan", long, "Wan-AI/Wan2.2", "home/2/wan", f"home/{long}"[:100]]


def test_a_key_goes_to_no_other_host_than_the_first_unless_that_is_said(
    folder: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("VIDEO_API_KEY", "secret-of-the-relay")
    relay, other = (
        text.replace(f'key_env = "{key}_KEY"\n', "") for text, key in ((RELAY, "RELAY"), (BACKUP, "BACKUP"))
    )
    other = other.replace("relay.example", "other.example")
    settings = load(folder, relay, other, HOME)
    assert [(each.name, each.key.get_secret_value()) for each in settings.services] == [
        ("relay", "secret-of-the-relay"),
        ("home", ""),
    ]
    assert "services[1].key_env is missing: VIDEO_API_KEY is the key of relay" in settings.services_off["backup"][0]
    said = [text.replace("url =", 'key_env = "VIDEO_API_KEY"\nurl =') for text in (other, HOME)]
    keys = {each.key.get_secret_value() for each in load(folder, relay, *said).services}
    assert keys == {"secret-of-the-relay"}
    assert len(load(folder, relay, other.replace("other.example", "relay.example")).services) == 2
    apart = "".join(f'[[services]]\nname = "{api}"\napi = "{api}"\n{_model("m", api)}' for api in ("openrouter", "xai"))
    assert [*load(folder, apart).services_off] == ["xai"]


def _model(name: str, label: str) -> str:
    return f'  [[services.models]]\n  name = "{name}"\n  label = "{label}"\n'
