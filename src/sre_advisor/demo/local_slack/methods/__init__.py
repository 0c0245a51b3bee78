"""The Web API methods the local Slack knows, with the scopes and rate limit tier each has."""

from . import chat, conversations, files, identity, streams, surfaces
from .call import Call, Method

METHODS: dict[str, Method] = {
    **identity.METHODS,
    **chat.METHODS,
    **streams.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **surfaces.METHODS,
}

__all__ = ["METHODS", "Call", "Method"]
