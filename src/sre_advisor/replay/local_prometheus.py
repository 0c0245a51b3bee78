"""A real Prometheus of our own over recorded series: on a free port of this machine, gone when this program is."""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from sre_advisor.replay import gz
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.leash import leashed
from sre_advisor.replay.openmetrics import checked

BLOCKS_S, READY_S, STOP_S = 180.0, 60.0, 5.0
"""Seconds that making blocks of one era, starting and stopping may take."""
_PORTS = range(20_000, 32_768)
"""Below those that systems hand out to whoever names none."""
_PLACES = "/usr/bin:/usr/local/bin:/usr/sbin"

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Programs:
    """Where Prometheus and its tool are."""

    prometheus: str
    promtool: str


def installed() -> Programs | None:
    """The programs, when both are there."""
    found = [shutil.which(name) or shutil.which(name, path=_PLACES) for name in ("prometheus", "promtool")]
    return Programs(found[0], found[1]) if found[0] and found[1] else None


class LocalPrometheus:
    """The process, its address and its folder; `stop` ends it and removes what it wrote."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, folder: Path) -> None:
        self._process, self.url, self._folder = process, url, folder
        atexit.register(self.stop)

    def stop(self) -> None:
        """End it; may be called again."""
        atexit.unregister(self.stop)
        if self._process.poll() is None:
            with contextlib.suppress(OSError):
                self._process.send_signal(signal.SIGTERM)
            if self._process.stdin:
                self._process.stdin.close()
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)  # the server too, not the shell alone
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def make_blocks(programs: Programs, name: str, packed: Path, folder: Path, start: float, end: float) -> None:
    """Check the recorded text and put it into `folder`/data as blocks; raises BrokenRecording."""
    data, text = folder / "data", folder / "samples.txt"
    data.mkdir(parents=True, exist_ok=True)
    with text.open("wb") as out:
        lines: list[bytes] = []
        for head, at, value in checked(name, packed, start, end):
            lines.append(b"%s %s %.3f\n" % (head, _number(value), at))
            if len(lines) >= 20_000:
                out.write(b"".join(lines))
                lines.clear()
        out.write(b"".join(lines) + b"# EOF\n")
    command = [programs.promtool, "tsdb", "create-blocks-from", "openmetrics", "-q", str(text), str(data)]
    try:
        done = subprocess.run(  # noqa: S603 - the installed program on a file of our own making
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=BLOCKS_S, check=False, cwd=folder
        )
    except subprocess.TimeoutExpired:
        raise BrokenRecording(name, "", f"took promtool more than {BLOCKS_S:.0f} s", "record fewer series") from None
    finally:
        text.unlink(missing_ok=True)
    if done.returncode:
        raise BrokenRecording(name, "", "cannot be made into blocks by promtool", gz.ADVICE)


def _number(value: float) -> bytes:
    return repr(value).replace("inf", "+Inf").replace("-+", "-").encode()


def start(programs: Programs, folder: Path) -> LocalPrometheus:
    """Serve the blocks in `folder`/data; raises BrokenRecording when it does not start."""
    (folder / "prometheus.yml").write_text("global: {}\n")
    (folder / "data").mkdir(parents=True, exist_ok=True)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = leashed([
        programs.prometheus, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}", "--log.level=error", "--storage.tsdb.retention.time=100y",
        "--storage.tsdb.min-block-duration=2h", "--storage.tsdb.max-block-duration=2h",
    ])  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - the installed program with our own arguments
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        start_new_session=True,
    )  # fmt: skip
    server = LocalPrometheus(process, url, folder)
    until = time.monotonic() + READY_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with _DIRECT.open(f"{url}/-/ready", timeout=2) as answer:
                if answer.status == 200:
                    return server
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    server.stop()
    raise BrokenRecording("series", "", "the local Prometheus did not start over them", "check that it runs by itself")


def _free_port() -> int:
    """One that nobody is given by chance before Prometheus takes it, as far as such a one is found."""
    for port in (*(secrets.choice(_PORTS) for _ in range(20)), 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise BrokenRecording("series", "", "no port is free for the local Prometheus", "end programs that listen on many")
