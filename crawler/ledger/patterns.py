"""What the pages of one form of address gave that links alone had named, over all runs: the memory of spiders.discovery.traps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from crawler.ledger.database import Database
from crawler.record import utc

_KEPT = timedelta(days=30)
"""After this time without a page a form is forgotten, so that what was a trap once is tried again."""
_MOST = 10_000
"""Forms remembered: the last ones."""


class Patterns(Database):
    """Forms of address of a site."""

    def pattern(self, form: str, *, at: datetime) -> tuple[int, int]:
        """How many pages of a form gave an article, and how many none."""
        row = self._db.execute(
            "SELECT fruitful, fruitless FROM patterns WHERE pattern = ? AND last_at >= ?", (form, utc(at - _KEPT))
        ).fetchone()
        return (row[0], row[1]) if row else (0, 0)

    def add_patterns(self, found: Mapping[str, tuple[int, int]], *, at: datetime) -> None:
        """Add what a run has found: articles and pages without one, by form."""
        with self.transaction():
            self._db.execute("DELETE FROM patterns WHERE last_at < ?", (utc(at - _KEPT),))
            self._db.executemany(
                "INSERT INTO patterns VALUES(?,?,?,?) ON CONFLICT(pattern) DO UPDATE SET fruitful = fruitful + excluded.fruitful,"
                " fruitless = fruitless + excluded.fruitless, last_at = excluded.last_at",
                [(form, fruitful, fruitless, utc(at)) for form, (fruitful, fruitless) in sorted(found.items())],
            )
            self._db.execute(
                "DELETE FROM patterns WHERE pattern NOT IN (SELECT pattern FROM patterns ORDER BY last_at DESC, pattern LIMIT ?)",
                (_MOST,),
            )

    def linked_outcomes(self, run_id: str) -> list[tuple[str, bool]]:
        """Pages that a run fetched and that no feed or sitemap named, each with whether it gave an article."""
        rows = self._db.execute(
            "SELECT u.url, u.state = 'done' AND u.reason IS NULL FROM urls u WHERE u.run_id = ? AND u.state IN ('done', 'failed')"
            " AND u.via IN ('section', 'link')"
            " AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.url_id = u.id AND s.kind < 3)",
            (run_id,),
        )
        return [(url, bool(fruitful)) for url, fruitful in rows]
