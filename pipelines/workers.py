"""Worker processes for the stages: off the reactor, each page under a time and a memory limit, killed where it breaks one.

Owns the pool and what a worker is told; never writes a row. A page that kills its worker costs that page only.
"""

from __future__ import annotations

import resource
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any

from pebble import ProcessExpired, ProcessPool

from crawler.config import ExtractLimits
from crawler.errors import Reason, StorageError
from crawler.layout import SiteLayout
from crawler.warc.exchange import Capture
from crawler.warc.reader import read_capture_at
from pipelines.basis import Basis
from pipelines.derive import Derived, derive, page_of, teaches
from pipelines.profile import survey

_PAGES_PER_WORKER = 2000
"""After so many pages a worker is replaced: lxml and trafilatura never give back all memory."""


_TRIES = 2
"""How often a page whose worker died is tried in all."""


@dataclass(frozen=True, slots=True)
class At:
    """A record of a site's WARC, to be read by the worker itself."""

    site: Path
    """The site's folder."""
    filename: str
    """Name of the file, without ``.open``."""
    offset: int


Where = Capture | At


@dataclass(slots=True, eq=False)
class _Task:
    """A page that is being worked on."""

    work: Callable[[Where, bytes], Any]
    where: Where
    basis: bytes
    tries: int = 0


def _capture(where: Where) -> Capture:
    if isinstance(where, Capture):
        return where
    layout = SiteLayout(where.site)
    try:
        return read_capture_at(layout.warc_file(where.filename), where.offset)
    except StorageError:
        # the file may have been closed, and renamed, between the look and the reading
        return read_capture_at(layout.warc_file(where.filename), where.offset)


@lru_cache(maxsize=8)
def _basis(data: bytes) -> Basis:
    return Basis.from_json(data)


def _survey(where: Where, basis: bytes) -> str | None:
    capture = _capture(where)
    return survey(page_of(capture, _basis(basis))).to_json() if teaches(capture) else None


def _derive(where: Where, basis: bytes) -> Derived:
    return derive(_capture(where), _basis(basis))


def _start(memory: int) -> None:
    # Ctrl-C goes to the whole process group: the parent decides when workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


class WorkerPool:
    """A pool of worker processes.

    ``limits.timeout`` is seconds a page, ``limits.memory`` bytes of address space a worker, ``limits.workers`` how many. A page
    whose worker dies is tried once more. Should the pool itself stand still (a worker killed while it held the pool's lock),
    a new one takes over.
    """

    def __init__(self, limits: ExtractLimits, *, patience: float = 30.0) -> None:
        self.timeout = limits.timeout
        self._limits = limits
        self._patience = patience
        self._open: dict[Future[Any], _Task] = {}
        self._lock = threading.RLock()
        self._progress = time.monotonic()
        self._ended = threading.Event()
        self._pool = self._start()
        threading.Thread(target=self._watch, name="workers", daemon=True).start()

    def _start(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._limits.workers,
            max_tasks=_PAGES_PER_WORKER,
            initializer=_start,
            initargs=[self._limits.memory],
            context=get_context("spawn"),
        )

    def survey(self, where: Where, basis: Basis) -> Future[str | None]:
        """Survey a page for the site's memory; the result is JSON, or None if the capture is no page."""
        return self._submit(_Task(_survey, where, basis.json))

    def derive(self, where: Where, basis: Basis) -> Future[Derived]:
        """Make the rows of a page."""
        return self._submit(_Task(_derive, where, basis.json))

    def _submit(self, task: _Task) -> Future[Any]:
        result: Future[Any] = Future()
        with self._lock:
            if not self._open:
                self._progress = time.monotonic()
            self._open[result] = task
            self._schedule(result, task)
        return result

    def _schedule(self, result: Future[Any], task: _Task) -> None:
        task.tries += 1
        future = self._pool.schedule(task.work, args=[task.where, task.basis], timeout=self.timeout)
        future.add_done_callback(lambda done: self._done(result, done, self._pool))

    def _done(self, result: Future[Any], done: Future[Any], pool: ProcessPool) -> None:
        with self._lock:
            task = self._open.get(result)
            if task is None or pool is not self._pool or done.cancelled():
                return
            self._progress = time.monotonic()
            error = done.exception()
            if isinstance(error, ProcessExpired) and task.tries < _TRIES:
                self._schedule(result, task)
                return
            del self._open[result]
        if error is None:
            result.set_result(done.result())
        else:
            result.set_exception(error)

    def _watch(self) -> None:
        """Replace the pool when pages wait and none has come back for longer than any may take."""
        while not self._ended.wait(1.0):
            with self._lock:
                if not self._open or time.monotonic() - self._progress < self.timeout + self._patience:
                    continue
                stuck, self._pool = self._pool, self._start()
                self._progress = time.monotonic()
                for result, task in list(self._open.items()):
                    self._schedule(result, task)
            threading.Thread(target=stuck.stop, daemon=True).start()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(at_once=error is not None)

    def close(self, *, at_once: bool = False) -> None:
        """End the workers: when their pages are done, or at once."""
        self._ended.set()
        self._pool.stop() if at_once else self._pool.close()
        self._pool.join()


def failure_of(error: BaseException, *, timeout: float) -> tuple[Reason, str]:
    """Why a worker gave no result: the reason and, for people, what exactly."""
    if isinstance(error, FutureTimeout):
        return Reason.EXTRACT_TIMEOUT, f"extraction was stopped after {timeout:g} s"
    if isinstance(error, ProcessExpired):
        return Reason.EXTRACT_FAILED, f"the worker process died (exit code {error.exitcode})"
    if isinstance(error, MemoryError):
        return Reason.EXTRACT_FAILED, "extraction needed more memory than its limit"
    return Reason.EXTRACT_FAILED, f"{type(error).__name__}: {error}"
