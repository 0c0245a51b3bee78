"""Fixtures and rules that every test shares."""

import os
from collections.abc import Generator

import pytest

from tests.servers.requirements import REQUIRE


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns every skip into a failure where all servers must be there, whoever asked for the skip."""
    report = yield
    if report.skipped and os.environ.get(REQUIRE) == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although {REQUIRE}=1: {report.longrepr}"
    return report
