"""sed, awk, jq and yq: small languages that can also write or run."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.files import contents
from sre_advisor.commands.options import abbreviates, split
from sre_advisor.commands.secrets import secret_word
from sre_advisor.commands.tables import names
from sre_advisor.commands.words import Word

# Source: https://www.gnu.org/software/sed/manual/sed.html
_SED_SWITCHES = names(
    """-n --quiet --silent -E -r --regexp-extended -s --separate -u --unbuffered -z --null-data --posix
    --debug --sandbox --follow-symlinks -b --binary --version --help"""
)
_SED_TAKES = names("-e --expression -l --line-length")
_ADDRESS = r"(?:\d+(?:~\d+)?|\$|/(?:[^/\\\n]|\\.)*/[IM]*)"
_SED_COMMAND = re.compile(
    rf"\s*(?:{_ADDRESS}(?:\s*,\s*(?:[+~]?\d+|{_ADDRESS}))?)?\s*!?\s*(?:"
    r"s(?P<d>[^\w\s\\;{}])(?:(?!(?P=d))[^\\\n]|\\.)*(?P=d)(?:(?!(?P=d))[^\\\n]|\\.)*(?P=d)[gpiI0-9M]*"
    r"|y(?P<t>[/|,#])(?:(?!(?P=t))[^\\\n]|\\.)*(?P=t)(?:(?!(?P=t))[^\\\n]|\\.)*(?P=t)"
    r"|[pPdDnNgGhHxl=qQz{}](?:\s*\d+)?|[bt:]\s*\w*|[aic]\\?\s*[^\n]*(?=\n|$))?\s*(?:;|\n|(?=\})|$|(?<=[{}]))"
)
_SCRIPT_LIMIT = 2_000


def sed(call: Call) -> Effect:
    """What a sed call would do: its script must be of commands that only print."""
    parsed = split(call.args, _SED_TAKES, _SED_SWITCHES)
    for flag in parsed.flags:
        if flag.name == "-i" or abbreviates(flag.name, "--in-place"):
            return changes("sed -i rewrites files", "files on one host", None)
        if flag.name not in _SED_SWITCHES | _SED_TAKES:
            return unknown(f"sed: the option {flag.name} is not judged here")
    scripts = list(parsed.values("-e", "--expression"))
    files = [*parsed.operands, *parsed.tail]
    if not scripts and parsed.has("--version", "--help"):
        return reads("prints how sed is used")
    if not scripts:
        scripts, files = files[:1], files[1:]
    if not scripts or not all(_visible(s, call) for s in scripts) or call.unseen or (call.open_args and not scripts):
        return unknown("the sed script is not visible")
    if not all(_sed_reads(s, s.vars) for s in scripts):
        return unknown("the sed script may write a file or run a command")
    if any(not call.scene.settled(f) and (not f.startswith("/") or f.subs is not None) for f in files):
        return unknown("arguments are not visible")
    return contents(call, files, "prints edited text")


def _visible(item: Word, call: Call) -> bool:
    return call.scene.settled(item) and (not item.whole or item.static)


def _sed_reads(script: str, variables: tuple[str, ...]) -> bool:
    if len(script) > _SCRIPT_LIMIT:
        return False
    if variables:
        script = re.sub(r"\$\{?[A-Za-z_]\w*\}?(?=[^\w/]*/)", "X", script)
    at = 0
    while at < len(script):
        found = _SED_COMMAND.match(script, at)
        if found is None or found.end() == at:
            return False
        at = found.end()
    return True


# Source: https://www.gnu.org/software/gawk/manual/gawk.html
_AWK_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


def awk(call: Call) -> Effect:
    """What an awk call would do: a program without system, pipes, getline and output files only prints."""
    parsed = split(
        call.args,
        {"-F", "-v", "--field-separator", "--assign"},
        {"--posix", "--re-interval", "--csv", "-k", "--version", "--help", "-V"},
    )
    if any(
        f.name
        not in {
            "-F",
            "-v",
            "--field-separator",
            "--assign",
            "--posix",
            "--re-interval",
            "--csv",
            "-k",
            "--version",
            "--help",
            "-V",
        }
        for f in parsed.flags
    ):
        return unknown("an option of awk that is not judged here")
    words = [*parsed.operands, *parsed.tail]
    if not words:
        return reads("prints how awk is used") if parsed.flags and not call.open_args else unknown("no awk program")
    program = words[0]
    if not call.scene.settled(program) or (program.whole and not program.static) or call.unseen:
        return unknown("the awk program is not visible")
    problem = _awk_problem(program)
    if problem:
        return problem
    return contents(call, words[1:], "prints selected text")


def _awk_problem(program: str) -> Effect | None:
    if re.search(r"\b(?:system|getline|ARGV|SYMTAB|FUNCTAB|PROCINFO)\b|@", program):
        return unknown("the awk program may run commands or read other files")
    if "ENVIRON" in program:
        return secret("prints the environment")
    plain = program if "/" in program else _AWK_STRING.sub('""', program)
    for statement in re.split(r"[{};\n]", plain):
        start = statement.find("print")
        if start < 0:
            continue
        rest = statement[start:]
        if re.search(r"\|(?!\|)", rest.replace("||", "")):
            return unknown("the awk program pipes to a command")
        if _redirects(rest):
            return changes("the awk program writes a file", "one file", None)
    return None


def _redirects(rest: str) -> bool:
    if ">" not in rest:
        return False
    if '"' in rest and re.search(r'"[^"]*/[^"]*"', rest):
        rest = re.sub(r'"[^">]*"', '""', rest)
    depth = 0
    for char in rest:
        depth += (char == "(") - (char == ")")
        if char == ">" and depth <= 0:
            return True
    return False


# Sources: https://jqlang.org/manual/, https://mikefarah.gitbook.io/yq
_JQ_FLAGS = re.compile(
    r"-[nrajcCMeSsRhV]+|-|--(?:raw-output0?|raw-input|null-input|compact-output|slurp|sort-keys|color-output|monochrome-output|exit-status|join-output|tab|ascii-output|unbuffered|stream|stream-errors|seq|version|help|args|jsonargs|binary|build-configuration)"
)


def jq(call: Call) -> Effect:
    """What a jq call would do: it cannot write, but its program can print the environment."""
    takes = {"--indent": 1, "--arg": 2, "--argjson": 2, "--slurpfile": 2, "--rawfile": 2}
    words: list[Word] = []
    extra: list[Word] = []
    index = 0
    while index < len(call.args):
        item = call.args[index]
        if item in takes:
            if item in {"--slurpfile", "--rawfile"}:
                extra += call.args[index + 2 : index + 3]
            index += takes[str(item)]
        elif item.startswith("-") and len(item) > 1 and item.static:
            if not _JQ_FLAGS.fullmatch(item):
                return unknown(f"jq: the option {item[:20]} is not judged here")
        else:
            words.append(item)
        index += 1
    if call.unseen or (words and not call.scene.settled(words[0])):
        return unknown("the jq program is not visible")
    return _query(call, words, extra)


def _query(call: Call, words: Sequence[Word], extra: Sequence[Word]) -> Effect:
    program = words[0] if words else ""
    if re.search(
        r"\benv\b(?!\s*:)(?<!\.env)|\$ENV|\$__prog|\bimport\b|\binclude\b|\binput_filename\b|@sh\b.*\bsystem\b|get_search_list|\$__loc__",
        re.sub(r"\.env\b|\"[^\"]*\"", "", program),
    ):
        return secret("prints the environment, or reads other files")
    if "\\(" in program and re.search(r"\\\([^)]*(?:\benv\b|\$ENV)", program):
        return secret("prints the environment")
    if secret_word(re.sub(r"@base64d?", "", program)):
        return secret("picks out what looks like a credential")
    return contents(call, [*words[1:], *extra], "prints selected JSON")


def yq(call: Call) -> Effect:
    """What a yq call would do: -i rewrites files, and some of its functions read files or the environment."""
    flags = [a for a in call.args if a.startswith("-") and len(a) > 1]
    if any(
        f.startswith(("-i", "--inplace", "--in-place", "-s", "--split-exp", "--in"))
        or (not f.startswith("--") and "i" in f)
        for f in flags
    ):
        return changes("yq -i rewrites files", "files on one host", None)
    if (
        any(f.startswith(("--from-file", "-f=", "--front", "--security", "-w", "-Y", "-L")) for f in flags)
        or not call.settled
    ):
        return unknown("an option of yq that is not judged here")
    words = [a for a in call.args if not (a.startswith("-") and len(a) > 1)]
    words = [w for w in words if w not in {"eval", "e", "eval-all", "ea", "yaml", "json", "props", "xml"}]
    program = words[0] if words else ""
    if re.search(r"\bload\w*\(|\bsystem\b|split_doc|\binput\w*\b", program):
        return unknown("the program reads other files")
    if re.search(r"\benv\(|strenv|envsubst|\$ENV|\benv\b(?<!\.env)", program) or secret_word(program):
        return secret("prints the environment or what looks like a credential")
    return contents(call, words, "prints selected YAML")


PROGRAMS = {"sed": sed, "gsed": sed, "awk": awk, "gawk": awk, "mawk": awk, "jq": jq, "gojq": jq, "yq": yq}
