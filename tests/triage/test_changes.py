"""Which change, if any, explains the trouble: in time, in place, able, and in its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sre_advisor.model import Alert, Catalogue, Change, ChangeKind, CodeLocation, LogLine, Series, Service, SignalKind
from sre_advisor.triage import Triage, triage

NOW = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(minutes=15)
TIMES = np.float64(NOW.timestamp()) - 30.0 * np.arange(240, dtype=np.float64)[::-1]
BROKEN = BEGAN.timestamp() <= TIMES
CATALOGUE = Catalogue(
    services=(
        Service(name="checkout", repositories=(CodeLocation(name="shop", paths=("apps/checkout",)),)),
        Service(name="billing"),
        Service(name="web"),
    ),
    edges=(("web", "checkout"), ("checkout", "billing")),
)
EMPTY = Catalogue()
ALERT = Alert("CheckoutErrors", BEGAN + timedelta(minutes=4), "checkout", "critical")
POOL = "--- a/apps/checkout/db.yaml\n+++ b/apps/checkout/db.yaml\n@@ -1 +1 @@\n-pool_size: 40\n+pool_size: 4"
WORDING = "--- a/apps/checkout/view.py\n+++ b/apps/checkout/view.py\n@@ -1 +1 @@\n-# old words\n+# new words"


def errors(service: str = "checkout") -> Series:
    values = np.random.default_rng(5).uniform(0.0, 0.004, 240) + 0.4 * BROKEN
    return Series(service, "error_ratio", TIMES, np.asarray(values, dtype=np.float64), SignalKind.ERRORS)


def change(
    name: str, minutes_before: float, kind: ChangeKind = "deploy", service: str | None = "checkout", **more: object
) -> Change:
    made = Change(name, kind, BEGAN - timedelta(minutes=minutes_before), name, service)
    return replace(made, **more)


def commit(name: str, minutes_before: float, *files: str, diff: str | None = None) -> Change:
    return change(name, minutes_before, "commit", None, files=files, diff=diff)


def ask(*changes: Change, logs: tuple[LogLine, ...] = (), series: tuple[Series, ...] = ()) -> Triage:
    return triage(
        now=NOW, series=series or (errors(),), alerts=(ALERT,), changes=changes, catalogue=CATALOGUE, logs=logs
    )


def lines(message: str, service: str = "checkout") -> tuple[LogLine, ...]:
    return tuple(LogLine(BEGAN + timedelta(seconds=20 * i), service, "ERROR", message) for i in range(20))


def test_a_commit_that_tightens_is_named_by_its_own_id_through_its_deploy() -> None:
    made = commit("c0ffee1", 30, "apps/checkout/db.yaml", diff=POOL)
    found = ask(made, change("deploy-7", 6, commit="c0ffee1"))
    assert found.change == "c0ffee1"
    assert any("pool_size 40 -> 4" in r for r in found.changes[0].reasons)


def test_the_short_sha_in_a_deploys_words_links_it_to_its_commit() -> None:
    made = commit("c0ffee1d00d5", 30, "apps/checkout/db.yaml", diff=POOL)
    found = ask(made, change("deploy-7", 6, summary="release 2031.3 (c0ffee1)"))
    assert [c.id for c in found.changes] == ["c0ffee1d00d5"]


def test_a_later_deploy_that_changes_comments_only_is_no_rival() -> None:
    pool = commit("pool", 30, "apps/checkout/db.yaml", diff=POOL)
    words = commit("words", 8, "apps/checkout/view.py", diff=WORDING)
    found = ask(pool, words, change("d1", 12, commit="pool"), change("d2", 2, commit="words"))
    assert found.change == "pool"


@pytest.mark.parametrize(
    "path", ["docs/checkout.md", "apps/checkout/test_db.py", ".github/workflows/ci.yml", "web/a.css"]
)
def test_documents_tests_styles_and_the_build_cannot_do_it(path: str) -> None:
    dead = commit("dead", 3, path, diff=POOL)
    assert ask(dead, change("d1", 3, commit="dead")).change == "none"


def test_what_came_after_the_onset_did_not_cause_it() -> None:
    found = ask(change("too late", -8))
    assert found.change == "none"
    assert any("after it began" in d for d in found.changes[0].doubts)


def test_a_deploy_of_an_unrelated_service_is_not_blamed() -> None:
    assert ask(change("elsewhere", 3, service="newsletter")).change == "none"


def test_a_lone_deploy_just_before_is_named_though_nobody_knows_its_content() -> None:
    assert ask(change("d1", 4)).change == "d1"


def test_a_deploy_of_last_week_is_not_blamed() -> None:
    assert ask(change("old", 60 * 24 * 7)).change == "none"


def test_the_files_tell_the_service_where_no_deploy_does() -> None:
    made = change("p1", 5, "commit", None, files=("apps/checkout/db.yaml",), diff=POOL, repository="acme/shop")
    assert ask(made).change == "p1"


def test_a_folder_named_like_the_service_tells_it_too() -> None:
    found = ask(
        commit("c1", 5, "services/billing/db.yaml", diff=POOL), commit("c2", 5, "services/mail/db.yaml", diff=POOL)
    )
    assert found.changes[0].id == "c1"


def test_between_two_able_changes_the_words_of_the_logs_decide() -> None:
    one = change("one", 5, summary="rework voucher redemption", diff="@@\n-a = f(x)\n+a = g(x, y)", files=("v.py",))
    two = change("two", 5, summary="rework address form", diff="@@\n-b = f(x)\n+b = g(x, y)", files=("a.py",))
    assert ask(one, two, logs=lines("voucher redemption rejected")).change == "one"
    assert ask(one, two, logs=lines("address form rejected")).change == "two"


@pytest.mark.parametrize(
    "message",
    [
        "dial tcp: lookup pay.example.com on 10.0.0.2:53: no such host",
        "x509: certificate has expired or is not yet valid",
        "POST https://api.payments-r-us.com/v1/charge returned 503",
        "read /data: input/output error",
    ],
)
def test_a_cause_outside_beats_a_deploy_that_cannot_have_done_it(message: str) -> None:
    moved = "@@\n-total = add(a, b)\n-send(total, user)\n+total = add(a, b)\n+helper = send\n+helper(total, user)"
    found = ask(change("d1", 4, diff=moved, files=("x.py",)), logs=lines(message))
    assert found.change == "none"
    assert found.change_reason


def test_a_host_that_refuses_what_we_ask_is_not_an_outage() -> None:
    assert ask(change("d1", 4), logs=lines("POST https://api.payments-r-us.com/v1/charge returned 401")).change == "d1"


def test_a_mechanism_in_the_diff_beats_a_sign_from_outside() -> None:
    outside = lines("POST https://api.payments-r-us.com/v1/charge timed out waiting for pool")
    assert ask(commit("c", 9, diff=POOL), change("d", 4, commit="c"), logs=outside).change == "c"


def test_hosts_of_our_own_and_package_paths_are_not_outside() -> None:
    trace = "java.io.IOException at github.com/acme/shop/db.go:12 calling https://billing.acme.com/pay"
    assert ask(change("d1", 4), logs=lines(trace)).change == "d1"


def test_a_surge_of_demand_is_no_changes_fault() -> None:
    demand = Series("web", "requests_per_second", TIMES, np.where(BROKEN > 0, 400.0, 100.0), SignalKind.TRAFFIC)
    found = ask(change("d1", 4), series=(errors(), demand))
    assert found.change == "none"
    assert "traffic of web" in found.change_reason


def test_a_commit_no_deploy_names_went_out_with_the_next_one_of_its_service() -> None:
    made = change("c1", 300, "commit", None, files=("apps/checkout/db.yaml",), diff=POOL)
    assert ask(made, change("d1", 5, summary="release")).changes[0].id == "c1"
    assert ask(made, change("d1", 5, service="web")).change != "c1"


def test_a_merged_pull_request_is_not_a_deploy() -> None:
    made = commit("c0ffee1", 40, "apps/checkout/db.yaml", diff=POOL)
    merged = change("pr-7", 3, "pull_request", None, commit="c0ffee1")
    found = ask(made, merged, change("d9", -5, commit="c0ffee1"))
    assert [c.id for c in found.changes] == ["c0ffee1"]
    assert found.change == "none"


def test_every_change_has_reasons_or_doubts() -> None:
    found = ask(change("d1", 4), change("d2", 90, service="web"), commit("c", 3, "README.md"))
    assert all(c.reasons or c.doubts for c in found.changes)
    assert len(found.changes) == 3


def test_of_services_deployed_together_the_one_where_it_began_is_named_though_another_rings() -> None:
    train = (change("a", 2, service="web"), change("b", 2, service="checkout"), change("c", 2, service="billing"))
    rings = replace(ALERT, service="web")
    found = triage(
        now=NOW, series=(errors("web"), errors()), alerts=(rings,), changes=train, catalogue=CATALOGUE
    )  # fmt: skip
    assert found.services[0].name == "checkout"
    assert found.change == "b"


def test_an_alert_of_hours_ago_on_something_else_neither_dates_it_nor_clears_the_deploy() -> None:
    for minutes in (60, 3 * 1440):
        old = Alert("DiskFilling", NOW - timedelta(minutes=minutes), "billing", "warning")
        found = triage(now=NOW, series=(errors(),), alerts=(old,), changes=(change("d1", 2),), catalogue=CATALOGUE)
        assert found.onset is not None
        assert abs(found.onset - BEGAN) <= timedelta(minutes=2), minutes
        assert found.change == "d1", minutes


def test_a_change_between_an_alert_and_the_first_signal_is_not_cleared_as_clocks_differ() -> None:
    early = replace(ALERT, started_at=BEGAN - timedelta(minutes=4))
    found = triage(now=NOW, series=(errors(),), alerts=(early,), changes=(change("d1", 1.5),), catalogue=CATALOGUE)
    assert found.change == "d1"
    assert "before it began" not in found.change_reason


def test_no_change_is_cleared_where_every_sample_is_younger_than_the_alert() -> None:
    young = errors()
    young = replace(young, times=young.times[-20:], values=young.values[-20:])
    found = triage(
        now=NOW, series=(young,), alerts=(ALERT,), changes=(change("d1", 4, service="web"),), catalogue=EMPTY
    )
    assert found.services == ()
    assert found.change is None


def test_a_certificate_that_will_expire_is_not_called_invalid() -> None:
    soon = replace(ALERT, annotations={"summary": "certificate expires in 20 days"})
    gone = replace(ALERT, annotations={"summary": "certificate expired an hour ago"})
    told = [
        triage(now=NOW, series=(errors(),), alerts=(a,), changes=(change("d1", 4),), catalogue=CATALOGUE)
        for a in (soon, gone)
    ]
    assert [t.change for t in told] == ["d1", "none"]
    assert "by the words of an alert" in told[1].change_reason


def test_what_took_effect_seconds_before_is_told_in_seconds() -> None:
    assert "took effect 0 min" not in ask(change("d1", 0.4)).change_reason
