"""A takedown carried out: order first, then WARC files, rows, ledger and index, then the word that it is done.

Every step may be done twice and changes nothing the second time; so an order that a crash interrupted is carried out by the next one, or by
``pressmark takedown --resume``. The caller holds the site's lock. The one place in Pressmark that changes what was archived.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.disk import replacing
from crawler.errors import Reason, StorageError
from crawler.layout import SiteLayout
from crawler.ledger import Ledger
from crawler.record import to_json, utc
from crawler.takedown import log
from crawler.takedown.log import Member, Takedown
from crawler.takedown.tombstone import tombstone
from crawler.upgrade import Row, upgrade
from crawler.urls import canonical
from crawler.warc.cdxj import drop
from crawler.warc.erasure import Erased, erase


@dataclass(slots=True)
class Done:
    """What was done at one site."""

    erased: int = 0
    """Records overwritten."""
    tombstones: int = 0
    """Rows whose content was taken away."""
    blocks: int = 0
    """Rows of removed.jsonl that were taken away."""


def carry_out(
    site: SiteLayout,
    order: Takedown,
    ledger: Ledger,
    *,
    now: datetime,
    new_id: Callable[[], str],
    params: tuple[str, ...] = (),
) -> Done:
    """Do what an order says that stands in the log already.

    Args:
        site: the site, whose lock is held.
        order: the order.
        ledger: the site's, open for writing.
        now: the clock (aware).
        new_id: gives ``urn:uuid:…``.
        params: query parameters that the site's canonical addresses leave out.

    Raises:
        StorageError: something cannot be written. The order stays open and can be resumed.
    """
    done = Done()
    ids = {each.id for each in order.captures}
    if order.mode == "erase":
        for member in order.members:
            done.erased += _erase(site, member, order, new_id)
    if order.mode != "restrict":
        for path in site.row_files("articles"):
            done.tombstones += _rewrite(site, path, ledger, lambda row: _buried(row, ids, order))
        for path in site.row_files("removed"):
            done.blocks += _rewrite(site, path, ledger, lambda row: None if row["id"] in ids else row)
    with ledger.transaction():
        ledger.forget_payloads(ids)
        for capture_id in ids:
            if (entry := ledger.by_record(capture_id)) and entry.state == "captured":
                ledger.mark_done(capture_id, reason=Reason.WITHDRAWN)  # its row was still to come
        for url in order.urls:
            ledger.withdraw(canonical(url, params), Reason.WITHDRAWN, wipe=order.mode == "erase")
    try:
        drop(site.index, log.standing(site).places)
    except OSError as error:
        raise StorageError(f"{site.index}: {error.strerror}", hint="Make room, then run it again.") from error
    log.note_done(
        site, order.takedown_id, utc(now), {"records_erased": done.erased, "tombstones": done.tombstones, "removed_blocks": done.blocks}
    )  # fmt: skip
    return done


def _erase(site: SiteLayout, member: Member, order: Takedown, new_id: Callable[[], str]) -> bool:
    path = site.warc_file(member.filename)
    what = Erased(record_id=member.record_id, at=order.at, reason=order.reason)
    compressed = member.filename.endswith(".gz")
    return erase(path, member.offset, member.length, what, new_id=new_id(), compressed=compressed)


def _buried(row: Row, ids: set[str], order: Takedown) -> Row | None:
    if row["id"] not in ids or row.get("withdrawn_at"):
        return row
    return tombstone(upgrade("articles", row), order.at, order.reason)


def _rewrite(site: SiteLayout, path: Path, ledger: Ledger, change: Callable[[Row], Row | None]) -> int:
    """Write a file of rows anew with each row changed, or left out where ``change`` gives None; returns how many were.

    Lines that stay are copied byte for byte. The ledger is told the larger of both sizes first: a file that is shorter than committed
    loses nothing when the next run opens it, one that is longer would.
    """
    name, changed = path.relative_to(site.root).as_posix(), 0
    try:
        if not any(after is not line for line, after in _changed(path, change)):
            return 0
        with replacing(path) as file:
            for line, after in _changed(path, change):
                changed += after is not line
                file.write(after)
            size = file.tell()
            ledger.set_file_sizes({name: max(size, path.stat().st_size)})
        ledger.set_file_sizes({name: size})
    except (OSError, ValueError) as error:
        raise StorageError(f"{path}: {error}", hint="Mend it, then run 'pressmark takedown --resume'.") from error
    return changed


def _changed(path: Path, change: Callable[[Row], Row | None]) -> Iterator[tuple[bytes, bytes]]:
    """Each line of a file of rows, and what becomes of it: itself, another line, or nothing."""
    with path.open("rb") as file:
        for line in file:
            row = json.loads(line) if line.endswith(b"\n") else None
            after = change(row) if row is not None else row
            yield line, line if after is row else b"" if after is None else to_json(after).encode() + b"\n"
