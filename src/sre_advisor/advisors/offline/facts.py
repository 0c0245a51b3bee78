"""What the first look's body of evidence holds, as claims that cite it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from sre_advisor.advisors.offline.diffs import KeyLine, key_lines
from sre_advisor.model import DraftClaim, Evidence, FirstLook, Line, RankedChange, RankedService

Row = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Facts:
    """The first look and the body behind it."""

    look: FirstLook
    evidence: tuple[Evidence, ...]

    @property
    def own(self) -> tuple[str, ...]:
        """The id of the first look's own evidence."""
        return (self.look.evidence,) if self.look.evidence else ()

    def rows(self, key: str) -> tuple[Row, ...]:
        """The rows that the body holds under a key."""
        body = next((e.body for e in self.evidence if e.id == self.look.evidence), None)
        found = body.get(key) if isinstance(body, dict) else None
        return tuple(r for r in found if isinstance(r, dict)) if isinstance(found, list) else ()

    def movements(self, service: str | None = None) -> tuple[DraftClaim, ...]:
        """How signals that tell of one service, or of any, moved; those that moved long before the onset come last.

        A caller's measure of a service tells of that service.
        """
        cites = _cites(self.look.moved[:1]) or self.own
        rows = [r for r in self.rows("moved") if service in (None, r.get("about", r.get("service")))]
        rows.sort(key=lambda r: r.get("near") is not True)
        return tuple(DraftClaim(text=text_of(r, "what"), cites=cites) for r in rows)

    def reasons(self, service: RankedService) -> tuple[DraftClaim, ...]:
        """Why a service is ranked, for one of which no movement is among those told."""
        return tuple(DraftClaim(text=f"{service.name}: {r}", cites=self.own) for r in service.reasons[:2])

    def gone(self, service: str) -> bool:
        """Whether all that the service shows is that it reports nothing any more."""
        rows = [r for r in self.rows("moved") if r.get("about") == service]
        return bool(rows) and all(r.get("gone") is True for r in rows)

    def alerts(self, *stands: str) -> tuple[DraftClaim, ...]:
        """Alerts of services that stand so to the origin."""
        cites = (*self.own, *_cites(self.look.firing))
        return tuple(
            DraftClaim(text=text_of(r, "what"), cites=cites) for r in self.rows("alerts") if r.get("stands") in stands
        )

    def victims(self) -> tuple[str, ...]:
        """Alerting services that call the origin."""
        callers = (text_of(r, "service") for r in self.rows("alerts") if r.get("stands") == "caller")
        return tuple(dict.fromkeys(callers))

    def new_log_lines(self, *services: str) -> Iterator[DraftClaim]:
        """Lines that services began to write with the onset."""
        logs = [e.id for e in self.evidence if e.tool.startswith("logs")]
        for row in self.rows("log_lines"):
            times, service = row.get("since"), text_of(row, "service")
            if row.get("before") == 0 and isinstance(times, int) and times > 1 and service in services:
                said = f"{service} logs “{text_of(row, 'line')}” since {text_of(row, 'first')}"
                yield DraftClaim(text=f"{said}, {times} times, never before", cites=(*self.own, *logs[:1]))

    def change(self, change: RankedChange, why: Sequence[str]) -> DraftClaim:
        """A change with what speaks for or against it."""
        said = f"{change.title}: {'; '.join(why)}" if why else change.title
        return DraftClaim(text=said, cites=_cites(self.look.changed) or self.own)


def commit_claims(commit: Evidence, limit: int = 2) -> Iterator[DraftClaim]:
    """The telling lines of a commit's diff."""
    by_file: dict[str, list[KeyLine]] = {}
    for line in _key_lines(commit)[:limit]:
        by_file.setdefault(line.file, []).append(line)
    for file, lines in by_file.items():
        yield DraftClaim(text=f"in {file}: {'; '.join(line.words for line in lines)}", cites=(commit.id,))


def text_of(row: Row, key: str) -> str:
    """A row's text under a key, "" when it has none."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def claims(lines: Iterable[Line]) -> tuple[DraftClaim, ...]:
    """Lines of the first look as claims."""
    return tuple(DraftClaim(text=line.text, cites=line.cites) for line in lines if line.cites)


def _key_lines(commit: Evidence) -> tuple[KeyLine, ...]:
    diff = commit.body.get("diff") if isinstance(commit.body, dict) else None
    found = key_lines(diff) if isinstance(diff, str) else ()
    settings = tuple(line for line in found if line.before and line.after)
    return settings or found


def _cites(lines: Sequence[Line]) -> tuple[str, ...]:
    return lines[0].cites if lines else ()
