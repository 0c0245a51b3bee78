"""Tokens of a GitHub App: asked for with its key, able to read only, and replaced before they expire."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.github.client import open_api
from sre_advisor.connectors.github.config import AppConfig, GithubConfig, TokenSource

if TYPE_CHECKING:
    from github import GithubIntegration

T = TypeVar("T")
NEEDED = ("metadata", "contents", "pull_requests", "deployments", "actions")
"""What the tools read; a token is asked for these alone, and only to read, whatever more the App may do."""
EARLIER_S = 300
"""Seconds before its end at which a token is replaced, so that none expires under way."""
KEY_LIMIT = 64 * 1024


class AppTokens:
    """Gives a valid token each time it is called; blocks, so it belongs in a thread. Raises Unavailable."""

    def __init__(self, config: GithubConfig, app: AppConfig, clock: Callable[[], float] = time.time) -> None:
        self._config, self._app, self._clock = config, app, clock
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def __call__(self) -> str:
        """The token in use, or a new one."""
        with self._lock:
            if self._clock() >= self._until - EARLIER_S:
                self._token, self._until = self._as_app(self._exchange)
            return self._token

    def permissions(self) -> Mapping[str, str]:
        """What the installation was permitted: name -> read, write or admin."""
        return self._as_app(self._permitted)

    def _permitted(self, integration: GithubIntegration) -> dict[str, str]:
        found = integration.get_app_installation(self._app.installation_id).raw_data.get("permissions")
        return {str(name): str(level) for name, level in found.items()} if isinstance(found, dict) else {}

    def _exchange(self, integration: GithubIntegration) -> tuple[str, float]:
        permitted = self._permitted(integration)
        asked = {name: "read" for name in NEEDED if name in permitted}
        if not asked:
            raise Unavailable(
                "unauthorised", f"the GitHub App was permitted none of {', '.join(NEEDED)}; grant them, to read only"
            )
        given = integration.get_access_token(self._app.installation_id, asked)
        return given.token, given.expires_at.timestamp()

    def _as_app(self, job: Callable[[GithubIntegration], T]) -> T:
        import github
        import jwt

        open_api(self._config)
        try:
            auth = github.Auth.AppAuth(self._app.app_id, self._key())
            return job(
                github.GithubIntegration(
                    auth=auth, base_url=self._config.base_url, retry=None, seconds_between_requests=None,
                    seconds_between_writes=None, lazy=False, user_agent="sre-advisor",
                )
            )  # fmt: skip
        except github.GithubException as error:
            if error.status in {401, 403, 404, 422}:
                raise Unavailable(
                    "unauthorised",
                    f"GitHub refuses the App (HTTP {error.status}): check github.app and that it is installed",
                ) from None
            raise Unavailable("server_error", f"GitHub answered the App with status {error.status}") from None
        except (jwt.PyJWTError, AssertionError, ValueError, TypeError, AttributeError, KeyError):
            # What the libraries raise on a file that is no key, or an answer that is not GitHub's.
            raise Unavailable(
                "unauthorised", f"no token from GitHub with the key in {self._app.private_key_file}: is it the App's?"
            ) from None

    def _key(self) -> str:
        file = self._app.private_key_file
        try:
            with file.open("rb") as opened:
                return opened.read(KEY_LIMIT).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise Unavailable(
                "unauthorised", f"github.app.private_key_file names {file}, which cannot be read"
            ) from None


def token_source(config: GithubConfig, token: TokenSource) -> TokenSource:
    """The App's tokens when one is configured, else the given source's."""
    return AppTokens(config, config.app) if config.app else token
