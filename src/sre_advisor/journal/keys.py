"""The keys that authenticate the records: one to write with, and those that earlier records were written with."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url

from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.trouble import JournalUnavailable

LEAST = 32
"""Characters: 128 bits as hex."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key in use and the earlier ones, by their ids; never printed."""

    current: bytes = field(repr=False)
    previous: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def current_id(self) -> str:
        """The id of the key in use."""
        return key_id(self.current)

    def by_id(self) -> Mapping[str, bytes]:
        """Every key by its id."""
        return {key_id(key): key for key in (*self.previous, self.current)}


def key_id(key: bytes) -> str:
    """A name for a key that tells nothing about it."""
    return hmac.digest(key, b"sre-advisor journal key", "sha256").hex()[:16]


def load_keys(config: DatabaseConfig, *, make: bool = True) -> Keyring:
    """The configured keys; the one beside an SQLite database is made on first use if `make`.

    Raises JournalUnavailable.
    """
    earlier = [key.get_secret_value() for key in config.previous_keys]
    earlier += [_read(path) for path in config.previous_key_files]
    return Keyring(_current(config, make=make), tuple(_long_enough(k, "a previous key") for k in earlier))


def _current(config: DatabaseConfig, *, make: bool) -> bytes:
    if config.key is not None:
        return _long_enough(config.key.get_secret_value(), "SRE_ADVISOR_DATABASE__KEY")
    path = config.key_file or _default_key_file(config.url)
    try:
        if make and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
    except OSError as error:
        raise JournalUnavailable(f"the journal's key {path} cannot be made: {error.strerror}") from None
    return _long_enough(_read(path), str(path))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise JournalUnavailable(f"the journal's key {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise JournalUnavailable(f"the journal's key {path} cannot be read: it is no text") from None


def _long_enough(key: str, where: str) -> bytes:
    if len(key) < LEAST:
        raise JournalUnavailable(f"the journal's key in {where} is too short: put at least {LEAST} characters there")
    return key.encode()


def _default_key_file(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        return Path(parsed.database + ".key")
    raise JournalUnavailable(
        "this database needs a key for its records: set SRE_ADVISOR_DATABASE__KEY or database.key_file "
        "(openssl rand -hex 32 makes one)"
    )
