"""A collection as it stands at one moment: the row files, each up to the size that its ledger has committed.

A crawl may go on appending meanwhile: what it adds is not seen, and never half a row. Owns reading lines by file and offset; decides
nothing about them. Never writes.
"""

from __future__ import annotations

import dataclasses
import json
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from crawler.errors import StorageError
from crawler.layout import SiteLayout
from crawler.ledger import Ledger, RunState
from crawler.record import SCHEMA_VERSION, to_json
from crawler.takedown.log import standing
from crawler.upgrade import CLASSES, Kind, upgrade

Row = dict[str, Any]
_KINDS: tuple[Kind, ...] = ("articles", "removed", "failures")
_OPEN_AT_ONCE = 48


@dataclass(frozen=True, slots=True)
class RowFile:
    """A file of rows, up to the size that is committed."""

    site: SiteLayout
    kind: Kind
    path: Path
    month: str
    """``YYYY-MM`` of its rows."""
    size: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row and where it stands."""

    file: int
    """Number of the file in the snapshot."""
    offset: int
    length: int
    """Bytes of the line in the file, its line feed included."""
    data: bytes
    """The row as a line of JSON of today's form, with its line feed: as it stands in the file, if it is of that form."""
    row: Row


class Snapshot:
    """The row files of some sites at one moment. Close it when done."""

    def __init__(self, sites: list[SiteLayout]) -> None:
        self.sites = sites
        self.files: list[RowFile] = []
        self.runs: dict[str, list[RunState]] = {}
        """Runs of each site, by the name of its folder; the last one first."""
        self._open: OrderedDict[int, BinaryIO] = OrderedDict()
        self._restricted = {each for site in sites for each in standing(site).restricted}
        for site in sites:
            committed = self._committed(site)
            for kind in _KINDS:
                for path in site.row_files(kind):
                    size = committed.get(f"{kind}/{path.name}", 0) if committed is not None else path.stat().st_size
                    self.files.append(RowFile(site, kind, path, path.stem[-7:], size))

    def _committed(self, site: SiteLayout) -> dict[str, int] | None:
        """Committed sizes by path below the site's folder; None if there is no ledger that could say."""
        if not site.ledger.exists():
            return None
        with closing(Ledger(site.ledger, read_only=True)) as ledger:
            self.runs[str(site.root)] = ledger.runs()
            return ledger.file_sizes()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        while self._open:
            self._open.popitem()[1].close()

    def lines(self, kind: Kind) -> Iterator[Line]:
        """All rows of a kind, in the order of sites, months and capture.

        Raises:
            StorageError: a file cannot be read, or a line is not a JSON object; the message names file and line.
        """
        for number, file in enumerate(self.files):
            if file.kind == kind:
                yield from self._lines(number, file)

    def _lines(self, number: int, file: RowFile) -> Iterator[Line]:
        try:
            with file.path.open("rb") as stream:
                offset = 0
                for count, data in enumerate(stream, 1):
                    if offset + len(data) > file.size or not data.endswith(b"\n"):
                        return
                    line = _line(number, file, offset, data, f"{file.path}:{count}")
                    if line.row.get("id") not in self._restricted:
                        yield line
                    offset += len(data)
        except OSError as error:
            raise StorageError(f"{file.path}: {error.strerror}", hint="Is the collection readable?") from error

    def line(self, number: int, offset: int, length: int) -> Line:
        """The row that stands there.

        Raises:
            StorageError: the file cannot be read, or was changed since the snapshot was made.
        """
        file = self.files[number]
        path = file.path
        try:
            stream = self._stream(number, path)
            stream.seek(offset)
            data = stream.read(length)
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror}", hint="Is the collection readable?") from error
        if len(data) != length or not data.endswith(b"\n"):
            raise StorageError(f"{path} was changed meanwhile", hint="Run the same command again.")
        return _line(number, file, offset, data, f"{path} at {offset}")

    def _stream(self, number: int, path: Path) -> BinaryIO:
        stream = self._open.pop(number, None) or path.open("rb")
        self._open[number] = stream
        if len(self._open) > _OPEN_AT_ONCE:
            self._open.popitem(last=False)[1].close()
        return stream


def _line(number: int, file: RowFile, offset: int, data: bytes, where: str) -> Line:
    try:
        row = json.loads(data)
    except ValueError as error:
        raise StorageError(
            f"{where}: not a line of JSON: {error}", hint="Make the rows again: pressmark extract."
        ) from error
    if not isinstance(row, dict):
        raise StorageError(f"{where}: not a JSON object", hint="Make the rows again: pressmark extract.")
    if row.get("schema_version") == SCHEMA_VERSION:
        return Line(number, offset, len(data), data, row)
    today = upgrade(file.kind, row)
    if file.kind == "failures":
        today["site"] = file.site.site  # older rows did not say it
    today = {field.name: today[field.name] for field in dataclasses.fields(CLASSES[file.kind])}
    return Line(number, offset, len(data), to_json(today).encode() + b"\n", today)
