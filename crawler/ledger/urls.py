"""What became of every URL of a site: the frontier, and the outcome of each.

State only moves forward:

    pending ──> captured ──> done        the record is synced, then the rows, then the ledger says so
       ├──────> failed                   with a reason; a temporary one is tried again by a later run
       └──────> skipped                  never asked for: robots, scope, …
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from crawler.errors import LEFT_OUT, TEMPORARY, Reason
from crawler.ledger.database import Database
from crawler.record import Via, utc
from crawler.warc.exchange import Pointer

State = Literal["pending", "captured", "done", "failed", "skipped"]
STATES: tuple[State, ...] = get_args(State)

_RANK: dict[Via, int] = {"user": 0, "feed": 1, "news_sitemap": 2, "sitemap": 3, "section": 4, "link": 6, "import": 7}
"""Order of fetching: what feeds and sitemaps name comes first, so that a trap cannot keep it waiting."""
_BACKLOG = 5
"""Rank of what a sitemap names and dates weeks ago: after what lists show today, before what is linked inside pages."""
NAMED_AS_NEWS = _RANK["news_sitemap"]
"""The last rank of what feeds and news sitemaps name."""
NAMED_BY_SOURCES = _RANK["sitemap"]
"""The last rank of what feeds and sitemaps name as new."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One URL and what is known of it."""

    key: str
    url: str
    state: State
    reason: str | None
    detail: str | None
    via: Via
    via_url: str | None
    discovered_at: str
    title: str | None
    published_raw: str | None
    tries: int
    first_try_at: str | None
    last_try_at: str | None
    http_status: int | None
    record_id: str | None
    warc_filename: str | None
    warc_offset: int | None
    run_id: str | None
    depth: int = 0
    """How many links inside pages lie between it and a source."""
    rank: int = 0
    """Its place in the order of fetching: the lower, the sooner."""


_COLUMNS = ", ".join(Entry.__slots__)


