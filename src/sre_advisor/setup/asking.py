"""Asking a person for what the options leave open: one thing at a time, again where an answer cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sre_advisor.settings import SettingsError
from sre_advisor.setup.init import Wanted, output_of, policy_file, sources_of

Ask = Callable[[str], str]
"""Asks a person one thing; an empty answer means none."""
Tell = Callable[[str], None]


def asked(wanted: Wanted) -> Wanted:
    """What the options say, completed on the terminal; raises SettingsError when the answers end too soon."""
    console = Console(highlight=False, stderr=True)
    output_of(wanted)  # nobody is asked six things to learn afterwards that the file may not be written
    try:
        return completed(
            wanted,
            lambda question: console.input(f"{escape(question)}: ").strip(),
            lambda problem: console.print(f"[yellow]{escape(problem)}[/yellow]", soft_wrap=True),
        )
    except EOFError:
        raise SettingsError("the answers ended before the last question; nothing was written") from None


def completed(wanted: Wanted, ask: Ask, tell: Tell) -> Wanted:
    """What the options say, with a person's answers for what they leave open; `tell` says why one is asked again."""
    for field, words, understood in _QUESTIONS:
        while not getattr(wanted, field):
            reply = ask(words)
            if not reply:
                break
            try:
                answer = replace(wanted, **{field: understood(reply)})
                _prove(answer)
            except SettingsError as problem:
                tell(str(problem))
            else:
                wanted = answer
    return wanted


def _paths(reply: str) -> tuple[Path, ...]:
    return tuple(Path(word) for word in reply.split())


def _words(reply: str) -> tuple[str, ...]:
    return tuple(reply.split())


_QUESTIONS: tuple[tuple[str, str, Callable[[str], object]], ...] = (
    ("prometheus", "Prometheus, like http://prometheus:9090 (empty: none)", str),
    ("alertmanager", "Alertmanager, like http://alertmanager:9093 (empty: none)", str),
    ("repositories", "Local mirrors or checkouts of your repositories, separated by spaces (empty: none)", _words),
    ("docs", "Folders of runbooks in Markdown, separated by spaces (empty: none)", _paths),
    ("github", "Repositories on GitHub as owner/name, separated by spaces (empty: none)", _words),
    ("channel", "Id of the channel in Slack that may ask, like C0123ABCD (empty: nobody may yet)", str),
)
"""The field of Wanted that an answer fills, how it is asked for, and how the reply is read."""


def _prove(answer: Wanted) -> None:
    """Raises SettingsError for an answer that could not be used, or that names a folder which is not there."""
    sources = sources_of(answer)
    folders = [one.path for one in sources.repositories] + [path.expanduser() for path in answer.docs]
    for folder in folders:
        if not folder.is_dir():
            raise SettingsError(f"{folder}: there is no such folder")
    if answer.channel:
        policy_file(answer.channel, output_of(answer), force=answer.force)
