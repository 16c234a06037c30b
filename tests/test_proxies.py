"""The client talks to Discord, or to the proxy that the operator names."""

from __future__ import annotations

import discord
import pytest

from bot.proxies import point_at
from bot.settings import Settings


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v10"),
        ("http://api-proxy:8080", "http://api-proxy:8080/api/v10"),
        ("http://nirn:8080/api/v10", "http://nirn:8080/api/v10"),
        ("http://nirn:8080/api", "http://nirn:8080/api/v10"),
        ("http://nirn:8080/api/v9", "http://nirn:8080/api/v10"),
        ("http://h/before/discord", "http://h/before/discord/api/v10"),
    ],
)
def test_a_rest_proxy_is_addressed_as_discord_would_be(
    monkeypatch: pytest.MonkeyPatch, written: str, base: str
) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", "unset")
    monkeypatch.setattr(discord.VoiceClient, "warn_nacl", False)
    monkeypatch.setattr(discord.VoiceClient, "warn_dave", False)
    needed = {"discord_token": "t", "video_api_url": "https://h", "video_api_key": "k"}
    point_at(Settings.model_validate({**needed, "discord_api_url": written}))
    assert base == discord.http.Route.BASE
