"""What is remembered of each feed, sitemap and section page between runs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from crawler.ledger.database import Database
from crawler.warc.exchange import RevisitTarget


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a feed, sitemap or section page between runs."""

    url: str
    kind: str
    etag: str | None
    last_modified: str | None
    fetched_at: str | None
    http_status: int | None
    links: int | None
    new_links: int | None
    problem: str | None
    children: tuple[str, ...] | None
    """What it led to, needed although it answers 304: the sitemaps of an index; of a section its next page (empty on the last) and the
    feeds that it advertises."""
    origin: RevisitTarget | None
    """Its last whole answer in the archive: what a 304 stands for."""
    run_id: str | None


_COLUMNS = ", ".join(SourceState.__slots__)


def _source(row: tuple[Any, ...]) -> SourceState:
    values: dict[str, Any] = dict(zip(SourceState.__slots__, row, strict=True))
    children, origin = values.pop("children"), values.pop("origin")
    return SourceState(
        **values,
        children=tuple(json.loads(children)) if children else None,
        origin=origin_from_json(origin) if origin else None,
    )


class Sources(Database):
    """The sources of one site."""

    def source(self, url: str) -> SourceState | None:
        """What is remembered of the source at ``url``."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM sources WHERE url = ?", (url,)).fetchone()
        return _source(row) if row else None

    def sources(self) -> list[SourceState]:
        """All sources, by address."""
        return [_source(row) for row in self._db.execute(f"SELECT {_COLUMNS} FROM sources ORDER BY url")]

    def mark_source(self, state: SourceState) -> None:
        """Remember what a source gave. A 304 or a failure (``links`` is None) keeps what the last good answer gave."""
        values = {name: getattr(state, name) for name in SourceState.__slots__}
        values["children"] = json.dumps(state.children) if state.children is not None else None
        values["origin"] = origin_to_json(state.origin) if state.origin is not None else None
        places = ", ".join(f":{name}" for name in values)
        with self.transaction():
            self._db.execute(
                f"INSERT INTO sources({_COLUMNS}) VALUES({places}) ON CONFLICT(url) DO UPDATE SET kind=excluded.kind,"
                " etag=CASE WHEN excluded.links IS NULL THEN etag ELSE excluded.etag END,"
                " last_modified=CASE WHEN excluded.links IS NULL THEN last_modified ELSE excluded.last_modified END,"
                " origin=CASE WHEN excluded.links IS NULL THEN origin ELSE excluded.origin END,"
                " fetched_at=excluded.fetched_at, http_status=excluded.http_status,"
                " links=coalesce(excluded.links, links), new_links=coalesce(excluded.new_links, 0),"
                " problem=excluded.problem, children=coalesce(excluded.children, children), run_id=excluded.run_id",
                values,
            )

    def origin(self, url: str) -> RevisitTarget | None:
        """The last whole answer of the source at ``url``."""
        state = self.source(url)
        return state.origin if state else None


def origin_to_json(target: RevisitTarget) -> str:
    """An origin as text."""
    return json.dumps(asdict(target) | {"date": target.date.isoformat()})


def origin_from_json(text: str) -> RevisitTarget:
    """Read back what ``origin_to_json`` wrote."""
    values = json.loads(text)
    return RevisitTarget(**values | {"date": datetime.fromisoformat(values["date"])})
