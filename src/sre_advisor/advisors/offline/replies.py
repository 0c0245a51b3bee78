"""The answers to the follow-up questions that need no understanding, only reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from sre_advisor.advisors.contract import Brief, Desk
from sre_advisor.advisors.offline.conclude import NO_MODEL, culprit_of, short_name, suspect_of, telling
from sre_advisor.advisors.offline.facts import Facts, claims, commit_claims, text_of
from sre_advisor.advisors.offline.runbooks import commands_in, rollbacks, runbook_commands
from sre_advisor.advisors.words import clock, shorten
from sre_advisor.model import (
    DraftClaim,
    DraftCommand,
    DraftDiagnosis,
    DraftHypothesis,
    Evidence,
    Finding,
    FirstLook,
    Outcome,
)


@dataclass(frozen=True, slots=True)
class Thread:
    """What is known when a follow-up comes."""

    brief: Brief
    desk: Desk
    facts: Facts
    concluded: DraftDiagnosis
    commit: Evidence | None

    @property
    def text(self) -> str:
        """The follow-up's words."""
        return self.brief.question.text

    @property
    def look(self) -> FirstLook:
        """The thread's first look."""
        return self.brief.first_look

    @property
    def suspect(self) -> str | None:
        """The service in which the trouble seems to have begun; None where nothing plainly shows it."""
        found = suspect_of(self.look) if self.look.finding is not Finding.WEAK else None
        return found.name if found else None

    async def read(self, tool: str, args: dict[str, JsonValue]) -> Evidence | None:
        """Read once more; None where there is no such tool."""
        return await self.desk.read(tool, args) if tool in {c.name for c in self.desk.tools} else None


@dataclass(frozen=True, slots=True)
class Reply:
    """A follow-up's answer; claims speak for or against the leading hypothesis or clear others."""

    summary: str
    claims_for: tuple[DraftClaim, ...] = ()
    claims_against: tuple[DraftClaim, ...] = ()
    ruled_out: tuple[DraftClaim, ...] = ()
    not_checked: tuple[str, ...] = ()
    commands: tuple[DraftCommand, ...] = ()


async def drafted(thread: Thread) -> Reply:
    """A text written from the record stands beneath the answer; nothing is read for it."""
    return Reply(f"A draft from the record stands below, for you to edit. {_restate(thread)}")


async def show_commit(thread: Thread) -> Reply:
    """The commit that is named as the cause: its message, files and telling lines."""
    culprit, commit = culprit_of(thread.look), thread.commit
    if culprit is None:
        return Reply(f"No change is named as the cause, so there is no commit to show. {_restate(thread)}")
    if commit is None:
        said = f"{culprit.title} is the change I mean; no code tool could show its diff."
        return Reply(said, (thread.facts.change(culprit, telling(culprit)[:2]),))
    body = commit.body if isinstance(commit.body, dict) else {}
    listed = body.get("files")
    files = [f for f in listed if isinstance(f, str)] if isinstance(listed, list) else []
    message = shorten(str(body.get("message") or body.get("summary") or ""), 400)
    said = f"{culprit.title}. It touches {', '.join(files[:3]) or 'no file that was listed'}."
    said = said[:1].upper() + said[1:]
    return Reply(
        said,
        (*commit_claims(commit, 6), DraftClaim(text=f"its message: “{message}”", cites=(commit.id,))),
        commands=(DraftCommand(command=f"git show {culprit.id[:10]}", why="the whole of it, in a clone"),),
    )


async def are_you_sure(thread: Thread) -> Reply:
    """What speaks against it, what would disprove it and what was not looked at."""
    if not thread.concluded.hypotheses:
        return Reply(f"I name no cause. {_restate(thread)}", not_checked=(*_gaps(thread), NO_MODEL))
    lead = thread.concluded.hypotheses[0]
    against = [*lead.claims_against, *(DraftClaim(text=h.statement, cites=c.cites) for h, c in _rivals(thread))]
    found = f"{len(against)} thing{'s' * (len(against) != 1)} I read speak{'s' * (len(against) == 1)} against it"
    said = (
        f"Not fully: {lead.confidence.value} confidence. {found if against else 'Nothing I read speaks against it'}, "
        f"but a close fit in time and place is no proof. It would be wrong if {lead.would_disprove}."
    )
    return Reply(said, lead.claims_for[:3], tuple(against), not_checked=(*_gaps(thread), NO_MODEL))


