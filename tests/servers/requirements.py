"""Says whether a program that a test needs is installed, and what to type when it is not."""

import os
import shutil
from pathlib import Path

import pytest

REQUIRE = "SRE_ADVISOR_REQUIRE_SERVERS"
# Debian keeps the PostgreSQL server's programs out of PATH, one folder per version.
_MORE_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/sbin", "/usr/local/bin")


def find_program(*names: str) -> Path | None:
    """The path of the first of `names` that is installed, in PATH or where Debian keeps servers; else None."""
    for name in names:
        if found := shutil.which(name):
            return Path(found)
        for pattern in _MORE_PLACES:
            for folder in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True):
                if os.access(folder / name, os.X_OK):
                    return folder / name
    return None


def require_program(*names: str, package: str) -> Path:
    """The path of the first of `names` that is installed; otherwise the test is skipped with what to type.

    With SRE_ADVISOR_REQUIRE_SERVERS=1 a missing program fails the test instead, so that CI cannot pass by skipping.
    """
    found = find_program(*names)
    if found is not None:
        return found
    message = f"{names[0]} is not installed; on Debian or Ubuntu type: sudo apt-get install {package}"
    if os.environ.get(REQUIRE) == "1":
        pytest.fail(f"{message} ({REQUIRE}=1 allows no skip)", pytrace=False)
    pytest.skip(message)
