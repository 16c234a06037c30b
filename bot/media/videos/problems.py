"""What is done to a video for Discord, and why that may be impossible."""

from __future__ import annotations

from enum import StrEnum, auto

from bot.errors import KinoraError


class Fit(StrEnum):
    """What was done to a video."""

    AS_IT_IS = auto()
    REWRITTEN = auto()  # its index stands first now; picture and sound are the same
    CONVERTED = auto()  # encoded anew, for Discord would not have played it
    SMALLER = auto()  # encoded anew, with fewer bytes


class VideoProblem(StrEnum):
    """Why a video cannot be given to Discord."""

    DAMAGED = auto()
    TOO_HEAVY = auto()  # it takes more memory or time than there is for one
    TOO_LONG = auto()  # as small as it would have to be, it would show nothing
    GONE = auto()  # where its link leads there is none


VideoNote = Fit | VideoProblem | None  # None: nothing is known of it


class VideoError(KinoraError):
    """The video has a ``problem``."""

    def __init__(self, problem: VideoProblem) -> None:
        super().__init__(problem)
        self.problem = problem
