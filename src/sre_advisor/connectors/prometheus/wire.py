"""The only way to Prometheus: a requests session that lets the declared reads through and nothing else."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from prometheus_api_client.prometheus_connect import PrometheusConnect
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.cookies import RequestsCookieJar
from urllib3.exceptions import HTTPError as TransportError
from urllib3.exceptions import ReadTimeoutError
from urllib3.util.retry import Retry

from sre_advisor.connectors.contract import BadRequest, Denied, Unavailable
from sre_advisor.connectors.prometheus.config import PrometheusConfig

DECLARED_METHOD = "GET"
READS: dict[str, str] = {
    r"/api/v1/query": "a query at one moment",
    r"/api/v1/query_range": "a query over a time",
    r"/api/v1/series": "which series there are",
    r"/api/v1/labels": "names of labels",
    r"/api/v1/label/[a-zA-Z_][a-zA-Z0-9_]*/values": "values of one label",
    r"/api/v1/metadata": "type and help of metrics",
    r"/api/v1/rules": "alerting rules, for recordings",
    r"/api/v1/status/flags": "whether it lets itself be changed, for the privilege review",
}
"""Patterns of the paths that may be read with GET, matched in full below the configured address, and what for."""
_DECLARED = tuple(re.compile(pattern) for pattern in READS)

CONNECT_TIMEOUT_S = 5.0
CHUNK_BYTES = 64 * 1024
ERROR_BODY_BYTES = 16 * 1024
HINT_CHARACTERS = 400


class ReadOnlyAdapter(HTTPAdapter):
    """Sends declared requests to the configured host; bounds size and time; speaks the contract's failures."""

    def __init__(self, config: PrometheusConfig, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(max_retries=0, pool_maxsize=config.max_concurrent)
        self._config, self._clock = config, clock
        self._base = urlsplit(config.url or "")

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]  # requests' own callers pass keywords only
        """The answer with its body read, or one of Denied, BadRequest, Unavailable."""
        self._allow(request)
        authorization = self._config.authorization()
        if authorization is not None:
            request.headers["Authorization"] = authorization
        limit = self._config.timeout_s
        deadline = self._clock() + limit
        options |= {"stream": True, "timeout": (min(CONNECT_TIMEOUT_S, limit), limit), "proxies": None}
        try:
            response = super().send(request, **options)
            body = self._read(response, deadline)
        except (requests.Timeout, ReadTimeoutError):
            raise Unavailable("timeout", f"Prometheus did not answer within {limit:g} s") from None
        except requests.exceptions.SSLError:
            raise Unavailable("unreachable", "the TLS certificate was not accepted; set ca_file") from None
        except (requests.RequestException, TransportError, OSError) as error:
            raise Unavailable("unreachable", f"no connection to {self._base.netloc} ({_plain(error)})") from None
        _raise_for_status(response.status_code, body, response.headers.get("Location", ""))
        response.raw = BytesIO(body)
        response.headers.pop("Content-Encoding", None)
        response.encoding = "utf-8"
        return response

    def _allow(self, request: requests.PreparedRequest) -> None:
        target = urlsplit(request.url or "")
        same_host = (target.scheme, target.netloc) == (self._base.scheme, self._base.netloc)
        below = target.path.removeprefix(self._base.path)
        declared = target.path.startswith(self._base.path) and any(p.fullmatch(below) for p in _DECLARED)
        if request.method != DECLARED_METHOD or request.body or not same_host or not declared:
            raise Denied(f"{request.method} of this path is not among the reads declared for Prometheus")

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        limit = self._config.max_response_bytes if response.ok else ERROR_BODY_BYTES
        body = bytearray()
        try:
            for chunk in response.raw.stream(CHUNK_BYTES, decode_content=True):
                body += chunk
                if len(body) > limit and response.ok:
                    raise Unavailable(
                        "too_large",
                        f"the answer is larger than {limit // 1024} KiB; ask for fewer series or a coarser step",
                    )
                if len(body) > limit:
                    break
                if self._clock() > deadline:
                    raise Unavailable("timeout", f"the answer took longer than {self._config.timeout_s:g} s")
        except BaseException:
            response.close()
            raise
        response.raw.release_conn()
        return bytes(body)


class ReadOnlySession(requests.Session):
    """A session with one adapter that cannot be replaced, no redirects, no cookies, nothing from the environment."""

    def __init__(self, adapter: ReadOnlyAdapter) -> None:
        super().__init__()
        self._only = adapter
        self.trust_env = False
        self.cookies = RequestsCookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))

    def get_adapter(self, url: str | bytes) -> BaseAdapter:  # noqa: ARG002  # the library mounts its own; it is not used
        """The one adapter, whatever was mounted."""
        return self._only

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """As requests does, but a redirect is an answer, never followed."""
        return super().request(method, url, *args, **{**options, "allow_redirects": False})

    def close(self) -> None:
        """Let go of the pooled connections."""
        self._only.close()
        super().close()


def open_session(config: PrometheusConfig) -> ReadOnlySession:
    """The read-only session for this Prometheus."""
    session = ReadOnlySession(ReadOnlyAdapter(config))
    session.verify = str(config.ca_file) if config.ca_file else True
    return session


def open_connection(config: PrometheusConfig) -> PrometheusConnect:
    """prometheus-api-client on top of the read-only session."""
    return PrometheusConnect(url=config.url or "", session=open_session(config), retry=Retry(0))


def _raise_for_status(status: int, body: bytes, location: str) -> None:
    if status == 200:
        return
    said = _own_words(body)
    if status in {401, 403}:
        raise Unavailable("unauthorised", f"Prometheus refused the credentials (HTTP {status})")
    if status in {400, 422} and said:
        raise BadRequest(f"Prometheus says: {said}")
    if 300 <= status < 400:
        host = urlsplit(location).hostname or "another page of itself"
        raise Unavailable("garbled", f"it redirects to {host[:100]} (HTTP {status}), which is not followed")
    if status == 503 and said and "timed out" in said:
        raise Unavailable("timeout", f"Prometheus gave up: {said}")
    if status >= 500 or status == 429:
        raise Unavailable("server_error", f"HTTP {status}" + (f": {said}" if said else ""))
    raise Unavailable("garbled", f"HTTP {status} where the Prometheus API should be; is a path prefix missing?")


def _own_words(body: bytes) -> str:
    """Prometheus' own error message, "" when the body is not one."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    said = answer.get("error") if isinstance(answer, dict) else None
    return " ".join(said.split())[:HINT_CHARACTERS] if isinstance(said, str) else ""


def _plain(error: BaseException) -> str:
    """What kind of connection error it was, in words that hold no address or header."""
    text = str(error)
    for mark, words in (("refused", "connection refused"), ("resolve", "name not found"), ("unreachable", "no route")):
        if mark in text:
            return words
    return "connection broken"
