"""
Every error that Kinora raises on purpose, sorted by who has to act on it.

    KinoraError
    ├── UserError            a member can fix it; ``sentence`` is shown to them as it stands
    ├── LimitReached         the server's rules do not let the request in (``policy/admission.py``)
    ├── PictureError         the picture cannot be used (``media/pictures/problems.py``)
    ├── ExportTooLarge       Discord does not take a file of that size
    ├── ShuttingDown         no more jobs are taken
    ├── SettingsError        the operator can fix it; ``problems`` holds one plain line each
    ├── NoSessionsLeft       Discord takes no more connections before ``resets``; the operator has to wait
    ├── VideoError           a finished video cannot be given to Discord (``media/videos/problems.py``)
    ├── StorageError         the database did not do what it was asked; nothing may be spent on its behalf
    └── FetchError           a link was not fetched; the text is for the log
        ├── LinkRefused      it may not be: it leads into a private network, or is no web link
        ├── FileGone         its host says that there is no such file
        └── FileTooLarge     it is larger than the caller can use

A member can fix the first five; ``texts/errors.py`` has the sentence for those that carry facts in place of one.
How a generation ended is no error but data: see ``Outcome`` in ``models.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class KinoraError(Exception):
    """Base of all errors below."""


class UserError(KinoraError):
    """Something the member can put right; ``sentence`` says how and is safe to show."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ShuttingDown(KinoraError):
    """The process takes no more jobs; nothing was started, nothing was counted."""


class ExportTooLarge(KinoraError):
    """The file has ``size`` bytes, and even its archive has more than the ``limit``."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size, limit)
        self.size = size
        self.limit = limit


class SettingsError(KinoraError):
    """The settings cannot be used; ``problems`` names each of them, never with a value that is secret."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class NoSessionsLeft(KinoraError):
    """Discord takes ``remaining`` more session starts before ``resets``, in UTC, and ``needed`` would be too many."""

    def __init__(self, remaining: int, needed: int, resets: datetime) -> None:
        super().__init__(
            f"Discord takes {remaining} more session starts from this bot until {resets:%Y-%m-%d %H:%M} UTC, and this "
            f"process needs {needed}: any more would have it reset the token. Find out what started it that often, and "
            "start it again after that time."
        )


class StorageError(KinoraError):
    """The database could not be opened, upgraded or written."""


class FetchError(KinoraError):
    """A link was not fetched: no connection, an HTTP error, a broken or slow transfer."""


class LinkRefused(FetchError):
    """The link leads where the bot must not go."""


class FileGone(FetchError):
    """The host says that there is no such file: HTTP 404 or 410."""


class FileTooLarge(FetchError):
    """The file passed the caller's bound; what had come of it is gone."""
