"""No wrapping, quoting or noise turns a changing command into a reading one, and no string raises."""

from __future__ import annotations

import shlex
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sre_advisor.commands import explain, programs
from sre_advisor.commands.programs.index import FAMILY_OF
from sre_advisor.model import CommandLabel

CHANGING = st.sampled_from([
    "rm -rf /data", "kubectl delete pod web", "helm uninstall web", "git push origin main", "docker rm -f web", "terraform apply",
    "aws ec2 terminate-instances --instance-ids i-1", "systemctl restart nginx", "psql -c 'drop table t'", "redis-cli flushall",
    "curl -X DELETE http://x/y", "cat /etc/shadow", "kubectl get secret db -o yaml", "env", "find / -delete", "sed -i s/a/b/ f",
    "echo x > f", "cat x | tee f", "kubectl scale deploy web --replicas=0", "az vm delete --name x", "gcloud compute instances delete x",
])  # fmt: skip


WRAPPERS = st.sampled_from([
    "sudo sh -c {q}",
    "env A=b sh -c {q}",
    "sh -c {q}",
    "bash -lc {q}",
    "echo $( {c} )",
    'echo "$( {c} )"',
    "echo x | xargs -I% sh -c {q}",
    "find . -exec sh -c {q} \\;",
    "ls; {c}",
    "{c}; ls",
    "ls && {c}",
    "false || {c}",
    "{c} | cat",
    "ls | {c}",
    "bash <<'EOF'\n{c}\nEOF",
    "timeout 5 bash -c {q}",
    "nohup sh -c {q} &",
    "eval {q}",
    "ssh host {q}",
    "kubectl exec pod -- sh -c {q}",
    "docker exec web sh -c {q}",
    "parallel sh -c {q} ::: a",
    "watch {q}",
    "( {c} )",
    "{{ {c}\n}}",
    "if true; then {c}\nfi",
    "for i in 1 2; do {c}\ndone",
    "while sleep 1; do {c}\ndone",
    "f() {{ {c}\n}}; f",
    "! {c}",
    "cat <({c})",
    "time {c}",
    "trap {q} EXIT",
    "echo {q} | sh",
    "case a in a) {c}\n;; esac",
    "kubectl get pods -n ${{NS:-$( {c} )}}",
    "su -c {q} root",
    "coproc {c}",
    "command -p sh -c {q}",
    "X=$( {c} )",
    "ls > >({c})",
    "[[ -n $( {c} ) ]]",
    "cat <<EOF\n$( {c} )\nEOF",
    "nsenter -t 1 -m sh -c {q}",
    "chroot /host sh -c {q}",
    "nice -n 5 sh -c {q}",
    "ionice -c3 sh -c {q}",
    "setsid sh -c {q}",
    "strace -f sh -c {q}",
    "flock /tmp/lock sh -c {q}",
    "sh <<< {q}",
    "ls | while read x; do {c}\ndone",
    "alias ls={q}\nls",
    "bash -c {q} | tee /dev/null",
    "kubectl get pods\n{c}",
    "kubectl get pods # all\n{c}",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(CHANGING, st.lists(WRAPPERS, max_size=4))
def test_no_nesting_of_wrappers_hides_a_change(command: str, wrappers: list[str]) -> None:
    for wrap in wrappers:
        command = wrap.format(c=command, q=shlex.quote(command))
    assert explain(command).label is not CommandLabel.READ_ONLY, command


@settings(max_examples=200, deadline=None)
@given(CHANGING, st.data())
def test_no_quoting_of_letters_hides_a_change(command: str, data: st.DataObject) -> None:
    letters = list(command)
    for place in data.draw(st.lists(st.integers(0, len(letters) - 1), max_size=3, unique=True)):
        if letters[place].isalpha() and "'" not in command:
            letters[place] = data.draw(st.sampled_from(["'{}'", '"{}"', "\\{}", "''{}", "$'{}'"])).format(
                letters[place]
            )
    assert explain("".join(letters)).label is not CommandLabel.READ_ONLY


PLAIN = st.sampled_from([
    "rm -rf /data", "kubectl delete pod web", "git push origin main", "find / -delete", "xargs rm -f", "sudo systemctl stop web",
    "curl -X DELETE http://x/y", "kubectl get secret db -o yaml", "cat /etc/shadow", "timeout 5 rm x", "redis-cli flushall",
])  # fmt: skip
REDIRECTIONS = [
    "</dev/null",
    "< /dev/null",
    "2>/dev/null",
    "2>&1",
    ">/dev/null",
    "&>/dev/null",
    "<<< x",
    "<&3",
    "3</dev/null",
]


@settings(max_examples=300, deadline=None)
@given(PLAIN, st.data())
def test_no_redirection_between_words_hides_a_change(command: str, data: st.DataObject) -> None:
    words = command.split()
    for redirection in data.draw(st.lists(st.sampled_from(REDIRECTIONS), min_size=1, max_size=3)):
        words.insert(data.draw(st.integers(0, len(words))), redirection)
    assert explain(" ".join(words)).label is not CommandLabel.READ_ONLY, " ".join(words)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=80))
