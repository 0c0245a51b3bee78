"""Shell quoting undone: what a quoted or escaped stretch of source stands for."""

from __future__ import annotations

import re

_ANSI = re.compile(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|(.))", re.DOTALL
)
_SIMPLE = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_BRACES = re.compile(r"\{([^{}]*)\}")
_HISTORY = re.compile(r"!(?![\s=(]|$)")
BRACE_LIMIT = 64


def bare(text: str) -> str:
    r"""Unquoted source with its backslashes taken away (\k\u is ku)."""
    return re.sub(r"\\(\n|.)", lambda m: "" if m[1] == "\n" else m[1], text, flags=re.DOTALL) if "\\" in text else text


def double_quoted(text: str) -> str:
    r"""The inside of double quotes: only \\, \", \$, \` and an escaped newline mean something."""
    if "\\" not in text:
        return text
    return re.sub(r"\\([\\\"$`\n])", lambda m: "" if m[1] == "\n" else m[1], text)


def ansi_c(text: str) -> str:
    r"""The inside of $'…' with its escapes (\n, \x41, \101, \u0041) carried out."""

    def one(match: re.Match[str]) -> str:
        hexa, short, long, octal, control, plain = match.groups()
        digits = hexa or short or long
        if digits:
            return chr(min(int(digits, 16), 0x10FFFF))
        if octal:
            return chr(int(octal, 8) & 0xFF)
        if control:
            return chr(ord(control) & 0x1F)
        return _SIMPLE.get(plain, plain if plain in "\\'\"?" else "\\" + plain)

    return _ANSI.sub(one, text)


def history(text: str) -> bool:
    """Whether an interactive bash would replace a `!…` in this unquoted or double-quoted stretch."""
    return "!" in text and bool(_HISTORY.search(text))


def braces(text: str) -> list[str] | None:
    """The words an {a,b} expansion makes; None where it is too deep, too long or a range."""
    found = [text]
    for _ in range(6):
        step: list[str] = []
        for item in found:
            match = next((m for m in _BRACES.finditer(item) if "," in m[1] or ".." in m[1]), None)
            if match is None:
                step.append(item)
                continue
            if "," not in match[1]:
                return None
            step += [item[: match.start()] + part + item[match.end() :] for part in match[1].split(",")]
        if len(step) > BRACE_LIMIT:
            return None
        if step == found:
            return found
        found = step
    return None
