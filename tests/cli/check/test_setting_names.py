"""Which names of `.env` and the environment the doctor speaks of, and what it takes them for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.check.findings import Finding
from bot.cli.check.setting_names import check_names, wrong_settings
from bot.errors import SettingsError
from bot.settings import Settings

SETTINGS = Settings.model_validate({"discord_token": "t", "video_api_url": "https://h", "video_api_key": "k"})


def strange(folder: Path, *lines: str) -> list[Finding]:
    """Return what is told of a file with ``lines``, beside that all is in order."""
    file = folder / ".env"
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    in_order, *findings = check_names(SETTINGS, file)
    assert in_order.name == "settings"
    return findings


@pytest.mark.parametrize(
    ("written", "meant"),
    [("MAX_JOB=3", "MAX_JOBS"), ("max_job=3", "MAX_JOBS"), ("DISCORD_TOKKEN=x", "DISCORD_TOKEN")],
)
def test_misspelt_name_is_told_with_the_one_that_was_meant(tmp_path: Path, written: str, meant: str) -> None:
    (finding,) = strange(tmp_path, written)

    assert finding.finding == f"{written.partition('=')[0]} is no setting, so it does nothing."
    assert finding.remedy == f"Did you mean {meant}?"


def test_names_that_are_like_none_are_one_finding(tmp_path: Path) -> None:
    (finding,) = strange(tmp_path, "COLOUR=red", "SHAPE=round")

    assert finding.finding == ".env has names that Kinora does not know: COLOUR, SHAPE."


def test_settings_and_what_others_read_from_the_file_are_not_told(tmp_path: Path) -> None:
    assert (
        strange(tmp_path, "MAX_JOBS=3", "max_jobs=3", "POSTGRES_PASSWORD=x", "KINORA_IMAGE=ghcr.io/OWNER/kinora") == []
    )


def test_misspelt_name_of_the_environment_is_told_and_what_is_like_no_setting_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEALTH_PORTS", "1")
    monkeypatch.setenv("COLOUR", "red")

    (finding,) = strange(tmp_path)
    assert (finding.finding, finding.remedy) == (
        "HEALTH_PORTS is no setting, so it does nothing.",
        "Did you mean HEALTH_PORT?",
    )


def test_what_is_missing_stands_beside_the_name_that_was_meant_for_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKKEN=x\n", "utf-8")

    missing, misspelt = wrong_settings(SettingsError(["DISCORD_TOKEN is missing: the bot's token."]), tmp_path / ".env")
    assert missing.remedy == f"Correct it in {tmp_path / '.env'}."
    assert misspelt.remedy == "Did you mean DISCORD_TOKEN?"


def test_file_that_is_no_text_ends_no_report(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe")

    (problem,) = wrong_settings(SettingsError([".env is not saved as UTF-8 text."]), tmp_path / ".env")
    assert problem.name == "settings"
