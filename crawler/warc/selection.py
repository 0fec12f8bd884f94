"""Choosing records for a package so that it stands alone: a capture brings its request and metadata, the redirects that led to it, a
revisit its original.

Owns which records belong together. What it knows of each record is on disk; no block is ever held.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from crawler.layout import OPEN
from crawler.warc import cdxj, certificates, fields, notes
from crawler.warc.cdxj import IndexEntry
from crawler.warc.loose import SCHEMA as _LOOSE
from crawler.warc.loose import Loose
from crawler.warc.passed import SCHEMA as _PASSED
from crawler.warc.passed import Passed, redirects
from crawler.warc.scan import Damage, Entry, scan
from crawler.warc.source import Broken

SCHEMA = f"""{_PASSED}{_LOOSE}
CREATE TABLE record (n INTEGER PRIMARY KEY, file INTEGER, at INTEGER, length INTEGER, compressed INTEGER, line BLOB);
CREATE TABLE name (name BLOB, n INTEGER);
CREATE TABLE need (n INTEGER, name BLOB, original INTEGER);
CREATE TABLE chosen (n INTEGER PRIMARY KEY);
CREATE TABLE revisit (n INTEGER, url TEXT, timestamp TEXT);
CREATE TABLE info (file INTEGER, at INTEGER, id TEXT);
"""
# Names are kept as digests. A record goes by its id; a response also by its URI and date, as revisits name it; the metadata of a redirect
# also by run and address asked for. What a record needs is the names of others. A revisit's original is noted as the index knows it, too.

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
_ORIGINALS = "SELECT url, timestamp FROM chosen JOIN revisit USING (n)"
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
        known: captures that are not wanted, as an index knows them: passed over unread, unless a revisit needs them, and so are the
            requests, metadata and texts that belong to them.

    """

    def __init__(
        self,
        database: sqlite3.Connection,
        wanted: Callable[[IndexEntry], bool],
        hidden: Collection[tuple[str, int]] = (),
        known: Iterable[IndexEntry] = (),
    ) -> None:
        self._database = database
        self._wanted = wanted
        self._hidden = hidden
        self._files: list[Path] = []
        self._count = 0
        self._passed = Passed(database, known)
        self._loose = Loose(database)

    def read(self, path: Path) -> None:
        """Take in a file's records. What is damaged, or shares its gzip member with others, cannot be chosen.

        Raises:
            OSError: the file cannot be read.

        """
        self._files.append(path)
        self._read(len(self._files) - 1)

    def choose(self) -> int:
        """Choose what the wanted captures need; return how many originals of revisits are missing.

        Raises:
            OSError: a file cannot be read.

        """
        for statement in _INDEXES:
            self._database.execute(statement)
        while True:
            while loose := self._loose.wanted():
                self._read_loose(loose)
            self._database.execute(_CLOSURE)
            missing: int = self._database.execute(_MISSING).fetchone()[0]
            # where the index does not lead to an original, it is looked for everywhere
            if not missing or not (places := self._passed.asked_for(_ORIGINALS) or self._passed.any()):
                return missing
            self._read_passed(places)

    def files(self) -> Iterator[tuple[Path, Iterator[Place]]]:
        """Yield each file of which something is chosen, with the records in their order."""
        for number, path in enumerate(self._files):
            query = "SELECT at, length, compressed, line FROM record JOIN chosen USING (n) WHERE file = ? ORDER BY at"
            found = self._database.execute(query, (number,))
            first = found.fetchone()
            if first:
                yield path, (_place(row) for row in chain([first], found))

    def _read(self, number: int) -> None:
        """Take in a file, but for what is passed over; the whole of it, if that does not lead from record to record."""
        path, before, damages = self._files[number], self._count, list[Damage]()
        info, redirect = "", None
        with path.open("rb") as file:
            over = self._passed.steps(_name(path), os.fstat(file.fileno()).st_size)
            for entry in scan(
                file, on_damage=damages.append, passed=over and partial(self._step, over, file.fileno(), number)
            ):
                if entry.get("WARC-Type") == "warcinfo":
                    info = entry.record_id or ""
                    self._database.execute("INSERT INTO info VALUES (?, ?, ?)", (number, entry.offset, info))
                redirect = self._take(number, entry, info, redirect)
        if damages and self._passed.read_whole(_name(path)):
            for table in ("record", "name", "need", "chosen", "revisit"):
                self._database.execute(f"DELETE FROM {table} WHERE n > ?", (before,))  # noqa: S608
            self._database.execute("DELETE FROM info WHERE file = ?", (number,))
            self._loose.forget(number)
            self._read(number)

    def _step(self, over: Callable[[int], int], file: int, number: int, offset: int) -> int:
        """How many bytes at an offset need not be read now."""
        return over(offset) or self._loose.look(file, number, offset)

    def _read_loose(self, places: Iterable[tuple[int, int, str | None]]) -> None:
        """Take in records that belong to others."""
        for number, group in groupby(places, key=itemgetter(0)):
            with self._files[number].open("rb") as file:
                for _, at, redirect in group:
                    self._read_at(number, file, at, redirect)

    def _read_passed(self, places: Iterable[tuple[str, int]]) -> None:
        """Take in captures that were passed over."""
        numbers = {_name(path): number for number, path in enumerate(self._files)}
        for name, group in groupby(places, key=itemgetter(0)):
            if (number := numbers.get(name)) is None:
                self._passed.read_whole(name)
                continue
            with self._files[number].open("rb") as file:
                for _, at in group:
                    self._passed.read(name, at)
                    self._read_at(number, file, at, None)

    def _read_at(self, number: int, file: BinaryIO, at: int, redirect: str | None) -> None:
        """Take in the record at an offset, which belongs to a redirect if one is named."""
        file.seek(at)
        entry = next(scan(file, offset=at), None)
        if entry and entry.offset == at:
            query = "SELECT id FROM info WHERE file = ? AND at < ? ORDER BY at DESC LIMIT 1"
            (info,) = self._database.execute(query, (number, at)).fetchone() or ("",)
            self._take(number, entry, info, redirect)

    def _take(self, number: int, entry: Entry, info: str, redirect: str | None) -> str | None:
        """Note a record; return the id of the last redirect."""
        path = self._files[number]
        try:
            line, asked = self._line(path, entry), _asked(entry)
            entry.finish()
        except Broken:
            return redirect
        if line:
            redirect = entry.record_id if redirects(line) else None
            self._passed.read(line.filename, line.offset)
        if line and (line.filename, line.offset) in self._hidden:
            return redirect
        if entry.record_id and entry.length is not None:
            self._add(number, entry, info, line)
            self._loose.read([entry.record_id, *_tied(entry)], redirect if line else None)
            if asked:
                self._need(asked)
                if redirect in _tied(entry):
                    self._name(asked)
        return redirect

    def _line(self, path: Path, entry: Entry) -> IndexEntry | None:
        try:
            return cdxj.index_entry(entry, _name(path))
        except ValueError:  # it has no date: it can be needed, but not be asked for
            return None

    def _add(self, number: int, entry: Entry, info: str, line: IndexEntry | None) -> None:
        self._count += 1
        self._database.execute(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)",
            (
                self._count,
                number,
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
            with suppress(ValueError):
                known = (self._count, target, cdxj.timestamp(date or ""))
                self._database.execute("INSERT INTO revisit VALUES (?, ?, ?)", known)
        elif kind in ("response", "resource"):
            self._name(f"{fields.bare(entry.get('WARC-Target-URI') or '')} {entry.get('WARC-Date')}")

    def _name(self, name: str) -> None:
        self._database.execute("INSERT INTO name VALUES (?, ?)", (_key(name), self._count))

    def _need(self, name: str, *, original: bool = False) -> None:
        self._database.execute("INSERT INTO need VALUES (?, ?, ?)", (self._count, _key(name), original))


def _name(path: Path) -> str:
    """What lines of an index call a file."""
    return path.name.removesuffix(OPEN)


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
