"""Search, reading and blame of code at a commit."""

from __future__ import annotations

import re

from pydantic import JsonValue

from sre_advisor.connectors.contract import BadRequest, NoData, Reading
from sre_advisor.connectors.git import parse
from sre_advisor.connectors.git.args import BlameArgs, ReadArgs, SearchArgs, iso
from sre_advisor.connectors.git.links import lines_link
from sre_advisor.connectors.git.repository import Repository

LINES_READ = 400
LINE_CHARS = 400
FILE_CHARS = 40_000


def _short(line: str) -> str:
    return line if len(line) <= LINE_CHARS else f"{line[:LINE_CHARS]} [line cut, {len(line)} characters]"


async def read_search(args: SearchArgs, repository: Repository) -> Reading:
    """Lines holding the query, grouped into stretches with their context."""
    if "\0" in args.query or "\n" in args.query:
        raise BadRequest("search for a single line of text, without NUL or line breaks")
    sha = await repository.resolve(args.revision)
    lines, cut = await repository.search(
        args.query, sha, regex=args.regex, ignore_case=args.ignore_case, context=args.context, path=args.path
    )
    where = f"{repository.config.name} at {sha[:12]}" + (f" under {args.path}" if args.path else "")
    if not lines:
        raise NoData(f"No line holds {args.query!r} in {where}.")
    stretches = _stretches(lines)
    shown = stretches[: args.limit]
    web = repository.config.web_url
    places: list[JsonValue] = [
        {
            "path": s[0].path,
            "lines": "\n".join(f"{m.line}: {_short(m.text)}" for m in s[:30]),
            "link": lines_link(web, sha, s[0].path, s[0].line, s[-1].line),
        }
        for s in shown
    ]
    files = len({m.path for m in lines})
    more = cut or len(stretches) > len(shown)
    summary = (
        f"{args.query!r} stands at {len(stretches)}{'+' * cut} places in {files} file{'s' * (files > 1)} of {where}"
    )
    note = f"the first {len(shown)} places; narrow the query or give a path" if more else None
    body: dict[str, JsonValue] = {"sha": sha, "repository": repository.config.name, "places": places}
    return Reading(
        summary, body, (), None, lines_link(web, sha, shown[0][0].path, shown[0][0].line, shown[0][-1].line), note
    )


def _stretches(lines: tuple[parse.Match, ...]) -> list[list[parse.Match]]:
    """Neighbouring lines of one file together."""
    found: list[list[parse.Match]] = []
    for match in lines:
        last = found[-1][-1] if found else None
        if last and last.path == match.path and match.line == last.line + 1:
            found[-1].append(match)
        else:
            found.append([match])
    return found


async def read_file(args: ReadArgs, repository: Repository) -> Reading:
    """A range of lines of a file at a commit; raises BadRequest for a binary file or a range beyond its end."""
    sha = await repository.resolve(args.revision)
    entry = await repository.entry(sha, args.path)
    out = await repository.blob(entry)
    if b"\0" in out.stdout[:8000]:
        raise BadRequest(f"{args.path!r} is a binary file of {entry.size} bytes; only text can be read")
    lines = re.split(r"\r\n|\n", parse.text(out.stdout))
    if lines and lines[-1] == "":
        lines.pop()
    total = len(lines)
    first = args.first_line
    if first > max(total, 1):
        raise BadRequest(f"{args.path!r} has {total} lines at {sha[:12]}; ask for an earlier range")
    if args.last_line is not None and args.last_line < first:
        raise BadRequest("last_line must not be before first_line")
    last = min(args.last_line or total, total, first + LINES_READ - 1)
    content = "\n".join(f"{n}: {_short(lines[n - 1])}" for n in range(first, last + 1))
    cut = last < min(args.last_line or total, total) or out.truncated or len(content) > FILE_CHARS
    link = lines_link(repository.config.web_url, sha, args.path, first, max(last, first))
    body: dict[str, JsonValue] = {
        "repository": repository.config.name,
        "path": args.path,
        "sha": sha,
        "first_line": first,
        "last_line": last,
        "total_lines": total,
        "kind": "symlink" if entry.mode == "120000" else "file",
        "content": content[:FILE_CHARS],
        "link": link,
    }
    summary = (
        f"{args.path} lines {first}-{last} of {total}{'+' * out.truncated} at {sha[:12]} in {repository.config.name}"
    )
    note = f"lines {first}-{last} of {total}; ask with first_line for the next" if cut else None
    return Reading(summary, body, (), None, link, note)


async def read_blame(args: BlameArgs, repository: Repository) -> Reading:
    """Each line of the range with the commit that last touched it."""
    if args.last_line < args.first_line:
        raise BadRequest("last_line must not be before first_line")
    sha = await repository.resolve(args.revision)
    last = min(args.last_line, args.first_line + LINES_READ - 1)
    lines = await repository.blame(sha, args.path, args.first_line, last)
    commits: dict[str, JsonValue] = {}
    for line in lines:
        commits.setdefault(line.sha, {"author": line.author, "at": iso(line.at), "summary": line.subject[:300]})
    newest = max(lines, key=lambda x: x.at)
    link = lines_link(repository.config.web_url, sha, args.path, args.first_line, last)
    body: dict[str, JsonValue] = {
        "repository": repository.config.name,
        "path": args.path,
        "sha": sha,
        "lines": [{"line": x.line, "commit": x.sha, "text": _short(x.text)} for x in lines],
        "commits": commits,
        "link": link,
    }
    summary = (
        f"{args.path} lines {args.first_line}-{lines[-1].line} last touched by {len(commits)} commits, "
        f"the newest {newest.sha[:12]} at {iso(newest.at)}: {newest.subject[:120]}"
    )
    note = f"the first {LINES_READ} lines of the range" if last < args.last_line else None
    return Reading(summary, body, (), None, link, note)
