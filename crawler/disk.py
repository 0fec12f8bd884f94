"""What must survive a power loss: bytes, names of new files and folders, files that grow and files that are replaced as a whole.

fsync(2) of a file keeps its bytes and promises nothing about its name: that is kept by syncing the folder it stands in. All of Pressmark
that syncs does it here, but for the WARC writer, which says itself what a sync that failed means for its file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from crawler.errors import StorageError


def free_bytes(folder: Path) -> int:
    """Bytes that this user may still write on the disk of ``folder``.

    Raises:
        OSError: the folder cannot be looked at.
    """
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def check_room(folder: Path, reserve: int) -> None:
    """See that ``reserve`` bytes are free on the disk of ``folder``, which need not be there yet.

    Raises:
        StorageError: there is less, or the disk does not answer.
    """
    there = folder.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        free = free_bytes(there)
    except OSError as error:
        raise StorageError(f"{there}: {error.strerror}", hint="Is the disk there?") from error
    if free < reserve:
        raise StorageError(
            f"{free / 1e6:,.0f} MB are free on the disk of {folder}, and {reserve / 1e6:,.0f} MB are to stay free",
            hint="Make room, or set limits.disk_reserve lower; then run the same command again: it goes on where it stopped.",
        )


def sync_folder(folder: Path) -> None:
    """Make a new, renamed or removed name in ``folder`` survive a power loss.

    Raises:
        OSError: the folder cannot be opened or synced.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync(file: IO[bytes]) -> None:
    """Make what was written to an open file survive a power loss.

    Raises:
        OSError: that is not certain.
    """
    file.flush()
    os.fsync(file.fileno())


def sync_file(path: Path) -> None:
    """Make the bytes of a file survive a power loss that another process, or a library, has written.

    Raises:
        OSError: it cannot be opened or synced.
    """
    with path.open("rb") as file:
        sync(file)


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it that are missing; each new name survives a power loss.

    Raises:
        OSError: a folder cannot be made or synced.
    """
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(exist_ok=True)
        sync_folder(new.parent)


def append_file(path: Path, data: bytes) -> int:
    """Append to a file, which need not be there yet, and sync it and its name. Returns its size.

    Raises:
        OSError: it cannot be written; a part of ``data`` may stand at its end.
    """
    make_folder(path.parent)
    with path.open("ab") as file:
        file.write(data)
        sync(file)
        size = file.tell()
    sync_folder(path.parent)  # not only of a new file: who made it may have been killed before it came to this
    return size


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to be written beside ``path``, which is synced and put in its place when the block ends; if it fails, nothing is.

    Raises:
        OSError: it cannot be written; ``path`` is as it was.
    """
    make_folder(path.parent)
    new = path.with_name(path.name + ".new")
    try:
        with new.open("w+b") as file:
            yield file
            sync(file)
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def replace_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Give ``path`` new content: written beside it, synced, and put in its place at once. A crash leaves the old content or the new.

    Raises:
        OSError: it cannot be written; ``path`` is as it was.
    """
    with replacing(path) as file:
        file.writelines(pieces)
