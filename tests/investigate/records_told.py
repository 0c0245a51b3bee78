"""What an incident leaves beside readings, over names given to it, with what is true of it and what is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.investigate.forms_of_records import Listed, Record

Names = tuple[str, str, str]
DAY = "2026-06-18"


@dataclass(frozen=True)
class Told:
    """Records over names, and claims about them with the names' places."""

    listed: Callable[[Names], Listed]
    hold: tuple[str, ...]
    do_not: tuple[str, ...]


def _records(keys: str, *rows: tuple[str, ...]) -> list[Record]:
    return [dict(zip(keys.split(), row, strict=True)) for row in rows]


def _at(clock: str) -> str:
    return f"{DAY}T{clock}Z"


def _alerts(names: Names) -> Listed:
    a, b, c = names
    return Listed(
        "alerts",
        "service",
        _records(
            "alertname service severity state startsAt endsAt threshold value",
            ("LatencyTargetMissed", a, "critical", "firing", _at("14:06:30"), "", "0.5", "2.31"),
            ("QueueTooDeep", b, "warning", "firing", _at("14:09:10"), "", "1000", "4210"),
            ("AvailabilityLow", c, "critical", "resolved", _at("14:07:45"), _at("14:31:45"), "99.5", "83.1"),
            ("ReplicasMissing", b, "warning", "resolved", _at("13:40:00"), _at("13:52:00"), "3", "1"),
        ),
        "{alertname}  {startsAt}  {state}  service={service} severity={severity}  value {value} (threshold {threshold})"
        "  ends {endsAt}",
        "{startsAt}: {alertname} ({severity}, {state}) on {service}, value {value}, threshold {threshold}, "
        "ended {endsAt}",
    )


ALERTS = Told(
    _alerts,
    (
        "LatencyTargetMissed on {0} started at 14:06:30 UTC.",
        "AvailabilityLow fired for {2} with severity critical.",
        "The threshold of QueueTooDeep is 1000, and the value seen was 4210.",
        "QueueTooDeep is a warning on {1}.",
        "AvailabilityLow on {2} began 75 seconds after LatencyTargetMissed on {0}.",
        "ReplicasMissing was resolved at 13:52, twelve minutes after it started.",
        "Two of the four alerts are on {1}.",
        "At 14:07:45 the alert AvailabilityLow fired for {2}, with 83.1 against a threshold of 99.5.",
    ),
    (
        "LatencyTargetMissed on {0} started at 14:09:10 UTC.",
        "AvailabilityLow fired for {2} with severity warning.",
        "The threshold of QueueTooDeep is 4210.",
        "QueueTooDeep is a warning on {0}.",
        "AvailabilityLow on {2} began before LatencyTargetMissed on {0}.",
        "ReplicasMissing was resolved at 14:31:45.",
        "Three of the four alerts are on {1}.",
        "QueueTooDeep was seen at 83.1 against a threshold of 1000.",
    ),
)


def _changes(names: Names) -> Listed:
    a, b, c = names
    return Listed(
        "changes",
        "service",
        _records(
            "id time service kind what old new by",
            ("chg-71", _at("13:41:05"), a, "deploy", "version", "3.8.1", "3.9.0", "mira.kolb"),
            ("chg-72", _at("13:55:20"), b, "config", "pool.max_size", "40", "15", "t.ferro"),
            ("chg-73", _at("14:04:00"), c, "flag", "use_new_ranking", "off", "on", "ines.vold"),
            ("chg-74", _at("14:22:30"), a, "rollback", "version", "3.9.0", "3.8.1", "mira.kolb"),
        ),
        "{time} {id} {kind} {service} {what} {old} -> {new} by {by}",
        "{id}, {time}: {kind} of {service}, {what} from {old} to {new} (by {by})",
    )


CHANGES = Told(
    _changes,
    (
        "{0} was deployed at 13:41:05 by mira.kolb.",
        "chg-72 lowered pool.max_size on {1} from 40 to 15.",
        "t.ferro changed {1}'s pool.max_size at 13:55.",
        "The flag use_new_ranking was switched on for {2} at 14:04.",
        "{0} was rolled back to 3.8.1 at 14:22:30, some 41 minutes after its deploy.",
        "The change of pool.max_size came before the flag use_new_ranking was switched.",
        "Two of the four changes were made by mira.kolb.",
        "chg-73 was made by ines.vold, nine minutes after t.ferro's.",
    ),
    (
        "{0} was deployed at 13:55:20 by mira.kolb.",
        "chg-72 raised pool.max_size on {1} from 15 to 40.",
        "ines.vold changed {1}'s pool.max_size at 13:55.",
        "The flag use_new_ranking was switched on for {2} at 14:22.",
        "{0} was rolled back to 3.9.0 at 14:22:30.",
        "The flag use_new_ranking was switched before pool.max_size was changed.",
        "Three of the four changes were made by mira.kolb.",
        "chg-73 was a change of {0}.",
    ),
)