class Urls(Database):
    """The URLs of one site."""

    def discover(
        self,
        key: str,
        url: str,
        *,
        via: Via,
        via_url: str | None,
        at: datetime,
        title: str | None = None,
        published_raw: str | None = None,
        skip: Reason | None = None,
        detail: str | None = None,
        run_id: str | None = None,
        backlog: bool = False,
        depth: int = 0,
    ) -> bool:
        """Note that ``url``, whose canonical form is ``key``, was found; returns whether it is new.

        A new URL is pending, or skipped for the reason ``skip``, of which ``detail`` says more. A known one keeps its state; a better way
        of finding it (a feed after a link) moves it forward in the queue, and a title or a date that was missing is added. One that the
        configuration left out (scope, a limit, a trap) and now takes is pending. ``backlog`` is what a sitemap dates weeks ago: it stands
        further back than what is new. ``depth`` counts the links inside pages that led to it.
        """
        state, rank = "skipped" if skip else "pending", _BACKLOG if backlog else _RANK[via]
        with self.transaction():
            cursor = self._db.execute(
                "INSERT INTO urls(key, url, state, reason, detail, rank, via, via_url, discovered_at, title, published_raw, run_id, depth)"
                " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(key) DO NOTHING",
                (key, url, state, skip, detail, rank, via, via_url, utc(at), title, published_raw, run_id, depth),
            )
            if cursor.rowcount:
                return True
            if skip is None:
                self._db.execute(
                    "UPDATE urls SET state = 'pending', reason = NULL, detail = NULL"
                    f" WHERE key = ? AND state = 'skipped' AND reason IN ({','.join('?' * len(LEFT_OUT))})",
                    (key, *sorted(LEFT_OUT)),
                )
            self._db.execute(
                "UPDATE urls SET rank = min(rank, ?), depth = min(depth, ?), title = coalesce(title, ?),"
                " published_raw = coalesce(published_raw, ?) WHERE key = ? AND state = 'pending'",
                (rank, depth, title, published_raw, key),
            )
            return False

    def get(self, key: str) -> Entry | None:
        """The URL whose canonical form is ``key``; None if it was never found."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM urls WHERE key = ?", (key,)).fetchone()
        return Entry(*row) if row else None

    def by_record(self, record_id: str) -> Entry | None:
        """The URL whose last capture is ``record_id``."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM urls WHERE record_id = ?", (record_id,)).fetchone()
        return Entry(*row) if row else None

    def pending(self, limit: int, *, after: Iterable[str] = (), most: int | None = None) -> list[Entry]:
        """The next URLs to fetch, best first, but for the keys in ``after`` (they are on their way) and ranks above ``most``."""
        busy = list(after)
        marks = ",".join("?" * len(busy))
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM urls WHERE state = 'pending' AND key NOT IN ({marks}) AND rank <= ?"
            " ORDER BY rank, id LIMIT ?",
            (*busy, most if most is not None else max(_RANK.values()), limit),
        )
        return [Entry(*row) for row in rows]

    def before(self, entry: Entry) -> int:
        """How many pending URLs come before one."""
        (number,) = self._db.execute(
            "SELECT count(*) FROM urls WHERE state = 'pending' AND (rank, id) < (SELECT rank, id FROM urls WHERE key = ?)",
            (entry.key,),
        ).fetchone()
        return int(number)

    def captured(self) -> list[Entry]:
        """URLs whose record is in the archive and whose rows are not, in order of capture."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM urls WHERE state = 'captured' ORDER BY warc_filename, warc_offset"
        )
        return [Entry(*row) for row in rows]

    def mark_captured(self, key: str, pointer: Pointer, *, status: int, at: datetime, run_id: str | None) -> None:
        """The record at ``pointer`` is synced: the URL is captured."""
        with self.transaction():
            self._db.execute(
                "UPDATE urls SET state='captured', reason=NULL, detail=NULL, temporary=0, tries=tries+1, http_status=?,"
                " first_try_at=coalesce(first_try_at, ?), last_try_at=?, record_id=?, warc_filename=?, warc_offset=?, run_id=?"
                " WHERE key=?",
                (status, utc(at), utc(at), pointer.record_id, pointer.filename, pointer.offset, run_id, key),
            )

    def mark_failed(
        self,
        key: str,
        reason: Reason,
        *,
        at: datetime,
        run_id: str | None,
        status: int | None = None,
        detail: str | None = None,
        pointer: Pointer | None = None,
    ) -> None:
        """The URL was tried in this run and failed for ``reason``; ``pointer``: what its server answered, None if nothing is kept."""
        record = (pointer.record_id, pointer.filename, pointer.offset) if pointer else (None, None, None)
        with self.transaction():
            self._db.execute(
                "UPDATE urls SET state='failed', reason=?, detail=?, temporary=?, tries=tries+1, http_status=?,"
                " first_try_at=coalesce(first_try_at, ?), last_try_at=?, run_id=?, record_id=?, warc_filename=?, warc_offset=?"
                " WHERE key=?",
                (reason, detail, reason in TEMPORARY, status, utc(at), utc(at), run_id, *record, key),
            )

    def mark_skipped(self, key: str, reason: Reason, *, run_id: str | None, detail: str | None = None) -> None:
        """The URL will not be asked for, or gives no row of its own."""
        with self.transaction():
            self._db.execute(
                "UPDATE urls SET state='skipped', reason=?, detail=?, run_id=?, record_id=NULL, warc_filename=NULL, warc_offset=NULL"
                " WHERE key=?",
                (reason, detail, run_id, key),
            )

    def withdraw(self, key: str, reason: Reason, *, wipe: bool) -> None:
        """The URL is never asked for again; ``wipe`` forgets the title and the date that a source gave."""
        with self.transaction():
            self._db.execute(
                "UPDATE urls SET state='skipped', temporary=0, reason=?, detail=NULL WHERE key=?", (reason, key)
            )
            if wipe:
                self._db.execute("UPDATE urls SET title=NULL, published_raw=NULL WHERE key=?", (key,))

    def withdrawn(self) -> list[Entry]:
        """URLs that were taken down, as far as the ledger knows."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM urls WHERE reason = '{Reason.WITHDRAWN}' ORDER BY id"
        )  # written out, so that SQLite knows the index that it may use
        return [Entry(*row) for row in rows]

    def give_back(self, key: str, state: State, reason: str | None = None) -> None:
        """A URL that was withdrawn is not any more: it is in ``state``, for ``reason``."""
        with self.transaction():
            self._db.execute(
                "UPDATE urls SET state=?, reason=?, temporary=? WHERE key=?", (state, reason, reason in TEMPORARY, key)
            )

    def mark_done(self, record_id: str, *, reason: str | None = None, detail: str | None = None) -> None:
        """The rows of the record are written; ``reason`` says why there is none in articles.jsonl.

        A reason that passes (a challenge page with status 200) makes it a failure that a later run tries again.
        """
        passing = reason in TEMPORARY
        with self.transaction():
            self._db.execute(
                "UPDATE urls SET state=?, temporary=?, reason=?, detail=? WHERE record_id=?",
                ("failed" if passing else "done", passing, reason, detail, record_id),
            )

    def retry(self, *, tries: int, disallowed_since: datetime) -> int:
        """Make URLs pending again that may be had now; returns how many.

        Those that failed for a passing reason fewer than ``tries`` times, and those that robots.txt disallowed and that were found since
        ``disallowed_since``: a slip in a robots.txt must not lose a day's articles for ever. They keep their reason until they are tried.
        """
        with self.transaction():
            passing = self._db.execute(
                "UPDATE urls SET state='pending' WHERE state='failed' AND temporary=1 AND tries < ?", (tries,)
            )
            disallowed = self._db.execute(
                f"UPDATE urls SET state='pending' WHERE state='skipped' AND reason='{Reason.ROBOTS_DISALLOWED}'"
                " AND discovered_at >= ?",  # written out, so that SQLite knows the index that it may use
                (utc(disallowed_since),),
            )
            return passing.rowcount + disallowed.rowcount

    def ask_again(self, key: str) -> None:
        """Make a URL pending whatever its state: a person asks for it now."""
        with self.transaction():
            self._db.execute("UPDATE urls SET state='pending', rank=0 WHERE key=?", (key,))

    def counts(self, *, run_id: str | None = None) -> dict[tuple[str, str | None], int]:
        """Number of URLs by (state, reason), of all or of those that a run touched."""
        if run_id:
            rows = self._db.execute(
                "SELECT state, reason, count(*) FROM urls WHERE run_id = ? GROUP BY 1, 2 ORDER BY 1, 2", (run_id,)
            )
        else:
            rows = self._db.execute("SELECT state, nullif(reason, ''), number FROM tallies WHERE number > 0")
        return {(state, reason): n for state, reason, n in rows}

    def without_row(self, run_id: str) -> list[Entry]:
        """URLs that a run touched and that gave no row, each with its reason."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM urls WHERE run_id = ? AND reason IS NOT NULL ORDER BY id",
            (run_id,),
        )
        return [Entry(*row) for row in rows]
