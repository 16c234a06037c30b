"""A process is ready when all of its parts are."""

from __future__ import annotations

import pytest

from bot.operations.health import Health


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def test_process_of_which_nothing_is_known_yet_is_starting() -> None:
    parts = await Health().readiness()
    assert parts == {"ready": False, "starting": True, "gateway": False, "database": False, "draining": False}


@pytest.mark.parametrize(
    ("gateway", "database", "draining", "ready"),
    [(True, yes, False, True), (False, yes, False, False), (True, no, False, False), (True, yes, True, False)],
)
async def test_process_is_ready_when_all_parts_are(
    gateway: bool, database: object, draining: bool, ready: bool
) -> None:
    health = Health()
    health.gateway = lambda: gateway
    health.database = database  # type: ignore[assignment]
    health.draining = lambda: draining
    parts = await health.readiness()

    assert parts == {
        "ready": ready,
        "starting": False,
        "gateway": gateway,
        "database": database is yes,
        "draining": draining,
    }


async def test_process_whose_database_is_closed_while_it_leaves_does_not_start_again() -> None:
    health = Health()
    health.draining = lambda: True

    assert not (await health.readiness())["starting"]
