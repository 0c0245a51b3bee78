"""The kafka-*.sh tools."""

from __future__ import annotations

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown

# Source: https://kafka.apache.org/documentation/#operations
_KAFKA_CHANGES = (
    "--create",
    "--delete",
    "--alter",
    "--reset-offsets",
    "--execute",
    "--delete-offsets",
    "--add",
    "--remove",
    "--upgrade",
    "--downgrade",
    "--disable",
    "--cancel",
    "--command-property-file",
)


def kafka(call: Call) -> Effect:
    """What the kafka-*.sh tools would do."""
    if not call.settled:
        return unknown("arguments are not visible")
    names = {a.partition("=")[0] for a in call.args if a.startswith("-")}
    if any(c.startswith(n) and len(n) > 3 for n in names for c in _KAFKA_CHANGES):
        return changes("changes topics, groups or settings", "data streams of the cluster")
    if names & {"--list", "--describe", "--version", "--help", "--verify", "--members", "--state"}:
        if "configs" in call.name and any("user" in a for a in call.args):
            return secret("prints credentials of users")
        return reads("lists or describes")
    return unknown("what it does is not clear from its options")


_KAFKA = (
    "kafka-topics",
    "kafka-consumer-groups",
    "kafka-configs",
    "kafka-acls",
    "kafka-broker-api-versions",
    "kafka-log-dirs",
    "kafka-reassign-partitions",
    "kafka-get-offsets",
    "kafka-metadata-quorum",
)
PROGRAMS = {f"{k}{end}": kafka for k in _KAFKA for end in ("", ".sh")}
