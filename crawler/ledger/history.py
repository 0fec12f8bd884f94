"""The history of articles: what revision, previous_id, change and duplicate_of of a new capture are derived from."""

from __future__ import annotations

from crawler.ledger.database import Database


class History(Database):
    """The last capture of each article, and the first of each text."""

    def article(self, article_id: str) -> tuple[str, int, str] | None:
        """(id, revision, text_sha256) of the last capture of an article."""
        row: tuple[str, int, str] | None = self._db.execute(
            "SELECT id, revision, text_sha256 FROM articles WHERE article_id = ?", (article_id,)
        ).fetchone()
        return row

    def text(self, text_sha256: str) -> tuple[str, str] | None:
        """(id, article_id) of the first capture with that text."""
        row: tuple[str, str] | None = self._db.execute(
            "SELECT id, article_id FROM texts WHERE text_sha256 = ?", (text_sha256,)
        ).fetchone()
        return row

    def remember(self, article_id: str, *, id: str, revision: int, text_sha256: str) -> None:
        """Remember a capture of an article."""
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO articles VALUES(?,?,?,?)", (article_id, id, revision, text_sha256))
            self._db.execute("INSERT OR IGNORE INTO texts VALUES(?,?,?)", (text_sha256, id, article_id))
