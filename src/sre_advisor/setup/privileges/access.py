"""Where the credentials of an HTTP backend come from."""

from __future__ import annotations

from sre_advisor.connectors.access import HttpAccess
from sre_advisor.setup.privileges.files import exposed

NO_CREDENTIAL = {"token_env": None, "token_file": None, "username": None, "password_env": None, "password_file": None}
TIMEOUT_S = 4.0
"""Seconds one request of the review may take: `run` waits for it."""


def credential_of(access: HttpAccess, name: str) -> tuple[str, str]:
    """(the credential's name, where it comes from); without one, the open door has a name too."""
    if access.token_env or access.password_env:
        variable = access.token_env or access.password_env or ""
        return variable, f"environment variable {variable}"
    file = access.token_file or access.password_file
    if file:
        key = "token_file" if access.token_file else "password_file"
        return f"{name}.{key}", f"file {file}"
    return f"{name} (no credential)", "none is configured"


def secret_findings(access: HttpAccess) -> tuple[str, ...]:
    """Who else could read its secret, here or on the way."""
    file = access.token_file or access.password_file
    found = exposed(file, "the secret's file") if file else ()
    if has_credential(access) and (access.url or "").startswith("http://"):
        found += ("the credential travels without TLS: use https",)
    return found


def has_credential(access: HttpAccess) -> bool:
    """Whether anything is sent to prove who asks."""
    return bool(access.token_env or access.token_file or access.username)
