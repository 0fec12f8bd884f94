"""The catalogue of one export: where every wanted row stands, in a temporary SQLite file, so that memory stays flat at any number of rows.

Owns which capture of an article is the latest, the order of the rows, and which of them go first. Never holds a row's text.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import TracebackType

from crawler.dataset.dense import head
from crawler.dataset.snapshot import Line
from crawler.errors import StorageError

_BARE_AT_MOST = 1 << 19
"""Bytes of JSON lines in a row without any entry in a list of records; readers look at a megabyte at a time."""
_REST = "SELECT number, site, moment, id, length, filled FROM rows WHERE taken AND ahead IS NULL"
_SCHEMA = """
CREATE TABLE rows(
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL,
    previous_id TEXT,
    site TEXT NOT NULL,
    moment TEXT NOT NULL,
    gone INTEGER NOT NULL,
    file INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    filled BLOB NOT NULL,
    taken INTEGER NOT NULL DEFAULT 1,
    ahead INTEGER
);
CREATE TABLE archived(address INTEGER PRIMARY KEY);
CREATE TABLE failed(address INTEGER PRIMARY KEY, reason TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in the snapshot."""

    file: int
    offset: int
    length: int


class Catalogue:
    """Rows that fulfil a selection, each once, in a file of its own that nobody needs afterwards.

    Raises:
        StorageError: the block that it is opened for ends with an error of the file: the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;" + _SCHEMA + "BEGIN;"
        )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add(self, line: Line, filled: int) -> bool:
        """Take a row in; ``filled`` says which columns it fills. False if a row of the same id is there already."""
        row = line.row
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO rows(id, article_id, previous_id, site, moment, gone, file, offset, length, filled)"
            " VALUES(?,?,?,?,?,?,?,?,?,?)",
            (
                row["id"], row["article_id"], row["previous_id"], row["site"], row["fetched_at"].rstrip("Z"), row["change"] == "gone",
                line.file, line.offset, line.length, _bytes(filled),
            ),
        )  # fmt: skip
        return bool(cursor.rowcount)

    def keep_latest(self) -> int:
        """Of each article keep only the capture that was made last and that found it there; returns how many rows went."""
        return self._db.execute(
            "UPDATE rows SET taken = 0 WHERE number NOT IN (SELECT number FROM (SELECT number, row_number() OVER"
            " (PARTITION BY article_id ORDER BY moment DESC, id DESC) AS place FROM rows WHERE NOT gone) WHERE place = 1)"
        ).rowcount

    def refill(self, capture_id: str, filled: int, *, add: bool = False) -> None:
        """Say anew which columns a row fills, or ``add`` some that it does."""
        (known,) = self._db.execute("SELECT filled FROM rows WHERE id = ?", (capture_id,)).fetchone()
        whole = filled | int.from_bytes(known, "little") if add else filled
        self._db.execute("UPDATE rows SET filled = ? WHERE id = ?", (_bytes(whole), capture_id))

    def leave_out(self, capture_id: str) -> int:
        """Leave a row out that was wanted; returns how many that were."""
        return self._db.execute("UPDATE rows SET taken = 0 WHERE id = ? AND taken", (capture_id,)).rowcount

    def arrange(self, nested: int = 0) -> int:
        """Fix the order: the dense head, then site, time of capture, id; returns the number of rows.

        Args:
            nested: the bits of what stands in lists of records, of which one row is brought into every half megabyte that has none.
        """
        self._db.execute("CREATE INDEX rows_wanted ON rows(site, moment, id) WHERE taken")
        masks = self._db.execute("SELECT number, filled FROM rows WHERE taken ORDER BY site, moment, id")
        first = head((number, int.from_bytes(filled, "little")) for number, filled in masks)
        self._db.executemany("UPDATE rows SET ahead = ? WHERE number = ?", enumerate(first))
        self._spread(nested)
        (count,) = self._db.execute("SELECT count(*) FROM rows WHERE taken").fetchone()
        return int(count)

    def _spread(self, nested: int) -> None:
        """Bring rows that fill ``nested`` from the end to where there is none for long.

        pyarrow infers a type for each megabyte by itself, side by side, and cannot turn the list of nothing that it finds in one into
        the list of records that it finds in another, if the first is ready first.
        """
        order = f"{_REST} ORDER BY site {{0}}, moment {{0}}, id {{0}}"
        spare = (row for row in self._db.execute(order.format("DESC")) if _fills(row[5], nested))
        bare = 0
        moved: set[int] = set()
        for number, site, moment, id_, length, filled in self._db.execute(order.format("ASC")):
            if number in moved:
                continue
            bare = 0 if _fills(filled, nested) else bare + length
            if nested and bare > _BARE_AT_MOST:
                found = next(spare, None)
                if found is None or found[1:4] <= (site, moment, id_):
                    return
                moved.add(found[0])
                self._db.execute("UPDATE rows SET site = ?, moment = ? WHERE number = ?", (site, moment, found[0]))
                bare = 0

    def places(self) -> Iterator[Place]:
        """Where the wanted rows stand, in their order."""
        query = "SELECT file, offset, length FROM rows WHERE taken AND ahead IS {} NULL ORDER BY {}"
        for part, order in (("NOT", "ahead"), ("", "site, moment, id")):
            for row in self._db.execute(query.format(part, order)):
                yield Place(*row)

    def holds(self, capture_id: str) -> bool:
        """Whether the row of that capture is wanted."""
        return self._db.execute("SELECT 1 FROM rows WHERE id = ? AND taken", (capture_id,)).fetchone() is not None

    def changes(self) -> Iterator[tuple[Place, Place]]:
        """Where two captures of an article follow each other, the earlier one first; of all rows, the latest or not."""
        for row in self._db.execute(
            "SELECT a.file, a.offset, a.length, b.file, b.offset, b.length FROM rows b JOIN rows a ON a.id = b.previous_id"
            " ORDER BY b.site, b.moment, b.id"
        ):
            yield Place(*row[:3]), Place(*row[3:])

    def archived(self, url: str) -> None:
        """Note that the collection holds an article of that address, wanted or not."""
        self._db.execute("INSERT OR IGNORE INTO archived VALUES(?)", (_address(url),))

    def failed(self, url: str, reason: str) -> None:
        """Note that the address gave no article for that reason; a later reason takes the place of an earlier one."""
        self._db.execute("INSERT OR REPLACE INTO failed VALUES(?,?)", (_address(url), reason))

    def missing(self) -> Counter[str]:
        """Addresses that gave no article at any time, by the last reason."""
        query = (
            "SELECT reason, count(*) FROM failed WHERE address NOT IN (SELECT address FROM archived) GROUP BY reason"
        )
        return Counter(dict(self._db.execute(query)))

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise StorageError(
                f"{self.path}: {error}", hint="Make room where the export is written, then run the same command again."
            ) from error


def _fills(filled: bytes, bits: int) -> bool:
    return bool(int.from_bytes(filled, "little") & bits)


def _bytes(mask: int) -> bytes:
    return mask.to_bytes((mask.bit_length() + 7) // 8, "little")


def _address(url: str) -> int:
    """64 bits of an address's digest, as SQLite has numbers."""
    return int.from_bytes(blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little", signed=True)
