"""Package managers in their asking forms."""

from __future__ import annotations

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, unknown

# Sources: apt(8), apt-cache(8), dpkg(1), rpm(8), dnf(8), apk(8), pip(1), npm(1), brew(1), snap(8)
_READS = {
    "apt": {"list", "search", "show", "policy", "depends", "rdepends"},
    "apt-cache": {"search", "show", "policy", "depends", "rdepends", "madison", "showpkg", "pkgnames", "stats"},
    "yum": {"list", "info", "search", "repolist", "provides", "deplist"},
    "dnf": {"list", "info", "search", "repolist", "provides", "repoquery"},
    "apk": {"info", "list", "search", "policy", "version"},
    "pip": {"list", "show", "check"},
    "pip3": {"list", "show", "check"},
    "brew": {"list", "info", "search", "deps", "uses", "leaves", "outdated", "desc", "--version", "--prefix"},
    "snap": {"list", "info", "find", "services", "changes", "connections", "version"},
}
_WRITES = {
    "install",
    "remove",
    "upgrade",
    "update",
    "purge",
    "autoremove",
    "full-upgrade",
    "add",
    "del",
    "uninstall",
    "reinstall",
    "downgrade",
    "clean",
    "refresh",
    "erase",
    "dist-upgrade",
    "autoclean",
}


def manager(call: Call) -> Effect:
    """What a package manager would do."""
    words = [str(a) for a in call.args if not a.startswith("-")]
    verb = words[0] if words and call.args[0] == words[0] and call.args[0].static else ""
    if verb in _WRITES or set(words[:1]) & _WRITES:
        return changes(f"{call.name} {words[0]}: changes what is installed", "one host", None)
    odd = any(
        a.startswith(
            ("-o", "-c", "--option", "--config", "--setopt", "--plugins", "--root", "--installroot", "--import")
        )
        for a in call.args
    )
    if verb in _READS[call.name] and not odd and call.settled:
        return reads(f"{call.name} {verb}: only prints")
    return unknown(f"{call.name} {verb}: not judged here")


def query(call: Call) -> Effect:
    """Dpkg and rpm in their query forms."""
    first = str(call.args[0]) if call.args and call.settled else ""
    if call.name == "dpkg-query" or (
        call.name == "dpkg"
        and first
        in {
            "-l",
            "-L",
            "-s",
            "-S",
            "--list",
            "--listfiles",
            "--status",
            "--search",
            "--version",
            "--print-architecture",
            "-p",
        }
    ):
        return (
            reads("asks what is installed")
            if call.settled and not any(a.startswith(("--admindir", "--root", "--load")) for a in call.args)
            else unknown("an option not judged here")
        )
    if (
        call.name == "rpm"
        and first.startswith("-q")
        and not any(
            a.startswith(("--eval", "--define", "-D", "-E", "--pipe", "--load", "--macros", "--rcfile", "--root"))
            for a in call.args
        )
    ):
        return reads("asks what is installed")
    return changes("changes what is installed", "one host", None)


def apt_get(_call: Call) -> Effect:
    """apt-get exists to change what is installed."""
    return changes("apt-get: changes what is installed", "one host", None)


PROGRAMS = {
    **dict.fromkeys(_READS, manager),
    "dpkg": query,
    "dpkg-query": query,
    "rpm": query,
    "apt-get": apt_get,
}
