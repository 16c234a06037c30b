"""Leaves the browser's tests out where there is no browser, and says so below everything else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.chromium import missing

collect_ignore = ["browser"] if missing() else []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    yield
    if reason := missing():
        terminalreporter.write_sep("=", "left out")
        terminalreporter.write_line(f"The tests of the page in a browser, tests/browser, did not run. {reason}")
