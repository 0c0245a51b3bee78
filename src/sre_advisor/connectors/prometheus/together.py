"""Asking several things at once without leaving any behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any


async def together(*asked: Awaitable[Any]) -> list[Any]:
    """What each gives, in order; when one fails the others are waited for first, and then the first failure is raised.

    With a plain gather a failure leaves the rest running, and what they raise later nobody hears.
    """
    answers = await asyncio.gather(*asked, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers
