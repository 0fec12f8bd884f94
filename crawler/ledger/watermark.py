"""Up to where the WARC files have been compared with the ledger: a start reads them from here on, and not from their beginning."""

from __future__ import annotations

from crawler.ledger.database import Database


class Watermark(Database):
    """One place in the WARC files of one site."""

    def watermark(self) -> tuple[str, int] | None:
        """WARC (without ``.open``) and offset before which the ledger knows every record; None if nothing was compared yet."""
        row: tuple[str, int] | None = self._db.execute("SELECT warc_filename, warc_offset FROM watermark").fetchone()
        return row

    def set_watermark(self, filename: str, offset: int) -> None:
        """The ledger knows every record before that place."""
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO watermark VALUES(1,?,?)", (filename, offset))
