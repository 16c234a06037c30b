"""Settings of a process whose environment has what is needed and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings

TOKEN = "MTA0.toy-token.Zm9v"
KEY = "sk-toy-key-4711"
NEEDED = {"DISCORD_TOKEN": TOKEN, "VIDEO_API_URL": "https://video.example", "VIDEO_API_KEY": KEY}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No Kinora names but the three that are needed, and a folder without ``.env``."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
        monkeypatch.delenv(field, raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def problems(env_file: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.load(env_file)
    return caught.value.problems
