"""A moment or a span of time as people write it: ``2026``, ``2026-11``, ``2026-11-20``, ``2026-11-20T08:00:00Z``. Pure.

Kept as the beginning of a 14-digit timestamp, as in CDXJ: what is compared is cut to its length, so that both ends of a span count.
"""

from __future__ import annotations

import re
from datetime import datetime

_MOMENT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?Z)?)?)?", re.ASCII)
_PUNCTUATION = str.maketrans("", "", "-T:Z")


def moment(text: str) -> str:
    """A moment as the beginning of a 14-digit timestamp: ``2026-11`` is ``202611``.

    Raises:
        ValueError: it is none.
    """
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(f"'{text}' is no date: write 2026-11-20, 2026-11, or 2026-11-20T08:00:00Z")
    given = [part for part in match.groups() if part]
    try:
        datetime.fromisoformat(text + "-01-01"[3 * (len(given) - 1) :] if len(given) < 3 else text)
    except ValueError as error:
        raise ValueError(f"'{text}' is no date: {error}") from error
    return "".join(given)


def digits(time: str) -> str:
    """A time of the record (ISO 8601, UTC) as 14 digits: ``2026-11-20T08:00:00.5Z`` is ``20261120080000``."""
    return time[:19].translate(_PUNCTUATION)


def within(time: str, start: str | None, end: str | None) -> bool:
    """Whether a time of the record, or a month, touches a span whose ends are ``moment``s; both ends count, None is open."""
    at = digits(time)
    return (start is None or at[: len(start)] >= start[: len(at)]) and (end is None or at[: len(end)] <= end[: len(at)])
