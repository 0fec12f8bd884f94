"""The log of each site's run, ``crawl.log`` beside its report: what its spider says, and what is said of the whole process."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from crawler.errors import StorageError

if TYPE_CHECKING:
    from crawler.collection import SiteArchive

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class SiteLogs(logging.Handler):
    """Hands each record to the log of its site; with ``verbose``, to standard error too. A context manager: at work inside it."""

    def __init__(self, *, verbose: bool) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter(_FORMAT))
        self._verbose = verbose
        self._files: dict[SiteArchive, TextIO] = {}

    def __enter__(self) -> SiteLogs:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        logging.getLogger().removeHandler(self)

    @contextmanager
    def of(self, archive: SiteArchive) -> Iterator[None]:
        """Keep the log of a site's run.

        Raises:
            StorageError: it cannot be created.
        """
        path = archive.layout.run(archive.run_id) / "crawl.log"
        try:
            file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise StorageError(
                f"{path}: {error.strerror}", hint="Make room, then run the same command again."
            ) from error
        self._files[archive] = file
        try:
            yield
        finally:
            del self._files[archive]
            with suppress(OSError):
                file.close()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record. A log that cannot be written is no reason to end anything."""
        spider = getattr(record, "spider", None)
        archive: Any = getattr(spider, "archive", None)
        text = self.format(record) + "\n"
        if self._verbose:
            sys.stderr.write(text)
        for file in [self._files.get(archive)] if spider is not None else list(self._files.values()):
            if file is not None:
                with suppress(OSError, ValueError):
                    file.write(text)
                    file.flush()
