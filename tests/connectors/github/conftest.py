"""A stand-in for GitHub on a free port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.github.standin import Standin, serve


@pytest.fixture
def hub() -> Iterator[Standin]:
    standin = Standin()
    server = serve(standin)
    yield standin
    server.shutdown()
    server.server_close()
