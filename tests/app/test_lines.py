"""Commands that answer line by line on a terminal or in a pipe."""

import json
import subprocess
import sys

import pytest

CLAIM = {
    "claim": "payments failed 41 %",
    "cites": ["E1"],
    "evidence": [{"id": "E1", "source": "prometheus", "text": "payments failed 41 %", "from": None, "to": None}],
}


def run(*arguments: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[bytes]:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    command = [sys.executable, "-m", "sre_advisor.cli", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)


def test_each_claim_gets_a_verdict_and_a_broken_line_is_named_after_the_ones_before() -> None:
    false = CLAIM | {"claim": "payments failed 14 %"}
    done = run("check-claims", "--jsonl", stdin=f"{json.dumps(CLAIM)}\n{json.dumps(false)}\n{{broken\n")
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [v["verdict"] for v in verdicts] == ["supported", "unsupported"]
    assert set(verdicts[1]) == {"verdict", "why"}
    assert done.returncode == 2
    assert done.stderr.startswith(b"sre-advisor: line 3:")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "line", ['{"claim": 1}', "[]", "null", '{"claim": "x", "cites": "E1", "evidence": []}', b"\xff"]
)
def test_a_line_that_is_no_claim_is_one_clear_error(line: str | bytes) -> None:
    done = run("check-claims", "--jsonl", stdin=line)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, b"", 1)


def test_commands_as_json_lines_are_explained_as_objects() -> None:
    done = run("explain-command", "--jsonl", stdin='"kubectl get pods"\n"kubectl delete ns shop"\n')
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert [o["label"] for o in objects] == ["read_only", "changes_state"]
    assert all(list(o) == ["command", "label", "reversible", "blast_radius", "why"] for o in objects)
    assert done.returncode == 0


@pytest.mark.parametrize("line", ["{bad", "5", '["kubectl"]'])
def test_a_line_that_is_no_json_string_is_one_clear_error(line: str) -> None:
    done = run("explain-command", "--jsonl", stdin=f'"ls"\n{line}\n"ls"\n')
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.startswith(b"sre-advisor: line 2:")


def test_a_command_need_not_be_quoted_and_its_options_are_not_ours() -> None:
    done = run("explain-command", "kubectl", "delete", "pod", "x", "--force")
    assert done.returncode == 0
    assert b"CHANGES STATE" in done.stdout


def test_commands_on_standard_input_are_explained_one_by_one() -> None:
    said = run("explain-command", stdin="kubectl get pods\nrm -rf /data\n").stdout
    assert said.index(b"reads only") < said.index(b"cannot be undone")
