"""What GitHub's answers say about a token."""

from __future__ import annotations

from pathlib import Path

import pytest

from sre_advisor.setup.privileges.review import Access
from tests.connectors.github.standin import REPO, Standin, error
from tests.setup.privileges.conftest import answer, backends, github, reviewed

CLASSIC, FINE, INSTALLED = "ghp_" + "a1" * 18, "github_pat_" + "a1" * 20, "ghs_" + "a1" * 18


async def access(tmp_path: Path, hub: Standin, token: str) -> Access:
    return (await reviewed(backends(tmp_path, **github(hub)), {"GITHUB_TOKEN": token}))["GITHUB_TOKEN"].access


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ("repo", Access.WRITES), ("public_repo", Access.WRITES), ("read:org, workflow", Access.WRITES),
        ("admin:org", Access.WRITES), ("write:packages", Access.WRITES), ("delete_repo", Access.WRITES),
        ("read:org, read:packages", Access.READS), ("", Access.READS), ("something:new", Access.UNKNOWN),
    ],
)  # fmt: skip
async def test_the_scopes_of_a_classic_token_decide_whatever_its_owner_may(
    tmp_path: Path, hub: Standin, scopes: str, expected: Access
) -> None:
    answer(hub, scopes=scopes, push=True, admin=True)
    assert await access(tmp_path, hub, CLASSIC) is expected


@pytest.mark.parametrize("role", ["push", "maintain", "admin", "triage"])
async def test_without_scopes_a_role_that_writes_decides(tmp_path: Path, hub: Standin, role: str) -> None:
    answer(hub, scopes=None, **{role: True})
    assert await access(tmp_path, hub, INSTALLED) is Access.WRITES


async def test_without_scopes_and_without_such_a_role_it_is_not_known(tmp_path: Path, hub: Standin) -> None:
    answer(hub, push=False)
    assert await access(tmp_path, hub, INSTALLED) is Access.UNKNOWN


async def test_a_fine_grained_token_is_a_finding_that_names_its_owners_role_and_no_stop(
    tmp_path: Path, hub: Standin
) -> None:
    answer(hub, push=True)
    found = (await reviewed(backends(tmp_path, **github(hub)), {"GITHUB_TOKEN": FINE}))["GITHUB_TOKEN"]
    assert found.access is Access.UNKNOWN
    assert not found.stops
    assert any("acme/shop: push" in finding for finding in found.findings)


async def test_a_github_that_serves_no_rate_limit_is_asked_about_the_repository_alone(
    tmp_path: Path, hub: Standin
) -> None:
    answer(hub, scopes="repo")
    hub.routes["/rate_limit"] = lambda: error(404, "Rate limiting is not enabled.")
    assert await access(tmp_path, hub, CLASSIC) is Access.WRITES


async def test_a_repository_the_token_may_not_see_is_named(tmp_path: Path, hub: Standin) -> None:
    answer(hub, scopes="")
    hub.routes[REPO] = lambda: error(404, "Not Found")
    found = (await reviewed(backends(tmp_path, **github(hub)), {"GITHUB_TOKEN": CLASSIC}))["GITHUB_TOKEN"]
    assert found.access is Access.READS
    assert any("acme/shop could not be asked" in finding for finding in found.findings)


async def test_a_token_nobody_uses_is_said_to_be_too_much(tmp_path: Path) -> None:
    found = (await reviewed(backends(tmp_path), {"GITHUB_TOKEN": CLASSIC}))["GITHUB_TOKEN"]
    assert "not used" in found.findings[0]
    assert CLASSIC not in repr(found)


async def test_a_token_in_a_file_others_can_read_is_a_finding(tmp_path: Path, hub: Standin) -> None:
    answer(hub, scopes="read:org")
    file = tmp_path / "token"
    file.write_text(CLASSIC)
    file.chmod(0o644)
    environment = {"GITHUB_TOKEN_FILE": str(file)}
    found = (await reviewed(backends(tmp_path, **github(hub)), environment))["GITHUB_TOKEN"]
    assert found.source == "file named by GITHUB_TOKEN_FILE"
    assert "everybody" in found.findings[0]
    file.chmod(0o600)
    assert not (await reviewed(backends(tmp_path, **github(hub)), environment))["GITHUB_TOKEN"].findings
