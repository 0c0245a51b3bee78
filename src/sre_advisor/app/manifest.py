"""Printing the Slack app's manifest."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from sre_advisor.broker.policy import Policy, read_policy
from sre_advisor.settings import Settings, SettingsError, load_settings
from sre_advisor.slack.manifest import Profile, Wanted, manifest
from sre_advisor.slack.scopes import SCOPES

HEAD = """\
# The Slack app: paste this at https://api.slack.com/apps under "Create New App" > "From a manifest".
# Made by `sre-advisor slack-manifest`{options}; each permission is used by something the program does:
"""


def print_manifest(
    config: Path | None, profile: Profile, url: str | None, *, private_channels: bool, as_json: bool
) -> int:
    """Print the manifest that fits the configuration; 0. Raises SettingsError."""
    settings = load_settings(config)
    wanted = Wanted.by(_policy(settings), profile, private_channels=private_channels, url=_url(settings, url))
    sys.stdout.write(json.dumps(manifest(wanted), indent=2) + "\n" if as_json else text_of(wanted))
    return 0


def text_of(wanted: Wanted) -> str:
    """The manifest as YAML, with a line on what each permission is for."""
    made: dict[str, Any] = manifest(wanted)
    granted = set(made["oauth_config"]["scopes"]["bot"])
    needs = (f"#   {s.name}: {', '.join(s.needed_by)}" for s in SCOPES if s.name in granted)
    options = f" --profile {wanted.profile}" if wanted.profile != "usual" else ""
    body = yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=120)
    return HEAD.format(options=options) + "\n".join(needs) + "\n" + body


def _policy(settings: Settings) -> Policy:
    """The policy that the configuration names; without one, nothing beyond the usual is used."""
    return read_policy(settings.policy.file)[0] if settings.policy.file else Policy()


def _url(settings: Settings, given: str | None) -> str | None:
    """The advisor's own address, where Slack sends its events there."""
    by_http = getattr(settings.slack, "mode", "socket") == "http"
    if given is None and by_http:
        raise SettingsError(
            "slack.mode is http: name the address at which Slack reaches the advisor, like --url https://advisor.example"
        )
    if given is None:
        return None
    if not given.startswith("https://") or len(given.split("/")) < 3 or not given.split("/")[2]:
        raise SettingsError(f"--url {given[:80]!r}: Slack sends to https:// addresses only")
    return given.rstrip("/").removesuffix("/slack/events")
