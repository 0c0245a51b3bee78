"""Short-lived tokens of a GitHub App, and tokens in files that rotate."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sre_advisor.app.backends import live_connectors
from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.github.app import EARLIER_S, AppTokens
from sre_advisor.connectors.github.config import GithubConfig
from sre_advisor.connectors.github.transport import Door, Refused
from sre_advisor.credentials import Credentials
from sre_advisor.settings import load_settings
from sre_advisor.setup.privileges.review import Access
from tests.connectors.github.standin import Standin, error, ok
from tests.setup.privileges.conftest import backends, reviewed

INSTALLATION = "/app/installations/42"
EXCHANGE = f"{INSTALLATION}/access_tokens"
READING = {"metadata": "read", "contents": "read", "pull_requests": "read", "deployments": "read", "actions": "read"}


def made_key() -> tuple[str, Any]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return pem.decode(), key.public_key()


KEYS = [made_key(), made_key()]


def installed(hub: Standin, permissions: dict[str, str], lives_s: float = 3600) -> None:
    """Let GitHub know the App; each exchange gives another token."""
    given = iter(range(1, 100))

    def exchange() -> tuple[int, dict[str, str], bytes]:
        until = datetime.fromtimestamp(1_000_000 + lives_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        told = {
            "token": f"ghs_{next(given):036}",
            "expires_at": until,
            "permissions": {},
            "repository_selection": "all",
        }
        return 201, {"Content-Type": "application/json"}, json.dumps(told).encode()

    hub.routes[INSTALLATION] = lambda: ok({"id": 42, "app_id": 7, "permissions": permissions})
    hub.routes[EXCHANGE] = exchange


@pytest.fixture
def app(hub: Standin, tmp_path: Path) -> dict[str, Any]:
    installed(hub, READING)
    (tmp_path / "app.pem").write_text(KEYS[0][0])
    (tmp_path / "app.pem").chmod(0o600)
    return {
        "repositories": ["acme/shop"],
        "base_url": hub.url,
        "app": {"app_id": 7, "installation_id": 42, "private_key_file": str(tmp_path / "app.pem")},
    }


def tokens(app: dict[str, Any], clock: Callable[[], float]) -> AppTokens:
    config = GithubConfig.model_validate(app)
    assert config.app
    return AppTokens(config, config.app, clock)


async def test_the_tools_read_with_a_token_the_app_was_given(hub: Standin, app: dict[str, Any]) -> None:
    settings = load_settings(None, {"github": app})
    (connector,) = live_connectors(settings, Credentials({"GITHUB_TOKEN": "not used"}))
    tool = connector.tools()[1]
    await tool.run(tool.args.model_validate({"number": 12}), datetime(2026, 6, 2, tzinfo=UTC))
    posts = [(method, path) for method, path, _, _ in hub.seen if method != "GET"]
    assert set(posts) == {("POST", EXCHANGE)}, "the exchange is the only request that is no GET"
    assert {token for _, path, _, token in hub.seen if path.startswith("/repos")} == {"token ghs_" + f"{1:036}"}


async def test_a_token_is_kept_until_shortly_before_it_expires(hub: Standin, app: dict[str, Any]) -> None:
    now = [1_000_000.0]
    given = tokens(app, lambda: now[0])
    first = given()
    now[0] += 3600 - EARLIER_S - 1
    assert given() == first
    now[0] += 2
    assert given() != first
    assert hub.paths().count(EXCHANGE) == 2


async def test_callers_at_the_same_time_share_one_exchange(hub: Standin, app: dict[str, Any]) -> None:
    given = tokens(app, lambda: 1_000_000.0)
    threads = [threading.Thread(target=given) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hub.paths().count(EXCHANGE) == 1


async def test_the_apps_key_is_read_anew_for_each_token(hub: Standin, app: dict[str, Any], tmp_path: Path) -> None:
    now = [1_000_000.0]
    given = tokens(app, lambda: now[0])
    for pem, public in KEYS:
        (tmp_path / "app.pem").write_text(pem)
        given()
        shown = (hub.seen[-1][3] or "").removeprefix("Bearer ")
        assert jwt.decode(shown, public, algorithms=["RS256"], options={"verify_iat": False})["iss"] == "7"
        now[0] += 3600


@pytest.mark.parametrize(
    ("content", "words"), [("no key at all", "is it the App's"), (None, "cannot be read"), ("", "is it the App's")]
)
async def test_a_key_that_cannot_be_used_is_said_by_its_file(
    app: dict[str, Any], tmp_path: Path, content: str | None, words: str
) -> None:
    (tmp_path / "app.pem").unlink()
    if content is not None:
        (tmp_path / "app.pem").write_text(content)
    with pytest.raises(Unavailable, match=words) as caught:
        tokens(app, lambda: 0.0)()
    assert caught.value.kind == "unauthorised"
    assert "app.pem" in caught.value.detail


async def test_an_app_github_does_not_know_is_said(hub: Standin, app: dict[str, Any]) -> None:
    hub.routes[INSTALLATION] = lambda: error(404, "Not Found")
    with pytest.raises(Unavailable, match=r"check github\.app"):
        tokens(app, lambda: 0.0)()


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (EXCHANGE, '{"permissions": {"contents": "write"}}'), (EXCHANGE, '{"permissions": {}}'), (EXCHANGE, "{}"),
        (EXCHANGE, None), (EXCHANGE, '{"permissions": {"contents": "read"}, "repositories": ["x"]}'), (EXCHANGE, "["),
        (f"{EXCHANGE}?x=1", '{"permissions": {"contents": "read"}}'),
        ("/app/installations/43/access_tokens", '{"permissions": {"contents": "read"}}'),
        ("/repos/acme/shop/pulls", '{"permissions": {"contents": "read"}}'),
    ],
)  # fmt: skip
def test_no_post_but_the_exchange_for_a_token_that_reads_is_let_through(url: str, body: str | None) -> None:
    door = Door.of("https://api.github.com", 5.0, 1000, installation=42)
    door.check("POST", EXCHANGE, '{"permissions": {"contents": "read"}}')
    with pytest.raises(Refused):
        door.check("POST", url, body)
    with pytest.raises(Refused):
        Door.of("https://api.github.com", 5.0, 1000).check("POST", EXCHANGE, '{"permissions": {"contents": "read"}}')


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [(READING, Access.READS), (READING | {"issues": "write"}, Access.WRITES), ({"checks": "read"}, Access.READS)],
)
async def test_the_review_tells_what_the_apps_key_could_ask_for(
    hub: Standin, app: dict[str, Any], tmp_path: Path, permissions: dict[str, str], expected: Access
) -> None:
    installed(hub, permissions)
    found = (await reviewed(backends(tmp_path, github=app)))["github.app"]
    assert found.access is expected
    assert {method for method, *_ in hub.seen} == {"GET"}, "no token is asked for to find out"


async def test_a_github_token_in_a_file_is_read_anew_when_it_rotates(hub: Standin, tmp_path: Path) -> None:
    file = tmp_path / "token"
    settings = load_settings(None, {"github": {"repositories": ["acme/shop"], "base_url": hub.url}})
    (connector,) = live_connectors(settings, Credentials({"GITHUB_TOKEN_FILE": str(file)}))
    tool = connector.tools()[1]
    for token in ("first" * 4, "second" * 4):
        file.write_text(f"{token}\n")
        await tool.run(tool.args.model_validate({"number": 12}), datetime(2026, 6, 2, tzinfo=UTC))
        assert hub.seen[-1][3] == f"token {token}"


async def test_a_backends_token_file_is_read_anew_when_it_rotates(tmp_path: Path) -> None:
    from sre_advisor.connectors.alertmanager.config import AlertmanagerConfig

    config = AlertmanagerConfig(url="http://alertmanager:9093", token_file=tmp_path / "token")
    for token in ("first" * 4, "second" * 4):
        (tmp_path / "token").write_text(token)
        assert config.authorization() == f"Bearer {token}"
