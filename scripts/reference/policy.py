"""docs/reference/policy.md, from the policy's models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from scripts.reference.table import code, table
from sre_advisor.broker.policy.model import Everything, Policy

HEAD = """# Policy

Who may ask, where, and what each channel may see. The file is the one that `policy.file` names; without it the shipped
one is in force, which lets nobody in Slack ask. This page is made from the code by `python -m scripts.reference`;
[Limit what it sees](../how-to/limit-what-it-sees.md) shows how to use it.

What the file does not name is refused, except questions on the machine's own terminal. Names are exact: there are no
patterns and no prefixes, and `{all: true}` is the one word that allows everything of a kind. The file is read again
when it changes, without a restart. A broken edit keeps the last good policy in force and says so, in the log, in the
journal (`policy_read`) and in `sre-advisor doctor`; a broken policy at the start stops the start.

| key | type | default | meaning |
| --- | --- | --- | --- |
"""
RULES = """
## How each kind of thing is kept out of sight

A call that names something out of sight is denied before it runs. What a tool finds is kept within the channel's sight
by the tool itself, before anything is summarised; a tool that cannot do so is refused in a channel that does not see
everything.

{sights}

## Rules, as they stand in refusals and on record

| rule | when |
| --- | --- |
"""
SIGHTS = {
    "services": "series, alerts, log lines and recorded changes that carry exactly one of the names, or an alias that "
    "the catalogue gives it alone. What carries no service is not shown. A PromQL selector must carry one of "
    "`service_labels` with such a name, or all labels of the service's `selector`. Metrics cannot be searched by word "
    "unless `metrics` is narrowed too.",
    "repositories": "files, commits, pull requests and runs of these repositories. A repository is seen as a whole, "
    "whichever services live in it.",
    "docs": "documents in these folders, for search and for runbooks alike.",
    "metrics": "golden signals of these names; a PromQL selector must name one of these metrics.",
    "tools": "the model is told of these tools only.",
}
WHEN = {
    "channels": "the channel is not listed; what was asked there is not kept",
    "direct_messages": "it was a direct message and the policy has no such part",
    "externally_shared": "another organisation reads the channel",
    "externals": "the asker belongs to another organisation, or Slack does not tell",
    "guests": "the asker is a guest, or Slack does not tell (the app needs `users:read`)",
    "who": "the asker is not among those who may ask there, or their groups cannot be told",
    "follow_ups": "the thread had a question already, and the channel's `follow_ups` is `off`",
    "terminal": "questions on the terminal are switched off",
    "kill_switch": "somebody else tried to stop everything",
    "channel_tools": "the tool is off in this channel, or cannot be kept within what it may see",
    "channel_services": "the call names, or could bring, a service the channel may not see",
    "channel_repositories": "the same for a repository",
    "channel_docs": "the same for a docs folder",
    "channel_metrics": "the same for a metric",
}


class Key:
    """One key of the file."""

    def __init__(self, path: str, field: FieldInfo) -> None:
        self.path, self.field = path, field

    def row(self) -> tuple[str, ...]:
        """The cells of its row."""
        return code(self.path), _type(self.field), _default(self.field), self.field.description or ""


def all_keys(model: type[BaseModel] = Policy, prefix: str = "") -> Iterator[Key]:
    """Every key, groups included, in the order of the models."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        yield Key(path, field)
        inner = _model_in(field.annotation)
        if inner is not None:
            yield from all_keys(inner, f"{path}{_several(field.annotation)}.")


def policy_page() -> str:
    """The page's text."""
    _, *rows = table(("key", "type", "default", "meaning"), [key.row() for key in all_keys()])[1:]
    _, *rules = table(("rule", "when"), [(code(rule), when) for rule, when in WHEN.items()])[1:]
    sights = table(
        ("kind", "what is shown where it is narrowed"), [(code(kind), what) for kind, what in SIGHTS.items()]
    )
    middle = RULES.replace("{sights}", "\n".join(sights))
    return HEAD + "\n".join(rows) + "\n" + middle + "\n".join(rules) + "\n"


def _model_in(kind: Any) -> type[BaseModel] | None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return None if kind is Everything else kind
    return next((found for one in get_args(kind) if (found := _model_in(one)) is not None), None)


def _several(kind: Any) -> str:
    origin = get_origin(kind)
    return "[]" if origin is tuple else ".ID" if origin is dict else ""


def _type(field: FieldInfo) -> str:
    text = str(field.annotation)
    if "Everything" in text:
        return "list of names, or `{all: true}`"
    if get_origin(field.annotation) is tuple:
        return "list of entries" if _model_in(field.annotation) else "list"
    if get_origin(field.annotation) is dict:
        return "map of ids to entries"
    if _model_in(field.annotation):
        return "entry"
    names: dict[Any, str] = {bool: "true or false", str: "text"}
    return names.get(field.annotation, "`1`")


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Everything):
        return "`{all: true}`"
    if isinstance(value, BaseModel) or value is None or repr(value) == "PydanticUndefined":
        return "needed" if repr(value) == "PydanticUndefined" else ""
    if isinstance(value, tuple):
        return ", ".join(code(str(one)) for one in value) or "none"
    return code(str(value).lower() if isinstance(value, bool) else str(value)) if value != {} else "none"
