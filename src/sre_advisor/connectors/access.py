"""How an HTTP backend is reached: its address, its credentials by reference, and what is wrong with either."""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sre_advisor.connectors.contract import Unavailable

SECRET_FILE_LIMIT = 64 * 1024


class HttpAccess(BaseModel):
    """Address and credentials of one backend; secrets only by the name of a variable or file, read anew each time."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: str | None = None
    """Base address with its path prefix, if it has one; None means this backend is not configured."""
    external_url: str | None = None
    """Where a person opens it in a browser; `url` when not given."""
    timeout_s: float = Field(default=10.0, gt=0, le=120)
    max_response_bytes: int = Field(default=16 * 1024 * 1024, ge=1024, le=256 * 1024 * 1024)
    max_concurrent: int = Field(default=6, ge=1, le=64)
    token_env: str | None = None
    token_file: Path | None = None
    username: str | None = None
    password_env: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None

    @field_validator("url", "external_url")
    @classmethod
    def _plain_http_address(cls, value: str | None) -> str | None:
        return None if value is None else clean_address(value)

    @model_validator(mode="after")
    def _one_credential(self) -> Self:
        token, password = bool(self.token_env or self.token_file), bool(self.password_env or self.password_file)
        if (self.token_env and self.token_file) or (self.password_env and self.password_file):
            raise ValueError("give a secret either by its variable (…_env) or by its file (…_file), not both")
        if token and (password or self.username):
            raise ValueError("give either a bearer token or a user name with a password, not both")
        if password != bool(self.username):
            raise ValueError("basic authentication needs username and one of password_env, password_file")
        return self

    def authorization(self) -> str | None:
        """The Authorization header's value, read now; raises Unavailable("unauthorised") naming the missing source."""
        if self.token_env or self.token_file:
            return f"Bearer {read_secret(self.token_env, self.token_file)}"
        if self.username:
            pair = f"{self.username}:{read_secret(self.password_env, self.password_file)}"
            return "Basic " + b64encode(pair.encode()).decode("ascii")
        return None


def clean_address(value: str) -> str:
    """The address without trailing slash; raises ValueError, without the value, when it cannot be used."""
    try:
        parts = urlsplit(value.strip())
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is no valid address; write it like http://prometheus:9090") from None
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "holds a user name or password; take them out and name them by username and password_env or password_file"
        )
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("needs http:// or https:// and a host, like http://prometheus:9090")
    if parts.query or parts.fragment:
        raise ValueError("must not hold ? or #; give the base address, like http://prometheus:9090/prefix")
    return value.strip().rstrip("/")


def read_secret(variable: str | None, file: Path | None) -> str:
    """The secret of this variable or file; raises Unavailable("unauthorised") that names where it was looked for."""
    if variable:
        value = os.environ.get(variable, "").strip()
        where = f"environment variable {variable}"
    elif file:
        where = f"file {file}"
        try:
            with file.open("rb") as opened:
                value = opened.read(SECRET_FILE_LIMIT).decode("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise Unavailable("unauthorised", f"the secret's {where} cannot be read") from None
    else:
        raise Unavailable("unauthorised", "no secret is configured")
    if not value or not value.isprintable() or not value.isascii():
        raise Unavailable("unauthorised", f"the secret's {where} is empty or holds characters no header can carry")
    return value
