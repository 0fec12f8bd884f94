"""The archiver: hands exchanges to the one thread that writes, and says when they are on disk.

Owns the order in which a site's WARC is written, and group commit: while one sync runs, all that comes is gathered, and is then
written and synced together. Nothing is reported as captured before the sync that covers it, and nothing is an original for others
before that. Needs asyncio and nothing of Scrapy. Never looks into an exchange.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from crawler.errors import Reason, StorageError
from crawler.warc.conversions import Conversion
from crawler.warc.exchange import Exchange, Pointer, Provenance, RevisitTarget

Job = Callable[[], Any]


class Writer(Protocol):
    """What the archiver asks of ``crawler.warc.writer.WarcWriter``. Called from one thread only, never twice at once."""

    def write(self, exchange: Exchange, revisit_of: RevisitTarget | None = None) -> Pointer:
        """Append an exchange's records; return where the response stands."""

    def write_failure(self, url: str, started: datetime, provenance: Provenance, reason: Reason, detail: str) -> object:
        """Append a record of a fetch that failed."""

    def write_conversion(self, conversion: Conversion) -> object:
        """Append a record of an article's extracted text."""

    def sync(self) -> None:
        """Return when all that was written is on disk."""

    def close(self) -> None:
        """Sync and close."""


class Originals(Protocol):
    """What the archiver asks of ``crawler.fetch.originals.Originals``. Called in the loop."""

    async def find(self, exchange: Exchange) -> RevisitTarget | None:
        """The earlier capture that an exchange repeats."""

    def keep(self, pointer: Pointer) -> None:
        """Remember a capture that is on disk."""

    def flush(self) -> None:
        """Make what is remembered last."""


class Archiver:
    """Writes one site's WARC off the event loop.

    Args:
        writer: what writes; the archiver closes it.
        on_storage_error: called once, in the loop, when the disk gave out. From then on every call raises that error.
        originals: says which exchanges repeat an earlier one; without it all are stored in full.
    """

    def __init__(
        self,
        writer: Writer,
        on_storage_error: Callable[[StorageError], object] = lambda error: None,
        originals: Originals | None = None,
    ) -> None:
        self._writer = writer
        self._originals = originals
        self._on_storage_error = on_storage_error
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="warc")
        self._waiting: list[tuple[Job, asyncio.Future[Any]]] = []
        self._draining: asyncio.Task[None] | None = None
        self._broken: StorageError | None = None
        self._closed = False

    async def store(self, exchanges: Sequence[Exchange]) -> list[Pointer]:
        """Write exchanges; return, when they are on disk, where each one's response stands.

        Raises:
            StorageError: they are not on disk, and nothing more will be.
        """
        originals = self._originals
        if originals is None:
            return await asyncio.gather(*(self._commit(partial(self._writer.write, each)) for each in exchanges))
        targets = [
            await originals.find(each) for each in exchanges
        ]  # all, before the first is written: they keep their order
        jobs = [partial(self._writer.write, each, target) for each, target in zip(exchanges, targets, strict=True)]
        pointers = await asyncio.gather(*(self._commit(job) for job in jobs))
        for pointer in pointers:
            originals.keep(pointer)
        return pointers

    async def store_failure(
        self, url: str, *, started: datetime, provenance: Provenance, reason: Reason, detail: str
    ) -> None:
        """Write that a fetch was tried and failed, and how; return when it is on disk.

        Raises:
            StorageError: it is not on disk, and nothing more will be.
        """
        await self._commit(partial(self._writer.write_failure, url, started, provenance, reason, detail))

    async def store_conversions(self, conversions: Sequence[Conversion]) -> None:
        """Write articles' extracted text; return when it is on disk.

        Raises:
            StorageError: it is not on disk, and nothing more will be.
        """
        await asyncio.gather(*(self._commit(partial(self._writer.write_conversion, each)) for each in conversions))

    async def close(self) -> None:
        """Write what is waiting, close the writer, end the thread. Calling it again does nothing.

        Raises:
            StorageError: the writer could not be closed properly.
        """
        if self._closed:
            return
        self._closed = True
        if self._draining is not None:
            await self._draining
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.close)
            if self._originals is not None:
                self._originals.flush()
        finally:
            self._thread.shutdown(wait=False)

    async def _commit(self, job: Job) -> Any:
        if self._broken is not None:
            raise self._broken
        if self._closed:
            raise StorageError("the archive is closed")
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, done))
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        return await done

    async def _drain(self) -> None:
        """Write and sync in groups until nobody waits."""
        while self._waiting:
            group, self._waiting = self._waiting, []
            jobs = [job for job, _ in group]
            results, broken = await asyncio.get_running_loop().run_in_executor(self._thread, self._write, jobs)
            if broken is not None and self._broken is None:
                self._broken = broken
                self._on_storage_error(broken)
            for (_, done), result in zip(group, results, strict=True):
                if done.done():  # who asked has gone away
                    continue
                if isinstance(result, Exception):
                    done.set_exception(result)
                else:
                    done.set_result(result)

    def _write(self, jobs: list[Job]) -> tuple[list[Any], StorageError | None]:
        """In the thread: do all jobs and sync once. One result or exception for each job, and what broke the archive."""
        broken = self._broken
        if broken is None:
            try:
                results = [self._try(job) for job in jobs]
                self._writer.sync()
                return results, None
            except StorageError as error:
                broken = error
            except Exception as error:
                broken = StorageError(f"cannot write the archive: {error}", hint="Check the disk, then run it again.")
        return [broken] * len(jobs), broken

    @staticmethod
    def _try(job: Job) -> Any:
        """Do a job. What is wrong with one exchange must not cost its neighbours; what is wrong with the disk must."""
        try:
            return job()
        except (StorageError, OSError):
            raise
        except Exception as error:
            return error
