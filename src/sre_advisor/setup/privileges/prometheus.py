"""Prometheus: whether it lets itself be changed by whoever reaches it."""

from __future__ import annotations

from dataclasses import replace

from sre_advisor.connectors.contract import ToolFailure
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.connectors.prometheus.flags import read_flags
from sre_advisor.settings import Settings
from sre_advisor.setup.privileges.access import (
    NO_CREDENTIAL,
    TIMEOUT_S,
    credential_of,
    has_credential,
    secret_findings,
)
from sre_advisor.setup.privileges.review import Access, Question, Reviewed

OPENINGS = {
    "web.enable-admin-api": "deletes series and takes snapshots (admin API)",
    "web.enable-lifecycle": "reloads or stops it (/-/reload, /-/quit)",
    "web.enable-remote-write-receiver": "writes samples (remote write)",
    "web.enable-otlp-receiver": "writes samples (OTLP)",
}
"""Flags that let whoever reaches Prometheus change something, and what."""


def questions(settings: Settings) -> list[Question]:
    """The one question, when it is configured."""
    config = settings.prometheus
    if not config.url:
        return []
    credential, source = credential_of(config, "prometheus")
    known = Reviewed(
        credential=credential,
        system="prometheus",
        source=source,
        reads=("every metric this Prometheus holds",),
        worst="reads every metric; costly queries slow it down (the advisor bounds its own)",
        findings=secret_findings(config),
    )

    async def ask(known: Reviewed) -> Reviewed:
        brief = config.model_copy(update={"timeout_s": min(config.timeout_s, TIMEOUT_S)})
        return judged(known, await read_flags(brief), answers_anybody=await _answers_anybody(brief))

    return [Question(known, ask)]


async def _answers_anybody(config: PrometheusConfig) -> bool:
    if not has_credential(config):
        return True
    try:
        await read_flags(config.model_copy(update=NO_CREDENTIAL))
    except ToolFailure:
        return False
    return True


def judged(known: Reviewed, flags: dict[str, str], *, answers_anybody: bool) -> Reviewed:
    """The review by its flags; an open endpoint is a finding: it is open to all, with or without the advisor."""
    unsaid = sorted(flag for flag in ("web.enable-admin-api", "web.enable-lifecycle") if flag not in flags)
    opened = [flag for flag in OPENINGS if flags.get(flag) == "true"]
    whoever = "anybody who reaches it" if answers_anybody else "whoever has the credential"
    findings = tuple(f"--{flag} is on: {whoever} {OPENINGS[flag]}, without a further question" for flag in opened)
    if unsaid:
        findings += (f"it does not say whether {' and '.join(unsaid)} are on; is it another system's API?",)
    if answers_anybody and _is_credential(known):
        findings += ("it answers without the credential too: nothing checks it",)
    return replace(
        known,
        access=Access.UNKNOWN if opened or unsaid else Access.READS,
        writes=tuple(OPENINGS[flag] for flag in opened),
        narrow=tuple(f"turn --{flag} off, or let a proxy pass only GET /api/v1/ from the advisor" for flag in opened),
        findings=known.findings + findings,
        worst=f"{known.worst}; if no proxy forbids it: {'; '.join(OPENINGS[f] for f in opened)}"
        if opened
        else known.worst,
    )


def _is_credential(known: Reviewed) -> bool:
    """Whether the entry stands for a credential, not for an open door."""
    return not known.credential.endswith("(no credential)")
