"""The documents say what the code does: settings, commands, make targets."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
from pathlib import Path
from typing import get_args

import pytest
from discord import app_commands
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.providers.tasks.descriptions.description import Description
from bot.providers.tasks.descriptions.file import load_description, read_description, shipped_names
from bot.settings import Settings
from bot.wiring.video_services import load_settings
from playground.bot_process import WORKFLOW
from tools.decisions import decision_table, printed_table
from tools.extraction import all_commands

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = "".join(page.read_text("utf-8") for page in (ROOT / "deploy" / "README.md", *(ROOT / "docs").glob("*.md")))
COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def default_in_words(name: str) -> str:
    if name in ("comfyui_workflow", "currency"):
        return "none"
    default = Settings.model_fields[name].get_default()
    if default is PydanticUndefined or default in ("", SecretStr("")):  # some services do without, see the meaning
        return "required"
    if name == "video_models":
        return f"`{default[0].name}`"
    if name == "health_port":
        return "off"
    if default is None:
        return "Discord's own" if name.startswith("discord_") else "automatic"
    if default == ():
        return "automatic" if name == "shard_ids" else "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_the_page_of_settings_names_each_with_its_default_and_no_other() -> None:
    expected = {name.upper(): default_in_words(name) for name in Settings.model_fields}

    assert dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", SETTINGS, re.MULTILINE)) == expected


def test_the_example_file_names_every_setting_with_its_default_and_no_other() -> None:
    written = dict(re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))

    assert set(written) == {name.upper() for name in Settings.model_fields}
    for name, value in written.items():
        assert value in default_in_words(name.lower()).strip("`") or value == "", name


def test_the_example_file_filled_in_as_it_says_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    filled = re.sub(r"^(DISCORD_TOKEN|VIDEO_API_KEY)=$", r"\1=abc", EXAMPLE, flags=re.MULTILINE)
    filled = filled.replace("VIDEO_API_URL=\n", "VIDEO_API_URL=https://video.example\n")
    path = tmp_path / ".env"
    path.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", filled, flags=re.MULTILINE), "utf-8")

    assert Settings.load(path).video_models[0].name == "sora_video2"


def test_the_page_of_commands_names_each_with_its_options() -> None:
    section = COMMANDS.split("## In Discord", 1)[1].split("\n#", 1)[0]
    rows = re.findall(r"^\| (.*?) \|", section, re.MULTILINE)
    expected: set[str] = set()
    for _module, group, found in all_commands():
        for command in found:
            if isinstance(command, app_commands.Command):
                options = [p.display_name if p.required else f"[{p.display_name}]" for p in command.parameters]
                name = f"{group.__cog_group_name__} {command.qualified_name}" if group else command.name
                expected.add(" ".join([f"/{name}", *options]))

    assert {found for row in rows for found in re.findall(r"`(/[^`]+)`", row)} == expected


async def test_the_page_of_commands_names_every_shell_command_and_no_other() -> None:
    for module in ("bot", "playground"):
        named = set(re.findall(rf"`python -m {module} ([a-z][\w-]*)[^`]*`", COMMANDS))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, "--help", cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        choices = re.search(r"\{([\w,-]+)\}", output.decode())
        assert choices
        assert set(choices[1].split(",")) == named
        assert set(re.findall(rf"python -m {module} ([a-z][\w-]*)", README + PAGES)) <= named


def test_the_page_of_services_prints_the_decision_table() -> None:
    page = (ROOT / "docs" / "services.md").read_text("utf-8")

    assert printed_table(page) == decision_table()


def test_every_setting_of_the_page_of_services_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    blocks = re.findall(
        r"^```\n(VIDEO_.*?)^```", (ROOT / "docs" / "services.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) >= 15
    shutil.copy(WORKFLOW, tmp_path / "wan-i2v.json")
    monkeypatch.chdir(tmp_path)
    spoken = set()
    for block in blocks:
        path = tmp_path / ".env"
        path.write_text(f"DISCORD_TOKEN=abc\n{block}", "utf-8")
        spoken.add(load_settings(path).video_api)
    assert spoken == {"chat", "comfyui", *shipped_names()}


def test_the_readme_names_each_service_that_has_a_description_and_no_other() -> None:
    described = {load_description(name).name for name in shipped_names()} - {"/v1/videos"}
    makers = re.search(
        r"^- \*\*Makers and aggregators\*\* by their own APIs: (.*?)\.$", README, re.MULTILINE | re.DOTALL
    )
    assert makers

    assert set(re.split(r",\s+|\s+and\s+", " ".join(makers[1].split()))) == described


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))

    assert set(re.findall(r"(?:`|^)make ([a-z-]+)\b", README + PAGES, re.MULTILINE)) <= targets


def test_every_link_from_page_to_page_leads_to_a_file_and_a_heading() -> None:
    pages = [ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "deploy/README.md")]
    broken: list[str] = []
    for page in (*pages, *(ROOT / "docs").glob("*.md")):
        for path, heading in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)", page.read_text("utf-8")):
            target = page.parent / path if path else page
            text = target.read_text("utf-8") if target.suffix == ".md" and target.is_file() else ""
            headings = {
                re.sub(r"[^\w -]", "", line).replace(" ", "-").lower() for line in re.findall(r"^#+ (.*)$", text, re.M)
            }
            if not target.exists() or (heading and heading not in headings):
                broken.append(f"{page.name}: {path}#{heading}")

    assert broken == []


def test_the_changelog_has_a_place_for_what_is_not_released_yet() -> None:
    assert "## Unreleased" in CHANGELOG


def test_the_changelog_names_the_version_of_the_package_with_its_day() -> None:
    version = re.findall(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)

    assert re.findall(r"^## (\d\S*) - \d{4}-\d\d-\d\d$", CHANGELOG, re.MULTILINE)[:1] == version


def test_every_python_that_the_package_names_is_tested() -> None:
    named = re.findall(r"Programming Language :: Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text("utf-8"))
    workflow = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")

    assert f"for version in {' '.join(named)};" in MAKEFILE
    assert set(named) == set(re.findall(r"(?:python:|\")(3\.\d+)", workflow))


def test_the_page_of_descriptions_shows_one_that_is_right_and_names_every_key() -> None:
    page = (ROOT / "docs" / "descriptions.md").read_text("utf-8")
    smallest = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    tables = [Description, *(table for table in map(_table_of, Description.model_fields.values()) if table)]
    keys = {field.alias or name for table in tables for name, field in table.model_fields.items()}

    assert [read_description(text.encode(), "my.toml").name for text in smallest] == ["Filmery"]
    assert {key for key in keys if not re.search(rf"\b{key}\b", page)} == set()


def _table_of(field: FieldInfo) -> type[BaseModel] | None:
    named = [field.annotation, *get_args(field.annotation)]
    return next((one for one in named if isinstance(one, type) and issubclass(one, BaseModel)), None)
