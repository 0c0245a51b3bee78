"""The usual Unix tools, judged from the table and a few closer looks."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.files import contents, tree
from sre_advisor.commands.options import Parsed, abbreviates, split
from sre_advisor.commands.tables import names
from sre_advisor.commands.tables.changers import CHANGERS, READING_OPTIONS, READING_WORDS, VALUED
from sre_advisor.commands.tables.unix import READERS, STRICT, Tool
from sre_advisor.commands.words import Word


def reader(call: Call) -> Effect:
    """What a reading tool would do with these options."""
    spec = READERS[call.name]
    takes = frozenset("-" + c for c in spec.takes) | _LONG_VALUES
    parsed = split(call.args, takes)
    problem = _bad_option(call, spec, parsed)
    if problem:
        return problem
    if call.name in STRICT:
        return _strict(call)
    closer = _CLOSER.get(call.name)
    effect = closer(call, parsed) if closer else None
    if effect:
        return effect
    operands = [*parsed.operands, *parsed.tail]
    if spec.most is not None and (len(operands) > spec.most or call.open_args):
        return changes(f"{call.name}: a further operand is written to", "one file", None)
    if not spec.files:
        return reads(f"{call.name}: only prints")
    if spec.search:
        return _search(call, parsed, operands)
    return contents(call, operands, f"{call.name}: only prints")


_LONG_VALUES = names(
    """--lines --bytes --field-separator --key --delimiter --fields --characters --regexp --file
    --max-count --after-context --before-context --context --format --output-delimiter --width
    --skip-fields --skip-chars --check-chars"""
)


_PLACE = re.compile(r"\+(?:F|G|\d+)")
"""Where a pager begins: at a line, at the end, or following."""


def _bad_option(call: Call, spec: Tool, parsed: Parsed) -> Effect | None:
    if not spec.bad:
        return None
    bad = spec.bad.split()
    for item in call.args:
        name = item.partition("=")[0]
        if any(
            name == b
            or abbreviates(name, b)
            or (b == "+" and item.startswith("+") and not _PLACE.fullmatch(item))
            or (not b.startswith("-") and item == b)
            for b in bad
        ):
            return changes(
                f"{call.name} {name[:30]}: writes or runs something", "files on one host, or whatever is run", None
            )
    if any(f.name in bad for f in parsed.flags):
        return changes(
            f"{call.name}: an option writes or runs something", "files on one host, or whatever is run", None
        )
    hidden = [a for a in call.args if not call.scene.settled(a)]
    if call.unseen or any(not h.startswith("/") and not h.startswith("<(") for h in hidden):
        return unknown("arguments that are not visible may make it write")
    return None


def _search(call: Call, parsed: Parsed, operands: list[Word]) -> Effect:
    """Grep and its kin: what is looked for matters as much as where."""
    patterns = list(parsed.values("-e", "--regexp"))
    lists = [*parsed.values("-f", "--file")]
    if not patterns and not lists and operands:
        patterns, operands = operands[:1], operands[1:]
    recursive = any(
        f.name in {"-r", "-R", "--recursive", "--dereference-recursive"} for f in parsed.flags
    ) or call.name in {"rg", "ag", "ack"}
    quiet = any(
        f.name
        in {"-l", "-L", "-c", "-q", "--files-with-matches", "--count", "--quiet", "--files-without-match", "--silent"}
        for f in parsed.flags
    )
    hunting = any(
        re.search(r"passw|secret|token|api.?key|credential|private.key|AKIA|BEGIN|access.?key", p, re.IGNORECASE)
        for p in patterns
    )
    logs = all(re.search(r"/log|\.log|\.gz$|messages|syslog", o) for o in operands) and bool(operands)
    if hunting and not quiet and not logs and (operands or recursive or call.open_args):
        return secret("looks for credentials in files")
    if recursive and not quiet:
        return tree_or(call, [*operands, *lists])
    return (
        contents(call, [*operands, *lists], f"{call.name}: prints matching lines")
        if not quiet
        else reads(f"{call.name}: names or counts matches")
    )


def tree_or(call: Call, roots: list[Word]) -> Effect:
    """A recursive search; /etc below a named directory is ordinary, / and home directories are not."""
    return tree(call, roots, "prints matching lines")


def _strict(call: Call) -> Effect:
    allowed = STRICT[call.name]
    verbs = {a for a in allowed if not a.startswith("-")}
    loose = [a for a in call.args if a.startswith("-") and a not in allowed]
    words = [a for a in call.args if not a.startswith("-")]
    plain = (
        call.settled
        and not call.open_args
        and not loose
        and (not verbs or (bool(words) and words[0] in verbs) or (call.name == "apachectl"))
    )
    if call.name == "apachectl" and any(w not in allowed for w in words):
        plain = False
    if call.name == "nc" and not any("z" in a for a in call.args if a.startswith("-")):
        return unknown("nc without -z sends what arrives on its input")
    if call.name == "nginx" and "-T" in call.args:
        return unknown("prints the whole configuration, which may hold credentials")
    if call.name == "keytool" and not {"-list", "-printcert"} & set(call.args):
        plain = False
    return (
        reads(f"{call.name}: only prints")
        if plain
        else unknown(f"{call.name}: with these words it may change something")
    )


def _ps(call: Call, _parsed: Parsed) -> Effect | None:
    for item in call.args:
        if (
            (not item.startswith("-") and "e" in item and re.fullmatch(r"[a-zA-Z]+", item) and item != "pid,ppid,cmd")
            or "environ" in item
            or item.startswith("-E")
        ):
            if call.args.index(item) and re.fullmatch(
                r"-?-?[opCuUtgGN]|--sort|--format|-o|--ppid|--pid|--user", call.args[call.args.index(item) - 1]
            ):
                continue
            return secret("ps e prints environments")
    return reads("lists processes") if call.settled else unknown("arguments are not visible")


def _getent(call: Call, _parsed: Parsed) -> Effect | None:
    plain = call.settled and all(a.static for a in call.args[:1])
    return secret("prints password hashes") if any(re.search(r"shadow", a) for a in call.args) or not plain else None


def _ls_like(call: Call, _parsed: Parsed) -> Effect | None:
    return reads(f"{call.name}: lists")


_CLOSER = {"ps": _ps, "getent": _getent, "ls": _ls_like}


def openssl(call: Call) -> Effect:
    """openssl: looking at certificates and connections reads."""
    words = [str(a) for a in call.args]
    verb = words[0] if words and call.args[0].static else ""
    if not call.settled or any(
        w
        in {
            "-out",
            "-keyout",
            "-writerand",
            "-engine",
            "-provider-path",
            "-CAcreateserial",
            "-signkey",
            "-key",
            "-sess_out",
            "-keylogfile",
            "-msgfile",
            "-provider",
            "-config",
        }
        for w in words
    ):
        return unknown("openssl with options that write or use keys")
    if verb in {"s_client", "version", "ciphers", "verify", "crl", "ocsp", "asn1parse", "dgst", "x509", "req", "list"}:
        if verb == "req" and not ({"-noout"} & set(words) and not {"-new", "-x509", "-newkey"} & set(words)):
            return unknown("openssl req may make keys")
        if verb == "asn1parse" or (verb == "s_client" and any(w.startswith("-psk") for w in words)):
            return contents(call, call.args[1:], "prints a structure")
        return reads(f"openssl {verb}: only prints")
    if verb in {"rsa", "pkey", "ec", "pkcs12", "pkcs8", "genrsa", "genpkey", "rand", "dsa", "enc"}:
        return secret("handles private keys")
    return unknown(f"openssl {verb[:20]}: not known here")


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


def tar(call: Call) -> Effect:
    """Tar -t lists; everything else writes."""
    words = [str(a) for a in call.args]
    mode = words[0].lstrip("-") if words and not words[0].startswith("--") else ""
    simple = all(
        not w.startswith("-")
        or re.fullmatch(r"-[tvzjJfO]+|--(?:list|verbose|gzip|bzip2|xz|file|zstd|numeric-owner)(?:=.*)?", w)
        for w in words
    )
    if call.settled and simple and not re.search(r"[xcruAdFI]", mode) and ("t" in mode or "--list" in words):
        return reads("lists an archive")
    return changes("packs, unpacks or runs something", "files on one host", None)


def listing(call: Call) -> Effect:
    """Zip and gzip in their listing or printing forms."""
    words = [str(a) for a in call.args]
    flags = [w for w in words if w.startswith("-")]
    files = [a for a in call.args if not a.startswith("-")]
    if call.name == "unzip" and flags and all(re.fullmatch(r"-[lvZtz1]+", f) for f in flags) and call.settled:
        return reads("lists an archive")
    if (
        call.name in {"gzip", "gunzip", "xz", "bzip2", "zstd", "bunzip2", "unxz"}
        and flags
        and call.settled
        and all(re.fullmatch(r"-[cdlvtk]+|--(?:list|stdout|test|decompress|to-stdout)", f) for f in flags)
    ) and any(re.search(r"^-\w*[clt]|--(?:list|stdout|test|to-stdout)", f) for f in flags):
        return contents(call, files, "prints")
    return changer(call)


def changer(call: Call) -> Effect:
    """Tools that exist to change things."""
    if len(call.args) == 1 and call.args[0] in {"--help", "--version"} and not call.open_args:
        return reads(f"prints how {call.name} is used")
    if call.settled and not call.open_args and _only_prints(call):
        return reads(f"{call.name}: with these words it only prints")
    return CHANGERS[call.name]


def _only_prints(call: Call) -> bool:
    parsed = split(call.args, VALUED.get(call.name, ()))
    given = {f.name for f in parsed.flags}
    if call.name in READING_OPTIONS:
        return bool(given) and given <= READING_OPTIONS[call.name] and not parsed.tail
    words, valued = READING_WORDS.get(call.name, frozenset[str]()), VALUED.get(call.name, frozenset[str]())
    return bool(parsed.operands) and words.issuperset(parsed.operands) and given <= valued and not parsed.tail


def interpreter(call: Call) -> Effect:
    """Programs in other languages are not read here."""
    words = [str(a) for a in call.args]
    if words in (["--version"], ["-V"], ["-v"], ["version"], ["--help"]) and not call.open_args and call.args[0].static:
        return reads("prints the version")
    if (
        call.name.startswith("python")
        and words[:2] == ["-m", "json.tool"]
        and len(words) <= 3
        and call.settled
        and not call.open_args
        and not any(w.startswith("-") for w in words[2:])
    ):
        return contents(call, call.args[2:], "prints formatted JSON")
    return unknown(f"{call.name}: the program it runs is not judged here")


_INTERPRETERS = names(
    """python python2 python3 perl ruby node nodejs php lua java go cargo make npm npx yarn pnpm deno bun
    tclsh gdb strace ltrace perf bpftrace expect osascript pwsh powershell ansible ansible-playbook
    Rscript julia groovy scala swift dotnet mvn gradle gcc cc rustc"""
)
PROGRAMS = {
    **dict.fromkeys(_INTERPRETERS, interpreter),
    **dict.fromkeys(CHANGERS, changer),
    **dict.fromkeys(READERS, reader),
    "openssl": openssl,
    "date": date,
    "hostname": hostname,
    "mount": mount,
    "dmesg": dmesg,
    "sysctl": sysctl,
    "crontab": crontab,
    "tar": tar,
    "bsdtar": tar,
    "gtar": tar,
    **dict.fromkeys(("unzip", "gzip", "gunzip", "xz", "bzip2", "zstd", "bunzip2", "unxz"), listing),
}
