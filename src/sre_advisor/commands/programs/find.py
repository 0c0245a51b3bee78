"""find, fd and locate."""

from __future__ import annotations

from collections.abc import Sequence

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, combine, reads, unknown
from sre_advisor.commands.secrets import private_root, secret_path
from sre_advisor.commands.tables import names
from sre_advisor.commands.words import Word, word

# Source: https://www.gnu.org/software/findutils/manual/html_mono/find.html
_ALONE = names("""-print -print0 -ls -prune -quit -depth -d -daystart -empty -executable -readable -writable -false
    -true -follow -ignore_readdir_race -noignore_readdir_race -mount -xdev -noleaf -nogroup -nouser
    -warn -nowarn -not -a -and -o -or ! ( ) , -H -L -P -E -X -x -s -help --help -version --version""")
_VALUED = names("""-amin -anewer -atime -cmin -cnewer -context -ctime -fstype -gid -group -ilname -iname -inum -ipath
    -iregex -iwholename -links -lname -maxdepth -mindepth -mmin -mtime -name -newer -path -perm -printf
    -regex -regextype -samefile -size -type -uid -used -user -wholename -xtype -D -Bmin -Btime -flags""")
_EXEC = frozenset({"-exec", "-execdir", "-ok", "-okdir"})


def find(call: Call) -> Effect:
    """What a find call would do: what its -exec does, and -delete and -fprint write."""
    args, found, index = call.args, [reads("finds files")], 0
    if call.unseen or call.open_args:
        return unknown("the conditions of find are not visible")
    while index < len(args):
        item = args[index]
        if item in _EXEC:
            end = next(
                (i for i in range(index + 1, len(args)) if args[i] == ";" or (args[i] == "+" and args[i - 1] == "{}")),
                len(args),
            )
            found.append(_exec(call, args[index + 1 : end], args))
            index = end
        elif item == "-delete":
            found.append(changes("find -delete removes what it finds", "files on one host", False))
        elif item.startswith(("-fprint", "-fls")):
            found.append(changes(f"find {item} writes a file", "one file"))
        elif item in _VALUED or item.startswith("-newer"):
            index += 1
        elif (item.startswith("-") and item not in _ALONE and not item.startswith("-O")) or not call.scene.settled(
            item
        ):
            found.append(unknown(f"find: the condition {item[:30]} is not known here"))
        index += 1
    return combine(found)


def _exec(call: Call, inner: Sequence[Word], args: Sequence[Word]) -> Effect:
    if not inner or "{}" in inner[0]:
        return unknown("find runs what it finds")
    roots = [a for a in args if not a.startswith("-")]
    words = [_found(w) if "{}" in w else w for w in inner]
    effect = call.inner(words)
    if (
        effect.label == "read_only"
        and inner[0] in READERS
        and (any(private_root(r) for r in roots[:3]) or any(secret_path(a) for a in args))
    ):
        return unknown("would print files that may hold credentials")
    return effect


READERS = names(
    """cat head tail less more grep egrep fgrep rg strings xxd od hexdump base64 nl tac sed awk sort cut jq
    yq zcat bat"""
)


def _found(item: Word) -> Word:
    """A word that find fills in with a path it found: never an option when the path is all of it."""
    return word(item, names=("found",), whole=True) if item == "{}" else word(item, opaque=True)


def fd(call: Call) -> Effect:
    """What an fd call would do."""
    if (
        any(
            a in {"-x", "--exec", "-X", "--exec-batch"} or a.startswith(("--exec", "--ex", "-x", "-X"))
            for a in call.args
        )
        or not call.settled
    ):
        return unknown("runs a command on what it finds")
    if any(a.startswith("-") and not a.startswith("--") and set("xX") & set(a) for a in call.args):
        return unknown("runs a command on what it finds")
    return reads("finds files")


PROGRAMS = {"find": find, "fd": fd, "fdfind": fd}
