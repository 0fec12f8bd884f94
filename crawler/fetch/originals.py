"""Originals: which answers were archived before, so that a repeated one is stored as a revisit (WARC 1.1, 6.7).

Owns the choice: a whole 200 answer to GET with the same payload, of some size; or the server's own 304 to a conditional request of a
source or of a known article. A revisit is made only if its original is read back whole at that moment. Never makes up a 304, and never
writes a record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from crawler.warc import records
from crawler.warc.exchange import Exchange, Pointer, RevisitTarget
from crawler.warc.reader import holds

if TYPE_CHECKING:
    from crawler.layout import SiteLayout
    from crawler.ledger import Ledger

MIN_SIZE = 256
"""Bytes of payload below which a revisit record saves nothing."""
_HELD = 100
"""New payloads after which the ledger is told. What a crash forgets is stored once more, no harm else."""
_SOURCES = ("feed", "sitemap", "section")


class Originals:
    """What one site's revisits may stand for: kept in its ledger, for all its runs."""

    def __init__(self, ledger: Ledger, layout: SiteLayout, key: Callable[[str], str]) -> None:
        self._ledger = ledger
        self._layout = layout
        self._key = key
        self._new: dict[str, RevisitTarget] = {}

    async def find(self, exchange: Exchange) -> RevisitTarget | None:
        """The earlier capture that an exchange repeats; None if it is to be stored in full."""
        payload = await asyncio.to_thread(records.payload, exchange)
        target = self._candidate(exchange, payload)
        if target is not None and await asyncio.to_thread(self._stands, target):
            return target
        return None

    def _candidate(self, exchange: Exchange, payload: records.Payload) -> RevisitTarget | None:
        if not payload.whole:
            return None
        asked = exchange.provenance
        if payload.status == 304 and asked.role in _SOURCES and asked.requested_url:
            return self._ledger.origin(asked.requested_url)
        if payload.status == 304 and asked.article_id and asked.requested_url:
            look = self._ledger.look(self._key(asked.requested_url))
            return look.validators.origin if look else None
        if payload.status == 200 and payload.size >= MIN_SIZE and exchange.sent.startswith(b"GET "):
            return self._new.get(payload.digest) or self._ledger.payload(payload.digest)
        return None

    def _stands(self, target: RevisitTarget) -> bool:
        if target.filename is None or target.offset is None:
            return False
        return holds(self._layout.warc_file(target.filename), target.offset, target.record_id)

    def keep(self, pointer: Pointer) -> None:
        """Remember a capture that is on disk.

        Raises:
            StorageError: the ledger cannot be written.
        """
        origin = pointer.origin
        if origin and origin.declared and origin.size >= MIN_SIZE and origin.record_id == pointer.record_id:
            self._new[origin.payload_digest] = origin
            if len(self._new) >= _HELD:
                self.flush()

    def flush(self) -> None:
        """Tell the ledger what is new.

        Raises:
            StorageError: the ledger cannot be written.
        """
        new, self._new = self._new, {}
        if new:
            self._ledger.add_payloads(new.values())
