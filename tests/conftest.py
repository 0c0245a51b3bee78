"""Fixtures and rules that every test shares."""

import os
from collections.abc import Generator

import pytest

from tests.alone import MARK, machine
from tests.servers.requirements import REQUIRE


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Lets a test that is marked so have the machine for itself, where several processes run the tests."""
    if not hasattr(item.config, "workerinput"):  # pytest-xdist's name for what its processes are told
        return (yield)
    factory: pytest.TempPathFactory = item.config._tmp_path_factory  # type: ignore[attr-defined]  # no hook is given it
    with machine(factory.getbasetemp().parent, alone=item.get_closest_marker(MARK) is not None):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns every skip into a failure where all servers must be there, whoever asked for the skip."""
    report = yield
    if report.skipped and os.environ.get(REQUIRE) == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although {REQUIRE}=1: {report.longrepr}"
    return report
