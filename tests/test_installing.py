"""Kinora is installed without building it as `deploy/README.md` says: by an image, an egg, a template, uv."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.cli.arguments import parser
from bot.settings import Settings
from tests.e2e.test_process import shell
from tests.test_deploy import LAST_WORDS, programs, servers

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
PAGE = (DEPLOY / "README.md").read_text("utf-8")
EGG: dict[str, Any] = json.loads((DEPLOY / "egg-kinora.json").read_text("utf-8"))
TEMPLATE = ElementTree.fromstring((DEPLOY / "unraid.xml").read_text("utf-8"))  # noqa: S314 - it is our own
VERSION = re.findall(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)[0]
SERIES = VERSION.rpartition(".")[0]
EXAMPLE = dict(re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
KEPT = "/home/container"  # where the panels mount a server's files


def test_egg_has_the_form_that_both_panels_import() -> None:
    texts = ("name", "author", "description", "startup", "exported_at")
    installation = EGG["scripts"]["installation"]

    assert EGG["meta"] == {"version": "PTDL_v2", "update_url": None}
    assert all(isinstance(EGG[name], str) and EGG[name] for name in texts)
    assert [image.rpartition(":")[2] for image in EGG["docker_images"].values()] == [SERIES]
    assert set(EGG["config"]) == {"files", "startup", "logs", "stop"}
    assert all(isinstance(json.loads(EGG["config"][name]), dict) for name in ("files", "startup", "logs"))
    assert set(installation) == {"script", "container", "entrypoint"}
    fields = {"name", "description", "env_variable", "default_value", "user_viewable", "user_editable", "rules"}
    assert all(set(variable) == {*fields, "field_type"} for variable in EGG["variables"])


def test_what_egg_and_template_ask_for_are_settings_with_the_defaults_of_the_example_file() -> None:
    asked = {variable["env_variable"]: variable["default_value"] for variable in EGG["variables"]}
    kept_by_the_panel = {name: value for name, value in asked.items() if value.startswith(KEPT) or KEPT in value}
    shown = {
        config.get("Target", ""): config.get("Default")
        for config in TEMPLATE.iter("Config")
        if "/" not in config.get("Target", "")
    }

    assert set(kept_by_the_panel) == {"DATABASE_URL", "TMPDIR"}
    assert {name: value for name, value in asked.items() if name not in kept_by_the_panel} == shown
    assert {name: EXAMPLE[name] for name in shown} == shown


@pytest.mark.timeout(300)
async def test_start_command_of_the_egg_runs_in_a_clean_folder_and_leaves_at_the_panels_stop(tmp_path: Path) -> None:
    home = tmp_path / "server"
    installing = EGG["scripts"]["installation"]
    script = installing["script"].replace("/mnt/server", str(home))
    assert await (await asyncio.create_subprocess_exec("/bin/sh", "-ec", script)).wait() == 0
    path = programs(tmp_path, kinora=f'exec /bin/sh {DEPLOY}/entrypoint.sh "$@"', python=f'exec {sys.executable} "$@"')
    defaults = {each["env_variable"]: each["default_value"].replace(KEPT, str(home)) for each in EGG["variables"]}
    ready, stop = json.loads(EGG["config"]["startup"])["done"], {"^C": signal.SIGINT}[EGG["config"]["stop"]]
    async with servers(tmp_path / "world") as world:
        needed = {name: value for name, value in world.bot.environment.items() if name.startswith(("DISCORD", "VIDEO"))}
        process = await asyncio.create_subprocess_exec(
            *shlex.split(EGG["startup"]),
            cwd=home,
            env=defaults | needed | {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(home)},
            stdout=PIPE,
            stderr=STDOUT,
            # A shell cannot trap what its parent ignores, as everything does that was started in the background.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert process.stdout
        said: list[str] = []
        try:
            async with asyncio.timeout(60):
                while ready not in (said[-1:] or [""])[0]:
                    said.append((await process.stdout.readline()).decode())
                    assert said[-1], said
                process.send_signal(stop)
                output, _ = await process.communicate()
        except TimeoutError:
            pytest.fail("".join(said))
        finally:
            if process.returncode is None:
                process.kill()

    assert process.returncode == 0, output.decode()
    assert (home / "data/kinora.db").exists()
    assert said[0].split(": ", 1)[1].startswith("Kinora ")
    assert output.decode().splitlines()[-1].endswith("Kinora left: SIGTERM asked it to.")


def test_template_of_unraid_has_what_it_wants_and_time_for_the_last_words() -> None:
    extra = shlex.split(TEMPLATE.findtext("ExtraParams", ""))
    paths = [config.get("Target") for config in TEMPLATE.iter("Config") if config.get("Type") == "Path"]

    assert TEMPLATE.attrib == {"version": "2"}
    assert all(TEMPLATE.findtext(name) for name in ("Name", "Repository", "Network", "Overview", "Category"))
    assert TEMPLATE.findtext("Repository", "").rpartition(":")[2] == SERIES
    assert paths == ["/data"]
    assert float(extra[extra.index("--stop-timeout") + 1]) > LAST_WORDS
    masked = {config.get("Target") for config in TEMPLATE.iter("Config") if config.get("Mask") == "true"}
    assert masked == {
        name.upper() for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)
    }


def test_compose_file_builds_unless_an_image_is_named() -> None:
    compose = (DEPLOY / "compose.yaml").read_text("utf-8")

    assert "  image: ${KINORA_IMAGE:-kinora}\n  build:\n" in compose
    assert f"KINORA_IMAGE=ghcr.io/OWNER/kinora:{SERIES}" in PAGE


def publish(folder: Path, step: str, tag: str, machine: str = "x86_64") -> subprocess.CompletedProcess[str]:
    """Run a step of the workflow of the image, with stand-ins for docker and the machine."""
    path = programs(folder, docker='echo "docker $*"', uname=f"echo {machine}")
    return subprocess.run(  # noqa: S603
        [str(ROOT / ".ci/image"), step],
        env={"PATH": path, "GITHUB_REF_NAME": tag, "GITHUB_REPOSITORY_OWNER": "Somebody"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("machine", "architecture"), [("x86_64", "amd64"), ("aarch64", "arm64")])
def test_image_is_built_tried_and_pushed_for_the_machine_that_builds(
    tmp_path: Path, machine: str, architecture: str
) -> None:
    image = f"ghcr.io/somebody/kinora:{VERSION}-{architecture}"

    assert publish(tmp_path, "build", f"v{VERSION}", machine).stdout.splitlines() == [
        f"docker build -f deploy/Containerfile -t {image} .",
        f"docker run --rm {image} --version",
        f"docker push {image}",
    ]


def test_both_images_are_published_under_one_name_with_the_tags_of_the_page(tmp_path: Path) -> None:
    words = publish(tmp_path, "publish", f"v{VERSION}").stdout.split()
    named = [word.removeprefix("ghcr.io/somebody/kinora:") for word in words if "kinora:" in word]

    assert named == [VERSION, SERIES, "latest", f"{VERSION}-amd64", f"{VERSION}-arm64"]
    assert f"with the tags `{VERSION}`, `{SERIES}` and `latest`" in PAGE


def test_tag_that_is_not_the_version_publishes_nothing(tmp_path: Path) -> None:
    done = publish(tmp_path, "build", "v9.9.9")

    assert (done.returncode, done.stdout) == (1, "")
    assert "is not the version" in done.stderr


def test_workflow_runs_both_steps_when_a_version_is_tagged() -> None:
    workflow = (ROOT / ".github/workflows/image.yml").read_text("utf-8")

    assert 'on:\n  push:\n    tags: ["v*.*.*"]\n' in workflow
    assert re.findall(r"run: \.ci/image (\w+)", workflow) == ["build", "publish"]
    assert "machine: [ubuntu-24.04, ubuntu-24.04-arm]" in workflow
    assert not re.findall(r"uses: \S+@(?![0-9a-f]{40} )", workflow)


@pytest.mark.timeout(300)
async def test_uv_installs_a_program_that_runs_in_a_clean_folder(tmp_path: Path) -> None:
    command = next(line for line in PAGE.splitlines() if line.startswith("uv tool install"))
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert uv
    places = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    environment = os.environ | places | {"PATH": f"{Path(uv).parent}:{os.environ['PATH']}"}
    process = await asyncio.create_subprocess_shell(command, cwd=ROOT, env=environment, stdout=PIPE, stderr=STDOUT)
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    (tmp_path / "clean").mkdir()

    said = []
    for word in ("--version", "check"):
        process = await asyncio.create_subprocess_exec(
            tmp_path / "bin/kinora", word, cwd=tmp_path / "clean", env={}, stdout=PIPE, stderr=STDOUT
        )
        output, _ = await process.communicate()
        said.append((process.returncode, output.decode().splitlines()[0]))
    assert said == [(0, f"Kinora {VERSION}"), (2, "DISCORD_TOKEN is missing: the bot's token.")]


def test_nothing_names_the_package_of_our_name_in_a_public_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    naming = re.compile(r"\b(?:install|add|run|uvx|--with)\b[^\n.]*[ '\"]kinora(?:\[|['\"`\s]|==|$)", re.MULTILINE)
    told: dict[str, list[str]] = {}
    for name in listed.stdout.splitlines():
        if name.endswith((".py", ".md", ".po", ".pot", ".txt", ".example", ".sh", ".yaml", ".yml", "Makefile")):
            text = (ROOT / name).read_text("utf-8")
            if found := [hit for hit in naming.findall(text) if re.search(r"\b(?:pip|pipx|uv|uvx)\b", hit)]:
                told[name] = found
            if re.search(r"kinora\[[a-z]", text):
                told[name] = ["an extra of that name"]

    assert told == {}


async def test_command_line_tells_the_version_its_exit_codes_and_examples_that_it_understands(tmp_path: Path) -> None:
    code, said = await shell(tmp_path, "--help")
    examples = re.findall(r"^  python -m bot (.*?)  ", said.partition("examples:")[2], re.MULTILINE)

    assert code == 0
    assert re.findall(r"^  (\d)  ", said.partition("exit codes:")[2], re.MULTILINE) == ["0", "1", "2"]
    assert len(examples) >= 3
    for example in examples:
        parser().parse_args(shlex.split(example))
    code, said = await shell(tmp_path, "--version")
    assert (code, bool(re.fullmatch(r"Kinora \S+\n", said))) == (0, True)