def _parameters(names: Names) -> Listed:
    a, b, c = names
    return Listed(
        "parameters",
        "Name",
        _records(
            "Name Version Value LastModifiedDate LastModifiedUser",
            (f"/live/{a}/retry_budget", "6", "3", _at("09:12:44"), "mira.kolb"),
            (f"/live/{a}/retry_budget", "7", "12", _at("14:05:10"), "t.ferro"),
            (f"/live/{b}/batch_size", "21", "500", _at("13:58:35"), "ines.vold"),
            (f"/live/{c}/page_limit", "4", "80", _at("11:20:05"), "t.ferro"),
        ),
        "{LastModifiedDate} {Name} version {Version} set to {Value} by {LastModifiedUser}",
        "{Name} v{Version} = {Value}, last modified {LastModifiedDate} by {LastModifiedUser}",
    )


PARAMETERS = Told(
    _parameters,
    (
        "retry_budget was set to 12 at 14:05:10.",
        "t.ferro set {0}'s retry_budget to 12.",
        "{0}'s retry_budget went from 3 to 12 at 14:05:10.",
        "batch_size of {1} was last modified at 13:58:35 by ines.vold.",
        "Version 7 of retry_budget holds 12.",
        "page_limit is 80 on {2}.",
        "batch_size was changed about seven minutes before retry_budget was set to 12.",
        "The value 3 of retry_budget was set by mira.kolb.",
    ),
    (
        "retry_budget was set to 12 at 13:58:35.",
        "ines.vold set {0}'s retry_budget to 12.",
        "{0}'s retry_budget went from 12 to 3 at 14:05:10.",
        "batch_size of {1} was last modified at 11:20:05.",
        "Version 6 of retry_budget holds 12.",
        "page_limit is 500 on {2}.",
        "batch_size was changed after retry_budget was set to 12.",
        "batch_size was set by mira.kolb.",
    ),
)


def _commits(names: Names) -> Listed:
    a, b, c = names

    def diff(file: str, old: str, new: str) -> str:
        return f"--- a/{file}\n+++ b/{file}\n@@ -12,3 +12,3 @@\n-{old}\n+{new}"

    rows = (
        ("8c1f0ab2d7e4", "mira.kolb", "12:10:00", a, "Cut the pool of connections to the store",
         "internal/store/pool.go", "maxOpen = 40", "maxOpen = 15"),
        ("41d9be7703fa", "t.ferro", "12:48:30", b, "Retry writes to the journal more often",
         "client/retry.py", "attempts = 2", "attempts = 5"),
        ("e07a5529c1d8", "ines.vold", "13:05:15", c, "Warm the cache of pages before serving",
         "cmd/warm.go", "limit := 30", "limit := 90"),
    )  # fmt: skip
    return Listed(
        "commits",
        "repository",
        _records(
            "sha author date repository subject file removed added diff",
            *(
                (sha, author, _at(clock), name, subject, file, old, new, diff(file, old, new))
                for sha, author, clock, name, subject, file, old, new in rows
            ),
        ),
        "commit {sha}\nAuthor: {author}\nDate:   {date}\n\n    {repository}: {subject}\n\n"
        "diff --git a/{file} b/{file}\n{diff}\n",
        "{sha} ({repository}) by {author} at {date}: {subject}; in {file} “{removed}” became “{added}”",
        frozenset(("diff",)),
    )


COMMITS = Told(
    _commits,
    (
        "8c1f0ab was authored by mira.kolb.",
        "8c1f0ab2d7e4 cuts maxOpen from 40 to 15 in internal/store/pool.go.",
        "t.ferro's commit 41d9be7 raises attempts from 2 to 5.",
        "The commit e07a5529c1d8 on {2} is from 13:05:15.",
        "ines.vold committed “Warm the cache of pages before serving” at 13:05.",
        "t.ferro committed 41d9be7703fa some 38 minutes after 8c1f0ab2d7e4.",
        "The change to client/retry.py was made by t.ferro in {1}.",
        "Three commits are listed, the last by ines.vold.",
    ),
    (
        "8c1f0ab was authored by t.ferro.",
        "8c1f0ab2d7e4 raises maxOpen from 15 to 40 in internal/store/pool.go.",
        "t.ferro's commit 41d9be7 raises attempts from 2 to 15.",
        "The commit e07a5529c1d8 on {2} is from 12:48:30.",
        "ines.vold committed “Warm the cache of parcels before serving” at 13:05.",
        "41d9be7703fa was committed before 8c1f0ab2d7e4.",
        "The change to client/retry.py was made by ines.vold.",
        "Four commits are listed.",
    ),
)


def _lines(names: Names) -> Listed:
    a, b, c = names
    return Listed(
        "lines",
        "service",
        _records(
            "time service level message",
            (_at("14:06:31"), a, "ERROR", "connection pool exhausted after 250 ms"),
            (_at("14:06:40"), a, "ERROR", "connection pool exhausted after 251 ms"),
            (_at("14:06:52"), b, "WARN", "slow query on parcels took 1840 ms"),
            (_at("14:07:05"), c, "ERROR", "upstream reset while rendering basket"),
            (_at("14:07:41"), a, "ERROR", "write to journal refused"),
            (_at("14:08:12"), b, "INFO", "compaction of parcels finished"),
        ),
        "{time} {level} [{service}] {message}",
        "at {time} {service} logged {level}: {message}",
    )


