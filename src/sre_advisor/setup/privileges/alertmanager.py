"""Alertmanager: it knows no roles, so who can read can silence, unless a proxy forbids it."""

from __future__ import annotations

from dataclasses import replace

from sre_advisor.connectors.alertmanager.config import AlertmanagerConfig
from sre_advisor.connectors.alertmanager.wire import AlertmanagerReads
from sre_advisor.connectors.contract import ToolFailure
from sre_advisor.settings import Settings
from sre_advisor.setup.privileges.access import (
    NO_CREDENTIAL,
    TIMEOUT_S,
    credential_of,
    has_credential,
    secret_findings,
)
from sre_advisor.setup.privileges.review import Question, Reviewed

_SILENCE = "silences alerts (POST /api/v2/silences), unless a proxy in front of it forbids that"
_PROXY = "put a proxy in front that passes only GET /api/v2/alerts, /silences and /status from the advisor"


def questions(settings: Settings) -> list[Question]:
    """The one question, when it is configured."""
    config = settings.alertmanager
    if not config.url:
        return []
    credential, source = credential_of(config, "alertmanager")
    known = Reviewed(
        credential=credential,
        system="alertmanager",
        source=source,
        reads=("every alert and silence",),
        worst="silences every alert, so that nobody is called",
        narrow=(_PROXY,),
        findings=secret_findings(config),
    )

    async def ask(known: Reviewed) -> Reviewed:
        brief = config.model_copy(update={"timeout_s": min(config.timeout_s, TIMEOUT_S)})
        await _status(brief)
        if not has_credential(config) or await _answers_anybody(brief):
            said = f"it answers without authentication: anybody who reaches it {_SILENCE}"
        else:
            said = f"Alertmanager knows no roles: whoever has the credential {_SILENCE}"
        return replace(known, writes=(_SILENCE,)).noting(said)

    return [Question(known, ask)]


async def _status(config: AlertmanagerConfig) -> None:
    reads = AlertmanagerReads(config)
    try:
        await reads.get("/api/v2/status")
    finally:
        await reads.close()


async def _answers_anybody(config: AlertmanagerConfig) -> bool:
    try:
        await _status(config.model_copy(update=NO_CREDENTIAL))
    except ToolFailure:
        return False
    return True
