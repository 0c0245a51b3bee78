"""The shell commands a runbook's fenced blocks hold; pure, and nothing here runs them."""

from __future__ import annotations

from sre_advisor.connectors.docs.markdown import fences

_SHELLS = frozenset({"sh", "bash", "shell", "zsh", "console", "shell-session", "shellsession", "terminal", "cmd"})
_PROGRAMS_TEXT = """
kubectl oc helm docker podman crictl curl wget dig nslookup host ping traceroute ss netstat ip tcpdump
journalctl systemctl service top ps free df du lsof iostat vmstat mpstat sar uptime dmesg grep cat tail head
less ls find awk sed jq psql mysql redis-cli mongosh kafka-topics.sh kafka-consumer-groups.sh etcdctl consul
vault nomad aws gcloud az terraform git ssh sudo promtool amtool rabbitmqctl nginx haproxy openssl ceph virtctl
istioctl argocd flux
"""
_PROGRAMS = frozenset(_PROGRAMS_TEXT.split())
"""In a block without a language, only a line that starts with a well-known program counts as a command."""
COMMANDS = 40
COMMAND_CHARS = 1_000


def commands(text: str) -> tuple[str, ...]:
    """The commands of a text in order, prompts taken off, continued lines joined, doubles left out."""
    found: list[str] = []
    for fence in fences(text):
        if fence.language and fence.language not in _SHELLS:
            continue
        lines = _joined(fence.lines)
        prompted = [line[2:].strip() for line in lines if line.startswith(("$ ", "> ", "% "))]
        if not prompted:
            prompted = [x for x in lines if fence.language or x.split(maxsplit=1)[0] in _PROGRAMS]
        found += [c[:COMMAND_CHARS] for c in prompted if c and not c.startswith("#")]
    return tuple(dict.fromkeys(found))[:COMMANDS]


def _joined(lines: tuple[str, ...]) -> list[str]:
    joined: list[str] = []
    open_line = ""
    for line in lines:
        whole = f"{open_line} {line.strip()}".strip()
        if whole.endswith("\\"):
            open_line = whole[:-1].rstrip()
            continue
        open_line = ""
        if whole:
            joined.append(whole)
    return [*joined, open_line] if open_line else joined
