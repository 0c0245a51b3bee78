"""The only way to Alertmanager: an httpx transport that lets the declared reads through and nothing else."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urlsplit

import httpx
from pydantic import JsonValue

from sre_advisor.connectors.alertmanager.config import AlertmanagerConfig
from sre_advisor.connectors.contract import BadRequest, Denied, Unavailable

DECLARED_METHOD = "GET"
READS: dict[str, str] = {
    "/api/v2/alerts": "alerts that are active",
    "/api/v2/silences": "who silenced them until when",
    "/api/v2/status": "whether it can be read",
}
"""The paths that may be read with GET, below the configured address, and what for."""

CONNECT_TIMEOUT_S = 5.0


class ReadOnlyTransport(httpx.AsyncBaseTransport):
    """Refuses, before it leaves, what is not a declared read of the configured host."""

    def __init__(self, base: str, inner: httpx.AsyncBaseTransport) -> None:
        self._base, self._inner = httpx.URL(base), inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The inner transport's answer; raises Denied for anything undeclared."""
        mine, theirs = self._base, request.url
        same_host = (mine.scheme, mine.netloc) == (theirs.scheme, theirs.netloc) and not theirs.userinfo
        prefix = mine.path.rstrip("/")
        path = theirs.raw_path.decode("ascii", "replace").split("?")[0]
        declared = path.startswith(prefix) and path.removeprefix(prefix) in READS
        if request.method != DECLARED_METHOD or not same_host or not declared:
            raise Denied(f"{request.method} of this path is not among the reads declared for Alertmanager")
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Let go of the inner transport."""
        await self._inner.aclose()


class AlertmanagerReads:
    """Declared reads of one Alertmanager, bounded in time and size; `inner` replaces the network in tests."""

    def __init__(self, config: AlertmanagerConfig, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self.config = config
        self._inner = inner
        self._client: httpx.AsyncClient | None = None

    async def get(self, path: str) -> JsonValue:
        """The JSON answered to this read; raises only the failures of the contract."""
        if self.config.url is None:
            raise Unavailable("unreachable", "no Alertmanager is configured; set alertmanager.url")
        limit = self.config.timeout_s
        try:
            async with asyncio.timeout(limit):
                status, location, body = await self._fetch(self.config.url + path)
        except (TimeoutError, httpx.TimeoutException):
            raise Unavailable("timeout", f"Alertmanager did not answer within {limit:g} s") from None
        except httpx.ConnectError as error:
            raise Unavailable("unreachable", f"no connection to {self._host()} ({_plain(error)})") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            raise Unavailable("unreachable", f"the connection to {self._host()} broke") from None
        _raise_for_status(status, location)
        try:
            answer: JsonValue = json.loads(body)
        except (ValueError, RecursionError):
            raise Unavailable(
                "garbled", "the answer is no JSON; is the address Alertmanager's, with its prefix?"
            ) from None
        return answer

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _fetch(self, url: str) -> tuple[int, str, bytes]:
        if self._client is None:
            self._client = await asyncio.to_thread(self._open)
        authorization = await asyncio.to_thread(self.config.authorization)
        headers = {"Authorization": authorization} if authorization else {}
        async with self._client.stream(DECLARED_METHOD, url, headers=headers) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > self.config.max_response_bytes:
                    kib = self.config.max_response_bytes // 1024
                    raise Unavailable("too_large", f"the answer is larger than {kib} KiB")
            return response.status_code, response.headers.get("Location", ""), bytes(body)

    def _open(self) -> httpx.AsyncClient:
        # In a thread: loading the certificate authorities takes tens of milliseconds.
        import ssl

        verify: ssl.SSLContext | bool = True
        if self.config.ca_file:
            try:
                verify = ssl.create_default_context(cafile=str(self.config.ca_file))
            except OSError:
                raise Unavailable(
                    "unreachable", f"the file {self.config.ca_file} holds no usable certificates"
                ) from None
        bounds = httpx.Limits(max_connections=self.config.max_concurrent)
        inner = self._inner or httpx.AsyncHTTPTransport(verify=verify, limits=bounds, trust_env=False)
        return httpx.AsyncClient(
            transport=ReadOnlyTransport(self.config.url or "", inner),
            timeout=httpx.Timeout(self.config.timeout_s, connect=min(CONNECT_TIMEOUT_S, self.config.timeout_s)),
            follow_redirects=False,
            trust_env=False,
        )

    def _host(self) -> str:
        return urlsplit(self.config.url or "").netloc


def _raise_for_status(status: int, location: str) -> None:
    if status == 200:
        return
    if status in {401, 403}:
        raise Unavailable("unauthorised", f"Alertmanager refused the credentials (HTTP {status})")
    if status in {400, 422}:
        raise BadRequest("Alertmanager did not accept the request")
    if 300 <= status < 400:
        host = urlsplit(location).hostname or "another page of itself"
        raise Unavailable("garbled", f"it redirects to {host[:100]} (HTTP {status}), which is not followed")
    if status >= 500 or status == 429:
        raise Unavailable("server_error", f"HTTP {status}")
    raise Unavailable("garbled", f"HTTP {status} where the Alertmanager API should be; is a path prefix missing?")


def _plain(error: BaseException) -> str:
    text = str(error).casefold()
    if "certificate" in text:
        return "its TLS certificate was not accepted; set ca_file"
    return "name not found" if "name" in text else "connection refused or no route"
