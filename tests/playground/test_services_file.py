"""The bot accepts the two services that the playground describes to it, whatever the first one speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring.video_services import load_settings
from playground.fake_video_service.server import VideoService
from playground.playground import APIS
from playground.services_file import HOME, RELAY, write_services


@pytest.mark.parametrize("api", APIS)
def test_both_services_are_accepted_and_stand_in_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, api: str
) -> None:
    services = {RELAY: VideoService("one", tmp_path), HOME: VideoService("two", tmp_path)}
    for port, service in enumerate(services.values(), 8001):
        service.url = f"http://127.0.0.1:{port}"
    described = write_services(tmp_path / "services.toml", api, services)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in {**described, "DISCORD_TOKEN": "MTA0.toy-token.Zm9v"}.items():
        monkeypatch.setenv(name, value)

    settings = load_settings(None)
    assert [(each.name, each.api, each.key.get_secret_value()) for each in settings.services] == [
        (RELAY, api, "one"),
        (HOME, "videos", "two"),
    ]
    sora, portrait, wan = settings.models
    assert [(sora.label, [one.service for one in sora.stand_ins]), (portrait.label, portrait.stand_ins)] == [
        ("Sora 2", [HOME]),
        ("Sora 2 portrait", ()),
    ]
    assert [wan.price_of(length) for length in wan.seconds] == [80_000, 160_000]
