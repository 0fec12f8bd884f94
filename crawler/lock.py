"""The lock of a site: one process works on it at a time, whatever the process does. Held until the file is closed or the process ends."""

from __future__ import annotations

import errno
import fcntl
from typing import IO

from crawler.disk import make_folder
from crawler.errors import BusyError, StorageError
from crawler.layout import SiteLayout


def lock_site(layout: SiteLayout) -> IO[bytes]:
    """Make the site's folder and take its lock; the lock is held until the file is closed or the process ends.

    Raises:
        BusyError: another process holds it.
        StorageError: the folder cannot be written.
    """
    try:
        make_folder(layout.root)
        file = layout.lock.open("ab")
    except OSError as error:
        raise StorageError(
            f"{error.filename}: {error.strerror}", hint="Name a collection that you may write to with -C."
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise BusyError(
                f"another process is at work on {layout.root}", hint="Wait until it ends, then try again."
            ) from error
        raise StorageError(f"{layout.lock}: {error.strerror}", hint="The file system must support flock.") from error
    return file
