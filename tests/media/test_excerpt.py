"""Of a file only the parts that are asked for are read, wherever a decoder looks."""

from __future__ import annotations

import io
import random
from itertools import pairwise

import pytest

from bot.media.pictures.excerpt import Excerpt, Part

WHOLE = bytes(range(256)) * 4


class Counted(io.BytesIO):
    """Counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        return super().read(size)


def test_parts_that_follow_one_another_in_the_file_are_read_at_once() -> None:
    file = Counted(WHOLE)
    parts = [range(place, place + 8) for place in range(0, 1024, 8)]

    assert Excerpt(file, parts).read() == WHOLE
    assert file.reads == 1


@pytest.mark.parametrize("seed", range(20))
def test_it_reads_as_a_file_of_those_parts_alone_would(seed: int) -> None:
    chance = random.Random(seed)
    edges = sorted(chance.sample(range(1024), 12))
    parts: list[Part] = [range(*pair) for pair in pairwise(edges)]
    parts[chance.randrange(len(parts))] = b"a stranger"
    del parts[chance.randrange(len(parts))]
    plain = io.BytesIO(b"".join(part if isinstance(part, bytes) else WHOLE[part.start : part.stop] for part in parts))
    excerpt = Excerpt(io.BytesIO(WHOLE), parts)

    for _ in range(50):
        assert excerpt.seek(place := chance.randrange(1100)) == plain.seek(place)
        assert excerpt.read(size := chance.choice([0, 1, 7, 300, -1])) == plain.read(size)
