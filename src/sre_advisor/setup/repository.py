"""What one repository holds that tells about services, read at its default branch with the git connector."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sre_advisor.connectors.contract import ToolFailure, Unavailable
from sre_advisor.connectors.git import parse
from sre_advisor.connectors.git.config import RepositoryConfig
from sre_advisor.connectors.git.repository import Entry, Repository
from sre_advisor.connectors.git.runner import GitRunner
from sre_advisor.setup.manifests import Workload, workloads
from sre_advisor.setup.names import Known
from sre_advisor.setup.owners import CODEOWNERS, OWNERS, Rule, read_codeowners, read_owners_file

MOST_FILES_READ = 150
MOST_BYTES = 200_000
NAMES_A_SEARCH = 60
MOST_SEARCHES = 10
TIMEOUT_S = 20.0
_ASIDE = re.compile(
    r"(^|/)(tests?|testdata|vendor|third_party|node_modules|dist|fixtures|__tests__|\.git[a-z]*)(/|$)"
    r"|_test\.|\.test\.|\.spec\.|(^|/)(package-lock\.json|go\.sum|yarn\.lock)$|\.(md|rst|lock|svg|min\.js)$",
    re.IGNORECASE,
)
"""Paths that speak about services without calling them."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a repository holds: its paths, who owns them, and what it runs."""

    name: str
    path: str
    files: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    owner_files: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    workloads: tuple[tuple[str, Workload], ...] = ()
    """(path of the file, what it declares)"""

    def folders(self) -> tuple[str, ...]:
        """Every folder, shallow ones first."""
        found = {str(parent) for file in self.files for parent in PurePosixPath(file).parents}
        return tuple(sorted(found - {"."}, key=lambda folder: (folder.count("/"), folder)))


class CodeReader:
    """Reads one repository; every method raises only the failures of the contract."""

    def __init__(self, config: RepositoryConfig) -> None:
        self._config = config
        self._repository = Repository(config, GitRunner(config.path.resolve(), TIMEOUT_S, 8_000_000))

    async def read(self) -> Code:
        """Its paths, owners and workloads."""
        problem = await self._repository.problem()
        if problem:
            raise Unavailable("unreachable", f"{problem[0]}; {problem[1]}")
        entries = await self._entries()
        rules: tuple[Rule, ...] = ()
        owner_files: dict[str, tuple[str, ...]] = {}
        declared: list[tuple[str, Workload]] = []
        for entry in _telling(entries):
            text = await self._text(entry)
            path = PurePosixPath(entry.path)
            if entry.path in CODEOWNERS:
                rules = rules or read_codeowners(text)
            elif path.name in OWNERS:
                folder = str(path.parent)
                owner_files["" if folder == "." else folder] = read_owners_file(text)
            else:
                declared += [(entry.path, workload) for workload in workloads(entry.path, text)]
        files = tuple(entry.path for entry in entries)
        return Code(self._config.name, str(self._config.path), files, rules, owner_files, tuple(declared))

    async def mentions(self, known: Known) -> tuple[tuple[str, str], ...]:
        """(path, line) of the lines that hold a service's name, tests and documents left out; bounded."""
        sha = await self._repository.resolve(None)
        found: list[tuple[str, str]] = []
        for start in range(0, min(len(known.names), NAMES_A_SEARCH * MOST_SEARCHES), NAMES_A_SEARCH):
            pattern = "|".join(_spellings(name) for name in known.names[start : start + NAMES_A_SEARCH])
            try:
                hits, _ = await self._repository.search(
                    pattern, sha, regex=True, ignore_case=True, context=0, path=None
                )
            except ToolFailure:
                continue  # one search that takes too long costs some hints, not the rest
            found += [(hit.path, hit.text) for hit in hits if not _ASIDE.search(hit.path)]
        return tuple(found)

    async def _entries(self) -> tuple[Entry, ...]:
        sha = await self._repository.resolve(None)
        out = await self._repository.runner.run("ls-tree", ("-r", "-z", "--long", "--full-tree"), revisions=(sha,))
        rows = (row.partition(b"\t") for row in out.stdout.split(b"\0"))
        found: list[Entry] = []
        for about, tab, name in rows:
            parts = parse.text(about).split()
            if tab and len(parts) == 4 and parts[1] == "blob" and parts[0] != "120000":
                size = int(parts[3]) if parts[3].isdigit() else None
                found.append(Entry(parts[0], parts[1], parts[2], size, parse.text(name)))
        return tuple(found)

    async def _text(self, entry: Entry) -> str:
        return parse.text((await self._repository.blob(entry)).stdout)


def _telling(entries: tuple[Entry, ...]) -> list[Entry]:
    """The files worth reading whole: owners first, then YAML, shallow ones first."""

    def order(entry: Entry) -> tuple[bool, int, str]:
        owners = entry.path in CODEOWNERS or PurePosixPath(entry.path).name in OWNERS
        return not owners, entry.path.count("/"), entry.path

    chosen = [
        entry
        for entry in entries
        if (entry.size or 0) <= MOST_BYTES
        and (
            entry.path in CODEOWNERS
            or PurePosixPath(entry.path).name in OWNERS
            or (entry.path.endswith((".yaml", ".yml")) and not _ASIDE.search(entry.path))
        )
    ]
    return sorted(chosen, key=order)[:MOST_FILES_READ]


def _spellings(name: str) -> str:
    """A POSIX pattern of the name with any separator: order-service, order_service, ORDER_SERVICE."""
    return "[-_.]".join(re.escape(part).replace("\\-", "-") for part in re.split(r"[-_.\s/]+", name) if part)
