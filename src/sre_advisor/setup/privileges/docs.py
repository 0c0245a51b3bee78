"""Folders of documents: read as files, with the rights of this user."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from sre_advisor.connectors.docs.config import DocsFolder
from sre_advisor.settings import Settings
from sre_advisor.setup.privileges.files import changeable
from sre_advisor.setup.privileges.review import Access, Question, Reviewed


def questions(settings: Settings) -> list[Question]:
    """One for each folder."""
    return [_question(folder) for folder in settings.docs.folders]


def _question(folder: DocsFolder) -> Question:
    known = Reviewed(
        credential=f"docs.folders {folder.name} (no credential)",
        system="docs",
        source=f"folder {folder.path}, with the rights of this user",
        reads=("every Markdown file below the folder",),
        worst="what stands in the documents reaches the model, redacted",
    )

    async def ask(known: Reviewed) -> Reviewed:
        findings = await asyncio.to_thread(changeable, folder.path, "the folder")
        return replace(known, access=Access.READS, findings=findings)

    return Question(known, ask)
