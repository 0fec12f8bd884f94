"""What Python access reads from: a collection as it stands, or a dataset that ``pressmark export`` made.

Owns the difference between the two, so that ``open_collection`` works on both. Reads only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from crawler.dataset.catalogue import Catalogue
from crawler.dataset.lookup import sites_at
from crawler.dataset.selection import Selection
from crawler.dataset.snapshot import Line, Snapshot
from crawler.dataset.source import DatasetSource, is_dataset
from crawler.dataset.tables import Row
from crawler.errors import EvidenceError, UsageError
from crawler.upgrade import Kind


class Shelf(Protocol):
    """Rows of some sites, and where their WARC files are."""

    @property
    def sites(self) -> list[str]:
        """Keys of the sites."""

    def articles(self, selection: Selection) -> Iterator[Row]:
        """Captures that fit, in order; memory stays flat at any number of rows.

        Raises:
            StorageError: the rows cannot be read.
        """

    def others(self, kind: Kind, sites: Collection[str]) -> Iterator[tuple[Row, str]]:
        """Rows of removed blocks or failures of these sites (all, if none is named), each with the month of its file, or "".

        Raises:
            StorageError: the rows cannot be read.
        """

    def warc(self, site: str, name: str) -> Path:
        """The WARC file of that name.

        Raises:
            EvidenceError: it is not there.
        """


class CollectionShelf:
    """A collection, or a site's folder: each iteration sees what is committed when it begins."""

    def __init__(self, root: Path) -> None:
        self._sites = sites_at(root)

    @property
    def sites(self) -> list[str]:
        """Keys of the sites."""
        return [site.site for site in self._sites]

    def articles(self, selection: Selection) -> Iterator[Row]:
        """Captures that fit, by site and time of capture; their places are noted in a temporary file."""
        with (
            TemporaryDirectory(prefix="pressmark-") as folder,
            self._snapshot(selection.sites) as snapshot,
            Catalogue(Path(folder) / "catalogue.sqlite") as catalogue,
        ):
            for line in snapshot.lines("articles"):
                if selection.why_not(line.row) is None:
                    catalogue.add(line, 0)
            if selection.revisions == "latest":
                catalogue.keep_latest()
            catalogue.arrange()
            for place in catalogue.places():
                yield snapshot.line(place.file, place.offset, place.length).row

    def others(self, kind: Kind, sites: Collection[str]) -> Iterator[tuple[Row, str]]:
        """Rows of removed blocks or failures, in the order of sites, months and capture."""
        with self._snapshot(sites) as snapshot:
            for line in snapshot.lines(kind):
                yield line.row, snapshot.files[line.file].month

    def warc(self, site: str, name: str) -> Path:
        """The WARC file of that name, closed or still being written."""
        for each in self._sites:
            if each.site == site and (path := each.warc_file(name)).is_file():
                return path
        raise EvidenceError(f"{name} of {site} is not there", hint="Is the whole collection here?")

    def _snapshot(self, sites: Collection[str]) -> Snapshot:
        return Snapshot([site for site in self._sites if not sites or site.site in sites])


class DatasetShelf:
    """A dataset, read from its JSON lines, with the WARC files that somebody has beside it."""

    def __init__(self, root: Path, warcs: Iterable[Path] = ()) -> None:
        self._source = DatasetSource(root, warcs)

    @property
    def sites(self) -> list[str]:
        """Keys of the sites that the export was made of."""
        return list(self._source.facts["sites"])

    def articles(self, selection: Selection) -> Iterator[Row]:
        """Captures that fit, in the dataset's own order."""
        fitting = (row for row in self._source.rows("articles") if selection.why_not(row) is None)
        if selection.revisions == "all" or self._source.facts["selection"]["revisions"] == "latest":
            yield from fitting
            return
        with (
            TemporaryDirectory(prefix="pressmark-") as folder,
            Catalogue(Path(folder) / "catalogue.sqlite") as catalogue,
        ):
            for number, row in enumerate(fitting):
                catalogue.add(Line(file=0, offset=number, length=1, data=b"", row=row), 0)
            catalogue.keep_latest()
            for row in self._source.rows("articles"):
                if catalogue.holds(row["id"]):
                    yield row

    def others(self, kind: Kind, sites: Collection[str]) -> Iterator[tuple[Row, str]]:
        """Rows of removed blocks, which do not say their site, or of failures, in the dataset's own order."""
        for row in self._source.rows(kind):
            if not sites or row.get("site") in (None, *sites):
                yield row, ""

    def warc(self, site: str, name: str) -> Path:
        """The WARC file of that name in the first folder that has it."""
        path = self._source.warc(name)
        if path is None:
            hint = "Name the folder that holds the WARC files: open_collection(…, warcs=[…])."
            raise EvidenceError(f"{name} is not in {self._source.name}", hint=hint)
        return path


def shelf_at(path: Path, warcs: Iterable[Path] = ()) -> Shelf:
    """What is at ``path``.

    Args:
        path: a collection, the folder of one of its sites, or a dataset.
        warcs: folders in which a dataset's WARC files are, at any depth.

    Raises:
        StorageError: there is nothing there that Pressmark made. UsageError: WARC folders are named for a collection, which has its own.
    """
    if is_dataset(path):
        return DatasetShelf(path, warcs)
    if list(warcs):
        raise UsageError(f"{path} is no dataset: its WARC files are its own", hint="Leave warcs away.")
    return CollectionShelf(path)
