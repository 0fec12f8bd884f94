"""Python access to a collection, for notebooks and programs: ``from pressmark import open_collection``.

Owns the documented classes (docs/python.md): what is promised there stays until 2.0. Reads only; a crawl may go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from crawler.dataset.catalogue import Catalogue
from crawler.dataset.condition import parse_condition
from crawler.dataset.lookup import sites_at
from crawler.dataset.moment import moment
from crawler.dataset.parquet import arrow_table, need_pyarrow
from crawler.dataset.selection import Respect, Selection
from crawler.dataset.snapshot import Line, Snapshot
from crawler.dataset.tables import TABLES
from crawler.errors import EvidenceError, UsageError
from crawler.record import Article, Block, Failure
from crawler.upgrade import load
from crawler.warc.reader import read_raw

if TYPE_CHECKING:
    import duckdb
    import pandas
    import polars
    import pyarrow


def open_collection(path: str | Path) -> Collection:
    """Open a collection, or the folder of one of its sites, for reading.

    Raises:
        StorageError: there is nothing there that Pressmark made.
    """
    return Collection(Path(path))


class Collection:
    """A collection as it stands whenever something is asked of it: each iteration sees what is committed when it begins."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """Its folder."""
        self._sites = sites_at(path)

    def __repr__(self) -> str:
        return f"open_collection({str(self.path)!r})"

    @property
    def sites(self) -> list[str]:
        """Keys of its sites."""
        return [site.site for site in self._sites]

    def articles(
        self,
        *,
        site: str | Iterable[str] = (),
        since: str | None = None,
        until: str | None = None,
        language: str | Iterable[str] = (),
        where: str | Iterable[str] = (),
        min_quality: float = 0.0,
        respect: Iterable[Respect] = (),
        latest: bool = True,
    ) -> Articles:
        """Captures of articles that fit, by site and time of capture.

        Args:
            site: key of a site, or several; all if none is given.
            since, until: first and last day or moment of capture (UTC), as ``2026-11`` or ``2026-11-20T08:00:00Z``; both count.
            language: BCP 47 tag, or several; ``pt`` takes ``pt-BR``.
            where: condition, or several that must all hold, as in ``"word_count>=200"`` (docs/export.md).
            min_quality: least ``quality``.
            respect: ``"tdm"``, ``"robots"``: leave out what is reserved so.
            latest: an article once, as it was captured last; False for all its captures.

        Raises:
            UsageError: there is no such site or field, or a condition or a date is none.
        """
        selection = Selection(
            sites=frozenset(self._known(site)),
            start=_moment(since),
            end=_moment(until),
            languages=tuple(_several(language)),
            conditions=tuple(parse_condition(text, TABLES["articles"].fields) for text in _several(where)),
            min_quality=min_quality,
            respect=frozenset(respect),
            revisions="latest" if latest else "all",
        )
        return Articles(self, selection)

    def removed(self, article: Article | None = None) -> Iterator[Block]:
        """Blocks of pages that are not the article, in order: those of one capture, or all."""
        with self._snapshot([article.site] if article else ()) as snapshot:
            for line in snapshot.lines("removed"):
                if article is None or line.row["id"] == article.id:
                    yield load(Block, line.row)

    def failures(
        self, *, site: str | Iterable[str] = (), since: str | None = None, until: str | None = None
    ) -> Iterator[Failure]:
        """Addresses that gave no article, each time with its reason; ``since`` and ``until`` as for ``articles``, by the last try."""
        span = Selection(start=_moment(since), end=_moment(until))
        with self._snapshot(self._known(site)) as snapshot:
            for line in snapshot.lines("failures"):
                if span.in_time(line.row["last_try_at"] or line.row["first_try_at"] or snapshot.files[line.file].month):
                    yield load(Failure, line.row)

    def source(self, article: Article) -> bytes:
        """The WARC record that an article was made from: its bytes, uncompressed, header and all.

        Raises:
            EvidenceError: the WARC file is not there.
        """
        name, offset = article.warc_filename, article.warc_record_offset
        for site in self._sites:
            if site.site == article.site and name is not None and offset is not None:
                try:
                    return read_raw(site.warc_file(name), offset, article.warc_record_length)
                except OSError as error:
                    raise EvidenceError(
                        f"{site.warc_file(name)}: {error.strerror}", hint="Is the whole collection here?"
                    ) from error
        raise EvidenceError(
            f"{article.id} has no record in {self.path}", hint="Rows that were read from a pipe name none."
        )

    def _snapshot(self, sites: Iterable[str]) -> Snapshot:
        names = set(sites)
        return Snapshot([site for site in self._sites if not names or site.site in names])

    def _known(self, site: str | Iterable[str]) -> list[str]:
        names = _several(site)
        if unknown := sorted(set(names) - set(self.sites)):
            raise UsageError(
                f"no site {', '.join(unknown)} in {self.path}", hint=f"There are: {', '.join(self.sites)}."
            )
        return names


class Articles:
    """Captures that fit a selection: iterate over it as often as you like, or take it whole as a table."""

    def __init__(self, collection: Collection, selection: Selection) -> None:
        self._collection = collection
        self._selection = selection

    def __iter__(self) -> Iterator[Article]:
        for line in self._lines():
            yield load(Article, line.row)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The same as plain dictionaries: faster than classes."""
        return (line.row for line in self._lines())

    def to_arrow(self) -> pyarrow.Table:
        """As an Arrow table, typed as in an export's Parquet. Needs ``pip install 'pressmark[parquet]'``.

        Raises:
            UsageError: pyarrow is not installed.
        """
        need_pyarrow()
        return arrow_table(self.rows(), TABLES["articles"].fields)

    def to_pandas(self) -> pandas.DataFrame:
        """As a DataFrame of pandas; times are ``datetime64[us, UTC]``. Needs pandas and pyarrow."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """As a DataFrame of Polars. Needs polars and pyarrow."""
        import polars

        frame = polars.from_arrow(self.to_arrow())
        assert isinstance(frame, polars.DataFrame)
        return frame

    def to_duckdb(self) -> duckdb.DuckDBPyRelation:
        """As a relation of DuckDB. Needs duckdb and pyarrow."""
        import duckdb

        return duckdb.from_arrow(self.to_arrow())

    def _lines(self) -> Iterator[Line]:
        """Rows in order. The places of those that fit are noted in a temporary file: memory stays flat."""
        with (
            TemporaryDirectory(prefix="pressmark-") as folder,
            self._collection._snapshot(self._selection.sites) as snapshot,
            Catalogue(Path(folder) / "catalogue.sqlite") as catalogue,
        ):
            for line in snapshot.lines("articles"):
                if self._selection.why_not(line.row) is None:
                    catalogue.add(line, 0)
            if self._selection.revisions == "latest":
                catalogue.keep_latest()
            catalogue.arrange()
            for place in catalogue.places():
                yield snapshot.line(place.file, place.offset, place.length)


def _several(given: str | Iterable[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _moment(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return moment(text)
    except ValueError as error:
        raise UsageError(str(error)) from error
