"""A folder that is there whole or not at all: written beside its place as ``NAME.open``, synced, and renamed.

Owns locking (two exports to one place), what an earlier, killed export left behind, and replacing. Never deletes a folder that it did not
make.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.disk import sync_file, sync_folder
from crawler.errors import BusyError, StorageError, UsageError
from crawler.layout import OPEN

_OLD = ".old"


@contextmanager
def staged(dest: Path, *, force: bool, mark: str) -> Iterator[Path]:
    """Give an empty folder to write into; when the block ends without an error, it becomes ``dest``.

    ``mark`` is a file below it by which a folder is known as one of ours: only such a one is replaced, and only by ``force``.

    Raises:
        UsageError: ``dest`` is there, and may not be replaced. BusyError: another process writes it. StorageError: it cannot be written.
    """
    dest = dest.absolute()
    if os.path.lexists(dest):
        if not force:
            raise UsageError(f"{dest} is there already", hint="Name another folder, or replace it with --force.")
        if not (dest / mark).is_file():
            raise UsageError(f"{dest} is no export, so it is not replaced", hint="Name another folder.")
    work = dest.with_name(dest.name + OPEN)
    try:
        work.mkdir(parents=True, exist_ok=True)
        handle = os.open(work, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with _locked(handle, work):
                _empty(work)
                try:
                    yield work
                except BaseException:
                    shutil.rmtree(work, ignore_errors=True)
                    raise
                _sync(work)
                _put(work, dest)
        finally:
            os.close(handle)
    except OSError as error:
        raise StorageError(
            f"{error.filename or work}: {error.strerror}",
            hint="Make room or name a folder that you may write to, then run it again.",
        ) from error


@contextmanager
def _locked(handle: int, work: Path) -> Iterator[None]:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BusyError(f"another export is writing {work}", hint="Wait until it ends, then try again.") from error
    yield


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _sync(root: Path) -> None:
    for folder, _, names in os.walk(root):
        for name in names:
            sync_file(Path(folder) / name)
        sync_folder(Path(folder))


def _put(work: Path, dest: Path) -> None:
    old = dest.with_name(dest.name + _OLD)
    if os.path.lexists(dest):
        if old.exists():
            shutil.rmtree(old)
        dest.rename(old)
    work.rename(dest)
    sync_folder(dest.parent)
    if old.exists():
        shutil.rmtree(old)
