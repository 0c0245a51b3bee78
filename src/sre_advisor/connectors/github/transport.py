"""The only way to GitHub: GET on declared paths of the configured host, bounded in size and time.

One request is no GET: a GitHub App's key is exchanged for a token that lives an hour and may only read.

PyGithub takes connection classes for the whole process. Ours knows which hosts were opened for reading; a request to
any other host, with another method or to another path is refused before it reaches the wire, whoever makes it.
"""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import urllib3
from github.Requester import Requester

from sre_advisor.connectors.contract import Unavailable

_REPO = r"/repos/[A-Za-z0-9-]+/(?!\.\.?/)[A-Za-z0-9._-]+"
_SHA = r"[0-9A-Za-z][0-9A-Za-z._-]*"
READS: dict[str, str] = {
    r"/user": "whose token it is",
    r"/rate_limit": "how many requests are left; the scopes of a classic token",
    r"/app/installations/\d+": "what a GitHub App was permitted, before a token is asked for",
    _REPO: "whether the repository can be read, and with which role",
    rf"{_REPO}/pulls": "pull requests",
    rf"{_REPO}/pulls/\d+": "one pull request",
    rf"{_REPO}/pulls/\d+/files": "its files and patches",
    rf"{_REPO}/deployments": "deployments",
    rf"{_REPO}/deployments/\d+/statuses": "how a deployment went",
    rf"{_REPO}/releases": "releases",
    rf"{_REPO}/actions/runs": "workflow runs",
    rf"{_REPO}/commits/{_SHA}": "one commit",
    rf"{_REPO}/compare/{_SHA}\.\.\.{_SHA}": "what lies between two commits",
}
"""Patterns of the paths that may be read with GET, matched in full below the API's root, and what for."""
EXCHANGE = "/app/installations/{id}/access_tokens"
"""The one request that is no GET: a GitHub App's key for a short-lived token, and only one that can read."""
_DECLARED = tuple(re.compile(p) for p in READS)
QUERY_NAMES = frozenset({"per_page", "page", "state", "sort", "direction", "created"})
_CHUNK = 65_536


class Refused(Exception):
    """A request outside the declared set was about to be sent."""


@dataclass(frozen=True, slots=True)
class Door:
    """One API that may be read: its root, and bounds in seconds and bytes for each request."""

    scheme: str
    host: str
    port: int
    root: str
    timeout_s: float
    max_bytes: int
    installation: int | None = None
    """The App installation for which tokens may be asked; None: for none."""

    @classmethod
    def of(cls, base_url: str, timeout_s: float, max_bytes: int, installation: int | None = None) -> Door:
        """The door to the API at this URL."""
        split = urlsplit(base_url)
        port = split.port or (443 if split.scheme == "https" else 80)
        root = split.path.rstrip("/")
        return cls(split.scheme, split.hostname or "", port, root, timeout_s, max_bytes, installation)

    def check(self, method: str, url: str, body: object) -> None:
        """Refuse what is neither a GET of a declared path below the root nor the token exchange; raises Refused."""
        path, _, query = url.partition("?")
        if method == "POST" and self.installation is not None:
            if url != self.root + EXCHANGE.format(id=self.installation) or not _asks_to_read_only(body):
                raise Refused("a POST that is not the exchange of the App's key for a token that reads")
            return
        if method != "GET" or body is not None:
            raise Refused(f"method {method}")
        below = path.removeprefix(self.root) if path.startswith(f"{self.root}/") else ""
        if not any(p.fullmatch(below) for p in _DECLARED):
            raise Refused("a path outside the declared set")
        if any(name not in QUERY_NAMES for name, _ in parse_qsl(query, keep_blank_values=True)):
            raise Refused("a query parameter outside the declared set")


def _asks_to_read_only(body: object) -> bool:
    """Whether this is the exchange's body and names what may be read: without names the token could do everything."""
    try:
        asked = json.loads(body) if isinstance(body, (str, bytes)) else None
    except ValueError:
        return False
    if not isinstance(asked, dict) or set(asked) != {"permissions"}:
        return False
    permissions = asked["permissions"]
    return isinstance(permissions, dict) and bool(permissions) and set(permissions.values()) == {"read"}


