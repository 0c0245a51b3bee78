"""YAML that people wrote as configuration: plain, bounded, nothing silently dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class YamlProblem(Exception):
    """The text or file cannot be used; `line` is counted from 1, 0 when it is not known."""

    def __init__(self, words: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {words}" if line else words)
        self.words, self.line = words, line


def read_strict(path: Path, size_limit: int) -> bytes:
    """The bytes of a plain file of at most `size_limit` bytes; raises YamlProblem."""
    try:
        if not path.is_file():
            raise YamlProblem("is no plain file" if path.exists() else "there is no such file")
        if path.stat().st_size > size_limit:
            raise YamlProblem(f"is larger than {size_limit // 1000} kB; this is no configuration")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise YamlProblem(f"cannot be read ({getattr(error, 'strerror', None) or 'its name cannot be used'})") from None


def parse_strict(text: bytes | str) -> Any:
    """What the YAML says; aliases, keys given twice and values that are none are refused. Raises YamlProblem.

    Aliases are refused because a few lines of them unfold to billions of values.
    """
    try:
        raw = text if isinstance(text, str) else text.decode("utf-8")
        return yaml.load(raw, _Strict)  # noqa: S506 - a SafeLoader that allows less, not more
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        words = getattr(error, "problem", None) or "cannot be parsed"
        raise YamlProblem(f"is no valid YAML: {words}", mark.line + 1 if mark else 0) from None
    except UnicodeDecodeError:
        raise YamlProblem("is no UTF-8 text") from None
    except RecursionError:
        raise YamlProblem("is nested too deeply") from None
    except ValueError as error:  # a date of the 45th, a number of five thousand digits
        raise YamlProblem(f"holds a value that is none: {str(error).splitlines()[0][:80]}") from None


def parse_words(text: str) -> Any:
    """What the YAML says, every scalar as it is written: "14:03" is no number of minutes. Raises YamlProblem."""
    try:
        return yaml.load(text, _Words)  # noqa: S506 - a BaseLoader, which makes nothing but text, lists and dicts
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise YamlProblem(f"is no valid YAML ({type(error).__name__})") from None


class _Words(yaml.BaseLoader):
    """Without aliases, a few lines of which unfold to billions of values."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.constructor.ConstructorError(None, None, "aliases are not allowed", self.peek_event().start_mark)
        return super().compose_node(parent, index)


class _Strict(yaml.SafeLoader):
    """A key given twice would silently drop the first."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.constructor.ConstructorError(
                None, None, "aliases (*name) are not allowed here; write it out", mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                words = f"the key {key.value[:40]!r} is given twice"
                raise yaml.constructor.ConstructorError(None, None, words, key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)
