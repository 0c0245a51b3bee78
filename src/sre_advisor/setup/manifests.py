"""What Compose files and Kubernetes manifests (also Helm's templates) say about services: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

_COMPOSE = re.compile(r"(docker-)?compose([.-][\w.-]+)?\.ya?ml$", re.IGNORECASE)
_WORKLOAD = re.compile(r"^kind:\s*[\"']?(Deployment|StatefulSet|DaemonSet|Rollout|Job|CronJob)\b", re.MULTILINE)
_NAME = re.compile(r"^metadata:\s*\n(?:[ \t]+.*\n)*?[ \t]+name:\s*[\"']?([A-Za-z0-9][\w.-]*)[\"']?\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Workload:
    """One thing that is run: its name, the lines that configure it, what it says it needs, and its build folder."""

    name: str
    lines: tuple[str, ...]
    needs: tuple[str, ...] = ()
    folder: str | None = None


def workloads(path: str, text: str) -> tuple[Workload, ...]:
    """The workloads that a YAML file declares; none for other YAML and for what cannot be read."""
    if _COMPOSE.match(PurePosixPath(path).name):
        return tuple(_compose(path, text))
    return tuple(_manifests(text))


def _manifests(text: str) -> Iterator[Workload]:
    """Read as text, since Helm's templates are no YAML."""
    for part in re.split(r"^---.*$", text, flags=re.MULTILINE):
        named = _NAME.search(f"{part}\n")
        if _WORKLOAD.search(part) and named:
            yield Workload(named[1], tuple(part.splitlines()))


def _compose(path: str, text: str) -> Iterator[Workload]:
    try:
        content: Any = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return
    services = content.get("services") if isinstance(content, dict) else None
    for name, about in (services if isinstance(services, dict) else {}).items():
        if not isinstance(about, dict):
            continue
        needs = about.get("depends_on") or ()
        listed = tuple(str(one) for one in needs) if isinstance(needs, list | dict) else ()
        lines = tuple(_words(about.get("environment"))) + tuple(_words(about.get("command")))
        yield Workload(str(name), lines, listed, _build_folder(path, about.get("build")))


def _words(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{name}={inner}" for name, inner in value.items())
    elif isinstance(value, list):
        yield from (str(inner) for inner in value)
    elif value is not None:
        yield str(value)


def _build_folder(path: str, build: object) -> str | None:
    """The folder an image is built from, seen from the repository's root; None for the root itself or outside."""
    context = build.get("context") if isinstance(build, dict) else build
    if not isinstance(context, str) or "://" in context or "$" in context:
        return None
    parts: list[str] = []
    for part in (PurePosixPath(path).parent / context).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts) or None
