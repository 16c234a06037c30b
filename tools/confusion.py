"""
``python -m tools.confusion [FILE ...]``: how all samples are read, expected by got, and the mistakes that hurt most.

A false refusal blames a member for what was no review; a lost video was made and paid for; a wrong stage sends the
member to change the wrong thing.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bot.providers.base import FinishedVideo, Refusal
from bot.providers.chat.whole_reply import body_of, read_whole

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
FILES = ("provider_samples.jsonl", "provider_samples_2.jsonl", "provider_pairs.jsonl")
REFUSED = "moderation_"


class Reading(NamedTuple):
    """One sample and how it was read."""

    sample: dict[str, Any]
    outcome: str
    urls: list[str]
    percent: float | None

    @property
    def expected(self) -> str:
        return str(self.sample["expected"]["outcome"])

    @property
    def outcomes(self) -> list[str]:
        """All outcomes that are right."""
        return [self.expected, *self.sample.get("outcome_may_be", [])]

    @property
    def wrong(self) -> str:
        """What is wrong, in a few words; empty if nothing is."""
        told = self.sample["expected"]
        if self.outcome not in self.outcomes:
            return f"{self.expected} read as {self.outcome}"
        if self.urls not in [told["video_urls"], *self.sample.get("video_urls_may_be", [])] and not (
            self.outcome != "success" and not self.urls
        ):
            return f"links {self.urls}"
        percents = [told.get("max_percent"), *self.sample.get("max_percent_may_be", [])]
        return "" if self.sample["status"] != 200 or self.percent in percents else f"percent {self.percent}"


def read_sample(sample: dict[str, Any], step: int | None = None) -> Reading:
    """Return how ``sample`` is read, ``step`` bytes at a time."""
    base = sample.get("base_url") or "https://relay.example/v1/chat/completions"
    result, reader = read_whole(
        body_of(sample), status=sample["status"], prompt=sample.get("prompt", ""), base=base, step=step
    )
    if isinstance(result, FinishedVideo):
        return Reading(sample, "success", list(result.urls), reader.highest)
    outcome = result.stage if isinstance(result, Refusal) else result.outcome
    return Reading(sample, outcome.value, [], reader.highest)


def load(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the samples of ``paths``, of those that are there."""
    return [
        json.loads(line) for path in paths if path.exists() for line in path.read_text("utf-8").splitlines() if line
    ]


def shares(readings: Sequence[Reading]) -> dict[str, int]:
    """Return how many of ``readings`` are false refusals, lost videos, wrong stages."""
    wrong = [reading for reading in readings if reading.outcome not in reading.outcomes]
    return {
        "false refusals": sum(
            reading.outcome.startswith(REFUSED) and not reading.expected.startswith(REFUSED) for reading in wrong
        ),
        "lost videos": sum(reading.expected == "success" for reading in wrong),
        "wrong stages": sum(
            reading.outcome.startswith(REFUSED) and reading.expected.startswith(REFUSED) for reading in wrong
        ),
        "missed refusals": sum(
            not reading.outcome.startswith(REFUSED) and reading.expected.startswith(REFUSED) for reading in wrong
        ),
    }


def table(readings: Sequence[Reading]) -> str:
    """Return the table of confusion; another outcome that is right as well counts as the expected one."""
    counts = Counter(
        (reading.expected, reading.expected if reading.outcome in reading.outcomes else reading.outcome)
        for reading in readings
    )
    names = sorted({name for pair in counts for name in pair})
    heads = [f"{number}" for number in range(1, len(names) + 1)]
    width = max(map(len, names)) + 4
    lines = [" " * width + "".join(head.rjust(5) for head in heads)]
    for number, expected in enumerate(names, 1):
        cells = "".join(str(counts[expected, got] or "·").rjust(5) for got in names)
        lines.append(f"{number:>2} {expected}".ljust(width) + cells)
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Print the table and each mistake; return 1 if there is one."""
    paths = [Path(name) for name in arguments] or [DATA / name for name in FILES]
    readings = [read_sample(sample) for sample in load(paths)]
    right = sum(not reading.wrong for reading in readings)
    print("rows: expected; columns: got\n")
    print(table(readings))
    print(
        f"\n{right} of {len(readings)} right; "
        + ", ".join(f"{count} {name}" for name, count in shares(readings).items())
    )
    for reading in readings:
        if reading.wrong:
            print(f"  {reading.sample['name']}: {reading.wrong}")
    return 0 if right == len(readings) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