def test_any_string_is_answered(text: str) -> None:
    assert explain(text).why not in {"", "the command could not be judged"}


_SHELLISH = st.lists(
    st.sampled_from([
        "kubectl", "get", "pods", "rm", "-rf", "$(", ")", "`", "'", '"', "|", ";", "&&", "<<EOF", "\n", "EOF", ">", "<", "f", "{", "}", "((", "))",
        "$", "${", "\\", "[[", "]]", "if", "then", "fi", "do", "done", "for", "in", "case", "esac", "psql -c", "select", "sed", "awk", "jq", "*", "!", "#", "~", "=", "a=b", "é", "\x00",
    ]), max_size=25,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(_SHELLISH)
def test_any_heap_of_shell_syntax_is_judged_without_a_fault(parts: list[str]) -> None:
    assert explain(" ".join(parts)).why != "the command could not be judged"


@pytest.mark.parametrize(
    "text",
    ["((" * 5000, "$(" * 3000 + "rm x", "{" * 9000, "sh -c " * 50 + "rm", "\ud800", "psql -c '" + "(" * 4000 + "'"],
)
def test_depth_and_size_never_end_in_reading(text: str) -> None:
    assert explain(text).label in {CommandLabel.UNKNOWN, CommandLabel.CHANGES_STATE}


@settings(max_examples=200, deadline=None)
@given(
    CHANGING,
    st.sampled_from(["\r", "\x00", "\x1b[8m", "\u00a0", "\u2003", "\u200b", "\u202e", "\x85", "\u2028"]),
    st.integers(0, 60),
)
def test_no_invisible_character_hides_a_change(command: str, char: str, place: int) -> None:
    assert explain(command[:place] + char + command[place:]).label is not CommandLabel.READ_ONLY


@settings(max_examples=100, deadline=None)
@given(st.text("abcdefghijklmnopqrstuvwxyz-_", max_size=30))
def test_a_word_in_place_of_the_subcommand_never_reads_by_accident(word: str) -> None:
    known = {
        "get",
        "describe",
        "logs",
        "log",
        "events",
        "explain",
        "version",
        "diff",
        "wait",
        "options",
        "completion",
        "help",
        "kustomize",
    }
    first = word.split(" ", maxsplit=1)[0]
    if first and first not in known and not first.startswith("-"):
        label = explain(f"kubectl {word} x").label
        assert label is not CommandLabel.READ_ONLY or first in {"cluster-info", "api-resources", "api-versions"}


def test_each_program_is_judged_by_the_first_family_that_knows_it() -> None:
    owners = {
        name: family
        for family in reversed(programs.FAMILIES)
        for name in import_module(f"{programs.__name__}.{family}").PROGRAMS
    }
    assert owners == FAMILY_OF


@settings(max_examples=60, deadline=None)
@given(
    CHANGING,
    st.sampled_from(["-o", "--output", "-o=", "--output=", "--template"]),
    st.sampled_from(["go-template-file=/x", "jsonpath-file=*.txt", "custom-columns-file=$F", "jsonpath-file=~/.aws/*"]),
)
def test_an_output_taken_from_a_file_is_judged_and_never_given_up(noise: str, flag: str, form: str) -> None:
    joined = f"{flag}{form}" if flag.endswith("=") else f"{flag} {form}"
    alone, chained = explain(f"kubectl get pods {joined}"), explain(f"kubectl get pods {joined}; {noise}")
    assert alone.why != "the command could not be judged"
    assert chained.label is not CommandLabel.READ_ONLY
