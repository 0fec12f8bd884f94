"""Loose records: requests, metadata and texts, which stand in no index. Noted by what they belong to, and left unread until it is packed.

Owns the quick look that tells such a record and its end from the bytes of its gzip member, and the list of what was left. What is not
plainly one (another type, several records in a member, anything odd) is no loose record: it is read as all else is, and judged there.
"""

from __future__ import annotations

import os
import re
import sqlite3
import zlib
from collections.abc import Iterable
from hashlib import blake2b

from crawler.warc.source import PIECE

SCHEMA = """
CREATE TABLE loose (n INTEGER PRIMARY KEY, file INTEGER, at INTEGER, taken INTEGER DEFAULT 0);
CREATE TABLE tie (name INTEGER, n INTEGER);
CREATE TABLE fresh (name INTEGER, redirect TEXT);
"""
_FIRST = 4096
"""Bytes looked at first: most of these records are smaller."""
_SOME = 500
"""Names whose records are handed out at a time."""
_GZIP = b"\x1f\x8b\x08"
_FIELD = re.compile(
    rb"^(WARC-Type|WARC-Record-ID|WARC-Concurrent-To|WARC-Refers-To|Content-Length):[ \t]*([!-~]*)[ \t]*\r$",
    re.I | re.M,
)
_LOOSE = frozenset({b"request", b"metadata", b"conversion"})


class Loose:
    """The loose records of some files.

    Args:
        database: a scratch table made with ``SCHEMA``.

    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._count = 0
        self._sought = False

    def look(self, file: int, number: int, offset: int) -> int:
        """Note the record whose member begins at ``offset``, if it is a loose one. Returns the member's length; 0 if it is none.

        Args:
            file: descriptor of the open file.
            number: what the file is called here.
            offset: where to look.

        """
        data = os.pread(file, _FIRST, offset)
        if not data.startswith(_GZIP):
            return 0
        inflater = zlib.decompressobj(31)
        try:
            text = inflater.decompress(data)
            size, read = len(text), len(data)
            head, end, _ = text.partition(b"\r\n\r\n")
            if not end or not text.startswith(b"WARC/") or b"\n " in head or b"\n\t" in head:
                return 0
            found = _FIELD.findall(head + b"\r\n")
            kinds = [value for name, value in found if name.lower() == b"warc-type"]
            if len(kinds) != 1 or kinds[0] not in _LOOSE:
                return 0
            while not inflater.eof and (data := os.pread(file, PIECE, offset + read)):
                size, read = size + len(inflater.decompress(data)), read + len(data)
        except zlib.error:
            return 0
        lengths = [value for name, value in found if name.lower() == b"content-length"]
        if not inflater.eof or len(lengths) != 1 or not lengths[0].isdigit() or size != len(head) + 8 + int(lengths[0]):
            return 0
        names = {value for name, value in found if name[:5].lower() == b"warc-"} - _LOOSE
        self._count += 1
        self._database.execute("INSERT INTO loose(n, file, at) VALUES (?, ?, ?)", (self._count, number, offset))
        keys = [(_key(_bare(name)), self._count) for name in names]
        self._database.executemany("INSERT INTO tie VALUES (?, ?)", keys)
        return read - len(inflater.unused_data)

    def read(self, names: Iterable[str], redirect: str | None) -> None:
        """Note that a record was read which goes by these names, or names them: what belongs to it is wanted.

        Args:
            names: ids of records.
            redirect: its own id, if it is a redirect.

        """
        self._database.executemany(
            "INSERT INTO fresh VALUES (?, ?)", [(_key(name.encode()), redirect) for name in names]
        )

    def wanted(self) -> list[tuple[int, int, str | None]]:
        """Some loose records that belong to what was read, each once: file, offset, and the redirect it belongs to; [] if none is left."""
        if not self._sought:
            self._database.execute("CREATE INDEX tie_name ON tie (name, n)")
            self._sought = True
        while rows := self._database.execute("SELECT rowid FROM fresh ORDER BY rowid LIMIT ?", (_SOME,)).fetchall():
            last = rows[-1][0]
            found = self._database.execute(
                "SELECT n, file, at, max(redirect) FROM fresh CROSS JOIN tie USING (name) CROSS JOIN loose USING (n)"
                " WHERE fresh.rowid <= ? AND NOT taken GROUP BY n ORDER BY file, at",
                (last,),
            ).fetchall()
            self._database.execute("DELETE FROM fresh WHERE rowid <= ?", (last,))
            if found:
                self._database.executemany("UPDATE loose SET taken = 1 WHERE n = ?", [(n,) for n, *_ in found])
                return [(file, at, redirect) for _, file, at, redirect in found]
        return []

    def forget(self, number: int) -> None:
        """Forget the records of a file, which is read as a whole instead."""
        self._database.execute("DELETE FROM tie WHERE n IN (SELECT n FROM loose WHERE file = ?)", (number,))
        self._database.execute("DELETE FROM loose WHERE file = ?", (number,))


def _bare(name: bytes) -> bytes:
    return name[1:-1] if name[:1] == b"<" and name[-1:] == b">" else name


def _key(name: bytes) -> int:
    """A name in few bytes. Should two ever share it, a record is read that nothing needs."""
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)
