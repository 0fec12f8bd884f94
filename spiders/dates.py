"""Dates as feeds and sitemaps write them, read only to tell old items from new. Pure; the record keeps the raw text."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def read_date(raw: str | None) -> datetime | None:
    """Read an ISO 8601 (Atom, sitemaps) or RFC 5322 (RSS) date; None if it is neither. One without a zone counts as UTC."""
    if not raw:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            date = read(raw.strip())
        except (ValueError, OverflowError):
            continue
        return date if date.tzinfo else date.replace(tzinfo=UTC)
    return None
