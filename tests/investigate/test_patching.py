"""A patch reaches the answer only after it was seen to apply."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import JsonValue

from sre_advisor.advisors.contract import ToolCard
from sre_advisor.investigate.patching import patch_file, proposal_commands, with_patch
from sre_advisor.model import Diagnosis, DraftPatch, Evidence, Outcome, Verdict

SHA = "ab" * 20
DRAFT = DraftPatch(repository="shop", base_sha=SHA[:10], diff="--- a/x\n+++ b/x", why="Give the pool; room; $(again)")
APPLIES: JsonValue = {"sha": SHA, "repository": "shop", "files": ["x"], "added": 1, "removed": 1, "rules": None}


@dataclass
class Shelf:
    outcome: Outcome = Outcome.OK
    body: JsonValue = field(default_factory=lambda: APPLIES)
    tools: tuple[ToolCard, ...] = ()

    async def read(self, tool: str, args: object) -> Evidence:
        del args
        return Evidence(
            id="E9", source="git", tool=tool, request={}, outcome=self.outcome, summary="it does not apply",
            read_at=datetime(2026, 1, 1, tzinfo=UTC), body=self.body,
        )  # fmt: skip


DIAGNOSIS = Diagnosis(verdict=Verdict.LIKELY_CAUSE, summary="the pool")


async def test_a_patch_that_applies_is_shown_at_the_full_sha_it_was_tried_on() -> None:
    patch = (await with_patch(DIAGNOSIS, DRAFT, Shelf(), mirrored=True)).patch
    assert patch is not None
    assert (patch.base_sha, patch.files) == (SHA, ("x",))


async def test_a_patch_that_does_not_apply_is_left_out_with_the_reason() -> None:
    refusing = Shelf(Outcome.BAD_REQUEST, None)
    for shelf, mirrored in ((refusing, True), (Shelf(Outcome.QUOTA_EXCEEDED, None), True), (Shelf(), False)):
        diagnosis = await with_patch(DIAGNOSIS, DRAFT, shelf, mirrored=mirrored)
        assert diagnosis.patch is None
        assert "left out" in diagnosis.not_checked[-1]


async def test_the_commands_to_propose_it_run_nothing_of_its_words() -> None:
    patch = (await with_patch(DIAGNOSIS, DRAFT, Shelf(), mirrored=True)).patch
    assert patch is not None
    commands = proposal_commands(patch)
    assert commands[0] == f"git switch -c fix/give-the-pool-room-again {SHA}"
    assert commands[2] == "git commit -m 'Give the pool; room; $(again)'"


async def test_the_patch_as_a_file_has_a_harmless_name_and_the_bytes_that_were_tried() -> None:
    patch = (await with_patch(DIAGNOSIS, DRAFT, Shelf(), mirrored=True)).patch
    assert patch is not None
    name, content = patch_file(patch)
    assert name == "0001-Give-the-pool-room-again.patch"
    assert content == DRAFT.diff.encode() + b"\n"
    assert patch_file(patch.model_copy(update={"why": "../../∞"}))[0] == "0001-proposed-change.patch"
