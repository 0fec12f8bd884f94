"""Choosing records for a package so that it stands alone: a capture brings its request and metadata, the redirects that led to it, a
revisit its original.

Owns which records belong together. What it knows of each record is on disk; no block is ever held.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path

from crawler.layout import OPEN
from crawler.warc import cdxj, certificates, fields, notes
from crawler.warc.cdxj import IndexEntry
from crawler.warc.scan import Entry, scan
from crawler.warc.source import Broken

SCHEMA = """
CREATE TABLE record (n INTEGER PRIMARY KEY, file INTEGER, at INTEGER, length INTEGER, compressed INTEGER, line BLOB);
CREATE TABLE name (name BLOB, n INTEGER);
CREATE TABLE need (n INTEGER, name BLOB, original INTEGER);
CREATE TABLE chosen (n INTEGER PRIMARY KEY);
"""
# Names are kept as digests. A record goes by its id; a response also by its URI and date, as revisits name it; the metadata of a redirect
# also by run and address asked for. What a record needs is the names of others.

_INDEXES = ("CREATE INDEX name_name ON name (name, n)", "CREATE INDEX need_n ON need (n)")
_CLOSURE = """
INSERT INTO chosen
WITH RECURSIVE wanted (n) AS (
  SELECT n FROM chosen
  UNION SELECT name.n FROM wanted CROSS JOIN need ON need.n = wanted.n CROSS JOIN name ON name.name = need.name
)
SELECT n FROM wanted WHERE n NOT IN (SELECT n FROM chosen)
"""
_MISSING = """
SELECT count(DISTINCT n) FROM need JOIN chosen USING (n) WHERE original AND n NOT IN (
  SELECT need.n FROM need JOIN name ON name.name = need.name WHERE original
)
"""
_NOTES_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands that is to be packed."""

    offset: int
    length: int
    """Bytes of its member (of header and block, where the file is plain)."""
    compressed: bool
    entry: IndexEntry | None
    """Its line in the index of its own file; None if it has none."""


class Selection:
    """Reads files, then says which of their records are to be packed.

    Args:
        database: a scratch table made with ``SCHEMA``.
        wanted: chooses captures.
        hidden: places (file and offset) of captures that were taken down: nothing brings them, not even a revisit that needs them.

    """

    def __init__(
        self,
        database: sqlite3.Connection,
        wanted: Callable[[IndexEntry], bool],
        hidden: Collection[tuple[str, int]] = (),
    ) -> None:
        self._database = database
        self._wanted = wanted
        self._hidden = hidden
        self._files: list[Path] = []
        self._count = 0

    def read(self, path: Path) -> None:
        """Take in a file's records. What is damaged, or shares its gzip member with others, cannot be chosen.

        Raises:
            OSError: the file cannot be read.

        """
        self._files.append(path)
        info, redirect = None, None
        with path.open("rb") as file:
            for entry in scan(file):
                try:
                    line, asked = self._line(path, entry), _asked(entry)
                    entry.finish()
                except Broken:
                    continue
                if entry.get("WARC-Type") == "warcinfo":
                    info = entry.record_id
                if line:
                    redirect = entry.record_id if line.status.startswith("3") and line.status != "304" else None
                if line and (line.filename, line.offset) in self._hidden:
                    continue
                if entry.record_id and entry.length is not None:
                    self._add(entry, info, line)
                    if asked:
                        self._need(asked)
                        if redirect in _tied(entry):
                            self._name(asked)

    def choose(self) -> int:
        """Choose what the wanted captures need; return how many originals of revisits are missing."""
        for statement in (*_INDEXES, _CLOSURE):
            self._database.execute(statement)
        missing: int = self._database.execute(_MISSING).fetchone()[0]
        return missing

    def files(self) -> Iterator[tuple[Path, Iterator[Place]]]:
        """Yield each file of which something is chosen, with the records in their order."""
        for number, path in enumerate(self._files):
            query = "SELECT at, length, compressed, line FROM record JOIN chosen USING (n) WHERE file = ? ORDER BY n"
            found = self._database.execute(query, (number,))
            first = found.fetchone()
            if first:
                yield path, (_place(row) for row in chain([first], found))

    def _line(self, path: Path, entry: Entry) -> IndexEntry | None:
        try:
            return cdxj.index_entry(entry, path.name.removesuffix(OPEN))
        except ValueError:  # it has no date: it can be needed, but not be asked for
            return None

    def _add(self, entry: Entry, info: str | None, line: IndexEntry | None) -> None:
        self._count += 1
        self._database.execute(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)",
            (
                self._count,
                len(self._files) - 1,
                entry.offset,
                entry.length,
                entry.compressed,
                line and line.to_line(),
            ),
        )
        if line and self._wanted(line):
            self._database.execute("INSERT INTO chosen VALUES (?)", (self._count,))
        record_id, kind = entry.record_id or "", entry.get("WARC-Type")
        self._name(record_id)
        own_info = fields.bare(entry.get("WARC-Warcinfo-ID") or "") or info
        if own_info:
            self._need(own_info)
        for other in _tied(entry):
            self._need(other)
            self._name(f"with {other}")
        self._need(f"with {record_id}")
        if kind == "resource" and entry.get("Content-Type") == certificates.MEDIA_TYPE and info:
            self._name(f"with {info}")  # what was captured with these certificates follows in the same file
        target, date = fields.bare(entry.get("WARC-Refers-To-Target-URI") or ""), entry.get("WARC-Refers-To-Date")
        if kind == "revisit":
            self._need(fields.bare(entry.get("WARC-Refers-To") or ""), original=True)
            self._need(f"{target} {date}", original=True)
        elif kind in ("response", "resource"):
            self._name(f"{fields.bare(entry.get('WARC-Target-URI') or '')} {entry.get('WARC-Date')}")

    def _name(self, name: str) -> None:
        self._database.execute("INSERT INTO name VALUES (?, ?)", (_key(name), self._count))

    def _need(self, name: str, *, original: bool = False) -> None:
        self._database.execute("INSERT INTO need VALUES (?, ?, ?)", (self._count, _key(name), original))


def _key(name: str) -> bytes:
    return blake2b(name.encode(), digest_size=16).digest()


def _tied(entry: Entry) -> list[str]:
    """Ids of the records that a record belongs to."""
    tied = [fields.bare(value) for value in fields.get_all(entry.fields, "WARC-Concurrent-To")]
    if entry.get("WARC-Type") in ("metadata", "conversion") and (refers := entry.get("WARC-Refers-To")):
        tied.append(fields.bare(refers))
    return tied


def _asked(entry: Entry) -> str | None:
    """Run, and address that was asked for before redirects, if the record is metadata of ours."""
    if entry.get("WARC-Type") != "metadata" or entry.block_length > _NOTES_LIMIT:
        return None
    found = notes.from_block(b"".join(entry.pieces()))
    if not found or not found.provenance.requested_url:
        return None
    return f"asked {found.provenance.run_id} {found.provenance.requested_url}"


def _place(row: tuple[int, int, int, bytes | None]) -> Place:
    at, length, compressed, line = row
    return Place(at, length, bool(compressed), IndexEntry.from_line(line) if line else None)
