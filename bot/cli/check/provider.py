"""Checks the video service by asking for its list of models, which costs nothing: reached, key taken, models known."""

from __future__ import annotations

import difflib
from urllib.parse import urlsplit

from bot.cli.check.findings import Finding, Severity, plain, some_of, unknown
from bot.cli.check.http_probe import Answer, ask
from bot.models import Outcome
from bot.providers.base import Failure
from bot.providers.chat.reply import ReplyParser
from bot.providers.places.complaints import error_message
from bot.settings import Settings

NAMES = ("service", "key", "models")

_ADDRESS = "Compare VIDEO_API_URL with the base URL in the service's documentation."
_REACH = "Check VIDEO_API_URL (https or http, host, port), and whether this machine is online."
_NEW_KEY = "Copy it anew from the service's page; it may have been deleted or have ended there."


async def check_service(settings: Settings) -> list[Finding]:
    """Return the findings about the service; one without a list of models is unknown, not wrong."""
    url = settings.chat_endpoint.removesuffix("/chat/completions") + "/models"
    answer = await ask(url, {"Authorization": f"Bearer {settings.key()}"})
    if isinstance(answer, str):
        return _amiss(answer, _REACH)
    if 300 <= answer.status < 400:
        return _redirected(answer)
    if answer.status >= 500:
        what = f"The service, or a proxy in front of it, is in trouble (HTTP {answer.status})."
        return _amiss(
            what,
            "Wait a few minutes, then ask whoever runs it. There is nothing to do on your side.",
        )
    if answer.is_page and answer.status not in (401, 403, 429):
        return _amiss(f"A web page answers at {url}, not a service (HTTP {answer.status}).", _ADDRESS)
    reached = Finding("service", Severity.OK, f"The service answers at {urlsplit(url).netloc}.")
    if answer.status == 429:
        return [reached, *unknown(NAMES[1:], "The service asks for less haste at the moment (HTTP 429).")]
    if answer.status in (400, 401, 402, 403):
        return [reached, _refused(settings, answer), *unknown(NAMES[2:], "The key was not taken.")]
    names = _names_in(answer)
    if answer.status != 200 or not names:
        return _without_list(url, answer.status)
    return [reached, Finding("key", Severity.OK, "VIDEO_API_KEY is taken."), *_models(settings, names)]


def _amiss(finding: str, remedy: str) -> list[Finding]:
    rest = unknown(NAMES[1:], "The video service could not be asked.")
    return [Finding("service", Severity.WRONG, finding, remedy), *rest]


def _redirected(answer: Answer) -> list[Finding]:
    target = urlsplit(answer.headers.get("Location", ""))
    where = plain(f"{target.scheme}://{target.netloc}", 100) if target.netloc else "another address"
    return _amiss(
        f"The service sends on to {where}. Kinora does not follow: the key would go there too.",
        f"If that is the service, write {where if target.netloc else 'that address'} into VIDEO_API_URL.",
    )


def _refused(settings: Settings, answer: Answer) -> Finding:
    """Return what the service's error says of the key; relays report an empty account as a wrong key, too."""
    words = "" if answer.is_page else error_message(answer.content)
    result = ReplyParser(prompt="", base=settings.chat_endpoint, picture_link="").error(words, answer.status)
    if isinstance(result, Failure) and result.outcome is Outcome.QUOTA:
        return Finding("key", Severity.WRONG, "The account behind VIDEO_API_KEY is out of credit.", "Top it up there.")
    return Finding("key", Severity.WRONG, f"VIDEO_API_KEY is not accepted (HTTP {answer.status}).", _NEW_KEY)


def _names_in(answer: Answer) -> list[str]:
    rows = answer.content.get("data") if isinstance(answer.content, dict) else None
    ids = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [name for name in ids if isinstance(name, str)]


def _without_list(url: str, status: int) -> list[Finding]:
    answers = f"Something answers, but it has no list of models at {url} (HTTP {status}), as some services have none."
    remedy = f"If videos fail as well: {_ADDRESS[0].lower()}{_ADDRESS[1:]}"
    rest = unknown(NAMES[1:], "The service has no list of models to tell by.")
    return [Finding("service", Severity.UNKNOWN, answers, remedy), *rest]


def _models(settings: Settings, names: list[str]) -> list[Finding]:
    missing = [model.name for model in settings.video_models if model.name not in names]
    if not missing:
        return [Finding("models", Severity.OK, f"The service has {some_of([m.name for m in settings.video_models])}.")]
    return [_missing(name, names) for name in missing]


def _missing(name: str, names: list[str]) -> Finding:
    near = [plain(found, 60) for found in difflib.get_close_matches(name, names, n=3, cutoff=0.5)]
    instead = f"Its names that come nearest: {some_of(near)}." if near else f"It lists {len(names)} others."
    remedy = "Correct VIDEO_MODELS, or ask the service why the model is gone (some keys may use some models only)."
    return Finding("models", Severity.WRONG, f"The service does not list {name}. {instead}", remedy)
