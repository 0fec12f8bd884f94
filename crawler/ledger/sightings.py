"""Which sources named a URL: one line for each kind of source, so that it stays bounded however often a page is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from crawler.ledger.database import Database
from crawler.record import Via, utc

KINDS: tuple[Via, ...] = ("feed", "news_sitemap", "sitemap", "section", "link")
"""The kinds, each by its place here; never reordered, since the ledger holds the numbers."""

_ARTICLE = "u.state != 'skipped' AND NOT (u.state = 'done' AND u.reason IS NOT NULL)"
"""A URL that is an article's as far as anybody knows: what was left out, or turned out to be none, is missed by nobody."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One kind of source named a URL."""

    kind: Via
    source: str | None
    """Address of the first source of that kind that did; None for a link, whose page the URL's own entry names."""
    at: str
    """When it first did."""


class Sightings(Database):
    """Which kinds of source named each URL of a site."""

    def sight(self, key: str, kind: Via, source: str | None, at: datetime) -> bool:
        """Note that a source named a URL that is known; returns whether it is the first of its kind to do so."""
        if kind not in KINDS:
            return False
        with self.transaction():
            return (
                self._db.execute(
                    "INSERT OR IGNORE INTO sightings(url_id, kind, source_id, at)"
                    " SELECT id, ?, (SELECT id FROM source_health WHERE url = ?), ? FROM urls WHERE key = ? AND state != 'skipped'",
                    (KINDS.index(kind), source, utc(at), key),
                ).rowcount
                > 0
            )

    def sightings(self, key: str) -> list[Sighting]:
        """Who named a URL, in order of time."""
        rows = self._db.execute(
            "SELECT s.kind, h.url, s.at FROM sightings s JOIN urls u ON u.id = s.url_id"
            " LEFT JOIN source_health h ON h.id = s.source_id WHERE u.key = ? ORDER BY s.at, s.kind",
            (key,),
        )
        return [Sighting(KINDS[kind], source, at) for kind, source, at in rows]

    def seen_by(self, since: datetime) -> Counter[frozenset[Via]]:
        """Articles found since then, by the set of kinds of source that named each."""
        rows = self._db.execute(
            "SELECT mask, count(*) FROM (SELECT s.url_id, sum(1 << s.kind) AS mask FROM sightings s JOIN urls u ON u.id = s.url_id"
            f" WHERE s.url_id > ? AND {_ARTICLE} GROUP BY s.url_id) GROUP BY mask",
            (self._last_before(since),),
        )
        return Counter(
            {frozenset(kind for at, kind in enumerate(KINDS) if mask >> at & 1): number for mask, number in rows}
        )

    def seen_alone(self, since: datetime) -> dict[str, int]:
        """Articles found since then that one kind of source alone named, by the address of the source."""
        rows = self._db.execute(
            "SELECT h.url, count(*) FROM (SELECT s.url_id, min(s.source_id) AS source_id FROM sightings s JOIN urls u ON u.id = s.url_id"
            f" WHERE s.url_id > ? AND {_ARTICLE} GROUP BY s.url_id HAVING count(*) = 1) one"
            " JOIN source_health h ON h.id = one.source_id GROUP BY h.url",
            (self._last_before(since),),
        )
        return dict(rows)

    def named_by(self, root: str, since: datetime) -> tuple[int, int]:
        """Of the articles found since then: how many a source named, its children counted in, and how many there are."""
        first = self._last_before(since)
        (every,) = self._db.execute(f"SELECT count(*) FROM urls u WHERE u.id > ? AND {_ARTICLE}", (first,)).fetchone()
        (named,) = self._db.execute(
            "SELECT count(DISTINCT s.url_id) FROM sightings s JOIN urls u ON u.id = s.url_id"
            f" JOIN source_health h ON h.id = s.source_id WHERE s.url_id > ? AND h.root = ? AND {_ARTICLE}",
            (first, root),
        ).fetchone()
        return named, every

    def _last_before(self, since: datetime) -> int:
        """Id of the last URL found before then; ids grow with time, so that this looks at the recent ones only."""
        row = self._db.execute(
            "SELECT id FROM urls WHERE discovered_at < ? ORDER BY id DESC LIMIT 1", (utc(since),)
        ).fetchone()
        return int(row[0]) if row else 0
