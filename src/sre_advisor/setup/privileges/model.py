"""The model's key: it can ask the model and cost money; an administrator's key can do more."""

from __future__ import annotations

from dataclasses import replace

from sre_advisor.credentials import Credentials
from sre_advisor.settings import Settings
from sre_advisor.setup.privileges.files import exposed
from sre_advisor.setup.privileges.review import Access, Question, Reviewed

KEY = "ANTHROPIC_API_KEY"
ADMIN = "sk-ant-" + "admin"
"""How keys of the Admin API begin; those manage members, workspaces and other keys."""


def questions(settings: Settings, credentials: Credentials) -> list[Question]:
    """The key, or the cloud platform's own identity; none for the offline advisor."""
    provider = settings.model.provider
    if provider == "anthropic" and credentials.source(KEY) == "not set":
        return []
    name = KEY if provider == "anthropic" else f"{provider} (the platform's own credentials)"
    source = credentials.source(KEY) if provider == "anthropic" else "the environment's cloud identity"
    known = Reviewed(
        credential=name,
        system="model",
        source=source,
        reads=("the models it may ask",),
        worst="asks the model at your cost until its workspace's limit is reached",
        narrow=("give it a workspace of its own with a spend limit",),
    )

    async def ask(known: Reviewed) -> Reviewed:
        if provider != "anthropic":
            words = f"what this identity may do beside asking the model cannot be seen from {provider}'s model API"
            narrow = "allow its role to invoke this model and nothing else"
            return replace(known, narrow=(*known.narrow, narrow)).noting(words)
        return judged(known, credentials.get(KEY) or "", credentials)

    return [Question(known, ask)]


def judged(known: Reviewed, key: str, credentials: Credentials) -> Reviewed:
    """The review by the kind of key; nothing is sent."""
    file = credentials.file(KEY)
    findings = exposed(file, "the key's file") if file else ()
    if key.startswith(ADMIN):
        return replace(
            known,
            access=Access.WRITES,
            writes=("members, workspaces and API keys of the organisation",),
            worst="takes over the organisation's account at the model's provider",
            narrow=("use an ordinary API key of a workspace", *known.narrow),
            findings=findings,
        )
    return replace(known, access=Access.READS, findings=findings)
