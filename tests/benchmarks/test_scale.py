"""docs/scale.md holds the tables that the command prints, and the calculation respects Discord's limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.scale import SIZES, Fleet, bursts, figures, needs

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "scale.md").read_text("utf-8")


def test_the_page_holds_all_tables_as_the_command_prints_them() -> None:
    assert figures() in PAGE
    assert needs() in PAGE
    assert bursts() in PAGE


@pytest.mark.parametrize("servers", [1, 999, 1000, 1001, 149_999, 150_000, *SIZES])
def test_a_fleet_respects_the_limits_of_discord_and_of_its_machines(servers: int) -> None:
    fleet = Fleet(servers)

    assert fleet.servers / fleet.shards <= 2500
    assert fleet.starts >= fleet.shards
    assert fleet.cores / fleet.processes <= 0.5
    assert fleet.memory / fleet.processes <= 1e9
    assert fleet.cores / fleet.machines <= 4 / 2
    assert fleet.memory / fleet.machines <= 8e9 / 2


@pytest.mark.parametrize("need", ["live", "processes", "machines", "disk", "money", "traffic"])
def test_more_servers_never_need_less(need: str) -> None:
    needed = [getattr(Fleet(servers), need) for servers in range(1000, 400_000, 7919)]

    assert needed == sorted(needed)
