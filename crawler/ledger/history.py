"""The history of articles: which rows there are, and what a new one's revision, previous_id, change and duplicate_of are derived from."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from crawler.errors import StorageError
from crawler.ledger.database import Database


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an article."""

    id: str
    """``id`` of its last row."""
    revision: int
    """Revision of that row."""
    text_sha256: str
    """SHA-256 of the last text it had."""
    text_id: str
    """``id`` of the last row that has its text: another one than ``id`` if the article is gone."""
    warc_filename: str | None
    """WARC that holds the record ``text_id``; None if it is not known."""
    warc_offset: int | None
    """Where it stands there."""
    missing_at: str | None = None
    """When a look first did not find it, if it was not there since and nobody has made sure; UTC."""

    @property
    def gone(self) -> bool:
        """Whether the last row says that the article is gone."""
        return self.id != self.text_id


class History(Database):
    """The last capture of each article, and the first of each text."""

    def article(self, article_id: str) -> Known | None:
        """What is remembered of an article."""
        row = self._db.execute(
            "SELECT id, revision, text_sha256, coalesce(text_id, id), warc_filename, warc_offset, missing_at FROM articles"
            " WHERE article_id = ?",
            (article_id,),
        ).fetchone()
        return Known(*row) if row else None

    def rows_known(self) -> set[str]:
        """``id`` of each row of each article; of the rows from before a ledger was brought to this version, the last of each article only.

        Raises:
            StorageError: the ledger is damaged.
        """
        try:
            return {id for (id,) in self._db.execute("SELECT id FROM articles UNION ALL SELECT id FROM earlier")}
        except sqlite3.Error as error:
            hint = f"Make it anew from the WARC files: pressmark rebuild {self.path.absolute().parent.name}"
            raise StorageError(f"{self.path}: {error}", hint=hint) from error

    def text(self, text_sha256: str) -> tuple[str, str] | None:
        """(id, article_id) of the first capture with that text."""
        row: tuple[str, str] | None = self._db.execute(
            "SELECT id, article_id FROM texts WHERE text_sha256 = ?", (text_sha256,)
        ).fetchone()
        return row

    def remember(self, article_id: str, known: Known) -> None:
        """Remember a capture of an article."""
        values = (
            known.id, known.revision, known.text_sha256, known.text_id if known.gone else None, known.warc_filename, known.warc_offset,
            known.missing_at,
        )  # fmt: skip
        with self.transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO earlier SELECT id FROM articles WHERE article_id = ? AND id <> ?",
                (article_id, known.id),
            )
            self._db.execute(
                "INSERT OR REPLACE INTO articles(article_id, id, revision, text_sha256, text_id, warc_filename, warc_offset, missing_at)"
                " VALUES(?,?,?,?,?,?,?,?)",
                (article_id, *values),
            )
            self._db.execute("INSERT OR IGNORE INTO texts VALUES(?,?,?)", (known.text_sha256, known.id, article_id))
