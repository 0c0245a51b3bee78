"""What a bare root needs from the machine it runs on: package mirrors, pip's index, certificates, proxies."""

import os
import shutil
import subprocess
from pathlib import Path

_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
_KEPT_PIP_KEYS = ("index-url", "trusted-host", "proxy", "timeout", "default-timeout")
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_INSIDE = Path("run/host-certificates.crt")


def debian_sources(release: str) -> list[str]:
    """Apt's lines for `release` and its updates, from the mirrors this machine uses; empty when it names none."""
    shown = subprocess.run(
        [
            "apt-get",
            "indextargets",
            "--format",
            "$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)",
            "Created-By: Packages",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.split() for line in shown.splitlines()]
    wanted = (release, f"{release}-updates", f"{release}-security")
    found = {
        f"deb {uri} {codename} {component}"
        for uri, codename, component, *origin in rows
        if origin == ["Debian"] and codename in wanted and component == "main"
    }
    return sorted(found, key=lambda line: (line.split()[2] != release, line))


def bring(root: Path) -> None:
    """Puts name resolution and certificates into `root`, under /run, which no image keeps."""
    (root / "etc/resolv.conf").unlink(missing_ok=True)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copy("/etc/hosts", root / "etc/hosts")
    if _CERTIFICATES.is_file():
        shutil.copy(_CERTIFICATES, root / _INSIDE)


def environment() -> dict[str, str]:
    """The variables by which programs in the root find this machine's proxies, certificates and package index."""
    found = {name: os.environ[name] for name in _PROXIES if name in os.environ}
    if _CERTIFICATES.is_file():
        found |= {"PIP_CERT": f"/{_INSIDE}", "SSL_CERT_FILE": f"/{_INSIDE}"}
    return found | _pip_settings()


def _pip_settings() -> dict[str, str]:
    shown = subprocess.run(
        ["python3", "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    pairs = (line.partition("=") for line in shown.splitlines())
    settings = {key.rpartition(".")[2].strip(): value.strip().strip("'") for key, _, value in pairs}
    return {f"PIP_{key.upper().replace('-', '_')}": settings[key] for key in _KEPT_PIP_KEYS if key in settings}
