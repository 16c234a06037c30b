"""Checks the video service by what costs nothing to ask: is it reached, is the key taken, are the models there."""

from __future__ import annotations

import asyncio
import difflib
import re
from dataclasses import replace
from urllib.parse import urlsplit

from bot.cli.check.findings import Finding, Severity, plain, some_of, unknown
from bot.cli.check.http_probe import Answer, ask
from bot.cli.check.services.comfyui import check_comfyui
from bot.cli.check.services.dialect import check_dialect
from bot.cli.check.services.free_look import KEY_REFUSED, FreeLook, VideoService, look, service_of
from bot.models import Outcome
from bot.providers.known_services import switched_off
from bot.providers.places.complaints import error_message
from bot.providers.tasks.answers.answer import Going, HttpAnswer
from bot.providers.tasks.answers.failures import FailureReader
from bot.settings import COMFYUI, Service, Settings
from bot.settings.service import ONLY

NAMES = ("service", "key", "models")
SECONDS = 20.0  # for all of it

_IN_FILE = (
    (re.compile(r"VIDEO_API=(\w+)"), r'api = "\1"'),
    (re.compile(r"VIDEO_API_URL"), "its url"),
    (re.compile(r"VIDEO_MODELS"), "its models"),
)
_NEW_KEY = "Copy it again from the service's page; it may have been deleted or have ended there."
_INSTEAD = (
    "Choose another service and model, for instance VIDEO_API=openrouter or VIDEO_API=xai, or VIDEO_API=videos with a "
    "gateway or a server of your own; docs/services.md has the settings."
)


async def check_services(settings: Settings) -> list[Finding]:
    """
    Return the findings about the services of the settings, and about those that are switched off; one without a list of
    models is unknown, not wrong.
    """
    off = [
        Finding("services", Severity.WRONG, f"{name} is switched off: {problem}", "Correct it, and start Kinora again.")
        for name, problems in settings.services_off.items()
        for problem in problems
    ]
    if settings.passed_over:
        named = ", ".join(settings.passed_over)
        what = f"The file of services stands in the place of what is set as well: {named}."
        off.append(Finding("services", Severity.HINT, what, "Take it out, or put that service into the file too."))
    found = await asyncio.gather(*map(_examined, settings.services))
    if len(found) == 1 and settings.services[0].name == ONLY:
        return [*found[0], *off]
    told = zip(settings.services, found, strict=True)
    return [_of_file(each, one.name) for one, findings in told for each in findings] + off


def _of_file(finding: Finding, service: str) -> Finding:
    """Return what was found of one of several services, by the words that their file has for things."""
    what, remedy = finding.finding, finding.remedy
    for pattern, instead in _IN_FILE:
        what, remedy = (pattern.sub(instead, text) for text in (what, remedy))
    return replace(finding, finding=f"{service}: {what}", remedy=remedy)


async def _examined(service: Service) -> list[Finding]:
    return await (check_comfyui(service) if service.api == COMFYUI else examine(service_of(service)))


async def examine(service: VideoService) -> list[Finding]:
    """Return the findings about ``service``. Of one that is known to have ended nothing is asked."""
    if ended := [model for model in service.models if switched_off(service.base, model)]:
        why = "Nothing was asked of a service that was switched off."
        return [*unknown(NAMES[:2], why), *(_ended(service, model) for model in ended)]
    if service.probe is not None:
        return await _probed(service, service.probe)
    found = await look(service)
    if found.tells:
        reached = Finding("service", Severity.OK, f"The service answers at {urlsplit(service.base).netloc}.")
        return [reached, _key(service, found), *_models(service, found), *check_dialect(service, found)]
    told = _without_list(service, found.refusal or found.models)
    return told if told[0].state is Severity.WRONG else [*told, *check_dialect(service, found)]


async def _probed(service: VideoService, address: str) -> list[Finding]:
    """Return what the one thing tells that is free to ask of ``service``; "" where nothing is."""
    if not address or service.read is None:
        return unknown(NAMES, "Nothing there is free to ask: the first video tells of address, key and model.")
    answer = await ask(address, service.headers)
    if isinstance(answer, str) or answer.status >= 500 or 300 <= answer.status < 400 or answer.is_page:
        return _without_list(service, answer)
    reading = service.read(HttpAnswer(answer.status, answer.headers, answer.body))
    reached = Finding("service", Severity.OK, f"The service answers at {urlsplit(address).netloc}.")
    no_list = unknown(NAMES[2:], "The service has no list of models to tell by.")
    if reading.outcome in (Outcome.AUTH, Outcome.QUOTA):
        empty = reading.outcome is Outcome.QUOTA
        return [reached, _out_of_credit(service) if empty else _refused(service, answer), *no_list]
    # It asks for no task, so that none is the answer of a service that took the key.
    if 200 <= answer.status < 300 and reading.outcome in (Outcome.BAD_STREAM, Outcome.SUCCESS, *Going):
        what = f"{service.key_name} is taken." if service.has_key else "The service answers without a key."
        return [reached, Finding("key", Severity.OK, what), *no_list]
    what = f"What is free to ask tells nothing of the key (HTTP {answer.status}); the first video will."
    return [reached, *unknown(NAMES[1:2], what), *no_list]


