"""The size up to which each row file is committed (docs/decisions/0004)."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.ledger.database import Database


class Files(Database):
    """Committed sizes of row files."""

    def file_sizes(self) -> dict[str, int]:
        """Size up to which each row file (path below the site's folder) is committed."""
        return dict(self._db.execute("SELECT path, size FROM files"))

    def set_file_sizes(self, sizes: Mapping[str, int]) -> None:
        """Commit row files up to these sizes."""
        with self.transaction():
            self._db.executemany("INSERT OR REPLACE INTO files VALUES(?,?)", sorted(sizes.items()))
