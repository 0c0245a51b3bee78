"""Whatever a model asks for, nothing that a narrowed channel may not see comes back."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from sre_advisor.broker.broker import Broker, Read
from sre_advisor.broker.config import LimitsConfig, ReadQuota
from sre_advisor.broker.policy import FixedPolicy, Policy
from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.alertmanager.tools import AlertmanagerConnector
from sre_advisor.connectors.contract import Connector, Tool
from sre_advisor.connectors.docs.config import DocsConfig, DocsFolder
from sre_advisor.connectors.docs.connector import DocsConnector
from sre_advisor.connectors.git.config import GitConfig, RepositoryConfig
from sre_advisor.connectors.git.connector import GitConnector
from sre_advisor.connectors.github.config import GithubConfig
from sre_advisor.connectors.github.connector import GithubConnector
from sre_advisor.connectors.prometheus.tools import PrometheusConnector
from sre_advisor.journal.events import ToolCalled
from sre_advisor.model import Catalogue, Outcome, Question, Service
from sre_advisor.replay.alerts import RecordedAlerts
from sre_advisor.replay.events import RecordedChanges, RecordedLogs
from sre_advisor.replay.metrics import RecordedMetrics
from sre_advisor.replay.world import load_world

MARK = "zanzibar"
"""Begins the names of what is out of sight and may be guessed: calls ask for it."""
SECRET = "sesame"
"""Stands in all texts that are out of sight, and in names there that no call knows."""
FIGURE = 0.98765
"""What all series out of sight hold."""
OPEN, HIDDEN = "shop", f"{MARK}-vault"
CHANNEL = "C0NARROW"
POLICY = Policy.model_validate(
    {
        "channels": {
            CHANNEL: {
                "services": [OPEN],
                "repositories": ["open"],
                "docs": ["public"],
                "metrics": ["error_ratio", "up"],
                "tools": {"all": True},
            }
        }
    }
)


def iso(at: Any) -> str:
    return at.isoformat().replace("+00:00", "Z")


def world(folder: Path) -> Path:
    from tests.e2e.worlds import NOW

    alerts = [
        {"name": f"{name}Errors", "service": service, "started_at": iso(NOW - timedelta(minutes=5)), "severity": "x",
         "labels": {}, "annotations": {"summary": f"{words} fails"}}
        for name, service, words in (("Shop", OPEN, "it"), (MARK, HIDDEN, SECRET), (f"{SECRET}Nobody", None, SECRET))
    ]  # fmt: skip
    changes = [
        {"id": f"c-{service}-{n}", "kind": "config", "service": service, "at": iso(NOW - timedelta(minutes=9)),
         "summary": f"{words} changed", "author": "Ada", "diff": f"+{words}: 1"}
        for n, (service, words) in enumerate(((OPEN, "pool"), (HIDDEN, SECRET), (None, SECRET)))
    ]  # fmt: skip
    logs = [
        {"at": iso(NOW - timedelta(minutes=3)), "service": service, "level": "ERROR", "message": f"{words} boom"}
        for service, words in ((OPEN, "it"), (HIDDEN, SECRET))
    ]
    case = {
        "id": "narrow", "source": "test", "licence": "Apache-2.0", "format_version": 1, "question": "?",
        "now": iso(NOW), "step_s": 60, "alerts": alerts, "changes": changes,
        "graph": [[OPEN, HIDDEN], [HIDDEN, f"{SECRET}-svc"]],
        "logs": "logs.jsonl",
    }  # fmt: skip
    folder.mkdir()
    rows = ["timestamp,service,metric,value"]
    for minute in range(60):
        at = (NOW - timedelta(minutes=59 - minute)).timestamp()
        rows.append(f"{at:.0f},{OPEN},error_ratio,0.{minute:02}")
        rows += [f"{at:.0f},{OPEN},{metric},{FIGURE}" for metric in (f"{MARK}_ratio", f"{SECRET}_ratio")]
        rows += [f"{at:.0f},{service},error_ratio,{FIGURE}" for service in (HIDDEN, f"{SECRET}-svc")]
    (folder / "case.json").write_text(json.dumps(case))
    (folder / "metrics.csv").write_text("\n".join(rows) + "\n")
    (folder / "logs.jsonl").write_text("\n".join(json.dumps(line) for line in logs) + "\n")
    return folder


def repository(path: Path, word: str) -> RepositoryConfig:
    path.mkdir()
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    (path / "code.py").write_text(f"{word} = 1\n")
    for args in (["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-q", "-m", f"Add {word}"]):
        subprocess.run(["git", *args], cwd=path, check=True, capture_output=True)
    return RepositoryConfig(name=path.name, path=path)


@dataclass
class Bench:
    broker: Broker
    sha: str
    records: list[ToolCalled]

    async def keep(self, event: ToolCalled) -> None:
        self.records.append(event)

    async def read(self, tool: str, args: dict[str, JsonValue], channel: str | None = CHANNEL) -> Read:
        from tests.e2e.worlds import NOW

        question = Question("q", "i", "?", NOW, channel=channel, asker="U0ADA")
        return await self.broker.desk(question, NOW, self.keep).read(tool, args)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("scope")
    seen = load_world(world(folder / "world"))
    docs: list[DocsFolder] = []
    for name, word in (("public", "shop"), ("private", SECRET), (f"{SECRET}-docs", SECRET)):
        (folder / name).mkdir()
        (folder / name / "errors.md").write_text(f"# {word} errors\n\n## ShopErrors\n\nRestart {word}.\n")
        docs.append(DocsFolder(name=name, path=folder / name))
    repositories = (
        repository(folder / "open", "shop"),
        repository(folder / f"{MARK}-code", SECRET),
        repository(folder / f"{SECRET}-code", SECRET),
    )
    hidden_sha = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=repositories[1].path, check=True, capture_output=True, text=True
    ).stdout.strip()
    connectors: list[Connector] = [
        PrometheusConnector(RecordedMetrics(seen)),
        AlertmanagerConnector(RecordedAlerts(seen)),
        RecordedChanges(seen),
        RecordedLogs(seen),
        DocsConnector(DocsConfig(folders=tuple(docs))),
        GitConnector(GitConfig(repositories=repositories)),
        GithubConnector(GithubConfig(repositories=(f"{MARK}/code", f"{SECRET}/code")), lambda: None),
    ]
    catalogue = Catalogue(
        (
            Service(name=OPEN, aliases=("front",)),
            Service(name=HIDDEN, aliases=("vault",)),
            Service(name=f"{SECRET}-svc"),
        )
    )
    unlimited = LimitsConfig().model_copy(
        update={"quotas": LimitsConfig().quotas.model_copy(update={"question": ReadQuota()})}
    )
    broker = Broker(connectors, Redactor(), unlimited, FixedPolicy(POLICY), catalogue=catalogue)
    return Bench(broker, hidden_sha, [])


WORDS = [OPEN, HIDDEN, MARK, "vault", "front", "open", f"{MARK}-code", "error_ratio", f"{MARK}_ratio", "errors", "*",
         ".*", "code.py", "private/errors.md", "public/errors.md", "public/../private/errors.md", "ShopErrors", "HEAD",
         "main", f"c-{HIDDEN}-1", f"{MARK}/code", "../", "."]  # fmt: skip
SELECTORS = [
    "{m}", '{m}{{service="{s}"}}', '{m}{{service="{s}",service="shop"}}', '{m}{{service=~"{s}|shop"}}',
    '{m}{{service=~".*"}}', '{m}{{service!="shop"}}', '{m}{{service="shop" or service="{s}"}}', '{{__name__="{m}"}}',
    '{{service="{s}"}}', '{{__name__=~"{m}|up",service="shop"}}', '{m}{{service=~"shop|.+"}}', '{m}{{job="shop"}}',
]  # fmt: skip


def filled(form: str, m: str, s: str) -> str:
    return form.format(m=m, s=s)


QUERY = st.builds(
    filled,
    st.sampled_from(SELECTORS),
    st.sampled_from(["error_ratio", f"{MARK}_ratio"]),
    st.sampled_from([OPEN, HIDDEN, "vault", "front"]),
)


def values(name: str, sha: str) -> st.SearchStrategy[JsonValue]:
    """What a model could put into an argument of this name."""
    text = st.sampled_from([*WORDS, sha, sha[:10]])
    times = st.sampled_from(["2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", "2020-01-01T00:00:00Z"])
    by_name: dict[str, st.SearchStrategy[JsonValue]] = {
        "query": QUERY | text,
        "services": st.lists(text, max_size=3).map(list[JsonValue]),
        "start": st.just("2026-02-20T00:00:00Z") | times,
        "end": st.just("2026-12-31T00:00:00Z") | times,
        "kind": st.sampled_from(["range", "instant"]),
        "limit": st.integers(1, 50),
        "number": st.integers(1, 9),
        "first_line": st.just(1),
        "last_line": st.just(1),
        "step_s": st.just(60),
        "runbook_url": text.map(lambda word: f"https://runbooks.example/{word}"),
        "state": st.just("firing"),
        "diff": text.map(lambda word: f"--- a/{word}\n+++ b/{word}\n@@ -1 +1 @@\n-one\n+two\n"),
    }
    flags = st.booleans() if name in ("regex", "ignore_case") else text
    return by_name.get(name, flags)


def calls(tool: Tool, sha: str) -> st.SearchStrategy[dict[str, JsonValue]]:
    needed = {name: values(name, sha) for name, field in tool.args.model_fields.items() if field.is_required()}
    others = {name: values(name, sha) for name, field in tool.args.model_fields.items() if not field.is_required()}
    return st.fixed_dictionaries(needed, optional=others)


TOOLS = [
    "alerts_active",
    "changes_list",
    "code_blame",
    "code_changes",
    "code_commit",
    "code_read",
    "code_search",
    "code_try_patch",
    "docs_read",
    "docs_runbook",
    "docs_search",
    "github_changes",
    "github_pull_request",
    "github_workflow_runs",
    "logs_search",
    "metrics_alert_history",
    "metrics_golden_signals",
    "metrics_query",
    "metrics_search",
]


def test_every_tool_is_tried_here(bench: Bench) -> None:
    assert sorted(bench.broker.offers) == TOOLS


@pytest.mark.parametrize("name", TOOLS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
async def test_no_arguments_bring_back_what_the_channel_may_not_see(
    bench: Bench, name: str, data: st.DataObject
) -> None:
    args = data.draw(calls(bench.broker.offers[name].tool, bench.sha))
    read = await bench.read(name, args)
    evidence = read.evidence
    told = f"{evidence.model_dump_json()} {read.nouns!r}"
    assert SECRET not in told
    assert str(FIGURE) not in told
    assert not evidence.summary.startswith("internal: ")


ASKED: dict[str, dict[str, JsonValue]] = {
    "alerts_active": {},
    "changes_list": {},
    "logs_search": {},
    "metrics_alert_history": {},
    "metrics_golden_signals": {},
    "metrics_query": {"query": f'error_ratio{{service="{SECRET}-svc"}}'},
    "metrics_search": {"text": SECRET},
    "docs_search": {"query": SECRET},
    "docs_read": {"path": "private/errors.md"},
    "code_search": {"query": SECRET, "repository": f"{MARK}-code"},
}


@pytest.mark.parametrize("name", ASKED)
async def test_the_same_call_shows_it_where_everything_may_be_seen(bench: Bench, name: str) -> None:
    """Else the test above would show nothing."""
    read = await bench.read(name, ASKED[name], channel=None)
    assert SECRET in f"{read.evidence.summary} {json.dumps(read.evidence.body)} {read.nouns!r}"


@pytest.mark.parametrize(
    ("name", "args", "rule"),
    [
        ("metrics_query", {"query": f'error_ratio{{service="{HIDDEN}"}}'}, "channel_services"),
        ("metrics_query", {"query": "error_ratio"}, "channel_services"),
        ("metrics_query", {"query": f'{MARK}_ratio{{service="shop"}}'}, "channel_metrics"),
        ("metrics_golden_signals", {"services": [HIDDEN]}, "channel_services"),
        ("logs_search", {"service": "vault"}, "channel_services"),
        ("code_search", {"query": "x", "repository": f"{MARK}-code"}, "channel_repositories"),
        ("github_changes", {"start": "2026-03-01T11:00:00Z", "end": "2026-03-01T12:00:00Z"}, "channel_repositories"),
        ("docs_read", {"path": "private/errors.md"}, "channel_docs"),
    ],
)
async def test_what_names_something_out_of_sight_is_denied_by_a_rule_a_person_understands(
    bench: Bench, name: str, args: dict[str, JsonValue], rule: str
) -> None:
    evidence = (await bench.read(name, args)).evidence
    assert evidence.outcome is Outcome.DENIED
    assert evidence.summary.startswith(f"{rule}: ")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("metrics_query", {"query": 'error_ratio{service="shop"}'}),
        ("metrics_query", {"query": 'error_ratio{service=~"shop|front"}'}),
        ("metrics_search", {"text": "error_ratio"}),
        ("metrics_golden_signals", {}),
        ("alerts_active", {}),
        ("logs_search", {"service": "front"}),
        ("code_commit", {"sha": "main"}),
        ("docs_runbook", {"alert": "ShopErrors"}),
    ],
)
async def test_what_is_in_sight_is_read(bench: Bench, name: str, args: dict[str, JsonValue]) -> None:
    evidence = (await bench.read(name, args)).evidence
    assert evidence.outcome in (Outcome.OK, Outcome.NO_DATA), evidence.summary
    assert name == "logs_search" or evidence.outcome is Outcome.OK


def test_every_tool_keeps_within_a_scope_and_names_services_and_repositories_as_the_policy_expects(
    bench: Bench,
) -> None:
    for offer in bench.broker.offers.values():
        assert offer.tool.scoped is not None
        odd = [n for n in offer.tool.args.model_fields if n.startswith(("svc", "repo", "service")) and n not in
               ("service", "services", "repository", "repositories")]  # fmt: skip
        assert odd == []
