"""
The shell command ``python -m bot describe``: what a service description sends, and how it reads recorded answers.

Nothing is sent. The answers are those beside the description, ``NAME.examples.jsonl``, or in a file of one's own.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import LinkRefused, SettingsError
from bot.models import Picture
from bot.providers.base import TaskHandle
from bot.providers.tasks.answers.answer import HttpAnswer, Reading
from bot.providers.tasks.answers.reader import AnswerReader, Circumstances, StepName
from bot.providers.tasks.call import InlinePicture, ServiceCall, TaskOrder
from bot.providers.tasks.descriptions.description import Description
from bot.providers.tasks.descriptions.file import description_file, load_description
from bot.providers.tasks.request import ServiceCalls, base_address

WRONG = 1
ANYWHERE = "https://service.example"  # where a description leaves the address to VIDEO_API_URL
HIDDEN = "[VIDEO_API_KEY]"
ANY_MODEL = "the-model"  # where none is named
NO_ANSWER = "is no recorded answer: it needs step, status, headers, and one of body, body_text, body_base64"
PICTURE = Picture(Path("picture.png"), "image/png", 123_456, "https://cdn.discordapp.example/picture.png")


def describe(name_or_path: str, *, model: str, answers: str | None) -> int:
    """
    Print what the description sends and how its examples are read, or only how ``answers`` are: a file, or ``-``.

    Return the exit code: not 0 if the description is wrong, or an answer is not read as it is expected to be.
    """
    try:
        description = load_description(name_or_path, model)
        recorded = _recorded(answers) if answers else _examples(description_file(name_or_path))
    except SettingsError as error:
        sys.stderr.write("".join(f"{problem}\n" for problem in error.problems))
        return WRONG
    if not answers:
        sys.stdout.writelines(f"{line}\n" for line in shown_calls(description, model or ANY_MODEL))
    code = 0
    for number, line in enumerate(recorded, 1):
        if not line.strip():
            continue
        try:
            told, wrong = read_line(description, line)
        except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            told, wrong = {"line": number, "error": f"{NO_ANSWER} ({error})"}, True
        sys.stdout.write(f"{json.dumps(told)}\n")
        code = WRONG if wrong else code
    return code


def _recorded(source: str) -> list[str]:
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise SettingsError([f"{source}: {error.strerror}"]) from None
    return raw.decode("utf-8-sig", "replace").split("\n")


def _examples(file: Path) -> list[str]:
    beside = file.with_suffix(".examples.jsonl")
    return _recorded(str(beside)) if beside.exists() else []


def shown_calls(description: Description, model: str) -> Iterator[str]:
    """Yield the lines that show each call as it would be sent, the key hidden."""
    calls = _calls(description, None)
    task = TaskHandle("TASK-ID", model, result_id="RESULT-ID")
    order = TaskOrder(model, "A paper boat sails down a rainy street.", (PICTURE,), uploaded=("PICTURE-ID",))
    if upload := calls.upload(PICTURE, model):
        yield from _shown("upload", upload)
    yield from _shown("create", calls.create(order))
    for name, make in (("poll", calls.poll), ("result", calls.result), ("cancel", calls.cancel)):
        try:
            call = make(task)
        except LinkRefused:
            yield f"{name:8}at the address that the service gives"
        else:
            yield from _shown(name, call) if call else ()


def _calls(description: Description, base: str | None) -> ServiceCalls:
    own = "" if "//" in description.base else ANYWHERE
    return ServiceCalls(description, base_address(description, base or own), HIDDEN)


def _shown(name: str, call: ServiceCall) -> Iterator[str]:
    yield f"{name:8}{call.method} {call.url}"
    yield from (f"        {header}: {value}" for header, value in call.headers.items())
    for part in call.form:
        value = part.value if isinstance(part.value, str) else f"{part.filename} ({part.value.media_type})"
        yield f"        part {part.name} = {value}"
    if call.json is not None:
        yield f"        {json.dumps(call.json, ensure_ascii=False, default=_inline)}"


def _inline(picture: InlinePicture) -> str:
    return f"{picture.prefix}…"


def read_line(description: Description, line: str) -> tuple[dict[str, Any], bool]:
    """
    Return what one recorded answer means, and whether it was expected to mean something else.

    Raises ValueError, TypeError, AttributeError, ArithmeticError or RecursionError for a line that is none.
    """
    recorded = json.loads(line)
    if not isinstance(recorded, dict) or not isinstance(recorded.get("step"), str):
        raise ValueError("no step")
    about = Circumstances(
        task=str(recorded.get("asked_for", "")),
        age=recorded.get("seconds_since_create"),
        highest=recorded.get("seen_percent"),
        prompt=str(recorded.get("prompt", "")),
    )
    reader = AnswerReader(description, _calls(description, recorded.get("base_url")), about)
    step: StepName = recorded["step"] if recorded["step"] in ("upload", "create", "poll") else "content"
    told = as_row(reader.read(step, _answer(recorded)))
    wrong = [
        name
        for name, value in (recorded.get("expected") or {}).items()
        if told.get(name, value) not in _accepted(recorded, name)
    ]
    named = {"name": recorded["name"]} if "name" in recorded else {}
    return {**named, **told, **({"not_as_expected": wrong} if wrong else {})}, bool(wrong)


def _accepted(recorded: dict[str, Any], name: str) -> list[Any]:
    expected = recorded["expected"]
    others = recorded.get(f"{name}_may_be", expected.get(f"{name}_may_be", []))
    return [expected[name], *(others if isinstance(others, list) else [others])]


def _answer(recorded: dict[str, Any]) -> HttpAnswer:
    headers = recorded.get("headers") or {}
    if "body_base64" in recorded:
        body = base64.b64decode(recorded["body_base64"])
    elif "body_text" in recorded:
        body = str(recorded["body_text"]).encode("utf-8", "replace")
    else:
        body = json.dumps(recorded.get("body")).encode()
    return HttpAnswer(int(recorded.get("status", 200)), {str(name): str(held) for name, held in headers.items()}, body)


def as_row(answer: Reading) -> dict[str, Any]:
    """Return what an answer means as it is printed."""
    inline = answer.link is not None and answer.link.startswith("data:")
    return {
        "outcome": answer.outcome.value,
        "percent": answer.percent,
        "link": "inline" if inline else answer.link,
        "link_wants_key": answer.link_wants_key if answer.link else None,
        "job_id": answer.job_id,
        "cost": answer.credits if answer.cost is None else answer.cost,
        **({"picture_ref": answer.picture} if answer.picture is not None else {}),
        "retry": answer.retry,
        "wait": answer.wait,
        "finally": answer.last and answer.last.value,
        "model_gone": answer.model_gone,
        "rule": answer.rule,
    }
