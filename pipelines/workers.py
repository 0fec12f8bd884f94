"""Worker processes for the stages: off the reactor, each page under a time and a memory limit, killed where it breaks one.

Owns the pool and what a worker is told; never writes a row. A page that kills its worker costs that page only.
"""

from __future__ import annotations

import resource
import signal
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
from crawler.errors import Reason
from crawler.warc.exchange import Capture
from crawler.warc.reader import read_capture_at
from pipelines.basis import Basis
from pipelines.derive import Derived, derive, gives_rows, page_of
from pipelines.profile import survey

_PAGES_PER_WORKER = 2000
"""After so many pages a worker is replaced: lxml and trafilatura never give back all memory."""


@dataclass(frozen=True, slots=True)
class At:
    """A record in a file, to be read by the worker itself."""

    path: Path
    offset: int
    record_id: str


Where = Capture | At


def _capture(where: Where) -> Capture:
    return where if isinstance(where, Capture) else read_capture_at(where.path, where.offset)


@lru_cache(maxsize=8)
def _basis(data: bytes) -> Basis:
    return Basis.from_json(data)


def _survey(where: Where, basis: bytes) -> str | None:
    capture = _capture(where)
    return survey(page_of(capture, _basis(basis))).to_json() if gives_rows(capture) else None


def _derive(where: Where, basis: bytes) -> Derived:
    return derive(_capture(where), _basis(basis))


def _start(memory: int) -> None:
    # Ctrl-C goes to the whole process group: the parent decides when workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


class WorkerPool:
    """A pool of worker processes.

    ``limits.timeout`` is seconds a page, ``limits.memory`` bytes of address space a worker, ``limits.workers`` how many.
    """

    def __init__(self, limits: ExtractLimits) -> None:
        self.timeout = limits.timeout
        self._pool = ProcessPool(
            max_workers=limits.workers,
            max_tasks=_PAGES_PER_WORKER,
            initializer=_start,
            initargs=[limits.memory],
            context=get_context("spawn"),
        )

    def survey(self, where: Where, basis: Basis) -> Future[str | None]:
        """Survey a page for the site's memory; the result is JSON, None if the capture is no page, or an error of the worker."""
        return self._submit(_survey, where, basis)

    def derive(self, where: Where, basis: Basis) -> Future[Derived]:
        """Make the rows of a page."""
        return self._submit(_derive, where, basis)

    def _submit(self, work: Callable[[Where, bytes], Any], where: Where, basis: Basis) -> Future[Any]:
        future: Future[Any] = self._pool.schedule(work, args=[where, basis.json], timeout=self.timeout)
        return future

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(at_once=error is not None)

    def close(self, *, at_once: bool = False) -> None:
        """End the workers: when their pages are done, or at once."""
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