def _ended(service: VideoService, model: str) -> Finding:
    what = f"{switched_off(service.base, model)}: {model} makes no videos there any more."
    return Finding("models", Severity.WRONG, what, _INSTEAD)


def _without_list(service: VideoService, answer: Answer | str) -> list[Finding]:
    """Return what ``answer`` tells, which is no list."""
    compare = f"Compare {service.named_by} with the base URL in the service's documentation."
    url = f"{service.base}/models"
    if isinstance(answer, str):
        return _amiss(
            answer, f"Check {service.named_by} (https or http, host, port), and whether this machine is online."
        )
    if 300 <= answer.status < 400:
        return _redirected(answer)
    if answer.status >= 500:
        what = f"The service, or a proxy in front of it, is in trouble (HTTP {answer.status})."
        return _amiss(
            what,
            "Wait a few minutes, then ask its support. There is nothing to do on your side.",
        )
    if answer.is_page and answer.status not in (401, 403, 429):
        return _amiss(f"A web page answers at {url}, not a service (HTTP {answer.status}).", compare)
    reached = Finding("service", Severity.OK, f"The service answers at {urlsplit(url).netloc}.")
    if answer.status == 429:
        return [reached, *unknown(NAMES[1:], "The service asks for less haste at the moment (HTTP 429).")]
    if answer.status in (400, *KEY_REFUSED):
        return [reached, _refused(service, answer), *unknown(NAMES[2:], "The key was not taken.")]
    what = (
        f"Something answers, but it has no list of models at {url} (HTTP {answer.status}), as some services have none."
    )
    remedy = f"If videos fail as well: {compare[0].lower()}{compare[1:]}"
    rest = unknown(NAMES[1:], "Nothing that is free to ask tells of it; the first video will.")
    return [Finding("service", Severity.UNKNOWN, what, remedy), *rest]


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


def _key(service: VideoService, found: FreeLook) -> Finding:
    """Return what lists that were shown tell of the key."""
    if not service.has_key:
        return Finding("key", Severity.OK, "The service shows its lists without a key, and none is set.")
    if not found.is_open:
        return Finding("key", Severity.OK, f"{service.key_name} is taken.")
    if found.refusal and found.refusal.status == 401:
        return _refused(service, found.refusal)
    what = f"The service shows its lists to everybody: only the first video tells whether {service.key_name} is taken."
    return Finding("key", Severity.UNKNOWN, what)


def _refused(service: VideoService, answer: Answer) -> Finding:
    """Return what the service's error says of the key; relays report an empty account as a wrong key, too."""
    if not service.has_key:
        what = f"The service wants a key, and {service.key_name} is empty (HTTP {answer.status})."
        return Finding("key", Severity.WRONG, what, "Copy it from the service's page.")
    words = "" if answer.is_page else error_message(answer.content)
    verdict = FailureReader(service.errors).judge(words, answer.status, highest=None, started=False)
    if verdict.outcome is Outcome.QUOTA:
        return _out_of_credit(service)
    return Finding("key", Severity.WRONG, f"{service.key_name} is not accepted (HTTP {answer.status}).", _NEW_KEY)


def _out_of_credit(service: VideoService) -> Finding:
    what = f"The account behind {service.key_name} is out of credit."
    return Finding("key", Severity.WRONG, what, "Top it up there.")


def _models(service: VideoService, found: FreeLook) -> list[Finding]:
    names = found.names
    if not names:
        return unknown(NAMES[2:], "The service has no list of models to tell by.")
    if not service.models:
        return [Finding("models", Severity.OK, f"The service lists {_listing(found)}.")]
    missing = [name for name in service.models if name not in names]
    if not missing:
        return [Finding("models", Severity.OK, f"The service has {some_of(service.models)}.")]
    return [_missing(name, found) for name in missing]


def _missing(name: str, found: FreeLook) -> Finding:
    near = [plain(each, 60) for each in difflib.get_close_matches(name, found.names, n=3, cutoff=0.5)]
    instead = f"Its names that come nearest: {some_of(near)}." if near else f"It lists {_listing(found)}."
    remedy = "Correct VIDEO_MODELS, or ask the service why the model is gone (some keys may use some models only)."
    return Finding("models", Severity.WRONG, f"The service does not list {name}. {instead}", remedy)


def _listing(found: FreeLook) -> str:
    """Return the names that are listed in a line, those that make videos if any are known to."""
    types = found.endpoint_types
    videos = [name for name in found.names if any("video" in word for word in types.get(name, ()))]
    return some_of([plain(name, 60) for name in videos or found.names])
