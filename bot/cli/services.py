"""The shell command ``python -m bot services``: ComfyUI, and the task services that have a description, a line each."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from bot.cli.columns import align
from bot.providers.tasks.descriptions.description import Description
from bot.providers.tasks.descriptions.file import load_description, shipped_names
from bot.settings import COMFYUI

HEAD = ("VIDEO_API", "service", "key from", "picture", "seconds", "reads", "known")
PICTURES = {"file": "file", "data_url": "data URL", "base64": "base64", "link": "link", "upload": "uploaded"}
GRADES = {"read": "read in its documents", "tested": "tested with recorded answers", "live": "seen live"}


def services() -> int:
    """Print the list and return the exit code."""
    rows = [_comfyui(), *map(_row, shipped_names())]
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in align([HEAD, *rows], left=len(HEAD)))
    return 0


def _comfyui() -> tuple[str, ...]:
    of_workflow = "the workflow's"
    reads = "state, percent, cancel"
    return COMFYUI, "ComfyUI", "your own server", "uploaded", of_workflow, reads, GRADES["tested"]


def _row(name: str) -> tuple[str, ...]:
    described = load_description(name)
    variants = [described, *(load_description(name, sample_model(pattern)) for pattern in described.models)]
    lengths = sorted({seconds for one in variants for seconds in one.ask.seconds})
    return (
        name,
        described.name,
        described.auth.page or "your gateway or server",
        PICTURES[described.image.travels],
        f"{lengths[0]}-{lengths[-1]}" if lengths else "the model's",
        ", ".join(_reads(described)),
        GRADES[described.grade],
    )


def sample_model(pattern: str) -> str:
    """Return a model name that ``pattern`` of a description's models fits."""
    return re.sub(r"\[(.)[^\]]*\]", r"\1", pattern).replace("*", "")


def _reads(described: Description) -> Iterator[str]:
    yield "state"
    if described.poll.percent:
        yield "percent"
    if "cost" in described.model_fields_set:
        yield "credits" if any(cost.credits for cost in described.cost) else "cost"
    if described.cancel:
        yield "cancel"
