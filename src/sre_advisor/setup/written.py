"""advisor.yaml as text with comments for the person who corrects it; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

import yaml

from sre_advisor.model import Service
from sre_advisor.setup.catalogue import Found
from sre_advisor.setup.survey import Sources, Survey

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def written(sources: Sources, survey: Survey, found: Sequence[Found], today: date) -> str:
    """The whole file; what could not be read stands in it as a comment."""
    sections = (
        _head(today),
        _prometheus(sources, survey),
        _alertmanager(sources, survey),
        _git(sources, survey),
        _docs(sources, survey),
        _github(sources),
        _services(found),
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def scalar(text: str) -> str:
    """A YAML scalar: plain where that is safe, in single quotes where it is one clean line, else escaped."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return yaml.safe_dump(text, default_style='"', width=10**9, allow_unicode=False).strip()


def _listed(values: Iterable[str]) -> str:
    return f"[{', '.join(scalar(value) for value in values)}]"


def _comment(text: str) -> str:
    """One line that stays a comment whatever the text holds."""
    return "# " + "".join(c if c.isprintable() else " " for c in text)


def _head(today: date) -> list[str]:
    return [
        f"# Written by `sre-advisor init` on {today:%Y-%m-%d} from what it found; correct it by hand.",
        "# `sre-advisor doctor` tries everything in it. docs/reference/settings.md lists every setting.",
        "# Secrets never stand here: SLACK_BOT_TOKEN, SLACK_APP_TOKEN, ANTHROPIC_API_KEY and GITHUB_TOKEN come from",
        "# the environment, or from files named there by the same with _FILE.",
    ]


def _prometheus(sources: Sources, survey: Survey) -> list[str]:
    config = sources.prometheus
    if config is None or config.url is None:
        return ["# No Prometheus was named.", "# prometheus:", "#   url: http://prometheus:9090"]
    if survey.metrics is None:
        return _left_out("prometheus", config.url, survey.troubles)
    lines = ["prometheus:", f"  url: {scalar(config.url)}", *(f"  {_comment(n)}" for n in survey.metrics.notes)]
    if survey.metrics.scrape_interval_s:
        lines.append(f"  scrape_interval_s: {survey.metrics.scrape_interval_s:g}")
    if survey.metrics.signals:
        lines += [
            "  # One query a signal for all services at once; the result carries the service in service_label.",
            "  # $window stands for the rate window. Take out what says nothing, add what is missing.",
            "  signals:",
        ]
    for signal in survey.metrics.signals:
        lines += [f"    - name: {scalar(signal.name)}", f"      kind: {signal.kind.value}"]
        lines += [f"      unit: {scalar(signal.unit)}"] if signal.unit else []
        lines += [f"      service_label: {signal.service_label}", f"      query: {scalar(signal.query)}"]
    return lines


def _alertmanager(sources: Sources, survey: Survey) -> list[str]:
    config = sources.alertmanager
    if config is None or config.url is None:
        return ["# No Alertmanager was named.", "# alertmanager:", "#   url: http://alertmanager:9093"]
    if config.url in survey.troubles:
        return _left_out("alertmanager", config.url, survey.troubles)
    return ["alertmanager:", f"  url: {scalar(config.url)}"]


def _left_out(part: str, url: str, troubles: Mapping[str, str]) -> list[str]:
    return [
        _comment(f"{url} could not be read: {troubles.get(url, 'nothing was found')}"),
        "# Correct the address and run init again, or use it as it is:",
        f"# {part}:",
        _comment(f"  url: {scalar(url)}"),
    ]


class _Placed(Protocol):
    @property
    def path(self) -> Path: ...


P = TypeVar("P", bound=_Placed)


def _parted(places: Iterable[P], survey: Survey) -> tuple[list[str], list[P]]:
    """Comments on those that could not be read, and the others."""
    lines: list[str] = []
    readable: list[P] = []
    for one in places:
        trouble = survey.troubles.get(str(one.path))
        if trouble is None:
            readable.append(one)
        else:
            lines.append(_comment(f"{one.path} could not be read: {trouble}"))
    return lines, readable


def _git(sources: Sources, survey: Survey) -> list[str]:
    lines, readable = _parted(sources.repositories, survey)
    if not readable:
        return [
            *lines,
            "# No repository is read.",
            "# git:",
            "#   repositories: [{name: shop, path: /srv/mirrors/shop.git}]",
        ]
    lines += ["git:", "  repositories:"]
    for one in readable:
        lines += [f"    - name: {scalar(one.name)}", f"      path: {scalar(str(one.path))}"]
        lines += [f"      default_branch: {scalar(one.default_branch)}"] if one.default_branch else []
        lines += ["      # web_url: https://github.com/acme/shop   # for links to commits"]
    return lines


def _docs(sources: Sources, survey: Survey) -> list[str]:
    lines, readable = _parted(sources.docs, survey)
    if not readable:
        return [*lines, "# No runbooks are read.", "# docs:", "#   folders: [{name: runbooks, path: /srv/runbooks}]"]
    lines += ["docs:", "  folders:"]
    for one in readable:
        lines += [f"    - name: {scalar(one.name)}", f"      path: {scalar(str(one.path))}"]
    return lines


def _github(sources: Sources) -> list[str]:
    if not sources.github:
        return []
    return [
        "github:",
        "  # GITHUB_TOKEN in the environment: a fine-grained token with read-only access.",
        f"  repositories: {_listed(sources.github)}",
    ]


def _services(found: Sequence[Found]) -> list[str]:
    if not found:
        return ["# No services were found.", "# services: [{name: checkout, depends_on: [payments]}]"]
    lines = [
        "# depends_on: whom a service calls. Paths, documents and owners are guesses by name: take out what is wrong.",
        "services:",
    ]
    return [*lines, *(line for one in found for line in _service(one.service, one.seen_in))]


def _service(service: Service, seen_in: str) -> Iterator[str]:
    yield f"  - name: {scalar(service.name)}  {_comment(f'seen in {seen_in}')[:160]}"
    if service.aliases:
        yield f"    aliases: {_listed(service.aliases)}"
    if service.owners:
        yield f"    owners: {_listed(service.owners)}"
    if service.selector:
        inside = ", ".join(f"{scalar(label)}: {scalar(value)}" for label, value in service.selector.items())
        yield f"    selector: {{{inside}}}"
    if service.repositories:
        yield "    repositories:"
    for code in service.repositories:
        yield f"      - name: {scalar(code.name)}"
        yield f"        paths: {_listed(code.paths)}" if code.paths else "        # the whole repository"
    if service.docs:
        yield f"    docs: {_listed(service.docs)}"
    if service.depends_on:
        yield f"    depends_on: {_listed(service.depends_on)}"
