"""Captures of a collection by id or address: those that have a row in articles.jsonl, and those that have none.

The latter (a PDF, a page that is gone, a redirect, a feed, robots.txt) are evidence like any other: they are found by address in the
index, or by record id in the ledger. What a takedown hides is not found. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from crawler.dataset.lookup import Row, is_called, names_meant, rows, sites_at
from crawler.errors import EvidenceError
from crawler.layout import SiteLayout
from crawler.ledger import Ledger
from crawler.record import utc
from crawler.takedown.log import standing
from crawler.warc.cdxj import IndexEntry, lookup, read_index
from crawler.warc.reader import read_capture_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrowed:
    """A capture, as the index knows it."""

    site: SiteLayout
    entry: IndexEntry
    record_id: str
    """``urn:uuid:…`` of its response or revisit record."""
    fetched_at: str
    """WARC-Date."""
    why: str | None
    """The reason why there is no row, and its detail; None where none is noted: a hop of a redirect, a feed."""
    location: str | None
    """Where a redirect leads, as the server said it; None for all else."""

    @property
    def warc(self) -> Path:
        """The WARC file that holds it."""
        return self.site.warc_file(self.entry.filename)


def captures_of(collection: Path, wanted: str) -> list[tuple[SiteLayout, Row]]:
    """Rows of articles.jsonl whose id, article id or URL is ``wanted``, oldest first.

    Raises:
        EvidenceError: there is none.
    """
    sites = sites_at(collection)
    found = [(site, row) for site in sites for row in rows(site, "articles") if is_called(row, wanted)]
    if not found:
        raise no_article(sites, wanted, where=collection)
    return sorted(found, key=lambda item: str(item[1]["fetched_at"]))


def no_article(sites: Iterable[SiteLayout], wanted: str, *, where: Path) -> EvidenceError:
    """What to raise where no row is called ``wanted``: it may be in the archive all the same."""
    if found := unrowed(sites, wanted):
        last = found[-1]
        return EvidenceError(
            f"{wanted} was archived at {last.fetched_at}, but gave no article" + (f": {last.why}" if last.why else ""),
            hint="'pressmark show' says where it is kept, with --raw it writes the record; 'pressmark pack --page' packs it.",
        )
    return EvidenceError(
        f"{wanted} is not in {where}",
        hint="'pressmark status' lists what is there; 'pressmark archive URL' archives a page now.",
    )


def unrowed(sites: Iterable[SiteLayout], wanted: str) -> list[Unrowed]:
    """Captures whose address or record id is ``wanted``, oldest first, whether they have a row or not.

    Raises:
        StorageError: a file that the index names cannot be read.
    """
    found = [each for site in sites for each in _of_site(site, wanted)]
    return sorted(found, key=lambda each: each.fetched_at)


def _of_site(site: SiteLayout, wanted: str) -> Iterator[Unrowed]:
    if not site.index.exists():
        return
    hidden = standing(site).places
    entries = [each for each in _entries(site, wanted) if (each.filename, each.offset) not in hidden]
    reasons = {row["record_id"]: row for row in rows(site, "failures") if row["record_id"]} if entries else {}
    for entry in entries:
        capture = read_capture_at(site.warc_file(entry.filename), entry.offset, body_limit=0)
        failure = reasons.get(capture.pointer.record_id)
        why = ": ".join(filter(None, (failure["reason"], failure["detail"]))) if failure else None
        yield Unrowed(
            site=site, entry=entry, record_id=capture.pointer.record_id, fetched_at=utc(capture.date), why=why,
            location=capture.header("Location") if 300 <= capture.status < 400 else None,
        )  # fmt: skip


def _entries(site: SiteLayout, wanted: str) -> list[IndexEntry]:
    names = names_meant(wanted)
    if "://" in wanted:
        found = {entry for name in names for entry in lookup(site.index, name)}
        return [entry for entry in found if not names.isdisjoint(names_meant(entry.url))]
    if not site.ledger.exists():
        return []
    with closing(Ledger(site.ledger, read_only=True)) as ledger:
        known = ledger.by_record(wanted if wanted.startswith("urn:") else f"urn:uuid:{wanted}")
    if known is None:
        return []
    place = (known.warc_filename, known.warc_offset)
    return [entry for entry in read_index(site.index) if (entry.filename, entry.offset) == place]
