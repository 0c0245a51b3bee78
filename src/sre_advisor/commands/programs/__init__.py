"""What each family of programs would do; a family's module is loaded when one of its programs is first met."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect
from sre_advisor.commands.programs.index import FAMILY_OF

Judge = Callable[[Call], Effect]
FAMILIES = (
    "kubectl",
    "helm",
    "docker",
    "git",
    "forges",
    "terraform",
    "aws",
    "clouds",
    "argocd",
    "systemd",
    "sql",
    "redis",
    "mongo",
    "kafka",
    "curl",
    "http",
    "observability",
    "find",
    "text",
    "shell",
    "wrappers",
    "shell_text",
    "for_each",
    "network",
    "packages",
    "interpreters",
    "host",
    "archives",
    "openssl",
    "changers",
    "readers",
)


def load() -> None:
    """Load every family."""
    for family in FAMILIES:
        import_module(f"{__name__}.{family}")


@cache
def _family(name: str) -> dict[str, Judge]:
    """The judges of a family; what each of its programs is called says `index`."""
    return import_module(f"{__name__}.{name}").PROGRAMS


def judge_of(name: str) -> Judge | None:
    """The judge of a program of this name; None when it is not known."""
    family = FAMILY_OF.get(name)
    return None if family is None else _family(family)[name]
