"""The pages of health: their status, how little they say, and what happens where they cannot be served."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import closing

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from bot.operations.health import Health
from bot.operations.health_server import serving
from bot.operations.instrumentation import Meters
from bot.operations.prometheus import PrometheusMeters


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def yes() -> bool:
    return True


@pytest.fixture
def health() -> Health:
    return Health(PrometheusMeters(CollectorRegistry(), [], [], "1.2.3"))


@pytest.fixture
async def session(health: Health) -> AsyncIterator[aiohttp.ClientSession]:
    port = free_port()
    async with serving(health, "127.0.0.1", port), aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session


async def test_readyz_is_503_until_all_parts_are_there(session: aiohttp.ClientSession, health: Health) -> None:
    async with session.get("/readyz") as response:
        assert (response.status, (await response.json())["starting"]) == (503, True)
    health.gateway, health.database = lambda: True, yes
    async with session.get("/readyz") as response:
        assert (response.status, (await response.json())["ready"]) == (200, True)


async def test_openmetrics_is_served_to_who_asks_for_it(session: aiohttp.ClientSession) -> None:
    async with session.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}) as response:
        assert response.headers["Content-Type"].startswith("application/openmetrics-text")
        assert (await response.text()).endswith("# EOF\n")


async def test_metrics_without_their_package_are_501_with_the_remedy(
    session: aiohttp.ClientSession, health: Health
) -> None:
    health.meters = Meters()
    async with session.get("/metrics") as response:
        assert response.status == 501
        assert "pip install" in await response.text()


@pytest.mark.parametrize("page", ["/healthz", "/readyz", "/metrics"])
async def test_only_get_and_head_are_answered(session: aiohttp.ClientSession, page: str) -> None:
    async with session.head(page) as response:
        assert (response.status in (200, 503), await response.read()) == (True, b"")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        async with session.request(method, page) as response:
            assert response.status == 405


@pytest.mark.parametrize("page", ["/healthz", "/readyz", "/metrics", "/", "/metrics/../.env"])
async def test_answers_do_not_name_what_serves_them(session: aiohttp.ClientSession, page: str) -> None:
    async with session.get(page) as response:
        assert (response.headers["Server"], response.headers["Cache-Control"]) == ("kinora", "no-store")


async def test_port_in_use_is_one_sentence(health: Health) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            OSError, match=rf"^HEALTH_PORT {port} of 127.0.0.1 cannot be opened \([A-Z][a-z ]+\)\. Choose"
        ):
            async with serving(health, "127.0.0.1", port):
                pass


async def test_address_of_another_machine_is_one_sentence(health: Health) -> None:
    with pytest.raises(OSError, match=r"^HEALTH_PORT 8080 of 192.0.2.1 cannot be opened \(.+\)\. Choose"):
        async with serving(health, "192.0.2.1", 8080):
            pass
