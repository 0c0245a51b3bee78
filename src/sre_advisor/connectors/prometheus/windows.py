"""The time arguments of the metrics tools."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sre_advisor.connectors.contract import BadRequest
from sre_advisor.model import Window

DEFAULT_LENGTH = timedelta(hours=3)
LONGEST = timedelta(days=31)


def read_window(start: datetime | None, end: datetime | None, now: datetime) -> Window:
    """The window asked for: by default the three hours before `now`; an end in the future becomes `now`.

    Times without a zone are UTC, cut to whole seconds.
    Raises BadRequest when it is empty, lies in the future or is longer than 31 days.
    """
    now = _utc(now)
    last = min(_utc(end), now) if end else now
    first = _utc(start) if start else last - DEFAULT_LENGTH
    if first >= last:
        raise BadRequest(f"start ({first:%FT%TZ}) must be before end ({last:%FT%TZ}; now is {now:%FT%TZ})")
    if last - first > LONGEST:
        raise BadRequest(f"the window is longer than {LONGEST.days} days; ask for less")
    return Window(first, last)


def _utc(moment: datetime) -> datetime:
    whole = moment.replace(microsecond=0)
    return whole.replace(tzinfo=UTC) if whole.tzinfo is None else whole.astimezone(UTC)
