"""Markdown as sections, and the commands in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.connectors.docs.markdown import parse
from sre_advisor.connectors.docs.shell import commands

DOCUMENT = """---
title: "Checkout is down"
# not: a heading
---
Intro line

# Checkout

Words

## First `steps`

```sh
# this is a comment, not a heading
kubectl get pods
```

~~~
## nor this
```
~~~

Under
-----

- item
---

# Second #
## First steps
"""


def test_sections_carry_heading_path_lines_and_githubs_anchor() -> None:
    document = parse(DOCUMENT)
    assert document.title == "Checkout is down"
    assert [(s.heading, s.anchor, s.first_line, s.last_line) for s in document.sections] == [
        ("", "", 5, 6),
        ("Checkout", "checkout", 7, 10),
        ("Checkout > First steps", "first-steps", 11, 22),
        ("Checkout > Under", "under", 23, 28),
        ("Second", "second", 29, 29),
        ("Second > First steps", "first-steps-1", 30, 30),
    ]


def test_a_hash_in_a_fence_is_text_and_an_unclosed_fence_swallows_no_earlier_heading() -> None:
    document = parse("# One\n```\n# two\n")
    assert [s.heading for s in document.sections] == ["One"]
    assert "# two" in document.sections[0].text


def test_front_matter_that_never_ends_is_text() -> None:
    document = parse("---\ntitle: x\n\n# Real\n")
    assert document.sections[-1].heading == "Real"


@given(st.text(alphabet="#`~- =ab\n\t\r>*[]()\u202e\ud7ff", max_size=300))
def test_no_line_of_any_document_is_lost_and_sections_do_not_overlap(text: str) -> None:
    last = 0
    for section in parse(text).sections:
        assert section.first_line > last or section.first_line == last == 0
        assert section.last_line >= section.first_line
        last = section.last_line
    body = text.removeprefix("\ufeff").splitlines()
    assert last in (0, len(body)) or not "".join(body[last:]).strip()


@given(st.text(max_size=400))
def test_commands_of_any_text_are_bounded(text: str) -> None:
    assert all(0 < len(c) <= 1_000 for c in commands(f"```sh\n{text}\n```"))


def test_commands_lose_prompts_and_outputs_and_keep_continued_lines_together() -> None:
    text = """
```console
$ kubectl get pods \\
    -n shop
NAME READY
```
1. Then

   ```bash
   # a comment
   curl -s localhost:9090/-/healthy
   ```
```
kubectl logs x
some output line
```
```yaml
kubectl: no
```
```promql
up == 0
```
"""
    assert commands(text) == ("kubectl get pods -n shop", "curl -s localhost:9090/-/healthy", "kubectl logs x")
