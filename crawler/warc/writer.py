"""The writer: one ``.open`` file at a time, rotated by size and age, repaired when opened, cut back when a write fails.

Owns what is on disk in a folder of WARC files. After ``write`` the records are in the file, after ``sync`` they survive a power
loss. Nothing that was written is ever written again. For one thread; never takes the site's lock (its caller holds it).
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from crawler.disk import make_folder, sync_folder
from crawler.errors import StorageError
from crawler.layout import OPEN
from crawler.warc import filename, records, tail
from crawler.warc.conversions import Conversion
from crawler.warc.exchange import Exchange, Pointer, Provenance, RevisitTarget
from crawler.warc.gzipmember import compress
from crawler.warc.records import Record


class WarcWriter:
    """Writes exchanges into ``folder``, as ``<prefix>-<timestamp>-<serial>-<host>.warc.gz`` (WARC 1.1, annex B).

    Opening repairs what an earlier process left: a torn tail goes to a ``.torn`` file, and the ``.open`` file is appended to
    unless it is due.

    Args:
        folder: made if it is not there.
        prefix: begins every file's name.
        info: lines of the warcinfo record (software, operator, robots …).
        max_bytes: size from which on a file is closed.
        max_age: age from which on a file is closed.
        now: gives the wall clock (aware).
        host: name of this machine, ends every file's name.
        new_id: gives record ids, ``urn:uuid:…``.

    Raises:
        StorageError: the folder cannot be read or written.

    """

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str,
        info: Mapping[str, str],
        max_bytes: int = 1_000_000_000,
        max_age: timedelta = timedelta(days=1),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        host: str | None = None,
        new_id: Callable[[], str] = lambda: uuid.uuid4().urn,
    ) -> None:
        self._folder = folder
        self._prefix = prefix
        self._host = host or socket.gethostname()
        self._info = dict(info)
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._now = now
        self._new_id = new_id
        self._path: Path | None = None
        self._file = -1
        self._size = 0
        self._begun = now()
        self._warcinfo_id: str | None = None
        self._chains: set[tuple[bytes, ...]] = set()
        self._failed = False
        try:
            make_folder(folder)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(13, os.strerror(13), str(folder))
            self._take_over()
        except OSError as error:
            self._refuse(error, "opened")

    def write(self, exchange: Exchange, revisit_of: RevisitTarget | None = None) -> Pointer:
        """Write request, response and metadata records of an exchange, one after the other in one file.

        Args:
            exchange: what crossed the wire.
            revisit_of: the earlier capture that this one repeats; see ``records.from_exchange``.

        Returns:
            Where the response (or revisit) record stands; the metadata record, where no answer came.

        Raises:
            StorageError: it could not be written; the file ends where it ended before.

        """
        self._prepare(len(exchange.received))
        info = self._new_warcinfo()
        bundle = records.from_exchange(
            exchange, warcinfo_id=self._info_id(info), new_id=self._new_id, revisit_of=revisit_of
        )
        chain = None
        if exchange.certificates not in self._chains:  # once a file, so that each can stand alone
            chain = records.of_certificates(exchange, warcinfo_id=self._info_id(info), new_id=self._new_id)
        before = tuple(record for record in (info, chain) if record)
        pointer = self._append(before, bundle.records, bundle.main, bundle.payload_digest)
        self._warcinfo_id = self._info_id(info)
        self._chains.add(exchange.certificates)
        origin = bundle.origin
        if origin and origin.record_id == pointer.record_id:
            origin = replace(origin, filename=pointer.filename, offset=pointer.offset)
        return replace(pointer, origin=origin)

    def write_failure(
        self, url: str, started: datetime, provenance: Provenance, reason: str, detail: str | None
    ) -> Pointer:
        """Write a metadata record that says that a fetch got no answer, and why.

        Args:
            url: what was asked for.
            started: when (aware).
            provenance: why.
            reason: slug, a value of ``crawler.errors.Reason``.
            detail: what happened, for people.

        Raises:
            StorageError: as ``write``.

        """
        self._prepare(0)
        info = self._new_warcinfo()
        record = records.from_failure(
            url, started, provenance, reason, detail, warcinfo_id=self._info_id(info), new_id=self._new_id
        )
        pointer = self._append((info,) if info else (), (record,), 0, records.digest(b""))
        self._warcinfo_id = self._info_id(info)
        return pointer

    def write_conversion(self, conversion: Conversion) -> Pointer:
        """Write a conversion record: an article's extracted text.

        Raises:
            StorageError: as ``write``.

        """
        self._prepare(0)
        info = self._new_warcinfo()
        record = records.from_conversion(conversion, self._now(), warcinfo_id=self._info_id(info), new_id=self._new_id)
        pointer = self._append((info,) if info else (), (record,), 0, records.digest(conversion.block))
        self._warcinfo_id = self._info_id(info)
        return pointer

    def sync(self) -> None:
        """Make all that was written survive a power loss.

        Raises:
            StorageError: that is not certain. The file must be opened anew: what the system still holds of it is not known.

        """
        if self._file < 0:
            return
        try:
            os.fsync(self._file)
        except OSError as error:
            self._failed = True
            self._refuse(error, "synced")

    def close(self) -> None:
        """Sync and close. The file keeps ``.open`` for the next run, unless it is due."""
        if self._path is None:
            return
        if self._size and self._due(0) and not self._failed:
            self.seal()
            return
        if not self._failed:
            self.sync()
        self._let_go()

    def seal(self) -> None:
        """Sync and close the file, and take ``.open`` off its name. The next write begins a new one.

        Raises:
            StorageError: it could not be synced or renamed.

        """
        if self._path is None:
            return
        self._check()
        self.sync()
        path = self._path
        self._let_go()
        try:
            _seal(path)
        except OSError as error:
            self._refuse(error, "closed")

    def __enter__(self) -> WarcWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take_over(self) -> None:
        """Repair what an earlier process left open, and go on with the last of it if it is not due."""
        left = sorted(self._folder.glob(f"*.warc.gz{OPEN}"), key=filename.order)
        for path in left:
            found = tail.repair(path)
            if not found.size:
                path.unlink()
                continue
            begun = filename.begun(path)
            if path is left[-1] and found.sound and begun:
                self._path, self._size, self._begun = path, found.size, begun
                if not self._due(0):
                    self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
                    return
                self._path = None
            _seal(path)

    def _due(self, more: int) -> bool:
        return self._now() - self._begun >= self._max_age or self._size + more >= self._max_bytes

    def _prepare(self, size: int) -> None:
        """Have a file that is not due for ``size`` more bytes."""
        self._check()
        if self._path and self._size and self._due(size):
            self.seal()
        if self._path is None:
            self._begin()

    def _check(self) -> None:
        if self._failed:
            raise StorageError(
                f"{self._path or self._folder} could not be brought back into a known state",
                hint="Start the run again: the file's end is then checked and repaired.",
            )

    def _begin(self) -> None:
        self._begun = self._now()
        serial = 1 + max((filename.serial(p) for p in self._folder.iterdir()), default=0)
        path = self._folder / (filename.make(self._prefix, self._begun, serial, self._host) + OPEN)
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
            sync_folder(self._folder)
        except OSError as error:
            self._refuse(error, "created")
        self._path, self._size, self._warcinfo_id = path, 0, None

    def _new_warcinfo(self) -> Record | None:
        """The warcinfo record that must precede the first record of this process in this file."""
        if self._warcinfo_id:
            return None
        assert self._path
        name = self._path.name.removesuffix(OPEN)
        return records.warcinfo(self._info, filename=name, date=self._now(), new_id=self._new_id)

    def _info_id(self, info: Record | None) -> str:
        return info.record_id if info else self._warcinfo_id or ""

    def _append(
        self, before: tuple[Record, ...], bundle: tuple[Record, ...], main: int, payload_digest: str
    ) -> Pointer:
        assert self._path
        together = before + bundle
        members = [compress(record.to_bytes()) for record in together]
        main += len(before)
        start = self._size
        self._write_all(b"".join(members))
        return Pointer(
            record_id=together[main].record_id,
            filename=self._path.name.removesuffix(OPEN),
            offset=start + sum(len(member) for member in members[:main]),
            length=len(members[main]),
            payload_digest=payload_digest,
        )

    def _write_all(self, data: bytes) -> None:
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            self._cut_back()
            self._refuse(error, "written")
        except BaseException:
            self._cut_back()
            raise
        self._size += len(data)

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._file, self._size)
        except OSError:
            self._failed = True

    def _let_go(self) -> None:
        os.close(self._file)
        self._path, self._file, self._warcinfo_id = None, -1, None
        self._chains.clear()

    def _refuse(self, error: OSError, done: str) -> NoReturn:
        raise StorageError(
            f"{self._path or self._folder} could not be {done}: {error.strerror or error}",
            hint="Check space, permissions and the disk, then run the same command again: it goes on where it stopped.",
        ) from error


def _seal(path: Path) -> None:
    closed = path.with_name(path.name.removesuffix(OPEN))
    if closed.exists():
        raise FileExistsError(17, "a closed file of that name is there already", str(closed))
    path.rename(closed)
    sync_folder(path.parent)