LINES = Told(
    _lines,
    (
        "{0} logged “connection pool exhausted” at 14:06:31.",
        "The error “upstream reset while rendering basket” came from {2}.",
        "{1} warned of a slow query on parcels at 14:06:52.",
        "The slow query on {1} took 1840 ms.",
        "{2}'s first error came 34 seconds after that of {0}.",
        "Four of the six lines are at level ERROR.",
        "{0} logged “connection pool exhausted” twice.",
        "The compaction of parcels finished at 14:08:12, after {0}'s “write to journal refused”.",
    ),
    (
        "{1} logged “connection pool exhausted” at 14:06:31.",
        "{2} logged “upstream reset while rendering orders”.",
        "{1} warned of a slow query on parcels at 14:07:05.",
        "The slow query on {1} took 250 ms.",
        "{2}'s first error came before the first error of {0}.",
        "Five of the six lines are at level ERROR.",
        "{0} logged “write to journal refused” at 14:06:40.",
        "The compaction of parcels finished before {0}'s “write to journal refused”.",
    ),
)


def _events(names: Names) -> Listed:
    a, b, c = (n.split("_")[0].casefold() for n in names)
    return Listed(
        "events",
        "object",
        _records(
            "time type reason object count message",
            (_at("10:41:05"), "Normal", "ScalingReplicaSet", f"deployment/{a}", "1", "Scaled up from 3 to 5"),
            (_at("10:43:20"), "Warning", "OOMKilling", f"pod/{b}-7d9c5b8f64-k2x9m", "1",
             "Memory cgroup out of memory: killed process 2114"),
            (_at("10:44:02"), "Warning", "BackOff", f"pod/{b}-7d9c5b8f64-k2x9m", "6",
             "Back-off restarting failed container"),
            (_at("10:46:30"), "Warning", "Unhealthy", f"pod/{c}-5b6f7c9d88-q4w7z", "3",
             "Readiness probe failed with statuscode 503"),
        ),
        "{time}   {type}   {reason}   {object}   (x{count})   {message}",
        "{time} {type} {reason} on {object}, {count} times: {message}",
    )  # fmt: skip


EVENTS = Told(
    _events,
    (
        "A pod of {1} was OOM-killed at 10:43:20.",
        "The BackOff event of {1} has a count of 6.",
        "{2}'s readiness probe failed with a 503 at 10:46:30.",
        "{0} was scaled up from 3 to 5 at 10:41:05.",
        "{2}'s readiness probe failed about three minutes after the OOM kill of {1}.",
        "Three of the four events are warnings.",
        "“Back-off restarting failed container” was recorded for {1} at 10:44:02.",
        "The scale-up of {0} came before the OOM kill.",
    ),
    (
        "A pod of {1} was OOM-killed at 10:46:30.",
        "The BackOff event of {1} has a count of 3.",
        "{0}'s readiness probe failed with a 503 at 10:46:30.",
        "{0} was scaled up from 5 to 3 at 10:41:05.",
        "{2}'s readiness probe failed before the OOM kill of {1}.",
        "All four events are warnings.",
        "“Back-off restarting failed process” was recorded for {1} at 10:44:02.",
        "The OOM kill came before the scale-up of {0}.",
    ),
)


def _calls(names: Names) -> Listed:
    a, b, c = names
    return Listed(
        "calls",
        "caller",
        _records(
            "caller callee protocol per_minute",
            (c, a, "grpc", "420"),
            (c, "badgebox", "http", "95"),
            (a, b, "grpc", "310"),
            (b, "parcelstore", "sql", "1240"),
        ),
        "{caller} -> {callee} [{protocol}, {per_minute}/min]",
        "{caller} calls {callee} over {protocol}, {per_minute} times a minute",
    )


CALLS = Told(
    _calls,
    (
        "{2} calls {0}.",
        "{1} is called by {0}.",
        "{1} depends on parcelstore.",
        "{2} calls two services, {0} and badgebox.",
        "{0} is a client of {1}.",
        "{0} calls {1} over gRPC.",
        "parcelstore is a dependency of {1}.",
        "{2} calls {0} 420 times a minute.",
    ),
    (
        "{0} calls {2}.",
        "{0} is called by {1}.",
        "parcelstore calls {1}.",
        "{2} calls three services.",
        "{1} is a client of {0}.",
        "badgebox is called by {1}.",
        "{2} is a dependency of {0}.",
        "{2} calls {0} 95 times a minute.",
    ),
)
KINDS = {"alerts": ALERTS, "changes": CHANGES, "parameters": PARAMETERS, "commits": COMMITS, "lines": LINES,
         "events": EVENTS, "calls": CALLS}  # fmt: skip
