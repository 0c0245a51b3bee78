"""systemctl, journalctl and their relatives."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.options import abbreviates, split
from sre_advisor.commands.secrets import secret_word
from sre_advisor.commands.tables import names

# Source: https://www.freedesktop.org/software/systemd/man/latest/
_UNIT, _HOST = "one service", "one host"
_READ = names("""status show is-active is-enabled is-failed is-system-running list-units list-unit-files list-timers
    list-sockets list-paths list-automounts list-jobs list-dependencies list-machines get-default help""")
_CHANGE = {
    **dict.fromkeys(
        (
            "start",
            "stop",
            "enable",
            "disable",
            "mask",
            "unmask",
            "reload",
            "freeze",
            "thaw",
            "preset",
            "reenable",
            "add-wants",
            "add-requires",
            "link",
            "attach",
        ),
        (_UNIT, True),
    ),
    **dict.fromkeys(
        (
            "restart",
            "try-restart",
            "reload-or-restart",
            "try-reload-or-restart",
            "condrestart",
            "reset-failed",
            "set-property",
            "edit",
            "revert",
            "kill",
            "clean",
            "bind",
            "mount-image",
            "service-log-level",
            "service-log-target",
            "force-reload",
        ),
        (_UNIT, None),
    ),
    **dict.fromkeys(
        (
            "daemon-reload",
            "daemon-reexec",
            "set-environment",
            "unset-environment",
            "import-environment",
            "set-default",
            "cancel",
            "isolate",
            "default",
            "preset-all",
            "log-level",
            "log-target",
            "service-watchdogs",
        ),
        (_HOST, None),
    ),
    **dict.fromkeys(
        (
            "reboot",
            "poweroff",
            "halt",
            "kexec",
            "suspend",
            "hibernate",
            "rescue",
            "emergency",
            "exit",
            "switch-root",
            "soft-reboot",
            "hybrid-sleep",
            "sleep",
            "suspend-then-hibernate",
        ),
        (_HOST, False),
    ),
}
_TAKES = names(
    """-t --type --state -p --property -P -H --host -M --machine -n --lines -o --output --root --job-mode
    --signal -s --kill-whom --what --timestamp --legend --check-inhibitors --image --preset-mode --mkdir"""
)
_SWITCHES = names(
    """-a --all -r --recursive -l --full --no-pager --user --system --no-legend -q --quiet --failed --now
    --value --plain -f --force --no-block --no-ask-password --reverse --after --before
    --with-dependencies --global --runtime --wait --show-types -T"""
)
_JOURNAL_WRITES = (
    "--vacuum-time",
    "--vacuum-size",
    "--vacuum-files",
    "--rotate",
    "--flush",
    "--relinquish-var",
    "--smart-relinquish-var",
    "--sync",
    "--setup-keys",
    "--update-catalog",
    "--cursor-file",
)


def systemctl(call: Call) -> Effect:
    """What a systemctl call would do."""
    parsed = split(call.args, _TAKES, _SWITCHES)
    if parsed.strange and parsed.operands and parsed.strange[0][1] < parsed.places[0]:
        return unknown(f"systemctl: the option {parsed.strange[0][0]} is not known here")
    if not parsed.operands:
        plain = not call.open_args and not parsed.tail and all(a.static for a in call.args)
        return reads("lists units") if plain else unknown("the systemctl verb is not visible")
    verb = parsed.operands[0]
    if not verb.static:
        return unknown("the systemctl verb is not visible")
    if verb in _CHANGE:
        where, back = _CHANGE[str(verb)]
        return changes(f"systemctl {verb}: changes what runs", where, back)
    if verb == "cat":
        return (
            unknown("systemctl cat prints unit files, which may hold credentials")
            if any(secret_word(o) for o in parsed.operands)
            else reads("prints unit files")
        )
    if verb == "show-environment" or (
        verb == "show" and any("nvironment" in a or "Credential" in a for a in call.args)
    ):
        return secret("prints an environment, which usually holds credentials")
    if verb in _READ:
        return reads(f"systemctl {verb}: only prints")
    return unknown(f"systemctl {verb}: not a verb known here")


def journalctl(call: Call) -> Effect:
    """What a journalctl call would do: everything but its house-keeping options reads."""
    for item in call.args:
        name = item.partition("=")[0]
        if any(name == w or (len(name) > 4 and abbreviates(name, w)) for w in _JOURNAL_WRITES):
            return changes(f"journalctl {name}: changes the journal's files", "logs of one host", False)
    return (
        reads("reads the journal")
        if call.settled
        else unknown("arguments that are not visible may change what it does")
    )


_LEAVES = {
    "hostnamectl": {"", "status", "hostname", "deployment", "location", "chassis", "icon-name"},
    "timedatectl": {"", "status", "show", "list-timezones", "timesync-status", "show-timesync"},
    "localectl": {"", "status", "list-locales", "list-keymaps"},
    "loginctl": {
        "",
        "list-sessions",
        "session-status",
        "show-session",
        "list-users",
        "user-status",
        "show-user",
        "list-seats",
        "seat-status",
        "show-seat",
    },
    "networkctl": {"", "list", "status", "lldp"},
    "resolvectl": {"status", "query", "statistics", "show-server-state", "service", "monitor", "show-cache"},
    "systemd-analyze": {
        "",
        "time",
        "blame",
        "critical-chain",
        "security",
        "verify",
        "calendar",
        "timespan",
        "timestamp",
        "unit-paths",
        "exit-status",
        "syscall-filter",
    },
    "coredumpctl": {"", "list", "info"},
    "machinectl": {"", "list", "status", "show", "list-images", "image-status"},
    "busctl": {"", "list", "tree", "status", "introspect"},
    "bootctl": {"status", "list", "is-installed"},
    "systemd-cgls": {""},
    "systemd-cgtop": {""},
    "systemd-path": {""},
}


def leaf(call: Call) -> Effect:
    """What a smaller systemd tool would do: its reading verbs are listed."""
    parsed = split(call.args, _TAKES, _SWITCHES)
    verb = parsed.operands[0] if parsed.operands else ""
    plain = call.settled and not parsed.tail and (not parsed.operands or parsed.operands[0].static)
    if call.name in {"systemd-cgls", "systemd-cgtop"} and plain:
        return reads("prints control groups")
    single = call.name == "hostnamectl" and verb not in {"", "status"} and len(parsed.operands) > 1
    odd = [f.name for f in parsed.flags if f.name in {"-o", "--output"} and call.name == "coredumpctl"]
    if plain and verb in _LEAVES[call.name] and not single and not odd and not (verb == "" and call.open_args):
        return reads(f"{call.name} {verb}: only prints".replace(" :", ":"))
    return unknown(f"{call.name} {str(verb)[:40]}: may change settings")


def service(call: Call) -> Effect:
    """What the old `service` front end would do."""
    words = [str(a) for a in call.args]
    if words in (["--status-all"], ["--help"]) or (
        len(words) == 2 and words[1] == "status" and call.args[0].static and re.fullmatch(r"[\w@.-]+", words[0])
    ):
        return reads("prints the state of services")
    if words[1:2] and words[1] in {"start", "stop", "restart", "reload", "force-reload", "force-restart"}:
        return changes(f"service {words[1]}: changes what runs", _UNIT, None)
    return unknown("what this service script does is not known")


PROGRAMS = {"systemctl": systemctl, "journalctl": journalctl, "service": service, **dict.fromkeys(_LEAVES, leaf)}
