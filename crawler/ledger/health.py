"""How each source has fared over all runs: when it was well, how often it changes, what its errors weigh, when it is due.

Owns the table; what an answer means for a source's health is for spiders.discovery.health to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawler.ledger.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source over all runs. Times are ISO 8601 in UTC."""

    url: str
    kind: str
    """feed, news_sitemap, sitemap or section: what it turned out to be."""
    root: str
    """The source that led to it, over any number of indexes or pages: itself, if the configuration or robots.txt names it."""
    configured: bool
    """Whether the site's YAML names its root."""
    run_id: str | None = None
    """The last run that had to do with it."""
    standing: str = "new"
    """How it fared in that run: a Standing of the run's report."""
    ok_at: str | None = None
    """When it was last well."""
    changed_at: str | None = None
    """When it last named something else than before."""
    fingerprint: str | None = None
    """Digest of what it named then."""
    changes: int = 0
    """How often it changed after it was first read."""
    gap: float | None = None
    """Mean time between two changes, in seconds."""
    deviation: float | None = None
    """Mean deviation from it."""
    interval: float | None = None
    """Seconds until it is due after it was read."""
    due_at: str | None = None
    listed: str | None = None
    """Its ``lastmod`` in the index, as it stood there when it was last read whole."""
    lastmod_trusted: bool = True
    """Whether its index has never failed to say that it changed."""
    weight: float = 0.0
    """What its errors weigh since it was last well."""
    weighed_at: str | None = None
    """When the last error was counted."""
    given_up_until: str | None = None
    trouble: str | None = None
    """Kind of the event that is in force: gone, wrong-kind, error, moved, quiet …"""
    trouble_since: str | None = None
    """When it was last without that trouble."""
    trouble_detail: str | None = None
    """What exactly it is, for people."""


_COLUMNS = tuple(SourceHealth.__slots__)
_LIST = ", ".join(_COLUMNS)


def _health(row: tuple[Any, ...]) -> SourceHealth:
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    values["configured"] = bool(values["configured"])
    values["lastmod_trusted"] = bool(values["lastmod_trusted"])
    return SourceHealth(**values)


class Health(Database):
    """The health of a site's sources."""

    def health(self, url: str) -> SourceHealth | None:
        """How the source at ``url`` has fared; None if it was never asked for."""
        row = self._db.execute(f"SELECT {_LIST} FROM source_health WHERE url = ?", (url,)).fetchone()
        return _health(row) if row else None

    def healths(self) -> list[SourceHealth]:
        """All sources: those that the configuration names first, then by address."""
        rows = self._db.execute(f"SELECT {_LIST} FROM source_health ORDER BY configured AND url = root DESC, url")
        return [_health(row) for row in rows]

    def mark_health(self, health: SourceHealth) -> None:
        """Remember how a source fares."""
        values = {name: getattr(health, name) for name in _COLUMNS}
        updates = ", ".join(f"{name}=excluded.{name}" for name in _COLUMNS if name != "url")
        places = ", ".join(f":{name}" for name in _COLUMNS)
        with self.transaction():
            self._db.execute(
                f"INSERT INTO source_health({_LIST}) VALUES({places}) ON CONFLICT(url) DO UPDATE SET {updates}", values
            )
