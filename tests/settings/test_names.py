"""Names that must tell things apart are told where they do not."""

from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.model.names import repeated

NAMES = st.lists(st.sampled_from("abcdef"), unique=True)


@given(NAMES, NAMES, NAMES)
def test_each_name_that_stands_twice_is_named_once_and_in_order(a: list[str], b: list[str], c: list[str]) -> None:
    wanted = (set(a) & set(b)) | (set(b) & set(c)) | (set(a) & set(c))
    assert repeated([*a, *b, *c]) == sorted(wanted)
