"""The site's memory: surveys of pages seen before, from which the next profile is made."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.ledger.database import Database

_SURVEYS_KEPT = 400


class Surveys(Database):
    """Surveys of pages, as JSON, by their order key."""

    def add_surveys(self, surveys: Mapping[str, str]) -> None:
        """Keep surveys (JSON) by their order key; of more than 400, those with the lowest keys stay, whatever the order of arrival."""
        with self.transaction():
            self._db.executemany("INSERT OR REPLACE INTO surveys VALUES(?,?)", sorted(surveys.items()))
            self._db.execute(
                "DELETE FROM surveys WHERE order_key NOT IN (SELECT order_key FROM surveys ORDER BY order_key LIMIT ?)",
                (_SURVEYS_KEPT,),
            )

    def surveys(self) -> list[str]:
        """The surveys kept, by order key."""
        return [survey for (survey,) in self._db.execute("SELECT survey FROM surveys ORDER BY order_key")]
