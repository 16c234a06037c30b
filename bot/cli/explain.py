"""
The shell command ``python -m bot explain``: how a reply of a service is read, and why, fit to be pasted into a report.

The reply is what ``curl`` wrote, with ``-i`` or without: a stream, JSON, or the body of an error. Prompt and key
are taken out of what is printed, and so are the parts of links behind the question mark.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bot.errors import SettingsError
from bot.providers.base import FinishedVideo, Refusal, Result
from bot.providers.chat.reply import ReplyParser
from bot.providers.chat.whole_reply import body_of, read_whole
from bot.providers.judge.judge import weigh
from bot.providers.judge.vocabulary import FEATURES
from bot.providers.links.candidates import Candidate
from bot.providers.links.dressings import TRUST
from bot.settings import environment_text
from bot.wiring.video_services import load_settings

UNREADABLE = 1
MAX_MESSAGES = 12
MAX_LINKS = 20
_HEAD = re.compile(rb"\AHTTP/[\d.]+ (\d{3})[^\n]*\n(?:[^\r\n]+\r?\n)*\r?\n")


def known_secrets(env_file: Path) -> tuple[str, ...]:
    """Return what must not be printed: all secrets of the settings, or the key alone where settings are missing."""
    try:
        return load_settings(env_file).secrets
    except SettingsError:
        key = environment_text(env_file, "VIDEO_API_KEY")
        return (key, key.removeprefix("sk-"))


class Reply(NamedTuple):
    """A reply as it was received: the status, the body, and the prompt if the file names it."""

    status: int
    body: bytes
    prompt: str = ""


def explain(source: str, *, status: int | None, prompt: str, secrets: Iterable[str]) -> int:
    """Print how the reply in the file ``source``, or in standard input for ``-``, is read; return the exit code."""
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        sys.stderr.write(f"{source}: {error.strerror}\n")
        return UNREADABLE
    reply = received(raw)
    reply = reply._replace(status=status or reply.status, prompt=prompt or reply.prompt)
    sys.stdout.write("\n".join(explanation(reply, secrets)) + "\n")
    return 0


def received(raw: bytes) -> Reply:
    """Return the reply that ``raw`` holds: with or without the head of an HTTP answer, or as a line of the samples."""
    status = 200
    while head := _HEAD.match(raw):  # curl shows the heads of a proxy and of "100 Continue" as well
        status = int(head[1])
        raw = raw[head.end() :]
    if raw.lstrip().startswith(b"{"):
        try:
            value = json.loads(raw)
        except ValueError:
            return Reply(status, raw)
        if "raw" in value and "status" in value:
            return Reply(int(value["status"]), body_of(value), str(value.get("prompt", "")))
    return Reply(status, raw)


def explanation(reply: Reply, secrets: Iterable[str]) -> Iterator[str]:
    """Yield the lines that tell how ``reply`` is read."""
    result, reader = read_whole(reply.body, status=reply.status, prompt=reply.prompt, secrets=secrets)
    yield f"outcome   {_outcome(result)}"
    yield f"status    HTTP {reply.status}, {len(reply.body)} bytes"
    yield f"progress  {'none' if reader.highest is None else f'{reader.highest:g}% at most'}"
    if shapes := reader.shapes():
        yield f"beside    {reader.redact(shapes)}"
    if not isinstance(result, FinishedVideo):
        yield from _messages(reader, reply.status)
    yield from _links(reader)


def _outcome(result: Result) -> str:
    if isinstance(result, FinishedVideo):
        return f"success, {len(result.urls)} link{'' if len(result.urls) == 1 else 's'}"
    if isinstance(result, Refusal):
        return result.stage.value
    return f"{result.outcome.value}; the log says: {result.detail}"


def _messages(reader: ReplyParser, status: int) -> Iterator[str]:
    for number, (message, spoken) in enumerate(reader.messages()[:MAX_MESSAGES], 1):
        clean, verdict = reader.explain(message, status, spoken=spoken)
        yield ""
        yield f"message {number}{' (prose)' if spoken else ''}"
        for one in weigh(clean):
            if one.sentence.words:
                yield f"  clause    {reader.redact(one.sentence.words)}"
            if one.sentence.advice:
                yield f"  advice    {reader.redact(one.sentence.advice)}"
            if features := one.features & FEATURES.keys():
                yield f"  features  {', '.join(sorted(features))}"
        if verdict:
            stages = f", stage named by {', '.join(verdict.stages)}" if verdict.stages else ""
            yield f"  rule      {verdict.rule} → {verdict.outcome.value}{stages} (source: {verdict.source})"
        else:
            yield "  rule      none"


def _links(reader: ReplyParser) -> Iterator[str]:
    links = reader.candidates()
    for rank, candidate in enumerate(links[:MAX_LINKS], 1):
        yield ""
        yield f"link {rank}    {reader.redact(_shown(candidate))}"
        yield f"  trust     {TRUST[candidate.trust]}"
        if candidate.label:
            yield f"  label     {reader.redact(candidate.label)}"
        if candidate.aside:
            yield f"  aside     {candidate.aside}"


def _shown(candidate: Candidate) -> str:
    """Return the link without what may open it to others: its query and its user, and the bytes of an inline video."""
    if candidate.url.startswith("data:"):
        return f"{candidate.url.partition(',')[0]},… ({len(candidate.url)} characters)"
    address, question, _ = candidate.url.partition("?")
    return re.sub(r"//[^/@]*@", "//…@", address) + ("?…" if question else "")
