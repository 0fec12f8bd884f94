"""The Retry-After header (RFC 9110, 10.2.3): how long a server asks to be left alone. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DIGITS = re.compile(r"[0-9]{1,10}")


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds to wait, never negative; None if there is no such header or it makes no sense.

    Args:
        value: the header as it came: seconds in digits, or an HTTP date.
        now: the time (aware) to count a date from.
    """
    if value is None:
        return None
    text = value.decode("latin-1").strip()
    if _DIGITS.fullmatch(text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
