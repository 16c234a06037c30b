"""Each maker's own service through the real bot: from ``/video`` to the uploaded film, and to a refusal."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.models import Outcome
from playground.playground import Playground
from tests.e2e.conftest import Stage
from tests.e2e.test_task_key import LOOPBACK
from tests.providers.tasks.film_service import KEY, FilmService, listening
from tests.providers.tasks.native_services import ROWS, answers

AT_ONCE = 9  # services of one bot
NAMES = list(ROWS)
GROUPS = [NAMES[place : place + AT_ONCE] for place in range(0, len(NAMES), AT_ONCE)]
SETTINGS = {
    **LOOPBACK,
    "VIDEO_ALLOWED_HOSTS": "127.0.0.1,localhost",
    "VIDEO_STALL_TIMEOUT": "60",
    "VIDEO_TIMEOUT": "90",
}


def toml(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {toml(held)}" for name, held in value.items()) + "}"
    return f"[{', '.join(map(toml, value))}]" if isinstance(value, list | tuple) else json.dumps(value)


def described(name: str, service: FilmService) -> str:
    row = ROWS[name]
    options = "".join(f"{key} = {toml(value)}\n" for key, value in row.options.items())
    return (
        f'[[services]]\nname = "{name}"\napi = "{name}"\nurl = "{service.url}"\nkey_env = "MAKERS_KEY"\n'
        f'[[services.models]]\nname = "{row.model}"\nlabel = "{name}"\n{options}'
    )


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: f"{names[0]} to {names[-1]}")
async def test_each_makes_a_film_that_is_uploaded_and_tells_a_refusal(
    tmp_path: Path, picture: bytes, names: list[str]
) -> None:
    async with AsyncExitStack() as opened:
        services = {name: await opened.enter_async_context(listening()) for name in names}
        file = tmp_path / "services.toml"
        file.write_text("".join(described(name, service) for name, service in services.items()), "utf-8")
        settings = {**SETTINGS, "SERVICES_FILE": str(file), "MAKERS_KEY": KEY}
        stage = Stage(await opened.enter_async_context(Playground(tmp_path / "p", settings=settings)), picture)
        known = [ROWS[name].model for name in names]

        async def played(name: str, ending: str) -> dict[str, Any]:
            service, row = services[name], ROWS[name]
            service.answers = answers(name, ending, service.url, service.url.replace("127.0.0.1", "localhost"))
            service.asked.clear()
            chosen = row.model if known.index(row.model) == names.index(name) else f"{name}/{row.model}"
            interaction = await stage.video("a cat", model=chosen)
            if ending == "made":
                await stage.shows(interaction, "[video: video.mp4", within=60)
            return await stage.delivered(interaction)

        for name, row in zip(names, await asyncio.gather(*(played(name, "made") for name in names)), strict=True):
            lines = services[name].paths()
            assert (name, row["outcome"], row["service"]) == (name, Outcome.SUCCESS, name)
            assert (lines.count(ROWS[name].create), lines.count(ROWS[name].poll)) == (1, 2), name
        for name, row in zip(names, await asyncio.gather(*(played(name, "refused") for name in names)), strict=True):
            assert (name, row["outcome"]) == (name, ROWS[name].refused)
            assert services[name].paths().count(ROWS[name].create) == 1, name
