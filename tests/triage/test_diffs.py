"""What a diff does, told from its lines."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.triage.diffs import Effect, read_diff


def diff(removed: str = "", added: str = "") -> str:
    old = [f"-{line}" for line in removed.strip("\n").splitlines()]
    new = [f"+{line}" for line in added.strip("\n").splitlines()]
    return "\n".join(["--- a/x", "+++ b/x", "@@ -1,9 +1,9 @@", " unchanged", *old, *new])


EXTRACTED = """
params = build(req)
def build(req):
    params = Params()
    params.amount = req.amount
    params.token = req.token
    return params
"""
CASES = [
    ("comment", "# waits a little", "# waits a little longer, see docs", Effect.INERT),
    ("logging", 'log.debug("got %d", n)', 'log.info("got %d of %d", n, m)', Effect.INERT),
    ("layout", "a:  1\nb: x", "b:   x\na: 1", Effect.INERT),
    ("pool", "pool_size: 40", "pool_size: 4", Effect.TIGHTENS),
    ("unit", "ttl = 15 * time.Minute", "ttl = 15 * time.Second", Effect.TIGHTENS),
    ("suffix", "timeout: 2s", "timeout: 200ms", Effect.TIGHTENS),
    (
        "argument",
        "ctx, stop := WithTimeout(ctx, 5*Second)",
        "c, stop := WithTimeout(ctx, 300*Millisecond)",
        Effect.TIGHTENS,
    ),
    ("raised", "max_conns = 20", "max_conns = 40", Effect.LOOSENS),
    ("tenfold", "batch_size = 100", "batch_size = 5000", Effect.MULTIPLIES),
    ("switch", "verify_tls: true", "verify_tls: false", Effect.SWITCHES),
    ("condition", "if age >= limit {", "if age < limit {", Effect.SWITCHES),
    ("field", 'match("title", q)', 'match("name", q)', Effect.RENAMES),
    ("host", "host: db-a.internal", "host: db-b.internal", Effect.SETS),
    ("guard", "if user is None:\n    return DEFAULT\nreturn user.name", "return user.name", Effect.TAKES_AWAY),
    ("call", "register_handlers(bus)", "", Effect.TAKES_AWAY),
    ("sql limit", "SELECT a FROM t ORDER BY b LIMIT 50", "SELECT a FROM t ORDER BY b", Effect.TAKES_AWAY),
    ("grows", "", "seen = append(seen, row)", Effect.GROWS),
    ("bounded", "", "if len(seen) < maxSeen {\n seen = append(seen, row)\n}", Effect.ALTERS),
    ("n+1", "rows = load_all(ids)", "for i in ids:\n    rows.extend(fetch_row(i))", Effect.REPEATS),
    ("schema", "", "DROP INDEX orders_by_user;", Effect.SCHEMA),
    (
        "extracted",
        "params = Params()\nparams.amount = req.amount\nparams.token = req.token",
        EXTRACTED,
        Effect.MOVES,
    ),
]


@pytest.mark.parametrize(("removed", "added", "effect"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_effect_is_told_from_the_lines(removed: str, added: str, effect: Effect) -> None:
    assert read_diff(diff(removed, added)).effect is effect


def test_the_detail_says_from_what_to_what() -> None:
    assert read_diff(diff("max_attempts: 8", "max_attempts: 2")).detail == "max_attempts 8 -> 2"


@given(st.text(alphabet="+- \n()=:\"'0123456789abtfor.<>!{}", max_size=300))
def test_any_text_can_be_read_as_a_diff(text: str) -> None:
    assert read_diff(text).effect in Effect


@given(st.lists(st.text(alphabet="abc =(1)", min_size=1, max_size=20), max_size=6))
def test_a_diff_that_puts_every_line_back_is_inert(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert read_diff(diff(text, text)).effect is Effect.INERT


@pytest.mark.parametrize("piece", ["a", "a.", "(", "1", "'\"x", "if ", "=", "query", "x=append(x"])
def test_a_minified_line_of_a_megabyte_is_read_in_a_moment(piece: str) -> None:
    started = time.process_time()
    read_diff(f"-x\n+{piece * (1_000_000 // len(piece))}")
    assert time.process_time() - started < 2
