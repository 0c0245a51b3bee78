"""The only way to GitHub: GET on declared paths of the configured host, bounded in size and time.

PyGithub takes connection classes for the whole process. Ours knows which hosts were opened for reading; a request to
any other host, with another method or to another path is refused before it reaches the wire, whoever makes it.
"""

from __future__ import annotations

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
PATHS: tuple[str, ...] = (
    r"/user",
    r"/rate_limit",
    _REPO,
    rf"{_REPO}/pulls",
    rf"{_REPO}/pulls/\d+",
    rf"{_REPO}/pulls/\d+/files",
    rf"{_REPO}/deployments",
    rf"{_REPO}/deployments/\d+/statuses",
    rf"{_REPO}/releases",
    rf"{_REPO}/actions/runs",
    rf"{_REPO}/commits/{_SHA}",
    rf"{_REPO}/compare/{_SHA}\.\.\.{_SHA}",
)
"""Patterns of the paths that may be read, matched in full below the API's root; no other is ever sent."""
_DECLARED = tuple(re.compile(p) for p in PATHS)
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

    @classmethod
    def of(cls, base_url: str, timeout_s: float, max_bytes: int) -> Door:
        """The door to the API at this URL."""
        split = urlsplit(base_url)
        port = split.port or (443 if split.scheme == "https" else 80)
        return cls(split.scheme, split.hostname or "", port, split.path.rstrip("/"), timeout_s, max_bytes)

    def check(self, method: str, url: str, body: object) -> None:
        """Refuse what is not a GET of a declared path below the root; raises Refused."""
        path, _, query = url.partition("?")
        if method != "GET" or body is not None:
            raise Refused(f"method {method}")
        below = path.removeprefix(self.root) if path.startswith(f"{self.root}/") else ""
        if not any(p.fullmatch(below) for p in _DECLARED):
            raise Refused("a path outside the declared set")
        if any(name not in QUERY_NAMES for name, _ in parse_qsl(query, keep_blank_values=True)):
            raise Refused("a query parameter outside the declared set")


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
        return _get(door, url, headers)

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


def _get(door: Door, url: str, headers: dict[str, str]) -> _Answer:
    """Send one GET; raises Unavailable for no answer, a redirect, an answer too slow or too large."""
    ends = time.monotonic() + door.timeout_s
    try:
        with _session().get(
            f"{door.scheme}://{door.host}:{door.port}{url}",
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
