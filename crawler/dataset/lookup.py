"""Rows of a collection's sites, and the names by which one can be asked for: id, article id, URL. Reads row files; never writes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

from crawler.errors import PolicyError, StorageError, UsageError
from crawler.layout import CollectionLayout, SiteLayout
from crawler.rows import read_rows
from crawler.takedown.log import standing
from crawler.upgrade import Kind, Row, upgrade
from crawler.urls import canonical, check

_URL_FIELDS = ("url", "requested_url", "canonical_url")


def sites_at(path: Path) -> list[SiteLayout]:
    """The sites of a collection, or the one site whose folder ``path`` is.

    Raises:
        StorageError: there is nothing there that Pressmark made.
    """
    if (path / "ledger.sqlite").exists() or (path / "warc").is_dir():
        return [SiteLayout(path)]
    found = CollectionLayout(path).sites()
    if not found:
        what = "holds no archived site" if path.is_dir() else "does not exist"
        raise StorageError(f"{path} {what}", hint="Name a collection with -C, or begin one: pressmark archive URL.")
    return found


def sites_called(collection: Path, names: Collection[str]) -> list[SiteLayout]:
    """The sites of a collection that have these names; all of them, if no name is given.

    Raises:
        UsageError: there is no site of a name. StorageError: there is nothing there that Pressmark made.
    """
    sites = sites_at(collection)
    if unknown := sorted(set(names) - {site.site for site in sites}):
        raise UsageError(
            f"no site {', '.join(unknown)} in {collection}",
            hint=f"There are: {', '.join(site.site for site in sites)}.",
        )
    return [site for site in sites if not names or site.site in names]


def rows(layout: SiteLayout, kind: Kind, *, restricted: bool = False) -> Iterator[Row]:
    """All rows of a kind (articles, removed, failures) of one site, in order; rows of older versions in the form of today.

    Rows of captures whose use was restricted by a takedown are shown to nobody, but for ``restricted``.

    Raises:
        StorageError: a line is no row, or one of a newer major version.
    """
    hidden = set() if restricted else standing(layout).restricted
    for path in layout.row_files(kind):
        for row in read_rows(path):
            if row.get("id") not in hidden:
                yield upgrade(kind, row)


def removed_from(layout: SiteLayout, capture_id: str) -> list[Row]:
    """The removed blocks of a capture, in the order of the page."""
    return [row for row in rows(layout, "removed") if row["id"] == capture_id]


def is_called(row: Row, wanted: str) -> bool:
    """Whether ``wanted`` is the id (with or without ``urn:uuid:``), the article id or a URL of the row, however it is spelled."""
    return not names_meant(wanted).isdisjoint(names_of(row))


@lru_cache(maxsize=64)
def names_meant(wanted: str) -> frozenset[str]:
    """What somebody may mean by ``wanted``: that, and of an address its forms as it is requested and as it is compared."""
    if "://" not in wanted:
        return frozenset({wanted})
    try:
        return frozenset({wanted, check(wanted), canonical(wanted)})
    except PolicyError:
        return frozenset({wanted})


def names_of(row: Row) -> set[str]:
    """All that a row can be asked for by."""
    return {row["id"], row["id"].removeprefix("urn:uuid:"), row["article_id"], *(row[f] for f in _URL_FIELDS)}


__all__ = ["Row", "is_called", "names_meant", "names_of", "removed_from", "rows", "sites_at", "sites_called"]
