"""Which documents speak of which service: by file name, then by heading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import PurePosixPath

from sre_advisor.connectors.docs.config import DocsFolder
from sre_advisor.connectors.docs.markdown import parse
from sre_advisor.connectors.docs.scan import Unreadable, files, problem, read
from sre_advisor.setup.names import key

MOST_FILES = 2_000
MOST_BYTES = 200_000
DOCS_A_SERVICE = 5

Headings = Mapping[str, tuple[str, ...]]
"""For each document's path as the docs connector knows it: its title and headings."""


def read_headings(folder: DocsFolder) -> tuple[Headings, str]:
    """The headings of every document of a folder, and what keeps it from being read ("" when nothing does)."""
    wrong = problem(folder)
    if wrong:
        return {}, f"{wrong[0]}; {wrong[1]}"
    found: dict[str, tuple[str, ...]] = {}
    for state in files(folder, MOST_FILES):
        with suppress(Unreadable):  # the docs tools leave it out as well, and tell
            document = parse(read(state, MOST_BYTES))
            found[state.path] = (document.title, *(section.heading for section in document.sections))
    return found, ""


def documents_of(service: str, headings: Headings) -> tuple[str, ...]:
    """The documents that name the service, those with it in their file's name first."""
    by_name = [path for path in headings if _names(service, PurePosixPath(path).stem)]
    by_heading = [path for path, told in headings.items() if path not in by_name and _any(service, told)]
    return tuple([*by_name, *by_heading][:DOCS_A_SERVICE])


def _any(service: str, told: Sequence[str]) -> bool:
    return any(_names(service, heading) for heading in told)


def _names(service: str, text: str) -> bool:
    """Whether the text holds the name as words of its own: `cart` is in "Cart is slow", not in "cartoons"."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.casefold())
    wanted = re.sub(r"[^a-z0-9]+", "-", key(service)).strip("-")
    return bool(wanted) and f"-{wanted}-" in f"-{plain}-"
