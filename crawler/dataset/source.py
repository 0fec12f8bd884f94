"""Where rows and their records are: a site's folder in a collection, or a dataset with the WARC files that somebody has beside it.

Owns the difference between the two, so that ``show`` and ``verify`` work on both. Reads only.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from crawler.dataset import provenance
from crawler.dataset.captures import no_article
from crawler.dataset.lookup import is_called, rows, sites_at
from crawler.errors import StorageError, UsageError
from crawler.layout import OPEN, WARC, SiteLayout
from crawler.upgrade import Kind, Row, upgrade

MARK = f"{provenance.FOLDER}/export.json"
"""The file by which a folder is known as a dataset."""


class Source(Protocol):
    """Rows, and the files that prove them."""

    @property
    def name(self) -> str:
        """What people call it: the site's key, or the dataset's path."""

    def rows(self, kind: Kind) -> Iterator[Row]:
        """All rows of a kind, in the form of today.

        Raises:
            StorageError: they cannot be read.
        """

    def warc(self, name: str) -> Path | None:
        """The WARC file called ``name`` in rows, closed or still being written; None if it is not at hand."""

    def profile(self, sha256: str) -> Path:
        """File of the site profile with that digest."""


class SiteSource:
    """A site of a collection."""

    def __init__(self, site: SiteLayout) -> None:
        self.site = site
        self.name = site.site

    def rows(self, kind: Kind) -> Iterator[Row]:
        """All rows of a kind."""
        return rows(self.site, kind)

    def warc(self, name: str) -> Path | None:
        """The WARC file of that name."""
        path = self.site.warc_file(name)
        return path if path.is_file() else None

    def profile(self, sha256: str) -> Path:
        """File of the profile."""
        return self.site.profile(sha256)


class DatasetSource:
    """A dataset that ``pressmark export`` made, and folders in which its WARC files may be.

    Args:
        root: the dataset's folder.
        folders: looked through with all that is below them; the dataset's own folder is too.
    """

    def __init__(self, root: Path, folders: Iterable[Path] = ()) -> None:
        self.root = root
        self.name = str(root)
        self._folders = [root, *folders]
        for folder in self._folders:
            if not folder.is_dir():
                raise UsageError(f"{folder} is not a folder", hint="Name the folder that holds the WARC files.")

    @cached_property
    def facts(self) -> dict[str, Any]:
        """How the export was made: ``provenance/export.json``.

        Raises:
            StorageError: it cannot be read.
        """
        try:
            found: dict[str, Any] = json.loads((self.root / MARK).read_bytes())
            return found
        except (OSError, ValueError) as error:
            raise StorageError(f"{self.root / MARK}: {error}", hint="Is the dataset whole?") from error

    def table(self, kind: str) -> Path:
        """File of a table."""
        return self.root / "data" / f"{kind}.jsonl.gz"

    def lines(self, kind: Kind) -> Iterator[bytes]:
        """The lines of a table, as they stand, without their line feeds.

        Raises:
            StorageError: the file is not there, or damaged.
        """
        path = self.table(kind)
        try:
            with gzip.open(path) as file:
                for line in file:
                    yield line.rstrip(b"\n")
        except FileNotFoundError as error:
            there = self.table("articles").exists()
            hint = (
                f"Export again with --{f'tables …,{kind}' if there else 'format jsonl'}: rows are read from JSON lines."
            )
            raise StorageError(f"{path} is not there", hint=hint) from error
        except (OSError, EOFError, zlib.error) as error:
            raise StorageError(f"{path} cannot be read: {error}", hint="The file was damaged.") from error

    def rows(self, kind: Kind) -> Iterator[Row]:
        """All rows of a kind."""
        for number, line in enumerate(self.lines(kind), 1):
            yield self.row(kind, number, line)

    def row(self, kind: Kind, number: int, line: bytes) -> Row:
        """Read one line.

        Raises:
            StorageError: it is no row; the message names the file and the line.
        """
        try:
            row = json.loads(line)
            return upgrade(kind, row)
        except (ValueError, AttributeError) as error:
            raise StorageError(
                f"{self.table(kind)}:{number}: not a row: {error}", hint="The file was changed."
            ) from error

    @cached_property
    def _warcs(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in self._folders:
            for path in sorted(folder.rglob("*.warc*")):
                name = path.name.removesuffix(OPEN)
                if name.endswith(WARC) and path.is_file():
                    found.setdefault(name, path)
        return found

    def warc(self, name: str) -> Path | None:
        """The WARC file of that name in the first folder that has it."""
        return self._warcs.get(name)

    def profile(self, sha256: str) -> Path:
        """File of the profile, as the dataset carries it."""
        return self.root / provenance.FOLDER / "profiles" / f"{sha256}.json"


def is_dataset(path: Path) -> bool:
    """Whether ``pressmark export`` made the folder."""
    return (path / MARK).is_file()


def sources_at(path: Path, warcs: Sequence[Path] = ()) -> list[Source]:
    """What is at ``path``: a dataset, whose WARC files are in the folders ``warcs``; a collection; or a site's folder.

    Raises:
        UsageError: WARC folders are named for a collection, which has its own. StorageError: there is nothing that Pressmark made.
    """
    if is_dataset(path):
        return [DatasetSource(path, warcs)]
    if warcs:
        raise UsageError(
            f"{path} is no dataset: its WARC files are its own", hint="Leave --warc away, or name a dataset."
        )
    return [SiteSource(site) for site in sites_at(path)]


def find(sources: Sequence[Source], wanted: str, *, where: Path) -> list[tuple[Source, Row]]:
    """Rows of articles whose id, article id or URL is ``wanted``, oldest first.

    Raises:
        EvidenceError: there is none.
    """
    found = [(source, row) for source in sources for row in source.rows("articles") if is_called(row, wanted)]
    if not found:
        raise no_article([source.site for source in sources if isinstance(source, SiteSource)], wanted, where=where)
    return sorted(found, key=lambda item: str(item[1]["fetched_at"]))
