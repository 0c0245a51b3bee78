"""A local HTTP server that speaks GitHub's REST shapes and records every request that reached it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], bytes]
REPO = "/repos/acme/shop"


def ok(data: object, **headers: str) -> Answer:
    return 200, {"Content-Type": "application/json", **headers}, json.dumps(data).encode()


def error(status: int, message: str, **headers: str) -> Answer:
    return status, {"Content-Type": "application/json", **headers}, json.dumps({"message": message}).encode()


def pull(hub: str, number: int, merged_at: str | None, **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "title": f"Change {number}",
        "body": "Why",
        "state": "closed",
        "merged_at": merged_at,
        "updated_at": merged_at or "2026-06-02T08:00:00Z",
        "created_at": "2026-05-30T08:00:00Z",
        "merge_commit_sha": f"{number:040x}",
        "user": {"login": "ada"},
        "base": {"ref": "main"},
        "html_url": f"https://github.example/acme/shop/pull/{number}",
        "url": f"{hub}{REPO}/pulls/{number}",
        **more,
    }


FILES = [{"filename": "checkout/pool.py", "status": "modified", "patch": "@@ -1 +1 @@\n-size = 20\n+size = 2"}]


@dataclass
class Standin:
    """Routes by path; `seen` holds (method, path, query, token) of each request."""

    routes: dict[str, Callable[[], Answer]] = field(default_factory=dict[str, Callable[[], Answer]])
    seen: list[tuple[str, str, dict[str, list[str]], str | None]] = field(default_factory=list[Any])
    drip_s: float = 0.0
    url: str = ""

    def __post_init__(self) -> None:
        self.routes |= {
            REPO: lambda: ok({"full_name": "acme/shop", "id": 1}),
            f"{REPO}/pulls": lambda: ok(
                [pull(self.url, 12, "2026-06-02T09:00:00Z"), pull(self.url, 11, None),
                 pull(self.url, 9, "2026-05-01T00:00:00Z")]
            ),
            f"{REPO}/pulls/12": lambda: ok(pull(self.url, 12, "2026-06-02T09:00:00Z")),
            f"{REPO}/pulls/12/files": lambda: ok(FILES),
            f"{REPO}/deployments": lambda: ok(
                [{"id": 7, "sha": "c" * 40, "ref": "main", "environment": "production", "description": None,
                  "created_at": "2026-06-02T09:05:00Z", "creator": {"login": "bot"},
                  "statuses_url": f"{self.url}{REPO}/deployments/7/statuses", "url": f"{self.url}{REPO}/deployments/7"}]
            ),
            f"{REPO}/deployments/7/statuses": lambda: ok(
                [{"id": 1, "state": "success", "log_url": "https://ci.example/7", "target_url": "",
                  "created_at": "2026-06-02T09:06:00Z"}]
            ),
            f"{REPO}/releases": lambda: ok(
                [{"id": 3, "tag_name": "v1.2", "name": "June", "published_at": "2026-06-02T09:04:00Z",
                  "created_at": "2026-06-02T09:04:00Z", "author": {"login": "ada"}, "html_url": "https://github.example/r/v1.2"}]
            ),
            f"{REPO}/actions/runs": lambda: ok(
                {"total_count": 2, "workflow_runs": [run(1, "success"), run(2, "failure")]}
            ),
        }  # fmt: skip

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.seen]


def run(number: int, conclusion: str) -> dict[str, Any]:
    return {"id": number, "name": "ci", "display_title": "Test", "status": "completed", "conclusion": conclusion,
            "head_branch": "main", "head_sha": "d" * 40, "event": "push", "created_at": "2026-06-02T09:00:00Z",
            "html_url": f"https://github.example/run/{number}"}  # fmt: skip


def serve(standin: Standin) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            split = urlsplit(self.path)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))  # or it would be taken for the next request
            standin.seen.append((self.command, split.path, parse_qs(split.query), self.headers.get("Authorization")))
            status, headers, body = standin.routes.get(split.path, lambda: error(404, "Not Found"))()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                for i in range(0, len(body), max(1, len(body) // 20) if standin.drip_s else max(1, len(body))):
                    time.sleep(standin.drip_s)
                    self.wfile.write(body[i : i + max(1, len(body) // 20)] if standin.drip_s else body)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    standin.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server
