"""``--without-sockets`` leaves out each test that opens a socket of the network or starts a program, when it does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

_OPENING = {"socket.bind", "socket.connect"}
# A program that a test starts may open sockets unseen, and takes a second to start.
_OTHERS = {"socket.getaddrinfo", "subprocess.Popen"}


class WithoutSockets:
    """The plugin of pytest that leaves them out: no list of tests has to be kept."""

    def __init__(self) -> None:
        self._opened = ""
        self._watching = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._watching:
            return
        # The sockets of an event loop itself have a path for an address, or none.
        if event in _OTHERS or (event in _OPENING and isinstance(arguments[1], tuple)):
            self._opened = event
            pytest.skip(event)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        self._watching, self._opened = sys.platform != "win32", ""
        try:
            return (yield)
        finally:
            self._watching = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Iterator[None]:
        # What the skip broke on its way out, such as a task that caught it, is no failure.
        report = yield
        if self._opened and report.failed:
            report.outcome, report.longrepr = "skipped", (__file__, 0, self._opened)
        return report
