"""wget and httpie."""

from __future__ import annotations

import re

from sre_advisor.commands.addresses import SINKS, asked, urls_of
from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, unknown
from sre_advisor.commands.options import split

# Source: https://www.gnu.org/software/wget/manual/


def wget(call: Call) -> Effect:
    """What a wget call would do: it writes a file unless told to print, or not to load."""
    takes = {
        "-O",
        "--output-document",
        "-t",
        "--tries",
        "-T",
        "--timeout",
        "-U",
        "--user-agent",
        "--header",
        "--connect-timeout",
        "--read-timeout",
        "--user",
        "--password",
        "--ca-certificate",
    }
    switches = {
        "-q",
        "--quiet",
        "-S",
        "--server-response",
        "--spider",
        "--no-check-certificate",
        "-v",
        "--verbose",
        "-nv",
        "-4",
        "-6",
        "--no-verbose",
        "--content-on-error",
    }
    parsed = split(call.args, takes, switches)
    if parsed.strange and parsed.strange[0][0] in {"--version", "--help", "-V"}:
        return reads("prints how wget is used")
    if parsed.strange or not call.settled or any(f.name not in takes | switches for f in parsed.flags):
        if any(a.startswith(("--method", "--post", "--body")) for a in call.args):
            return changes("sends data to a server", "the service behind the address")
        return changes("writes a file, or sends something", "one file")
    outputs = list(parsed.values("-O", "--output-document"))
    if not (parsed.has("--spider") or outputs) or any(o not in SINKS for o in outputs):
        return changes("writes what it loads to a file", "one file")
    return asked(urls_of(parsed), call) if urls_of(parsed) else unknown("no address")


def httpie(call: Call) -> Effect:
    """What an http(ie) call would do."""
    words = [a for a in call.args if not a.startswith("-")]
    flags = [a for a in call.args if a.startswith("-")]
    if (
        any(
            f
            not in {
                "-h",
                "--headers",
                "-b",
                "--body",
                "-v",
                "--verbose",
                "--json",
                "--follow",
                "--ignore-stdin",
                "--check-status",
                "--verify=no",
            }
            for f in flags
        )
        or call.unseen
        or (call.fed and "--ignore-stdin" not in flags)
    ):
        return unknown("an option of httpie that is not known here")
    if words and words[0].upper() in {"GET", "HEAD"}:
        words = words[1:]
    if len(words) == 1 and not re.fullmatch(r"[A-Z]+", words[0]):
        return asked(words, call)
    if (
        len(words) > 1
        and all(re.search(r"==|^[\w-]+:", w) for w in words[1:])
        and not re.fullmatch(r"[A-Za-z]+", words[0])
    ):
        return asked(words[:1], call)
    return changes("sends data to a server", "the service behind the address")


PROGRAMS = {"wget": wget, "http": httpie, "https": httpie}
