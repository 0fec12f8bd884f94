"""The ledger's file: opening, upgrading, transactions.

Durability: WAL with ``synchronous=FULL``; one transaction a change of state.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from crawler.errors import StorageError
from crawler.ledger.migrations import VERSION, upgrade, version_of


class Companion(Protocol):
    """What is committed together with the ledger, and stands beside it."""

    def write(self) -> None:
        """Write what waits, durably, before the transaction commits.

        Raises:
            StorageError: it cannot be written; the transaction is undone.
        """

    def forget(self) -> None:
        """Forget what waits: the transaction was undone."""


class Database:
    """The SQLite file of one site's ledger.

    Opened for writing, a ledger of an older version is upgraded. Opened for reading, it is left as it is, and a copy in SQLite's own
    temporary storage is upgraded and read. SQLite makes two files beside a ledger that it reads; with ``no_trace`` it makes none where
    nobody is writing, so that a disk that cannot be written to will do. Nothing is locked then: read what is wanted at once, and close it.

    Raises:
        StorageError: the file cannot be read or written, or a newer Pressmark made it.
    """

    def __init__(self, path: Path, *, read_only: bool = False, no_trace: bool = False) -> None:
        self.path = path
        self.broken: StorageError | None = None
        """Why nothing can be written any more: whoever sees it ends the run."""
        self._companion: Companion | None = None
        try:
            if read_only:
                at_rest = no_trace and not path.with_name(path.name + "-wal").exists()
                how = "mode=ro&immutable=1" if at_rest else "mode=ro"
                self._db = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
            else:
                self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=FULL")
            self._bring_up_to_date(read_only=read_only)
        except sqlite3.OperationalError as error:
            raise StorageError(f"{path}: {error}", hint="Is the folder writable, and is this a collection?") from error
        except sqlite3.Error as error:
            hint = (
                f"If it was a ledger, make it anew from the WARC files: pressmark rebuild {path.absolute().parent.name}"
            )
            raise StorageError(f"{path}: {error}", hint=hint) from error

    def _bring_up_to_date(self, *, read_only: bool) -> None:
        version = version_of(self._db)
        if version > VERSION or (version == 0 and read_only):
            raise StorageError(
                f"{self.path} is a ledger of version {version}; this Pressmark reads versions 1 to {VERSION}",
                hint="Use the version of Pressmark that made it, or move the ledger away: the WARC files hold everything.",
            )
        if version == VERSION:
            return
        if read_only:
            copy = sqlite3.connect("", isolation_level=None)
            self._db.backup(copy)
            self._db.close()
            self._db = copy
        upgrade(self._db)

    def defer_syncs(self) -> None:
        """Leave it to the system when changes reach the disk: for a ledger that counts only once it is whole, and is synced then."""
        self._db.execute("PRAGMA synchronous=OFF")

    def accompany(self, companion: Companion) -> None:
        """Let a companion write what waits with it before each transaction commits."""
        self._companion = companion

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Group changes: all of them are on disk when the block ends, or none. Blocks may nest; the outermost decides."""
        if self.broken is not None:
            # a later record marked after an earlier one was not would hide that one from the repair on start
            raise self.broken
        if self._db.in_transaction:
            yield
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            if self._companion:
                self._companion.write()
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._rollback()
            self.broken = StorageError(
                f"{self.path}: {error}", hint="Make room or mend the disk, then run the same command again."
            )
            raise self.broken from error
        except StorageError as error:
            self._rollback()
            self.broken = error
            raise
        except BaseException:
            self._rollback()
            raise

    def _rollback(self) -> None:
        if self._companion:
            self._companion.forget()
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
