"""Configures logging, as text or JSON lines, with every secret taken out by its value."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

# At INFO and DEBUG these log what only their own developers need, members' prompts and signed links included.
LIBRARIES = ("discord", "alembic", "sqlalchemy", "aiosqlite", "asyncpg", "PIL")
_FIELDS = ("job", "guild", "ref")
_IN_JSON = (*_FIELDS, "model", "outcome", "seconds")  # text says these in its sentences
# What ends a line for a terminal or str.splitlines(), or controls the terminal: a message may not forge a second line.
_CONTROLS = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029) if code != 9}
# Secrets that are not known beforehand: the token of an interaction, in the path of a link, and what signs a link.
_IN_LINKS = re.compile(
    r"(/(?:webhooks|interactions)/\d+/|[?&](?:hm|sig|signature|token|x-amz-signature|x-amz-credential)=)[^\s/?&#\"'<>)]+",
    re.IGNORECASE,
)

_about: ContextVar[dict[str, object]] = ContextVar("about", default={})  # noqa: B039 - never changed, only replaced

log = logging.getLogger(__name__)


def bind_log_context(facts: dict[str, object]) -> None:
    """Add ``facts`` to every line that this task and those it starts log from now on, from any logger."""
    _about.set(facts)


class _Redacting(logging.Formatter):
    """Hides the secrets in what a formatter writes, whichever part of the record they came from."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        # Longest first: a secret that contains another one must go whole.
        self._secrets = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)

    def hide(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _IN_LINKS.sub(r"\1[secret]", text)


def _forms(secret: str) -> Iterable[str]:
    """Return ``secret`` as it stands by itself, inside a repr(), inside JSON and inside a link."""
    in_json = (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    return (secret, repr(secret)[1:-1], *in_json, quote(secret), quote(secret, safe=""), quote_plus(secret))


class _TextFormatter(_Redacting):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        facts = "".join(f" {name}={value}" for name, value in _facts(record, _FIELDS).items())
        line = f"{time} {record.levelname:<7} {record.name}: {record.getMessage()}{facts}".translate(_CONTROLS)
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        # Set in: an error's own words may hold a line that looks like a record.
        set_in = "".join(f"\n  {line.translate(_CONTROLS)}" for line in trace.split("\n") if line)
        return self.hide(line + set_in)


class _JsonFormatter(_Redacting):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_facts(record, _IN_JSON),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        for name, value in entry.items():
            if not isinstance(value, int | float | None):
                entry[name] = self.hide(str(value))  # before JSON escapes what may be part of a secret
        return self.hide(json.dumps(entry, ensure_ascii=False))


def _facts(record: logging.LogRecord, names: Iterable[str]) -> dict[str, object]:
    facts = _about.get() | vars(record)
    return {name: facts[name] for name in names if name in facts}


def configure(level: str, style: str, secrets: Iterable[str]) -> None:
    """Send all log records to standard error, as `write_to` does, with warnings and unhandled exceptions."""
    write_to(sys.stderr, level, style, secrets)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda failed: _uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)
    sys.unraisablehook = _unraisable


def write_to(stream: TextIO, level: str, style: str, secrets: Iterable[str]) -> None:
    """
    Send all log records to ``stream`` alone, as ``text`` or ``json`` lines.

    ``extra={"job": …, "guild": …, "ref": …}`` of a record become fields of the line, and of a JSON line ``model``,
    ``outcome`` and ``seconds`` too.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_JsonFormatter(secrets) if style == "json" else _TextFormatter(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(max(logging.WARNING, root.level))
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # a font without bold letters is no news


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt | SystemExit):
        log.critical("unhandled exception", exc_info=(kind, error or kind(), trace))


def _unraisable(failed: Any) -> None:
    error = failed.exc_value
    log.error("%s", failed.err_msg or "unhandled exception while an object was deleted", exc_info=error)
