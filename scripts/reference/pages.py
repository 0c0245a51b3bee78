"""Which pages are generated, and what is shared by all of them."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


async def pages() -> dict[str, str]:
    """Each generated page's file name and text."""
    from scripts.reference.commands import commands_page
    from scripts.reference.policy import policy_page
    from scripts.reference.settings import settings_page
    from scripts.reference.tools import tools_page
    from scripts.reference.touch import touch_page

    return {
        "cli.md": commands_page(),
        "policy.md": policy_page(),
        "settings.md": settings_page(),
        "tools.md": await tools_page(),
        "what-it-may-touch.md": touch_page(),
    }
