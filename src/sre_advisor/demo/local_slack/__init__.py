"""A local Slack for the demo and the tests: the real Bolt app and slack_sdk talk to it. It knows no app."""

from .faults import Fault, Faults, PlannedFault
from .nouns import AppConfig, Channel, Message, SlackError, User, View
from .server import LocalSlack
from .socket_mode import SocketTiming
from .state import SlackState

__all__ = [
    "AppConfig", "Channel", "Fault", "Faults", "LocalSlack", "Message", "PlannedFault", "SlackError", "SlackState",
    "SocketTiming", "User", "View",
]  # fmt: skip
