"""Row files: articles, removed and failures as JSON lines, appended durably and committed by the ledger.

Owns appending, syncing and the repair on start. Rows of one transaction of the ledger are written and synced together, just before it
commits: a sitemap may leave out fifty thousand addresses, and a sync for each would cost more than all else. What lies beyond the size
that the ledger committed belongs to a run that died: it is cut off (and kept in ``.torn``), because its URLs are still ``captured`` and
their rows are made again from the WARC. Never decides what a row says.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crawler.disk import append_file, sync
from crawler.errors import StorageError
from crawler.layout import TORN, SiteLayout
from crawler.ledger import Ledger
from crawler.record import Article, Block, Failure, to_json

KINDS = ("articles", "removed", "failures")


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read the whole lines of a JSON lines file; a last line without line feed is being written and is left out.

    Raises:
        StorageError: a line is not a JSON object; the message names file and line.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                row = json.loads(line)
            except ValueError as error:
                raise StorageError(
                    f"{path}:{number}: not a line of JSON: {error}", hint="Make the rows again: pressmark extract."
                ) from error
            if not isinstance(row, dict):
                raise StorageError(
                    f"{path}:{number}: not a JSON object", hint="Make the rows again: pressmark extract."
                )
            yield row


class RowFiles:
    """The row files of one site, open for appending. Only the process that holds the site's lock may have one."""

    def __init__(self, layout: SiteLayout, ledger: Ledger) -> None:
        self._layout = layout
        self._ledger = ledger
        self._sizes = ledger.file_sizes()
        self._waiting: dict[Path, list[str]] = {}
        self._repair()
        ledger.accompany(self)

    def _repair(self) -> None:
        for kind in KINDS:
            for path in self._layout.row_files(kind):
                committed = self._sizes.get(self._name(path), 0)
                if path.stat().st_size > committed:
                    _cut(path, committed)

    def _name(self, path: Path) -> str:
        return path.relative_to(self._layout.root).as_posix()

    def append(self, rows: Iterable[tuple[str, Article | Block | Failure]]) -> None:
        """Append rows, each with its month (``YYYY-MM``), and commit them with the ledger's transaction that says what they prove.

        Raises:
            StorageError: outside a transaction, as ``write``.
        """
        with self._ledger.transaction():
            for month, row in rows:
                kind = "articles" if isinstance(row, Article) else "removed" if isinstance(row, Block) else "failures"
                self._waiting.setdefault(self._layout.rows(kind, month), []).append(to_json(row) + "\n")

    def write(self) -> None:
        """Write what the transaction has appended, sync the files, and tell the ledger their sizes. The ledger calls it.

        Raises:
            StorageError: the disk is full or failing; nothing is committed, and what was written is cut off again.
        """
        batches, self._waiting = self._waiting, {}
        if not batches:
            return
        sizes: dict[str, int] = {}
        try:
            for path, lines in batches.items():
                sizes[self._name(path)] = append_file(path, "".join(lines).encode("utf-8"))
        except OSError as error:
            self._undo(batches)
            raise StorageError(
                f"{error.filename or self._layout.root}: {error.strerror}",
                hint="Make room, then run the same command again.",
            ) from error
        self._ledger.set_file_sizes(sizes)
        self._sizes.update(sizes)

    def forget(self) -> None:
        """Forget what the transaction has appended: it was undone. The ledger calls it."""
        self._waiting.clear()

    def _undo(self, paths: Iterable[Path]) -> None:
        for path in paths:
            if path.exists():
                os.truncate(path, self._sizes.get(self._name(path), 0))


def _cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.seek(size)
        rest = file.read()
        append_file(path.with_name(path.name + TORN), rest)
        file.truncate(size)
        sync(file)