_doors: dict[tuple[str, str, int], Door] = {}
_sessions = threading.local()


def open_door(door: Door) -> None:
    """Let this process read that API; everything else stays shut."""
    _doors[(door.scheme, door.host, door.port)] = door
    Requester.injectConnectionClasses(_HttpConnection, _HttpsConnection)  # pyright: ignore[reportArgumentType] - same methods, not a subclass


@dataclass(frozen=True, slots=True)
class _Answer:
    """What PyGithub needs of an answer."""

    status: int
    headers: dict[str, str]
    text: str

    def getheaders(self) -> list[tuple[str, str]]:
        return list(self.headers.items())

    def read(self) -> str:
        return self.text


class _Connection:
    """What PyGithub needs of a connection, with the check before the wire."""

    scheme = ""
    default_port = 0

    def __init__(self, host: str, port: int | None = None, **_unused: Any) -> None:
        self.host, self.port = host, port or self.default_port
        self._request: tuple[str, str, object, dict[str, str]] = ("", "", None, {})

    def request(self, verb: str, url: str, input: object, headers: dict[str, str], stream: bool = False) -> None:  # noqa: A002 - PyGithub's name
        del stream  # always read here, within bounds
        self._request = (verb, url, input, headers)

    def getresponse(self) -> _Answer:
        verb, url, body, headers = self._request
        door = _doors.get((self.scheme, self.host, self.port))
        if door is None:
            raise Refused(f"host {self.host}:{self.port} is not the configured one")
        door.check(verb, url, body)
        return _send(door, verb, url, body, headers)

    def close(self) -> None:
        """The session is kept for the thread's next request."""


class _HttpConnection(_Connection):
    scheme, default_port = "http", 80


class _HttpsConnection(_Connection):
    scheme, default_port = "https", 443


def _session() -> requests.Session:
    if not hasattr(_sessions, "session"):
        session = requests.Session()
        session.trust_env = False  # no .netrc credentials, no proxy the operator did not configure here
        _sessions.session = session
    return _sessions.session


def _send(door: Door, verb: str, url: str, body: object, headers: dict[str, str]) -> _Answer:
    """Send one checked request; raises Unavailable for no answer, a redirect, an answer too slow or too large."""
    ends = time.monotonic() + door.timeout_s
    try:
        with _session().request(
            verb,
            f"{door.scheme}://{door.host}:{door.port}{url}",
            data=body if isinstance(body, (str, bytes)) else None,
            headers=headers,
            timeout=(min(5.0, door.timeout_s), door.timeout_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            if 300 <= response.status_code < 400:
                raise Unavailable(
                    "server_error", "GitHub redirects this repository: it was renamed or moved; configure its new name"
                )
            if response.status_code == 202:
                raise Unavailable("server_error", "GitHub is still preparing this answer; ask again in a minute")
            text = _bounded(response, door, ends).decode("utf-8", errors="replace")
            if response.status_code == 200 and text.strip() in ("", "null"):  # PyGithub would read it as an empty list
                raise Unavailable("garbled", f"{door.host} gave an empty answer")
            return _Answer(response.status_code, dict(response.headers), text)
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        raise Unavailable("timeout", f"{door.host} did not answer within {door.timeout_s:g} s") from None
    except requests.exceptions.SSLError:
        raise Unavailable("unreachable", f"the certificate of {door.host} could not be verified") from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError) as error:
        raise Unavailable(
            "unreachable", f"{door.host}:{door.port} could not be reached ({type(error).__name__})"
        ) from None


def _bounded(response: requests.Response, door: Door, ends: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := response.raw.read1(_CHUNK, decode_content=True):  # what has come, so that a drip meets the clock
        size += len(chunk)
        if size > door.max_bytes:
            raise Unavailable("too_large", f"an answer of {door.host} is longer than {door.max_bytes} bytes")
        if time.monotonic() > ends:
            raise requests.Timeout
        parts.append(chunk)
    return b"".join(parts)
