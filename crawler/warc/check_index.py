"""Rules for an index: sorted bytewise, each line leads to its record, each capture has a line.

Serves packages and the index of a site's folder. Owns what is remembered of each capture, on disk; never opens a file: lines and records
are handed in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from crawler.warc import capture, fields
from crawler.warc.cdxj import IndexEntry
from crawler.warc.finding import Breach, error, warning
from crawler.warc.scan import Entry

SCHEMA = """
CREATE TABLE capture (
  file TEXT, at INTEGER, url TEXT, date TEXT, length INTEGER, listed INTEGER, PRIMARY KEY (file, at)
) WITHOUT ROWID;
"""


class IndexCheck:
    """Takes the captures of files, then holds an index against them.

    Args:
        database: a scratch table made with ``SCHEMA``.

    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, file: str, entry: Entry) -> None:
        """Take a whole record of a WARC that the index calls ``file``. A capture shall have a line; some tools index other records too."""
        url = fields.bare(entry.get("WARC-Target-URI") or "")
        if entry.record_id and entry.first and url:
            needless = not (capture.is_capture(entry) or entry.get("WARC-Type") == "resource")
            row = (file, entry.offset, url, entry.get("WARC-Date") or "", entry.length, needless)
            self._database.execute("INSERT OR IGNORE INTO capture VALUES (?, ?, ?, ?, ?, ?)", row)

    def forget(self, hidden: Iterable[tuple[str, int]]) -> None:
        """Captures at these places (file and offset) were taken down: no line may lead to them."""
        self._database.executemany("DELETE FROM capture WHERE file = ? AND at = ?", hidden)

    def check(
        self, lines: Iterable[tuple[str, bytes]], section: str, *, growing: bool = False
    ) -> Iterator[tuple[str, Breach]]:
        """Hold an index against the captures. Resources with other addresses (certificates, texts, screenshots) need no line.

        Args:
            lines: name of the index file and line, in order.
            section: the standard's words on it, for the findings.
            growing: whether the WARCs may have more than the index knows: then captures behind the last one that it knows of a file
                are a warning, not an error.

        Yields:
            Name of the file, and what is wrong with it.

        """
        known: dict[str, int] = {}
        before, current = b"", ""
        for member, line in lines:
            before = before if member == current else b""
            if line < before:
                yield member, error("index-order", section, f"the lines are not sorted: {line[:60]!r}")
            before, current = line, member
            try:
                entry = IndexEntry.from_line(line)
            except ValueError:
                text = f"this is no CDXJ line with url, filename, offset and length: {line[:60]!r}"
                yield member, error("index-line", section, text)
                continue
            known[entry.filename] = max(known.get(entry.filename, 0), entry.offset)
            if breach := _entry(entry, self._take(entry), section):
                yield member, breach
        yield from self._unlisted(known, section, growing)

    def _take(self, entry: IndexEntry) -> tuple[str, str, int | None] | None:
        """URL, WARC-Date and length of the capture that a line leads to."""
        at = entry.filename, entry.offset
        found: tuple[str, str, int | None] | None = self._database.execute(
            "SELECT url, date, length FROM capture WHERE file = ? AND at = ?", at
        ).fetchone()
        self._database.execute("UPDATE capture SET listed = TRUE WHERE file = ? AND at = ?", at)
        return found

    def _unlisted(self, known: dict[str, int], section: str, growing: bool) -> Iterator[tuple[str, Breach]]:
        behind: dict[str, tuple[int, int]] = {}
        query = "SELECT file, at, url FROM capture WHERE NOT listed ORDER BY file, at"
        for name, offset, url in self._database.execute(query):
            if not url.lower().startswith(("http://", "https://")):
                continue
            if growing and offset > known.get(name, -1):
                number, first = behind.get(name, (0, offset))
                behind[name] = number + 1, first
            else:
                yield name, error("index-incomplete", section, f"the capture at {offset} has no line: {url}")
        for name, (number, first) in behind.items():
            text = f"the index has no line yet of {number} captures from {first} on; the site's next run adds them"
            yield name, warning("index-behind", section, text)


def _entry(entry: IndexEntry, found: tuple[str, str, int | None] | None, section: str) -> Breach | None:
    where = f"{entry.url} at {entry.offset} of {entry.filename}"
    if found is None:
        return error("index-offset", section, f"no capture begins there: {where}")
    url, date, length = found
    if url != entry.url or "".join(c for c in date if c.isdigit())[:14] != entry.timestamp:
        return error("index-record", section, f"another capture begins there: {where}")
    if length is not None and length != entry.length:
        return error("index-length", section, f"the record has {length} bytes, not {entry.length}: {where}")
    return None
