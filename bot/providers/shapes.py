"""Which of the offered sizes or ratios fits a picture best."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bot.models import Picture

_SHAPE = re.compile(r"([1-9]\d*)[x*:]([1-9]\d*)")  # not "720p", nor "adaptive"


def nearest(formats: Sequence[str], pictures: Sequence[Picture]) -> str | None:
    """Return the size or ratio that comes nearest to the shape of the first picture; without one, the first."""
    sides = pictures[0].sides if pictures else None
    shapes = {each: int(found[1]) / int(found[2]) for each in formats if (found := _SHAPE.fullmatch(each))}
    if not shapes or sides is None or not all(sides):
        return next(iter(formats), None)
    wanted = math.log(sides[0] / sides[1])
    return min(shapes, key=lambda each: abs(math.log(shapes[each]) - wanted))
