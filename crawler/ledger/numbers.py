"""The numbers of each run, apart from its report: a baseline reads thousands of them at each start."""

from __future__ import annotations

from datetime import datetime

from crawler.ledger.database import Database
from crawler.record import utc


class RunNumbers(Database):
    """The numbers of the runs of one site."""

    def add_numbers(self, run_id: str, at: datetime, numbers: str) -> None:
        """Keep a run's numbers (JSON)."""
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO numbers VALUES(?,?,?)", (run_id, utc(at), numbers))

    def numbers(self, since: datetime) -> list[tuple[datetime, str]]:
        """Start and numbers of the runs since then, in order of time."""
        rows = self._db.execute("SELECT at, numbers FROM numbers WHERE at >= ? ORDER BY at", (utc(since),))
        return [(datetime.fromisoformat(at), numbers) for at, numbers in rows]
