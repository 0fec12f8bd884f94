"""Carrying over: what an old ledger knows and no WARC file says, taken into one that was made anew.

URLs that were found and never fetched, why others were not asked for, how the sources fare, the runs. What the WARC files do say stands.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from crawler.errors import StorageError
from crawler.ledger import Ledger
from crawler.ledger.urls import Entry

_WHOLE = ("sources", "source_health", "patterns", "looks", "runs", "numbers")
"""Tables that no WARC file can give."""
_STATED = ", ".join(Entry.__slots__)


def carry_over(ledger: Ledger, old: Path, scratch: Path) -> list[Entry]:
    """Take over from the ledger ``old``, by way of a copy in the folder ``scratch``; returns the URLs that the new ledger did not know.

    Raises:
        StorageError: it cannot be read, or is damaged. Nothing was taken over.
    """
    copy = scratch / "old.sqlite"
    try:
        for suffix in ("", "-wal"):
            if (source := old.with_name(old.name + suffix)).exists():
                shutil.copyfile(source, copy.with_name(copy.name + suffix))
        known = Ledger(copy)  # of an older version it is upgraded here
        try:
            [(verdict,)] = known._db.execute("PRAGMA quick_check(1)").fetchall()
        finally:
            known.close()
        if verdict != "ok":
            raise StorageError(f"{old} is damaged: {verdict}")
        return _take(ledger, copy)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{old} cannot be read: {error}") from error
    finally:
        for path in scratch.glob("old.sqlite*"):
            path.unlink()


def _take(ledger: Ledger, copy: Path) -> list[Entry]:
    db = ledger._db
    db.execute("ATTACH DATABASE ? AS old", (str(copy),))
    try:
        with ledger.transaction():
            for table in _WHOLE:
                db.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM old.{table}")
            db.execute("UPDATE looks SET waiting = 0")  # their records are judged by now
            names = [row[1] for row in db.execute("PRAGMA table_info(urls)") if row[1] != "id"]
            columns = ", ".join(names)
            [(last,)] = db.execute("SELECT coalesce(max(id), 0) FROM urls").fetchall()
            # a record that no WARC file holds any more makes no URL captured; 'done' stays, it may have been taken down
            db.execute(
                f"INSERT INTO urls({columns}) SELECT {columns} FROM old.urls"
                " WHERE true ORDER BY id ON CONFLICT DO NOTHING"
            )
            db.execute(
                "UPDATE urls SET state = 'pending', record_id = NULL WHERE state = 'captured' AND id > ?", (last,)
            )
            db.execute(
                "INSERT OR IGNORE INTO sightings SELECT urls.id, seen.kind, seen.source_id, seen.at FROM old.sightings AS seen"
                " JOIN old.urls AS known ON known.id = seen.url_id JOIN urls ON urls.key = known.key"
            )
            rows = db.execute(f"SELECT {_STATED} FROM urls WHERE id > ? ORDER BY id", (last,)).fetchall()
    finally:
        db.execute("DETACH DATABASE old")
    return [Entry(*row) for row in rows]
