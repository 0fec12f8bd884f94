"""Python access to a collection or a dataset, for notebooks and programs: ``from pressmark import open_collection``.

Owns the documented classes (docs/python.md): what is promised there stays until 2.0. Reads only; a crawl may go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.dataset.condition import parse_condition
from crawler.dataset.moment import moment
from crawler.dataset.parquet import arrow_table, need_pyarrow
from crawler.dataset.selection import Respect, Selection
from crawler.dataset.shelf import shelf_at
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


def open_collection(path: str | Path, *, warcs: Iterable[str | Path] = ()) -> Collection:
    """Open a collection, the folder of one of its sites, or a dataset that ``pressmark export`` made, for reading.

    Args:
        path: its folder.
        warcs: folders that hold a dataset's WARC files, at any depth, for ``Collection.source``; a collection has its own.

    Raises:
        StorageError: there is nothing there that Pressmark made. UsageError: ``warcs`` is given for a collection, or is no folder.
    """
    return Collection(Path(path), [Path(folder) for folder in warcs])


class Collection:
    """A collection as it stands whenever something is asked of it: each iteration sees what is committed when it begins. Or a dataset."""

    def __init__(self, path: Path, warcs: list[Path]) -> None:
        self.path = path
        """Its folder."""
        self._shelf = shelf_at(path, warcs)

    def __repr__(self) -> str:
        return f"open_collection({str(self.path)!r})"

    @property
    def sites(self) -> list[str]:
        """Keys of its sites."""
        return self._shelf.sites

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
        """Captures of articles that fit, by site and time of capture; those of a dataset in the order that it has them in.

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
        for row, _ in self._shelf.others("removed", [article.site] if article else []):
            if article is None or row["id"] == article.id:
                yield load(Block, row)

    def failures(
        self, *, site: str | Iterable[str] = (), since: str | None = None, until: str | None = None
    ) -> Iterator[Failure]:
        """Addresses that gave no article, each time with its reason; ``since`` and ``until`` as for ``articles``, by the last try."""
        span = Selection(start=_moment(since), end=_moment(until))
        for row, month in self._shelf.others("failures", self._known(site)):
            if span.in_time(row["last_try_at"] or row["first_try_at"] or month):
                yield load(Failure, row)

    def source(self, article: Article) -> bytes:
        """The WARC record that an article was made from: its bytes, uncompressed, header and all.

        Raises:
            EvidenceError: the WARC file is not there.
        """
        name, offset = article.warc_filename, article.warc_record_offset
        if name is None or offset is None:
            raise EvidenceError(
                f"{article.id} has no record in {self.path}", hint="Rows that were read from a pipe name none."
            )
        path = self._shelf.warc(article.site, name)
        try:
            return read_raw(path, offset, article.warc_record_length)
        except OSError as error:
            raise EvidenceError(f"{path}: {error.strerror}", hint="May it be read?") from error

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
        return (load(Article, row) for row in self.rows())

    def rows(self) -> Iterator[dict[str, Any]]:
        """The same as plain dictionaries: faster than classes."""
        return self._collection._shelf.articles(self._selection)

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


def _several(given: str | Iterable[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _moment(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return moment(text)
    except ValueError as error:
        raise UsageError(str(error)) from error
