"""Take the pictures of docs/images: `python -m scripts.screens [--to FOLDER] [SCENE …]`; needs Chromium."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from playwright.async_api import Error as PlaywrightError

from scripts.screens.scenes import SCENES
from scripts.screens.taking import CHROMIUM, studio

WHERE = Path("docs/images")


async def take(names: list[str], where: Path) -> int:
    """Take the named scenes, or all; 1 when one of them could not be taken."""
    failed = 0
    async with studio(where) as camera:
        for name in names or list(SCENES):
            try:
                for size, picture in await SCENES[name](camera):
                    print(f"{picture}: {size // 1024} kB")
            except (AssertionError, PlaywrightError) as trouble:
                failed += 1
                print(f"{name}: could not be taken: {str(trouble).splitlines()[0]}", file=sys.stderr)
    return 1 if failed else 0


def main() -> int:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", choices=[*SCENES, []], help="which to take; all if none is named")
    parser.add_argument("--to", type=Path, default=WHERE, help="the folder for the pictures")
    told = parser.parse_args()
    if not CHROMIUM.exists():
        print(f"needs {CHROMIUM}: apt-get install chromium", file=sys.stderr)
        return 2
    told.to.mkdir(parents=True, exist_ok=True)
    return asyncio.run(take(told.scenes, told.to))


if __name__ == "__main__":
    sys.exit(main())
