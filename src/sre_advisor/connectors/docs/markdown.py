"""A Markdown document as sections, one a heading; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_TITLE = re.compile(r"title[ \t]*:[ \t]*(.+)", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
FRONT_MATTER_LINES = 200
HEADING_CHARS = 300


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, down to the next; `path` holds the headings above it too, lines count from 1."""

    path: tuple[str, ...]
    level: int
    text: str
    first_line: int
    last_line: int
    anchor: str

    @property
    def heading(self) -> str:
        """The heading path as one line; empty for what stands before the first heading."""
        return " > ".join(self.path)


@dataclass(frozen=True, slots=True)
class Document:
    """A document's title (front matter, else first heading of level 1) and its sections in order."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: its language word ("" when none) and its lines."""

    language: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str
    line: int
    body_from: int


def parse(text: str) -> Document:
    """Split a document at its headings; `#` inside a fence or front matter is no heading."""
    lines = text.removeprefix("\ufeff").splitlines()
    start, title = _front_matter(lines)
    headings = _headings(lines, start)
    first = headings[0].line if headings else len(lines)
    sections: list[Section] = []
    if "".join(lines[start:first]).strip():
        sections.append(Section((), 0, "\n".join(lines[start:first]).strip(), start + 1, first, ""))
    seen: dict[str, int] = {}
    above: list[_Heading] = []
    for i, heading in enumerate(headings):
        end = headings[i + 1].line if i + 1 < len(headings) else len(lines)
        above = [h for h in above if h.level < heading.level] + [heading]
        body = "\n".join(lines[heading.body_from : end]).strip()
        path = tuple(h.text for h in above)
        sections.append(Section(path, heading.level, body, heading.line + 1, end, _anchor(heading.text, seen)))
    if not title:
        title = next((h.text for h in headings if h.level == 1), headings[0].text if headings else "")
    return Document(title, tuple(sections))


def _front_matter(lines: list[str]) -> tuple[int, str]:
    """Where the document proper begins, and the title the front matter gives."""
    if not lines or lines[0].strip() not in ("---", "+++"):
        return 0, ""
    mark, title = lines[0].strip(), ""
    for i, line in enumerate(lines[1:FRONT_MATTER_LINES], 1):
        if line.strip() == mark:
            return i + 1, title
        if found := _TITLE.fullmatch(line.replace("=", ":", 1) if mark == "+++" else line):
            title = found[1].strip().strip("\"'")[:HEADING_CHARS]
    return 0, ""


def _headings(lines: list[str], start: int) -> list[_Heading]:
    found: list[_Heading] = []
    fence = ""
    for i in range(start, len(lines)):
        line = lines[i]
        fence, inside = _fence_after(line, fence)
        if inside:
            continue
        if atx := _ATX.fullmatch(line[:1000]):
            found.append(_Heading(len(atx[1]), _plain(atx[2] or ""), i, i + 1))
        elif i > start and _SETEXT.fullmatch(line[:1000]) and _is_paragraph(lines[i - 1]):
            if found and found[-1].line == i - 1:
                continue
            level = 1 if line.strip().startswith("=") else 2
            found.append(_Heading(level, _plain(lines[i - 1].strip()), i - 1, i + 1))
    return found


def _fence_after(line: str, fence: str) -> tuple[str, bool]:
    """The fence open after this line ("" for none), and whether the line belongs to one."""
    mark = _FENCE.fullmatch(line)
    if not fence:
        return (mark[1], True) if mark and not (mark[1][0] == "`" and "`" in mark[2]) else ("", False)
    closes = mark and mark[1].startswith(fence) and not mark[2].strip()
    return ("" if closes else fence), True


def _is_paragraph(line: str) -> bool:
    """Whether an underline below this line makes it a heading: not a blank, list, table, quote or indented one."""
    return bool(line.strip()) and not re.match(r" {4}|\t| {0,3}([-*+>|#]|\d+[.)])", line) and len(line) <= HEADING_CHARS


def _plain(text: str) -> str:
    return _LINK.sub(r"\1", text).replace("`", "").strip("* ").strip()[:HEADING_CHARS]


def _anchor(heading: str, seen: dict[str, int]) -> str:
    """GitHub's anchor: lower case, punctuation dropped, blanks to hyphens, a number for a repeated one."""
    slug = re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-")
    count = seen.get(slug, 0)
    seen[slug] = count + 1
    return f"{slug}-{count}" if count else slug


def fences(text: str) -> tuple[Fence, ...]:
    """The fenced blocks of a text, in order; one never closed runs to the end."""
    found: list[Fence] = []
    fence, language = "", ""
    block: list[str] = []
    for raw in text.splitlines():
        line = raw.lstrip()  # a block inside a list item is indented with it
        before = fence
        fence, _ = _fence_after(line, fence)
        if not before and fence:
            opened = _FENCE.fullmatch(line)
            words = opened[2].split() if opened else []
            language, block = (words[0].strip("{}.").casefold() if words else ""), []
        elif before and not fence:
            found.append(Fence(language, tuple(block)))
        elif before:
            block.append(raw)
    return (*found, Fence(language, tuple(block))) if fence else tuple(found)
