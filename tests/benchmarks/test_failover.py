"""Of two services one dies under load and comes back: nothing is paid twice or lost, and the other one never rests."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import failover


@pytest.mark.parametrize("kind", ["chat", "videos"])
async def test_while_a_service_is_dead_the_other_one_makes_all_once_and_then_it_is_asked_again(
    kind: str, tmp_path: Path
) -> None:
    figures = await failover.run(tmp_path, kind, 80, 10, seed=7)
    assert (figures.twice, figures.lost, figures.rests) == (0, 0, {failover.DYING: 1})
    assert figures.made > 40
    assert figures.back > 0
