"""Ask about every configured credential at once, each within a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from sre_advisor.connectors.contract import ToolFailure, Unavailable
from sre_advisor.credentials import Credentials, CredentialUnreadable
from sre_advisor.journal.store import JournalUnavailable
from sre_advisor.settings import Settings
from sre_advisor.setup.privileges import alertmanager, database, docs, git, github, model, prometheus, slack
from sre_advisor.setup.privileges.review import Question, Review, Reviewed, excepted

log = structlog.get_logger(__name__)

DEADLINE_S = 10.0
"""Seconds the whole review takes at most: `run` waits for it."""


async def review(
    settings: Settings,
    credentials: Credentials,
    exceptions: Mapping[str, str],
    deadline_s: float = DEADLINE_S,
) -> Review:
    """What each configured credential can do; `exceptions` are the policy's, credential -> reason."""
    questions = [
        *prometheus.questions(settings),
        *alertmanager.questions(settings),
        *docs.questions(settings),
        *git.questions(settings),
        *github.questions(settings, credentials),
        *slack.questions(settings, credentials),
        *model.questions(settings, credentials),
        *database.questions(settings),
    ]
    found = await asyncio.gather(*(_asked(question, deadline_s) for question in questions))
    return excepted(tuple(found), exceptions)


async def _asked(question: Question, deadline_s: float) -> Reviewed:
    """The answer, or what is known without one; never raises, never takes longer."""
    known = question.known
    try:
        async with asyncio.timeout(deadline_s):
            return await question.ask(known)
    except TimeoutError:
        return known.noting(f"{known.system} did not answer within {deadline_s:g} s, so nobody could ask it")
    except Unavailable as failure:
        return known.noting(f"{known.system} could not be asked: {failure.detail}")
    except (ToolFailure, CredentialUnreadable, JournalUnavailable) as failure:
        return known.noting(f"{known.system} could not be asked: {failure}")
    except Exception as error:  # noqa: BLE001  # one system's bug must not take away what the others said
        log.error("review_failed", action="privileges", credential=known.credential, error=type(error).__name__)
        return known.noting(f"the review of it failed ({type(error).__name__}); report this")
