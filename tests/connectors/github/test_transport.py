"""What may be sent to GitHub, whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable

import github
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.connectors.github.transport import Door, Refused, open_door
from tests.connectors.github.standin import Standin, serve

DOOR = Door.of("https://ghe.example.com/api/v3", 5.0, 1000)
GOOD = "/api/v3/repos/acme/shop"
REFUSED = [
    "/repos/acme/shop/pulls", f"{GOOD}/pulls/12/merge", f"{GOOD}/../../user", f"{GOOD}/contents/x", "/api/graphql",
    f"{GOOD}/pulls/%2e%2e", f"{GOOD}/pulls\n", f"{GOOD}/hooks", f"{GOOD}/actions/secrets", "/api/v3/user/keys",
    "/api/v3/repos/acme/../pulls", f"{GOOD}/pulls?access_token=x", "https://evil.example/api/v3/user", "",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_a_path_outside_the_declared_set_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        DOOR.check("GET", url, None)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "get"])
def test_no_method_but_get_is_let_through(method: str) -> None:
    with pytest.raises(Refused):
        DOOR.check(method, f"{GOOD}/pulls", None)


def test_a_declared_read_is_let_through_unless_it_carries_a_body() -> None:
    DOOR.check("GET", f"{GOOD}/pulls/12/files?per_page=100&page=2", None)
    with pytest.raises(Refused):
        DOOR.check("GET", f"{GOOD}/pulls", "{}")


@given(st.text(alphabet="abz/.%?#&=:@\\\n12", max_size=40))
def test_whatever_passes_stays_below_the_root_and_climbs_nowhere(tail: str) -> None:
    try:
        DOOR.check("GET", f"/api/v3{tail}", None)
    except Refused:
        return
    path = tail.partition("?")[0]
    assert path in ("/user", "/rate_limit") or path.startswith("/repos/")
    assert not {"..", "."} & set(path.split("/"))


def test_pygithub_itself_cannot_write_through_it(hub: Standin) -> None:
    open_door(Door.of(hub.url, 5.0, 100_000))
    client = github.Github(base_url=hub.url, retry=None, seconds_between_requests=None, lazy=True)
    repository = client.get_repo("acme/shop")
    writes: list[Callable[[], object]] = [
        lambda: repository.create_issue("x"),
        lambda: repository.get_pull(12).merge(),
        repository.delete,
        lambda: repository.create_file("x", "m", "c"),
        lambda: repository.edit(description="x"),
        lambda: client.get_user().create_repo("x"),
    ]
    for write in writes:
        with pytest.raises(Refused):
            write()
    assert {method for method, *_ in hub.seen} <= {"GET"}


def test_a_host_nobody_opened_is_refused() -> None:
    other = Standin()
    server = serve(other)
    try:
        open_door(DOOR)
        with pytest.raises(Refused):
            github.Github(base_url=other.url, retry=None).get_rate_limit()
    finally:
        server.shutdown()
        server.server_close()
    assert other.seen == []
