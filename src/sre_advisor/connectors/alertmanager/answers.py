"""Alertmanager's JSON turned into alerts and silences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.service_labels import service_of
from sre_advisor.model import Alert, AlertState

MAX_LABELS = 64
MAX_CHARACTERS = 2_000
SILENCED_BY = "silenced_by"
SILENCED_UNTIL = "silenced_until"
SILENCE_COMMENT = "silence_comment"
INHIBITED_BY = "inhibited_by"
"""Annotations added to an alert that notifies nobody: who silenced it, which alert inhibits it."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Who silenced something, until when, and why."""

    id: str
    created_by: str
    comment: str
    ends_at: datetime | None


def read_alerts(answer: JsonValue, silences: Mapping[str, Silence], service_labels: Sequence[str]) -> tuple[Alert, ...]:
    """The alerts of /api/v2/alerts, oldest first; raises Unavailable("garbled") for anything else."""
    if not isinstance(answer, list):
        raise Unavailable("garbled", "the answer is no list of alerts; is the address Alertmanager's?")
    names = {
        str(item.get("fingerprint", "")): _text_map(item.get("labels")) for item in answer if isinstance(item, dict)
    }
    alerts = [_read_alert(item, silences, names, service_labels) for item in answer]
    return tuple(sorted(alerts, key=lambda alert: (alert.started_at, alert.name, alert.service or "")))


def read_silences(answer: JsonValue) -> dict[str, Silence]:
    """The silences of /api/v2/silences by id; what does not look like one is left out."""
    found: dict[str, Silence] = {}
    for item in answer if isinstance(answer, list) else []:
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            one = Silence(
                str(item["id"]), _text(item.get("createdBy")), _text(item.get("comment")), _time(item.get("endsAt"))
            )
            found[one.id] = one
    return found


def _read_alert(
    item: JsonValue,
    silences: Mapping[str, Silence],
    others: Mapping[str, Mapping[str, str]],
    service_labels: Sequence[str],
) -> Alert:
    status = item.get("status") if isinstance(item, dict) else None
    started = _time(item.get("startsAt")) if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(status, dict) or started is None:
        raise Unavailable("garbled", "an element of the answer is no alert; is this an Alertmanager with API v2?")
    labels = _text_map(item.get("labels"))
    silenced, inhibited = _ids(status.get("silencedBy")), _ids(status.get("inhibitedBy"))
    state = AlertState.SILENCED if silenced else AlertState.INHIBITED if inhibited else AlertState.FIRING
    annotations = _text_map(item.get("annotations")) | _why_quiet(silenced, inhibited, silences, others, service_labels)
    link = item.get("generatorURL")
    return Alert(
        name=labels.get("alertname", "unnamed"),
        started_at=started,
        service=service_of({k: v for k, v in labels.items() if k != "alertname"}, service_labels),
        severity=labels.get("severity"),
        state=state,
        labels={k: v for k, v in labels.items() if k != "alertname"},
        annotations=annotations,
        link=link if isinstance(link, str) and link.startswith(("http://", "https://")) else None,
    )


def _why_quiet(
    silenced: Iterable[str],
    inhibited: Iterable[str],
    silences: Mapping[str, Silence],
    others: Mapping[str, Mapping[str, str]],
    service_labels: Sequence[str],
) -> dict[str, str]:
    told: dict[str, str] = {}
    known = [silences[one] for one in silenced if one in silences]
    if known:
        ends = [one.ends_at for one in known if one.ends_at]
        told[SILENCED_BY] = ", ".join(dict.fromkeys(one.created_by for one in known if one.created_by)) or "unknown"
        told[SILENCE_COMMENT] = "; ".join(dict.fromkeys(one.comment for one in known if one.comment))
        if ends:
            told[SILENCED_UNTIL] = f"{max(ends):%FT%TZ}"
    by = [_alert_words(others[one], service_labels) if one in others else "an alert not shown" for one in inhibited]
    if by:
        told[INHIBITED_BY] = ", ".join(dict.fromkeys(by))
    return told


def _alert_words(labels: Mapping[str, str], service_labels: Sequence[str]) -> str:
    service = service_of(labels, service_labels)
    name = labels.get("alertname", "unnamed")
    return f"{name} ({service})" if service else name


def _text_map(raw: JsonValue) -> dict[str, str]:
    if not isinstance(raw, dict):
        return {}
    return {k[:MAX_CHARACTERS]: _text(v) for k, v in list(raw.items())[:MAX_LABELS]}


def _text(raw: JsonValue) -> str:
    return raw[:MAX_CHARACTERS] if isinstance(raw, str) else ""


def _ids(raw: JsonValue) -> list[str]:
    return [one for one in raw if isinstance(one, str)] if isinstance(raw, list) else []


def _time(raw: JsonValue) -> datetime | None:
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
