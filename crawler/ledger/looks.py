"""Looks: known articles that are looked at again, when each is due next, and those whose answer is archived but not judged yet.

A URL's own state stays ``done`` all the while: a look adds to an article's history, it never takes anything back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.ledger.database import Database
from crawler.ledger.sources import origin_from_json, origin_to_json
from crawler.ledger.urls import Entry
from crawler.record import utc
from crawler.warc.exchange import Pointer, RevisitTarget


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with an answer, to be asked whether it still holds (RFC 9110, 8.8)."""

    etag: str | None = None
    """Its ETag."""
    last_modified: str | None = None
    """Its Last-Modified."""
    origin: RevisitTarget | None = None
    """The answer in the archive: what a 304 stands for."""


@dataclass(frozen=True, slots=True)
class Look:
    """An article that is looked at again."""

    key: str
    """Canonical form of its URL."""
    article_id: str
    """The article."""
    since: datetime
    """When it was archived first: ages are counted from here."""
    validators: Validators
    """Of the last whole answer."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A look whose answer is archived and not judged yet."""

    key: str
    record_id: str
    warc_filename: str
    warc_offset: int


_COLUMNS = "key, article_id, since, etag, last_modified, origin"


def _look(row: Sequence[str | None]) -> Look:
    key, article_id, since, etag, last_modified, origin = row
    validators = Validators(etag, last_modified, origin_from_json(origin) if origin else None)
    return Look(key or "", article_id or "", datetime.fromisoformat(since or ""), validators)


def next_due(since: datetime, ages: Iterable[float], now: datetime) -> datetime | None:
    """When an article is looked at next: the first of its ages (seconds) that is still to come. A late run does not catch up on each."""
    return next((at for at in (since + timedelta(seconds=age) for age in sorted(ages)) if at > now), None)


class Looks(Database):
    """The articles of one site that are looked at again."""

    def watch(self, look: Look, due_at: datetime | None) -> None:
        """Look at an article again at ``due_at``; None for never again."""
        with self.transaction():
            if due_at is None:
                self._db.execute("DELETE FROM looks WHERE key = ? AND NOT waiting", (look.key,))
                self._db.execute("UPDATE looks SET due_at = NULL WHERE key = ?", (look.key,))
                return
            validators = look.validators
            self._db.execute(
                f"INSERT INTO looks({_COLUMNS}, due_at) VALUES(?,?,?,?,?,?,?) ON CONFLICT(key) DO UPDATE SET"
                " article_id=excluded.article_id, etag=excluded.etag, last_modified=excluded.last_modified,"
                " origin=excluded.origin, due_at=excluded.due_at",
                (
                    look.key, look.article_id, utc(look.since), validators.etag, validators.last_modified,
                    origin_to_json(validators.origin) if validators.origin else None, utc(due_at),
                ),
            )  # fmt: skip

    def look_due(self, key: str) -> str | None:
        """When an article is looked at again; None if it is not."""
        row = self._db.execute("SELECT due_at FROM looks WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def look(self, key: str) -> Look | None:
        """The article at a URL, if it is looked at again."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM looks WHERE key = ?", (key,)).fetchone()
        return _look(row) if row else None

    def look_of(self, record_id: str) -> Look | None:
        """The article that the answer to a look belongs to."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM looks WHERE record_id = ?", (record_id,)).fetchone()
        return _look(row) if row else None

    def due(self, limit: int, at: datetime, *, after: Iterable[str] = ()) -> list[Entry]:
        """URLs whose articles are due at that time, the longest due first, but for the keys in ``after``."""
        busy = list(after)
        marks = ",".join("?" * len(busy))
        columns = ", ".join(f"urls.{name}" for name in Entry.__slots__)
        rows = self._db.execute(
            f"SELECT {columns} FROM looks JOIN urls USING(key) WHERE looks.due_at <= ? AND NOT looks.waiting"
            f" AND urls.state = 'done' AND key NOT IN ({marks}) ORDER BY looks.due_at LIMIT ?",
            (utc(at), *busy, limit),
        )
        return [Entry(*row) for row in rows]

    def mark_looked(self, key: str, pointer: Pointer) -> None:
        """The record of a look is synced: it waits to be judged."""
        with self.transaction():
            self._db.execute(
                "UPDATE looks SET waiting = 1, record_id = ?, warc_filename = ?, warc_offset = ? WHERE key = ?",
                (pointer.record_id, pointer.filename, pointer.offset, key),
            )

    def look_place(self, key: str) -> tuple[str, int] | None:
        """Where the last answer to a look at a URL stands: WARC and offset; None if there was none yet."""
        row: tuple[str, int] | None = self._db.execute(
            "SELECT warc_filename, warc_offset FROM looks WHERE key = ? AND warc_filename IS NOT NULL", (key,)
        ).fetchone()
        return row

    def looked(self) -> list[Looked]:
        """Looks that wait to be judged, in order of capture."""
        rows = self._db.execute(
            "SELECT key, record_id, warc_filename, warc_offset FROM looks WHERE waiting"
            " ORDER BY warc_filename, warc_offset"
        )
        return [Looked(*row) for row in rows]

    def mark_judged(self, record_id: str) -> None:
        """The look is judged, its row written if it gives one. One that is never due again is forgotten."""
        with self.transaction():
            self._db.execute("DELETE FROM looks WHERE record_id = ? AND due_at IS NULL", (record_id,))
            self._db.execute("UPDATE looks SET waiting = 0 WHERE record_id = ?", (record_id,))

    def unwatched(self, since: datetime) -> list[tuple[str, str, datetime]]:
        """Key, article id and time of capture of articles archived since then that are not looked at again yet."""
        rows = self._db.execute(
            "SELECT urls.key, articles.article_id, urls.last_try_at FROM articles JOIN urls ON urls.record_id = articles.id"
            " LEFT JOIN looks ON looks.key = urls.key"
            " WHERE urls.state = 'done' AND urls.reason IS NULL AND urls.last_try_at >= ? AND looks.key IS NULL",
            (utc(since),),
        )
        return [(key, article_id, datetime.fromisoformat(at)) for key, article_id, at in rows]

    def watches(self) -> bool:
        """Whether any article was ever to be looked at again and still is."""
        return self._db.execute("SELECT 1 FROM looks LIMIT 1").fetchone() is not None
