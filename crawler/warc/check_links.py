"""Rules that tie the records of files together: unique ids, records of one capture, revisits and their originals.

Owns what is remembered of each record, on disk; never reads a file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from crawler.warc import capture, fields
from crawler.warc.finding import Breach, Severity, error, warning
from crawler.warc.scan import Entry

SCHEMA = """
CREATE TABLE record (n INTEGER PRIMARY KEY, file TEXT, at INTEGER, id TEXT, kind TEXT, date TEXT, method TEXT);
CREATE UNIQUE INDEX record_id ON record (id, file);
CREATE TABLE tied (n INTEGER, other TEXT);
CREATE TABLE info (n INTEGER, other TEXT);
CREATE TABLE revisit (n INTEGER, refers TEXT, target TEXT, date TEXT);
CREATE TABLE original (target TEXT, date TEXT);
CREATE TABLE empty (n INTEGER, severity TEXT, rule TEXT, section TEXT, message TEXT);
"""
_INDEXES = (
    "CREATE INDEX tied_n ON tied (n)",
    "CREATE INDEX tied_other ON tied (other)",
    "CREATE INDEX original_target ON original (target, date)",
)
_TIED = """
SELECT one.file, one.at, one.id, one.date, other, two.at, two.date
FROM tied JOIN record one USING (n) LEFT JOIN record two ON two.id = other AND two.file = one.file
WHERE two.n IS NULL OR two.date <> one.date ORDER BY tied.rowid
"""
_INFOS = """
SELECT one.file, one.at, one.id, other
FROM info JOIN record one USING (n) LEFT JOIN record two ON two.id = other AND two.file = one.file
WHERE two.n IS NULL OR two.kind <> 'warcinfo' ORDER BY info.rowid
"""
_REVISITS = """
SELECT one.file, one.at, one.id, target, revisit.date, two.kind,
  EXISTS (SELECT 1 FROM record WHERE id = refers AND kind IN ('response', 'resource'))
  OR EXISTS (SELECT 1 FROM original WHERE original.target = revisit.target AND original.date = revisit.date)
FROM revisit JOIN record one USING (n) LEFT JOIN record two ON two.id = refers AND two.file = one.file ORDER BY revisit.rowid
"""
_EMPTY = """
SELECT one.file, one.at, one.id, severity, rule, section, message FROM empty JOIN record one USING (n)
WHERE NOT EXISTS (
  SELECT 1 FROM tied JOIN record two ON two.id = tied.other WHERE tied.n = one.n AND two.file = one.file AND two.method = 'HEAD'
) AND NOT EXISTS (
  SELECT 1 FROM tied JOIN record two USING (n) WHERE tied.other = one.id AND two.file = one.file AND two.method = 'HEAD'
) ORDER BY empty.rowid
"""

Place = tuple[str, int, str | None]
"""Name of a file, offset and id of a record."""


class LinkCheck:
    """Takes each record in turn, then says at the end what does not fit together.

    Args:
        database: a scratch table made with ``SCHEMA``.

    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._file = ""
        self._count = 0
        self._first = True
        self._infos: set[str] = set()

    def begin(self, file: str) -> None:
        """Say that the records of another file follow, which is called so."""
        self._file, self._first = file, True
        self._infos.clear()

    def add(self, entry: Entry, method: str, empty_body: Breach | None) -> Iterator[Breach]:
        """Take a whole record; yield what is wrong already.

        Args:
            entry: the record, finished.
            method: its method, where it is a request.
            empty_body: what to say of it unless its request was HEAD.

        """
        kind, date, record_id = entry.get("WARC-Type") or "", entry.get("WARC-Date") or "", entry.record_id
        if self._first and kind != "warcinfo":
            yield warning("warcinfo-first", "WARC 1.1, 5.5", "the file does not begin with a warcinfo record")
        self._first = False
        if record_id is None:
            return
        row = (self._count + 1, self._file, entry.offset, record_id, kind, date, method)
        if not self._insert("INSERT OR IGNORE INTO record VALUES (?, ?, ?, ?, ?, ?, ?)", *row):
            before = self._database.execute("SELECT at FROM record WHERE id = ? AND file = ?", (record_id, self._file))
            text = f"the record at {before.fetchone()[0]} has the same WARC-Record-ID"
            yield error("id-doubled", "WARC 1.1, 5.2", text)
            return
        self._count += 1
        if kind == "warcinfo":
            self._infos.add(record_id)
        for value in fields.get_all(entry.fields, "WARC-Concurrent-To"):
            self._insert("INSERT INTO tied VALUES (?, ?)", self._count, fields.bare(value))
        if (info := fields.bare(entry.get("WARC-Warcinfo-ID") or "")) and info not in self._infos:
            self._insert("INSERT INTO info VALUES (?, ?)", self._count, info)
        if kind in ("response", "resource"):
            self._insert("INSERT INTO original VALUES (?, ?)", fields.bare(entry.get("WARC-Target-URI") or ""), date)
        if kind == "revisit" and capture.profile(entry):
            refers = fields.bare(entry.get("WARC-Refers-To") or "")
            target = fields.bare(entry.get("WARC-Refers-To-Target-URI") or "")
            row_date = entry.get("WARC-Refers-To-Date") or ""
            self._insert("INSERT INTO revisit VALUES (?, ?, ?, ?)", self._count, refers, target, row_date)
        if empty_body:
            breach = (empty_body.severity, empty_body.rule, empty_body.section, empty_body.message)
            self._insert("INSERT INTO empty VALUES (?, ?, ?, ?, ?)", self._count, *breach)

    def finish(self) -> Iterator[tuple[Place, Breach]]:
        """Yield what does not fit together, with the place of the record that is to blame."""
        for statement in _INDEXES:
            self._database.execute(statement)
        for file, at, one, date, other, there, its_date in self._database.execute(_TIED):
            if there is None:
                yield (
                    (file, at, one),
                    warning("concurrent-to", "WARC 1.1, 5.7", f"there is no record {other} in this file"),
                )
            else:
                text = f"records of one capture shall share one date: {date}, but {its_date} at {there}"
                yield (file, at, one), error("date-of-capture", "WARC 1.1, 5.4", text)
        for file, at, one, other in self._database.execute(_INFOS):
            text = f"there is no warcinfo {other} in this file"
            yield (file, at, one), warning("warcinfo-id", "WARC 1.1, 5.16", text)
        for file, at, one, target, date, kind, resolves in self._database.execute(_REVISITS):
            if kind and kind not in ("response", "resource"):
                text = f"WARC-Refers-To names a {kind} record"
                yield (file, at, one), error("revisit-target", "WARC 1.1, 6.7", text)
            elif not resolves:
                text = f"the original is in none of the files: {target} {date}"
                yield (file, at, one), warning("revisit-target", "WARC 1.1, 6.7", text)
        severity: Severity
        for file, at, one, severity, rule, section, message in self._database.execute(_EMPTY):
            yield (file, at, one), Breach(severity, rule, section, message)

    def _insert(self, statement: str, *values: object) -> bool:
        return self._database.execute(statement, values).rowcount > 0
