"""A scratch table: what must be remembered of every record of files of any size, kept on disk, so that memory does not grow with them.

Owns a private SQLite database without a name: it spills to the system's folder for temporary files (SQLITE_TMPDIR, TMPDIR, /var/tmp, /tmp)
once it is larger than its cache, and is gone when closed, however the process ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from crawler.errors import StorageError

_CACHE_KIB = 8 << 10
"""What of it is held in memory, at most."""


@contextmanager
def scratch(schema: str) -> Iterator[sqlite3.Connection]:
    """Open an empty database with these tables, for one thread.

    Raises:
        StorageError: there is no room for temporary files.

    """
    database = sqlite3.connect("", isolation_level=None)
    try:
        database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        database.execute("PRAGMA journal_mode = OFF")  # it is never rolled back
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(schema)
        database.execute("BEGIN")
        yield database
    except sqlite3.OperationalError as error:
        raise StorageError(
            f"there is no room for temporary files: {error}", hint="Set SQLITE_TMPDIR to a folder on a disk with space."
        ) from error
    finally:
        database.close()
