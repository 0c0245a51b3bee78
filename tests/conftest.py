"""Fixtures and rules that every test shares."""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.alone import MARK, machine
from tests.servers.requirements import REQUIRE


def pytest_configure(config: pytest.Config) -> None:
    """Takes Hypothesis's own clock from a process that shares the machine: it would tell how busy the others are.

    A test of its own bounds what must be quick; one process alone keeps the 200 ms an example.
    """
    if hasattr(config, "workerinput"):
        settings.register_profile("shared", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
        settings.load_profile("shared")


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
