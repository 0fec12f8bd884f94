"""The tombstone of a row: what is left when its content was taken down. Pure."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

_EMPTY: Row = {
    "title": None, "description": None, "authors": [], "section": None, "tags": [], "language": None, "published_at": None,
    "published_raw": None, "modified_at": None, "text": "", "word_count": 0, "images": [], "quality": 0.0, "flags": ["withdrawn"],
    "removed_chars": 0, "removed_kinds": [], "duplicate_of": None, "duplicate_kind": None, "duplicate_similarity": None,
}  # fmt: skip


def tombstone(row: Row, at: str, reason: str) -> Row:
    """The row without its content: where and when the capture was made, its digests, and why it is gone.

    Args:
        row: a row of articles, in the form of today.
        at: when it was ordered.
        reason: why, as the person put it.
    """
    sources = dict.fromkeys(row["field_sources"])
    return row | _EMPTY | {"field_sources": sources, "withdrawn_at": at, "withdrawn_reason": reason}
