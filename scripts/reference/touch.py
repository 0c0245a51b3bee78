"""docs/reference/what-it-may-touch.md, from what the code declares and refuses everything else by."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.reference.table import code, table
from sre_advisor.connectors.alertmanager import wire as alertmanager
from sre_advisor.connectors.git.runner import ALLOWED
from sre_advisor.connectors.github import transport as github
from sre_advisor.connectors.prometheus import wire as prometheus
from sre_advisor.journal.role import OWN_TABLES
from sre_advisor.slack.scopes import FREE_METHODS, SCOPES

HEAD = """# What it may touch

Every request that may leave the program, by the system it goes to. The lists are the ones the code refuses by, and this
page is made from them by `python -m scripts.reference`. What does not stand here is refused before it leaves.

For every system that is read: only to the host that is configured, compared by name and port as they are written, so
that no other spelling of it will do; no redirect is followed; no proxy, cookie or password of the environment is used;
an answer is bounded in time and size. `tests/boundary/test_every_tool_on_the_wire.py` calls every tool with hostile
arguments and looks at what arrived; `tests/boundary/test_no_other_way_out.py` finds any other module that could open a
connection or start a program.
"""
PURPOSES = {
    "log": "commits of a time",
    "show": "one commit and its diff",
    "grep": "lines that hold a text",
    "blame": "who last touched a line",
    "cat-file": "a file at a commit",
    "ls-tree": "which files there are",
    "rev-parse": "which commit a name means",
    "rev-list": "how commits follow each other",
    "version": "for `doctor`",
    "for-each-ref": "branches and tags",
}
MODEL = (
    ("POST", "/v1/messages", "asks the model; what is sent is redacted"),
    ("GET", "/v1/models/{id}", "whether the model is offered, for `doctor`"),
)


def touch_page() -> str:
    """The page's text."""
    lines = [HEAD]
    lines += _reads("Prometheus", "prometheus.url", prometheus.READS)
    lines += _reads("Alertmanager", "alertmanager.url", alertmanager.READS)
    lines += _reads("GitHub", "github.base_url", github.READS)
    lines += _github_beside()
    lines += _git()
    lines += ["## Documents", "", DOCUMENTS, ""]
    lines += _slack()
    lines += ["## The model", "", "To `model.base_url` or the provider's API, through the provider's SDK.", ""]
    lines += [*table(("method", "path", "for"), ((m, code(p), told) for m, p, told in MODEL)), ""]
    own = ", ".join(code(name) for name in OWN_TABLES)
    lines += ["## Its own database", "", f"The tables {own}. {OWN}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _reads(system: str, setting: str, declared: Mapping[str, str]) -> list[str]:
    rows = (("GET", code(_readable(pattern)), told) for pattern, told in declared.items())
    head = f"Below {code(setting)}. Paths are matched in full; a request with a body is refused."
    return [f"## {system}", "", head, "", *table(("method", "path", "for"), rows), ""]


def _readable(pattern: str) -> str:
    """The pattern as a person writes a path."""
    repository = r"[A-Za-z0-9-]+/(?!\.\.?/)[A-Za-z0-9._-]+"
    return (
        pattern.replace(repository, "{owner}/{repository}")
        .replace(r"[0-9A-Za-z][0-9A-Za-z._-]*", "{commit}")
        .replace(r"[a-zA-Z_][a-zA-Z0-9_]*", "{name}")
        .replace(r"\d+", "{number}")
        .replace("\\.", ".")
    )


GITHUB_APP = f"""With `github.app`, one request is no GET: `POST {github.EXCHANGE}` exchanges the App's key for
a token that lives an hour. It is let through for the configured installation only, and only with a body that asks for
permissions to "read"."""
GIT = """The program `git`, in the configured folders, with a fixed environment and configuration: no network, no
hooks, no helper programs. Flags are matched in full; revisions are full SHAs or plain names; paths stand behind `--`
and a search pattern behind `-e`. For a recording, `git clone` from its bundle into a temporary
folder, and to make one `init`, `update-ref` and `bundle create` in a temporary folder over a mirror's objects."""
DOCUMENTS = """Files with a Markdown ending below the configured folders, opened to read. A link that leads out of its
folder is not followed. The search index is the only thing that is written, in memory or to `docs.index`."""
SLACK = """To `slack.api_url`, through Slack's SDK. The scopes of the app's manifest bound what Slack lets it do;
messages go only to the thread a question came from."""
OWN = """To add records, and to make the tables on first use. The [privilege review](privileges.md) reads PostgreSQL's
catalogue in a read-only session."""


def _github_beside() -> list[str]:
    names = ", ".join(code(name) for name in sorted(github.QUERY_NAMES))
    return [f"Query parameters: {names}; no other.", "", GITHUB_APP, ""]


def _git() -> list[str]:
    rows = ((code(name), " ".join(code(flag) for flag in flags), PURPOSES[name]) for name, flags in ALLOWED.items())
    return ["## git", "", GIT, "", *table(("subcommand", "flags", "for"), rows), ""]


def _slack() -> list[str]:
    rows = ((code(s.name), ", ".join(s.needed_by), "yes" if s.optional else "", s.without) for s in SCOPES)
    free = ", ".join(code(name) for name in FREE_METHODS)
    head = ("scope", "methods and events", "optional", "without it")
    return ["## Slack", "", SLACK, "", *table(head, rows), "", f"Methods that need no scope: {free}.", ""]
