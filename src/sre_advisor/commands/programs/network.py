"""ip, ifconfig, route, iptables and tcpdump."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, unknown
from sre_advisor.commands.options import split

# Sources: ip(8), ifconfig(8), route(8), iptables(8), nft(8), tcpdump(1)
_NET = "the network of one host"
_IP_OBJECTS = re.compile(
    r"a(?:d(?:d(?:r(?:e(?:s(?:s)?)?)?)?)?)?|address|l(?:i(?:n(?:k)?)?)?|link|r(?:o(?:u(?:t(?:e)?)?)?)?|ro|route|n(?:e(?:i(?:g(?:h)?)?)?)?|neigh|neighbour|ru(?:l(?:e)?)?|rule|maddr(?:ess)?|mroute|netns|tunnel|ntable|tcp_metrics"
)
_IP_READ = {"", "show", "list", "ls", "lst", "s", "sh", "get", "l"}


def ip(call: Call) -> Effect:
    """What an ip call would do."""
    parsed = split(call.args, {"-f", "-family", "-n", "-netns", "-rc", "-loops"}, go=True)
    known = {
        "-4",
        "-6",
        "-s",
        "-stats",
        "-d",
        "-details",
        "-br",
        "-brief",
        "-j",
        "-json",
        "-p",
        "-pretty",
        "-o",
        "-oneline",
        "-c",
        "-color",
        "-h",
        "-human",
        "-ts",
        "-t",
        "-a",
        "-all",
        "-V",
        "-r",
        "--color",
        "--json",
        "--brief",
        "-statistics",
    }
    if any(f.name not in known | {"-f", "-family", "-n", "-netns"} for f in parsed.flags) or not call.settled:
        return unknown("an option of ip that is not judged here")
    words = [str(o) for o in parsed.operands]
    if not words:
        return reads("prints how ip is used") if not call.open_args else unknown("arguments are not visible")
    if words[0] == "netns" and words[1:2] == ["exec"]:
        return (
            call.inner(list(call.args[call.args.index(parsed.operands[1]) + 2 :]))
            if len(words) > 3
            else unknown("what is run is not visible")
        )
    verb = words[1] if len(words) > 1 else ""
    if _IP_OBJECTS.fullmatch(words[0]) and verb in _IP_READ and not (verb == "" and call.open_args):
        return reads("prints network settings")
    return changes("changes network settings", _NET, True)


def ifconfig(call: Call) -> Effect:
    """Ifconfig with at most an interface prints."""
    words = [a for a in call.args if a not in {"-a", "-s", "-v"}]
    plain = (
        len(words) <= 1
        and all(re.fullmatch(r"[\w.:$<>{}-]+", w) for w in words)
        and call.settled
        and not call.open_args
    )
    return reads("prints interfaces") if plain else changes("changes an interface", _NET, True)


def route(call: Call) -> Effect:
    """Route -n prints."""
    plain = all(re.fullmatch(r"-[nev46]+|-ee", a) for a in call.args) and not call.open_args
    return reads("prints routes") if plain else changes("changes routes", _NET, True)


def iptables(call: Call) -> Effect:
    """Iptables -L and -S list rules."""
    flags = [str(a) for a in call.args if a.startswith("-")]
    allowed = re.compile(r"-[LSnvxt]+|--(?:list|list-rules|numeric|verbose|line-numbers|table)(?:=\w+)?|-t\w*")
    lists = any(re.match(r"-\w*[LS]|--list", f) for f in flags)
    if call.name.endswith("-save"):
        return (
            reads("prints firewall rules")
            if not any(f.startswith(("-f", "--file", "-M", "--modprobe")) for f in flags)
            else changes("writes a file", "one file")
        )
    if lists and all(allowed.fullmatch(f) for f in flags) and call.settled and not call.open_args:
        return reads("lists firewall rules")
    return changes("changes firewall rules", _NET, None)


def nft(call: Call) -> Effect:
    """Nft list prints."""
    words = [str(a) for a in call.args if not a.startswith("-")]
    plain = (
        words[:1] == ["list"]
        and all(re.fullmatch(r"-[anjsSy]+", a) for a in call.args if a.startswith("-"))
        and call.settled
        and not any(";" in w for w in words)
    )
    return reads("lists firewall rules") if plain else changes("changes firewall rules", _NET, None)


def tcpdump(call: Call) -> Effect:
    """Tcpdump prints packets, unless it writes or runs something."""
    parsed = split(
        call.args,
        {
            "-i",
            "-c",
            "-s",
            "-r",
            "-w",
            "-W",
            "-C",
            "-G",
            "-z",
            "-Z",
            "-F",
            "-V",
            "-y",
            "-T",
            "-j",
            "-M",
            "-E",
            "-B",
            "-m",
        },
    )
    if parsed.has("-w", "-z", "-W", "-C", "-G", "-Z", "-E", "-M", "-F", "-V", "-m") or not call.settled:
        return changes("writes packets to a file or runs something", "files on one host", True)
    if any(f.name in {"-A", "-X", "-XX", "-x"} for f in parsed.flags):
        return unknown("prints the contents of packets, which may hold credentials")
    return reads("prints packet headers")


PROGRAMS = {
    "ip": ip,
    "ifconfig": ifconfig,
    "route": route,
    "iptables": iptables,
    "ip6tables": iptables,
    "iptables-save": iptables,
    "ip6tables-save": iptables,
    "nft": nft,
    "tcpdump": tcpdump,
}
