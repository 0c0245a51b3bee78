"""What is known about programs, as data; every module names the source of its facts."""


def names(text: str) -> frozenset[str]:
    """The names in a text, for tables that are lists of them."""
    return frozenset(text.split())
