"""Reads a Dockerfile into stages of steps; knows the instructions this project uses and refuses any other."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

_OPTION = re.compile(r"--(?P<name>[a-z]+)=(?P<value>\S+)\s+")
_VARIABLE = re.compile(r"(?P<escaped>\\\$)|\$\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|\$(?P<plain>\w+)")
_KNOWN = frozenset(("ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "RUN", "USER", "VOLUME", "WORKDIR"))


class DockerfileError(Exception):
    """The Dockerfile holds something this reader does not know; the message says what and on which line."""


@dataclass(frozen=True)
class Step:
    """One instruction: its word, its options (`--from=build`), what follows, and the line it starts on."""

    word: str
    rest: str
    line: int
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str) -> str | None:
        """The first value given for `--name`, or None."""
        return next((value for key, value in self.options if key == name), None)


@dataclass
class Stage:
    """One FROM and the steps under it."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list[Step])


def parse(text: str) -> list[Stage]:
    """The stages of a Dockerfile, in order; raises DockerfileError for what this reader does not know."""
    stages: list[Stage] = []
    for line, logical in _logical_lines(text):
        word, _, rest = logical.partition(" ")
        word, rest = word.upper(), rest.strip()
        if word == "FROM":
            base, *alias = re.split(r"\s+as\s+", rest, flags=re.IGNORECASE)
            stages.append(Stage(base, alias[0] if alias else str(len(stages))))
        elif word not in _KNOWN:
            raise DockerfileError(f"line {line}: {word} is not known to this reader")
        elif not stages:
            raise DockerfileError(f"line {line}: {word} before the first FROM")
        else:
            stages[-1].steps.append(_step(word, rest, line))
    if not stages:
        raise DockerfileError("there is no FROM")
    return stages


def exec_form(rest: str) -> list[str] | None:
    """The words of `["a", "b"]`, or None when `rest` is a shell line."""
    if not rest.startswith("["):
        return None
    words: object = json.loads(rest)
    if not isinstance(words, list):
        raise DockerfileError(f"not a list of words: {rest}")
    return [str(word) for word in words]  # pyright: ignore[reportUnknownArgumentType] - JSON's elements are unknown


def assignments(rest: str) -> dict[str, str]:
    """The `KEY=value` pairs of an ENV or ARG line, quotes taken off."""
    pairs = (word.partition("=") for word in shlex.split(rest))
    return {key: value for key, _, value in pairs}


def expand(text: str, variables: dict[str, str]) -> str:
    """`text` with $NAME, ${NAME} and ${NAME:-default} replaced; a backslash keeps the dollar sign."""

    def value(match: re.Match[str]) -> str:
        if match["escaped"]:
            return "$"
        return variables.get(match["braced"] or match["plain"]) or match["default"] or ""

    return _VARIABLE.sub(value, text)


def ignored_by(path: Path, patterns: list[str]) -> bool:
    """Whether .dockerignore's `patterns` keep the relative `path` out of the build; the last that fits decides."""
    ignored = False
    for pattern in patterns:
        plain = pattern.removeprefix("!").strip("/")
        if any(_fits(candidate, plain) for candidate in (path, *path.parents)):
            ignored = not pattern.startswith("!")
    return ignored


def _fits(path: Path, pattern: str) -> bool:
    if not path.name:
        return False
    if pattern.startswith("**/"):
        return path.match(pattern.removeprefix("**/"))
    return len(path.parts) == len(Path(pattern).parts) and path.match(pattern)


def _step(word: str, rest: str, line: int) -> Step:
    options: list[tuple[str, str]] = []
    while match := _OPTION.match(rest):
        options.append((match["name"], match["value"]))
        rest = rest[match.end() :]
    return Step(word, rest, line, tuple(options))


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines joined at a trailing backslash, with the number of the first; comments and empty lines are left out."""
    found: list[tuple[int, str]] = []
    start, parts = 0, list[str]()
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        start = start if parts else number
        parts.append(line.removesuffix("\\").strip())
        if not line.endswith("\\"):
            found.append((start, " ".join(parts)))
            parts = []
    if parts:
        raise DockerfileError(f"line {start}: the last line ends in a backslash")
    return found
