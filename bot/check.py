"""The doctor: says of each thing Kinora needs whether it is in order and, if not, what to do."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable

import aiohttp

from bot.client import login_problem
from bot.errors import StorageError
from bot.settings import Settings
from bot.storage import Database

# What the drivers say, and what to do about it.
_REMEDIES = (
    (("is full", "disk i/o", "no space", "file too large"), "The disk has no room left: delete what is not needed."),
    (("is locked", "is busy"), "Another program holds it: a second Kinora, a backup, an SQL shell? End that, or wait."),
    (
        ("readonly", "read-only"),
        "This user may not write it: give them the file and its folder (chown).",
    ),
    (
        ("not a database", "malformed", "corrupt"),
        "It is damaged. Stop Kinora, keep a copy of the file, and put the latest backup in its place.",
    ),
    (("unable to open", "cannot create"), "Check DATABASE_URL, and that this user may write to that folder."),
    (("newer kinora",), "Install the newer version again; the file is as it was."),
    (("connect", "password", "does not exist", "refused"), "Check DATABASE_URL, and that the server is running."),
)
_ELSE = "Check DATABASE_URL."


async def check(settings: Settings) -> int:
    """Print one line for each finding and return 0 if all is well, else 1."""
    findings: list[tuple[str, Callable[[Settings], Awaitable[str | None]]]] = [
        ("database", _database),
        ("Discord", _discord),
        ("video service", _service),
    ]
    wrong = 0
    for name, examine in findings:
        remedy = await examine(settings)
        wrong += remedy is not None
        sys.stdout.write(f"{'ok   ' if remedy is None else 'WRONG'}  {name}{f': {remedy}' if remedy else ''}\n")
    return 1 if wrong else 0


async def _database(settings: Settings) -> str | None:
    try:
        database = await Database.open(settings.database_url)
        try:
            await database.examine()
        finally:
            await database.close()
    except StorageError as error:
        remedy = next((remedy for words, remedy in _REMEDIES if any(w in str(error).lower() for w in words)), _ELSE)
        return f"{error}. {remedy}"
    return None


async def _discord(settings: Settings) -> str | None:
    return await login_problem(settings)


async def _service(settings: Settings) -> str | None:
    """Ask for the list of models: it costs nothing and tells whether the address and the key are right."""
    url = settings.chat_endpoint.removesuffix("/chat/completions") + "/models"
    headers = {"Authorization": f"Bearer {settings.video_api_key.get_secret_value()}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session,
            session.get(url, headers=headers, allow_redirects=False) as response,
        ):
            if response.status in (401, 403):
                return "VIDEO_API_KEY is not accepted. Copy it anew from the service's page."
            if response.status >= 500:
                return f"it answers HTTP {response.status}. Wait, or ask the service."
    except (aiohttp.ClientError, OSError) as error:
        return f"no connection ({type(error).__name__}). Check VIDEO_API_URL."
    return None