async def since_when(thread: Thread) -> Reply:
    """What moved first, and when alerts came."""
    rows = [r for r in thread.facts.rows("moved") if isinstance(r.get("since"), str) and r.get("near") is True]
    order = [text_of(r, "what") for r in sorted(rows, key=lambda r: text_of(r, "since"))]
    moved = sorted((c for c in thread.facts.movements() if c.text in order), key=lambda c: order.index(c.text))
    alerts = thread.facts.alerts("origin", "caller", "callee", "unknown")
    if thread.look.since is None:
        return Reply(f"When it began cannot be told from what was read. {_restate(thread)}", tuple(moved[:2]))
    said = f"Since about {clock(thread.look.since)}"
    said += f", first seen in {thread.suspect}." if thread.suspect else "."
    if alerts and all(a.text.endswith("after the onset") for a in alerts[:2]):
        said += " Alerts come later than the first sign."
    return Reply(said, (*moved[:3], *alerts[:2]))


async def what_changed(thread: Thread) -> Reply:
    """Every change that was weighed, the one that is named first."""
    culprit = culprit_of(thread.look)
    others = [c for c in thread.look.changes if culprit is None or c.id != culprit.id]
    cleared = tuple(thread.facts.change(c, c.doubts[:2]) for c in others[:6])
    if not thread.look.changes:
        return Reply("No change is on record for the time that was looked at.", not_checked=_gaps(thread))
    if culprit is None:
        return Reply(f"{len(others)} changes are on record; none explains it. {thread.look.change_reason}".strip(),
                     ruled_out=cleared)  # fmt: skip
    of = f" of {culprit.service}" if culprit.service else ""
    said = f"{short_name(culprit)}{of} fits best. {_others(len(others), len(cleared))}"
    return Reply(said[:1].upper() + said[1:], (thread.facts.change(culprit, telling(culprit)[:2]),), ruled_out=cleared)


def _others(count: int, shown: int) -> str:
    if not count:
        return "No other is on record."
    fit = "1 other change fits" if count == 1 else f"{count} other changes fit"
    return f"{fit} less; below is why{f', for the nearest {shown}' if shown < count else ''}."


async def which_runbook(thread: Thread) -> Reply:
    """The runbooks of the alerts that belong to this, and the commands in them."""
    found = claims(thread.look.runbook)
    if not found:
        return Reply("No runbook was found for the alerts that fire.", not_checked=_gaps(thread))
    commands = tuple(c for c in runbook_commands(thread.look, thread.brief.evidence) if found[0].cites[0] in c.why)
    return Reply(f"Start with {found[0].text}.", found, commands=commands[:5])


async def who_owns(thread: Thread) -> Reply | None:
    """The owners of the service in which it began."""
    lines = [line.text for line in thread.look.owners]
    return Reply(f"{'; '.join(lines)}.") if lines else Reply(f"The catalogue names no owner of {thread.suspect}.")


async def roll_back(thread: Thread) -> Reply:
    """Which change to take back, and the runbook's own command for it; never one of our own making."""
    culprit, suspect = culprit_of(thread.look), thread.suspect
    if culprit is None or suspect is None:
        return Reply(f"No change is named as the cause, so I know nothing to take back. {_restate(thread)}")
    named = (thread.facts.change(culprit, telling(culprit)[:2]),)
    own = rollbacks(runbook_commands(thread.look, thread.brief.evidence), suspect)
    if own:
        said = f"Take back {short_name(culprit)} of {suspect}. The runbook's own command is below: you run it, not I."
        return Reply(said, named, commands=own[:2])
    found = await thread.read("docs_search", {"query": f"{suspect} roll back release", "limit": 3})
    commands = rollbacks(commands_in(found), suspect) if found and found.outcome is Outcome.OK else ()
    seen = (DraftClaim(text=f"what the docs hold on it: {found.summary}", cites=(found.id,)),) if found else ()
    said = f"Take back {short_name(culprit)} of {suspect}. No runbook I read names a command for it: ask its owners."
    return Reply(said, (*named, *seen), commands=commands[:2])


def restated(thread: Thread) -> Reply:
    """The honest answer to what cannot be understood without a model."""
    return Reply(
        f"Without a model I can only restate: {_restate(thread)}",
        not_checked=(
            (
                "Your question as such: no model is set up. I can read on: a service or part by name, “show me the "
                "commit”, “are you sure?”, “since when?”, “what changed?”, “which runbook?”, “how do I roll back?”."
            ),
        ),
    )


def _restate(thread: Thread) -> str:
    return thread.concluded.summary


def _gaps(thread: Thread) -> tuple[str, ...]:
    return tuple(line.text for line in thread.look.unread)


def _rivals(thread: Thread) -> Iterator[tuple[DraftHypothesis, DraftClaim]]:
    return ((h, h.claims_for[0]) for h in thread.concluded.hypotheses[1:] if h.claims_for)
