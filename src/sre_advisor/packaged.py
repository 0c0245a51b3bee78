"""Finds the files that travel with the program: prompts and default configuration."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_IN_WHEEL = _HERE / "_packaged"
_IN_CHECKOUT = _HERE.parent.parent


def prompts_dir() -> Path:
    """The folder of prompt templates, in a wheel or in a checkout."""
    return _folder("prompts")


def config_dir() -> Path:
    """The folder of default configuration files, in a wheel or in a checkout."""
    return _folder("config")


def _folder(name: str) -> Path:
    """The first of the two places that holds `name`; raises FileNotFoundError when the installation lacks it."""
    for parent in (_IN_WHEEL, _IN_CHECKOUT):
        if (parent / name).is_dir():
            return parent / name
    raise FileNotFoundError(f"sre-advisor's own folder '{name}' is missing beside {_HERE}: install the program again")
