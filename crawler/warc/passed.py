"""Passing over: the captures that an index knows and nobody asked for, so that a few records of large files are found without reading all.

Owns which captures may be left unread, and how one is found that turns out to be needed. The index is a hint: it never decides what is
packed. What it gets wrong costs reading.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator

from crawler.warc.cdxj import IndexEntry

SCHEMA = """
CREATE TABLE passed (filename TEXT, at INTEGER, length INTEGER, url TEXT, timestamp TEXT);
CREATE INDEX passed_at ON passed (filename, at);
CREATE INDEX passed_url ON passed (url, timestamp);
"""
_SOME = 1000
"""Places that are handed out at a time."""


def redirects(line: IndexEntry) -> bool:
    """Whether the capture leads to another."""
    return line.status.startswith("3") and line.status != "304"


class Passed:
    """Captures that have not been read.

    Args:
        database: a scratch table made with ``SCHEMA``.
        entries: what an index knows. Redirects and certificates are left out: they belong to other captures, and are always read.

    """

    def __init__(self, database: sqlite3.Connection, entries: Iterable[IndexEntry]) -> None:
        self._database = database
        chosen = (each for each in entries if each.url.startswith(("http://", "https://")) and not redirects(each))
        rows = ((each.filename, each.offset, each.length, each.url, each.timestamp) for each in chosen)
        database.executemany("INSERT INTO passed VALUES (?, ?, ?, ?, ?)", rows)

    def steps(self, filename: str, size: int) -> Callable[[int], int] | None:
        """What tells how many bytes are to be passed over at an offset of a file of ``size``, for offsets that grow; None if none are."""
        query = "SELECT at, length FROM passed WHERE filename = ? AND length > 0 AND at + length <= ? ORDER BY at"
        places: Iterator[tuple[int, int]] = self._database.execute(query, (filename, size))
        at, length = next(places, (-1, 0))
        if at < 0:
            return None

        def step(offset: int) -> int:
            nonlocal at, length
            while 0 <= at < offset:
                at, length = next(places, (-1, 0))
            return length if at == offset else 0

        return step

    def read(self, filename: str, at: int) -> None:
        """Note that the capture at this place was read."""
        self._database.execute("DELETE FROM passed WHERE filename = ? AND at = ?", (filename, at))

    def read_whole(self, filename: str) -> bool:
        """Note that all of a file is read; return whether something of it was to be passed over."""
        return self._database.execute("DELETE FROM passed WHERE filename = ?", (filename,)).rowcount > 0

    def asked_for(self, wishes: str) -> list[tuple[str, int]]:
        """Some files and offsets of captures whose address and time are among ``wishes`` (SQL that gives ``url``, ``timestamp``)."""
        query = f"SELECT DISTINCT filename, at FROM ({wishes}) CROSS JOIN passed USING (url, timestamp) LIMIT {_SOME}"  # noqa: S608
        return sorted(self._database.execute(query))

    def any(self) -> list[tuple[str, int]]:
        """Some files and offsets of captures that were not read."""
        return self._database.execute(f"SELECT filename, at FROM passed ORDER BY filename, at LIMIT {_SOME}").fetchall()  # noqa: S608
