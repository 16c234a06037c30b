"""Log lines for people and for machines, with every secret taken out by its value."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

_FIELDS = ("job", "guild", "ref")
# What a terminal or str.splitlines() takes for the end of a line, or acts on: a message may not forge a second line.
_CONTROLS = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029) if code != 9}


class _Redacting(logging.Formatter):
    """Render a record and hide the secrets in the result, wherever in it they came from."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        # Also as they stand inside a repr(). Longest first: a secret that contains another one must go whole.
        forms = {form for secret in secrets for form in (secret, repr(secret)[1:-1])}
        self._secrets = sorted(forms, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        return self.hide(self.render(record))

    def hide(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text

    def render(self, record: logging.LogRecord) -> str:
        raise NotImplementedError

    def traceback(self, record: logging.LogRecord) -> str:
        return self.formatException(record.exc_info) if record.exc_info else ""


class _TextFormatter(_Redacting):
    def render(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        facts = "".join(f" {name}={value}" for name, value in _facts(record))
        line = f"{time} {record.levelname:<7} {record.name}: {record.getMessage()}{facts}".translate(_CONTROLS)
        trace = self.traceback(record)
        return f"{line}\n{trace}" if trace else line


class _JsonFormatter(_Redacting):
    def render(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **dict(_facts(record)),
        }
        if trace := self.traceback(record):
            entry["traceback"] = trace
        # Hidden before JSON escapes what may be part of a secret.
        return json.dumps({name: _hidden(value, self.hide) for name, value in entry.items()}, ensure_ascii=False)


def _hidden(value: object, hide: Callable[[str], str]) -> object:
    return value if isinstance(value, int | float) or value is None else hide(str(value))


def _facts(record: logging.LogRecord) -> list[tuple[str, object]]:
    return [(name, vars(record)[name]) for name in _FIELDS if name in vars(record)]


def configure(level: str, style: str, secrets: Iterable[str]) -> None:
    """
    Send all log records to standard error, as ``text`` or ``json`` lines.

    Records may carry ``extra={"job": …, "guild": …, "ref": …}``; these stand as fields of their own.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter(secrets) if style == "json" else _TextFormatter(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These tell at INFO and DEBUG what only their own developers need: members' prompts and signed links among it.
    for library in ("discord", "alembic", "sqlalchemy", "aiosqlite", "asyncpg", "PIL"):
        logging.getLogger(library).setLevel(max(logging.WARNING, root.level))
