"""Which payloads the archive holds already: what a revisit record refers to (WARC 1.1, section 6.7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crawler.ledger.database import Database
from crawler.warc.exchange import RevisitTarget


class Payloads(Database):
    """Captures by the digest of their payload."""

    def payload(self, digest: str) -> RevisitTarget | None:
        """The capture whose payload has that digest."""
        row = self._db.execute(
            "SELECT record_id, url, date, warc_filename, warc_offset, size FROM payloads WHERE digest = ?", (digest,)
        ).fetchone()
        if not row:
            return None
        record_id, url, date, name, offset, size = row
        return RevisitTarget(
            record_id=record_id, url=url, date=datetime.fromisoformat(date), payload_digest=digest, filename=name, offset=offset, size=size
        )  # fmt: skip

    def add_payloads(self, targets: Iterable[RevisitTarget]) -> None:
        """Remember captures by their payload's digest; one of the same digest is forgotten for it."""
        with self.transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO payloads VALUES(?,?,?,?,?,?,?)",
                [
                    (t.payload_digest, t.record_id, t.url, t.date.isoformat(), t.filename, t.offset, t.size)
                    for t in targets
                ],
            )

    def forget_payloads(self, record_ids: Iterable[str]) -> None:
        """No later capture may stand for these any more."""
        with self.transaction():
            self._db.executemany("DELETE FROM payloads WHERE record_id = ?", [(each,) for each in record_ids])
