"""What prints something of one host, and with other words sets it."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, unknown


def date(call: Call) -> Effect:
    """Date prints, unless told to set the clock."""
    for before, item in zip(("", *map(str, call.args)), call.args, strict=False):
        if before in {"-d", "--date", "-r", "--reference", "-f", "-v", "-j"} or item.startswith(
            (
                "+",
                "-u",
                "-R",
                "-I",
                "-d",
                "-r",
                "-v",
                "--date",
                "--utc",
                "--iso",
                "--rfc",
                "--help",
                "--version",
                "--ref",
                "--universal",
            )
        ):
            if item.startswith("-") and not item.startswith("--") and "s" in item and item[1:2] in {"u", "R"}:
                return changes("sets the clock", "one host", None)
            continue
        return (
            changes("sets the clock", "one host", None)
            if item.startswith(("-s", "--s")) or re.fullmatch(r"[\d.]+", item)
            else unknown("date with words not known here")
        )
    return reads("prints the time") if call.settled else unknown("arguments are not visible")


def hostname(call: Call) -> Effect:
    """Hostname NAME sets it."""
    plain = all(
        re.fullmatch(r"-[fsidAIy]|--(?:fqdn|short|ip-address|all-ip-addresses|domain|long|help|version)", a)
        for a in call.args
    )
    return (
        reads("prints the name of the host")
        if plain and not call.open_args
        else changes("sets the name of the host", "one host", True)
    )


def mount(call: Call) -> Effect:
    """Mount alone, or with -l, lists."""
    plain = all(a in {"-l", "-v", "--version", "--help"} for a in call.args) or (
        len(call.args) == 2 and call.args[0] == "-t"
    )
    return (
        reads("lists mounts")
        if plain and not call.open_args
        else changes("mounts something", "disks of one host", True)
    )


def dmesg(call: Call) -> Effect:
    """Dmesg prints the kernel's log, and with -c or -n changes it."""
    plain = all(
        re.fullmatch(
            r"-[TtHPLxwWkureSdsi]+|--(?:ctime|human|nopager|color(?:=\w+)?|decode|follow|follow-new|kernel|reltime|show-delta|time-format=\w+|level=[\w,]+|facility=[\w,]+|since=.*|until=.*|help|version|json|userspace|notime|raw)|-[lf]|[a-z,+]+|--level|--facility|--since|--until",
            a,
        )
        for a in call.args
    )
    return (
        reads("prints the kernel's log")
        if plain
        and call.settled
        and not any("c" in a.lower() and not a.startswith("--") and a.startswith("-") for a in call.args)
        else changes("changes the kernel's log", "one host", False)
    )


def sysctl(call: Call) -> Effect:
    """Sysctl prints, unless a value is given."""
    loose = [
        a
        for a in call.args
        if "=" in a
        or a.startswith(("-w", "-p", "--write", "--load", "--system", "-f"))
        or (a.startswith("-") and not re.fullmatch(r"-[aAnNeXbqx]+|--(?:all|values|names|pattern)", a))
    ]
    return (
        changes("sets kernel parameters", "one host", True)
        if loose or not call.settled
        else reads("prints kernel parameters")
    )


def crontab(call: Call) -> Effect:
    """Crontab -l lists."""
    words = [str(a) for a in call.args]
    if (
        "-l" in words
        and not {"-e", "-r", "-i"} & set(words)
        and len(words) <= 3
        and all(w in {"-l", "-u"} or words[max(0, i - 1)] == "-u" for i, w in enumerate(words))
    ):
        return reads("lists timed jobs")
    return changes("changes timed jobs", "one host", None)


PROGRAMS = {
    "date": date,
    "hostname": hostname,
    "mount": mount,
    "dmesg": dmesg,
    "sysctl": sysctl,
    "crontab": crontab,
}
