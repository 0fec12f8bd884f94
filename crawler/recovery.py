"""Recovery: what a run archived, and died before the ledger said so, is taken up, so that nobody is asked for it again.

Owns which records count, and up to where the WARC files have been read. Answers to several requests at once are committed in any order, so
that the last record the ledger knows says nothing of those before it: every record since the last start is looked at. Never changes a WARC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.disk import sync_file
from crawler.errors import Reason, StorageError
from crawler.layout import OPEN
from crawler.ledger import next_due
from crawler.warc import filename
from crawler.warc.reader import read_captures_from

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.collection import SiteArchive
    from crawler.warc.exchange import Capture

_GONE = (404, 410)


def reconcile(archive: SiteArchive) -> int:
    """Take up records that were written before a crash kept the ledger from saying so; returns how many.

    Reads the WARC files from where the start before this one ended reading. Call it before anything is written.

    Raises:
        StorageError: a WARC cannot be read or synced, or the ledger not written. Nothing was taken up.
    """
    ledger, found = archive.ledger, 0
    mark = ledger.watermark()
    with ledger.transaction():
        for path in sorted(archive.layout.warc_files(), key=filename.order):
            name, before = path.name.removesuffix(OPEN), found
            if mark and filename.order(path) < filename.order(path.with_name(mark[0])):
                continue
            for capture in read_captures_from(path, mark[1] if mark and mark[0] == name else 0):
                at = capture.pointer
                if (
                    capture.provenance.run_id and at.offset is not None and at.length is not None
                ):  # it is whole, and ours
                    found += _take_up(archive, capture)
                    ledger.set_watermark(name, at.offset + at.length)
            if found > before:
                _sync(path)
    return found


def _take_up(archive: SiteArchive, capture: Capture) -> bool:
    """Mark what a record is, unless the ledger knows it, or knew why it does not count."""
    page = capture.provenance
    if page.role != "page" or not page.requested_url or (capture.damaged or "").startswith("truncated"):
        return False
    if page.article_id:
        return _take_up_look(archive, capture, archive.key(page.requested_url))
    ledger, key = archive.ledger, archive.key(page.requested_url)
    entry = ledger.get(key)
    judged = (
        entry is None
        or entry.state not in ("pending", "failed")
        or (entry.state, entry.run_id) == ("failed", page.run_id)
    )
    if judged or not 200 <= capture.status < 300 or ledger.by_record(capture.pointer.record_id):
        return False
    final = archive.key(capture.url)
    known = ledger.get(final) if final != key else None
    if known and known.state in ("captured", "done"):
        archive.skipped(key, Reason.DUPLICATE, detail=f"redirects to {capture.url}, which is archived")
        return False
    ledger.mark_captured(key, capture.pointer, status=capture.status, at=capture.date, run_id=page.run_id)
    return True


def _take_up_look(archive: SiteArchive, capture: Capture, key: str) -> bool:
    """An answer to a look waits to be judged, unless that or a later one of the same article is known."""
    ledger, at = archive.ledger, capture.pointer
    look = ledger.look(key)
    if look is None or not (200 <= capture.status < 300 or capture.status in _GONE):
        return False
    known = ledger.look_place(key)
    if known and _order(archive, known) >= _order(archive, (at.filename or "", at.offset or 0)):
        return False
    ledger.mark_looked(key, at)
    ledger.watch(look, next_due(look.since, archive.site.recheck, archive.now()))
    return True


def _order(archive: SiteArchive, place: tuple[str, int]) -> tuple[int, str, int]:
    """Places in the order in which they were written."""
    return (*filename.order(archive.layout.warc / place[0]), place[1])


def _sync(path: Path) -> None:
    """A killed run may not have come to it, and the ledger speaks only of what survives a power loss."""
    try:
        sync_file(path)
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror}", hint="Check the disk, then run the same command again."
        ) from error
