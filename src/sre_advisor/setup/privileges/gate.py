"""The check before `run`: a credential known to write keeps it from starting."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from sre_advisor.credentials import Credentials
from sre_advisor.settings import Settings, SettingsError
from sre_advisor.setup.privileges.asking import review
from sre_advisor.setup.privileges.review import Review, Reviewed

log = structlog.get_logger(__name__)


async def refuse_writers(settings: Settings, credentials: Credentials, exceptions: Mapping[str, str]) -> Review:
    """Raises SettingsError, a line for each credential that is known to write; what else was found is logged."""
    found = await review(settings, credentials, exceptions)
    for one in found.credentials:
        if one.exception is not None:
            log.warning("credential_excepted", action="privileges", credential=one.credential, reason=one.exception)
        for finding in one.findings:
            log.warning("privilege_finding", action="privileges", credential=one.credential, finding=finding)
    if found.stopping:
        raise SettingsError("\n".join(refusal(one) for one in found.stopping))
    return found


def refusal(one: Reviewed) -> str:
    """Why it does not start, and the two ways out."""
    what = "; ".join(one.writes) or "more than it may"
    narrow = one.narrow[0] if one.narrow else "give it read access only"
    return (
        f"{one.credential} ({one.source}) can write: {what}. The advisor does not start with it: {narrow}; or name it "
        "with a reason under write_credentials in the policy (`sre-advisor privileges` shows everything)"
    )
