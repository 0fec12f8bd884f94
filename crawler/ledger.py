"""The ledger: what became of every URL of a site, in SQLite.

Owns the frontier (what is still to fetch), the outcome of every URL, what is remembered of each source, the runs, and the size up to
which the row files are committed. Never fetches, never extracts, never opens a WARC.

Durability: WAL with ``synchronous=FULL``; one transaction a change of state. State only moves forward:

    pending ──> captured ──> done        the record is synced, then the rows, then the ledger says so
       ├──────> failed                   with a reason; a temporary one is tried again by a later run
       └──────> skipped                  never asked for: robots, scope, …
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from crawler.errors import TEMPORARY, Reason, StorageError
from crawler.record import Via, utc
from crawler.warc.exchange import Pointer, RevisitTarget

State = Literal["pending", "captured", "done", "failed", "skipped"]
STATES: tuple[State, ...] = get_args(State)

_VERSION = 1
_RANK: dict[Via, int] = {"user": 0, "feed": 1, "news_sitemap": 2, "section": 3, "sitemap": 4, "link": 5, "import": 6}
"""Order of fetching: what feeds and news sitemaps name comes first, so that a trap cannot keep it waiting."""
_SURVEYS_KEPT = 400

_SCHEMA = """
CREATE TABLE urls(
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    detail TEXT,
    temporary INTEGER NOT NULL DEFAULT 0,
    rank INTEGER NOT NULL,
    via TEXT NOT NULL,
    via_url TEXT,
    discovered_at TEXT NOT NULL,
    title TEXT,
    published_raw TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    first_try_at TEXT,
    last_try_at TEXT,
    http_status INTEGER,
    record_id TEXT,
    warc_filename TEXT,
    warc_offset INTEGER,
    run_id TEXT
);
CREATE INDEX urls_pending ON urls(rank, id) WHERE state = 'pending';
CREATE INDEX urls_captured ON urls(id) WHERE state = 'captured';
CREATE INDEX urls_temporary ON urls(id) WHERE state = 'failed' AND temporary = 1;
CREATE UNIQUE INDEX urls_record ON urls(record_id) WHERE record_id IS NOT NULL;
CREATE TABLE sources(
    url TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    fetched_at TEXT,
    http_status INTEGER,
    links INTEGER,
    new_links INTEGER,
    problem TEXT,
    children TEXT,
    origin TEXT,
    run_id TEXT
);
CREATE TABLE payloads(
    digest TEXT PRIMARY KEY,
    record_id TEXT NOT NULL,
    url TEXT NOT NULL,
    date TEXT NOT NULL,
    warc_filename TEXT,
    warc_offset INTEGER,
    size INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE articles(
    article_id TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    text_sha256 TEXT NOT NULL
);
CREATE TABLE texts(text_sha256 TEXT PRIMARY KEY, id TEXT NOT NULL, article_id TEXT NOT NULL);
CREATE TABLE surveys(order_key TEXT PRIMARY KEY, survey TEXT NOT NULL);
CREATE TABLE files(path TEXT PRIMARY KEY, size INTEGER NOT NULL);
CREATE TABLE runs(
    run_id TEXT PRIMARY KEY,
    command TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    exit_code INTEGER,
    summary TEXT
);
"""


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


_COLUMNS = ", ".join(Entry.__slots__)


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
    """Further sources that it led to (sitemaps of an index, the next page of a section): read again although it answers 304."""
    origin: RevisitTarget | None
    """Its last whole answer in the archive: what a 304 stands for."""
    run_id: str | None


@dataclass(frozen=True, slots=True)
class RunState:
    """One run as the ledger remembers it."""

    run_id: str
    command: str
    started_at: str
    ended_at: str | None
    exit_code: int | None
    summary: dict[str, Any] | None


def _source(row: tuple[Any, ...]) -> SourceState:
    values: dict[str, Any] = dict(zip(SourceState.__slots__, row, strict=True))
    children, origin = values.pop("children"), values.pop("origin")
    return SourceState(
        **values,
        children=tuple(json.loads(children)) if children else None,
        origin=_origin_from_json(origin) if origin else None,
    )


class Ledger:
    """The ledger of one site.

    Raises:
        StorageError: the file cannot be read or written, or another version of Pressmark made it.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.broken: StorageError | None = None
        """Why nothing can be written any more: whoever sees it ends the run."""
        try:
            if read_only:
                self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
            else:
                self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=FULL")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version == 0 and not read_only:
                self._db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
            elif version != _VERSION:
                raise StorageError(
                    f"{path} is a ledger of version {version}; this Pressmark reads version {_VERSION}",
                    hint="Use the version of Pressmark that made it, or move the ledger away: the WARC files hold everything.",
                )
        except sqlite3.Error as error:
            raise StorageError(f"{path}: {error}", hint="Is the folder writable, and is this a collection?") from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Group changes: all of them are on disk when the block ends, or none. Blocks may nest; the outermost decides."""
        if self._db.in_transaction:
            yield
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._rollback()
            self.broken = StorageError(
                f"{self.path}: {error}", hint="Make room or mend the disk, then run the same command again."
            )
            raise self.broken from error
        except StorageError as error:
            self._rollback()
            self.broken = error
            raise
        except BaseException:
            self._rollback()
            raise

    def _rollback(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    # --- URLs

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
        run_id: str | None = None,
    ) -> bool:
        """Note that ``url``, whose canonical form is ``key``, was found; returns whether it is new.

        A new URL is pending, or skipped for the reason ``skip``. A known one keeps its state; a better way of finding it
        (a feed after a link) moves it forward in the queue, and a title or a date that was missing is added. One that the
        configuration left out (scope, a limit) and now takes is pending.
        """
        state = "skipped" if skip else "pending"
        with self.transaction():
            cursor = self._db.execute(
                "INSERT INTO urls(key, url, state, reason, rank, via, via_url, discovered_at, title, published_raw, run_id)"
                " VALUES(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(key) DO NOTHING",
                (key, url, state, skip, _RANK[via], via, via_url, utc(at), title, published_raw, run_id),
            )
            if cursor.rowcount:
                return True
            if skip is None:
                self._db.execute(
                    "UPDATE urls SET state = 'pending', reason = NULL, detail = NULL"
                    " WHERE key = ? AND state = 'skipped' AND reason IN (?, ?)",
                    (key, Reason.OUT_OF_SCOPE, Reason.BUDGET),
                )
            self._db.execute(
                "UPDATE urls SET rank = min(rank, ?), title = coalesce(title, ?), published_raw = coalesce(published_raw, ?)"
                " WHERE key = ? AND state = 'pending'",
                (_RANK[via], title, published_raw, key),
            )
            return False

    def get(self, key: str) -> Entry | None:
        """The URL whose canonical form is ``key``; None if it was never found."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM urls WHERE key = ?", (key,)).fetchone()  # noqa: S608
        return Entry(*row) if row else None

    def by_record(self, record_id: str) -> Entry | None:
        """The URL whose last capture is ``record_id``."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM urls WHERE record_id = ?", (record_id,)).fetchone()  # noqa: S608
        return Entry(*row) if row else None

    def pending(self, limit: int, *, after: Iterable[str] = ()) -> list[Entry]:
        """The next URLs to fetch, best first, but for the keys in ``after`` (they are on their way)."""
        busy = list(after)
        marks = ",".join("?" * len(busy))
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM urls WHERE state = 'pending' AND key NOT IN ({marks}) ORDER BY rank, id LIMIT ?",  # noqa: S608
            (*busy, limit),
        )
        return [Entry(*row) for row in rows]

    def captured(self) -> list[Entry]:
        """URLs whose record is in the archive and whose rows are not, in order of capture."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM urls WHERE state = 'captured' ORDER BY warc_filename, warc_offset"  # noqa: S608
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
    ) -> None:
        """The URL was tried in this run and failed for ``reason``."""
        with self.transaction():
            self._db.execute(
                "UPDATE urls SET state='failed', reason=?, detail=?, temporary=?, tries=tries+1, http_status=?,"
                " first_try_at=coalesce(first_try_at, ?), last_try_at=?, run_id=? WHERE key=?",
                (reason, detail, reason in TEMPORARY, status, utc(at), utc(at), run_id, key),
            )

    def mark_skipped(self, key: str, reason: Reason, *, run_id: str | None, detail: str | None = None) -> None:
        """The URL will not be asked for."""
        with self.transaction():
            self._db.execute(
                "UPDATE urls SET state='skipped', reason=?, detail=?, run_id=? WHERE key=?",
                (reason, detail, run_id, key),
            )

    def mark_done(self, record_id: str, *, reason: str | None = None, detail: str | None = None) -> None:
        """The rows of the record are written; ``reason`` says why there is none in articles.jsonl."""
        with self.transaction():
            self._db.execute(
                "UPDATE urls SET state='done', reason=?, detail=? WHERE record_id=?", (reason, detail, record_id)
            )

    def retry(self, *, tries: int, disallowed_since: datetime) -> int:
        """Make URLs pending again that may be had now; returns how many.

        Those that failed for a passing reason fewer than ``tries`` times, and those that robots.txt disallowed and that were found since
        ``disallowed_since``: a slip in a robots.txt must not lose a day's articles for ever. They keep their reason until they are tried.
        """
        with self.transaction():
            return self._db.execute(
                "UPDATE urls SET state='pending' WHERE (state='failed' AND temporary=1 AND tries < ?)"
                " OR (state='skipped' AND reason=? AND discovered_at >= ?)",
                (tries, Reason.ROBOTS_DISALLOWED, utc(disallowed_since)),
            ).rowcount

    def ask_again(self, key: str) -> None:
        """Make a URL pending whatever its state: a person asks for it now."""
        with self.transaction():
            self._db.execute("UPDATE urls SET state='pending', rank=0 WHERE key=?", (key,))

    def counts(self, *, run_id: str | None = None) -> dict[tuple[str, str | None], int]:
        """Number of URLs by (state, reason), of all or of those that a run touched."""
        where, args = (" WHERE run_id = ?", (run_id,)) if run_id else ("", ())
        rows = self._db.execute(f"SELECT state, reason, count(*) FROM urls{where} GROUP BY 1, 2 ORDER BY 1, 2", args)  # noqa: S608
        return {(state, reason): n for state, reason, n in rows}

    def without_row(self, run_id: str) -> list[Entry]:
        """URLs that a run touched and that gave no row, each with its reason."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM urls WHERE run_id = ? AND reason IS NOT NULL ORDER BY id",  # noqa: S608
            (run_id,),
        )
        return [Entry(*row) for row in rows]

    def last_offset(self, filename: str) -> int | None:
        """Offset of the last record in that WARC which the ledger knows; None if it knows none."""
        (offset,) = self._db.execute(
            "SELECT max(warc_offset) FROM urls WHERE warc_filename = ?", (filename,)
        ).fetchone()
        return offset

    # --- sources

    def source(self, url: str) -> SourceState | None:
        """What is remembered of the source at ``url``."""
        row = self._db.execute("SELECT * FROM sources WHERE url = ?", (url,)).fetchone()
        return _source(row) if row else None

    def sources(self) -> list[SourceState]:
        """All sources, by address."""
        return [_source(row) for row in self._db.execute("SELECT * FROM sources ORDER BY url")]

    def mark_source(self, state: SourceState) -> None:
        """Remember what a source gave. A 304 or a failure (``links`` is None) keeps what the last good answer gave."""
        values = [getattr(state, name) for name in SourceState.__slots__]
        values[-3] = json.dumps(state.children) if state.children is not None else None
        values[-2] = _origin_to_json(state.origin) if state.origin is not None else None
        with self.transaction():
            self._db.execute(
                "INSERT INTO sources VALUES(?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(url) DO UPDATE SET kind=excluded.kind,"
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

    # --- payloads, for revisits

    def payload(self, digest: str) -> RevisitTarget | None:
        """The capture whose payload has that digest."""
        row = self._db.execute(
            "SELECT record_id, url, date, warc_filename, warc_offset, size FROM payloads WHERE digest = ?", (digest,)
        ).fetchone()
        if not row:
            return None
        record_id, url, date, name, offset, size = row
        return RevisitTarget(
            record_id=record_id, url=url, date=datetime.fromisoformat(date), payload_digest=digest, filename=name, offset=offset, size=size
        )  # fmt: skip

    def add_payloads(self, targets: Iterable[RevisitTarget]) -> None:
        """Remember captures by their payload's digest; one of the same digest is forgotten for it."""
        with self.transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO payloads VALUES(?,?,?,?,?,?,?)",
                [
                    (t.payload_digest, t.record_id, t.url, t.date.isoformat(), t.filename, t.offset, t.size)
                    for t in targets
                ],
            )

    # --- history of articles, for revision, previous_id, change and duplicate_of

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

    # --- site memory

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

    # --- committed sizes of row files

    def file_sizes(self) -> dict[str, int]:
        """Size up to which each row file (path below the site's folder) is committed."""
        return dict(self._db.execute("SELECT path, size FROM files"))

    def set_file_sizes(self, sizes: Mapping[str, int]) -> None:
        """Commit row files up to these sizes."""
        with self.transaction():
            self._db.executemany("INSERT OR REPLACE INTO files VALUES(?,?)", sorted(sizes.items()))

    # --- runs

    def start_run(self, run_id: str, command: str, at: datetime) -> None:
        """Note that a run began."""
        with self.transaction():
            self._db.execute("INSERT INTO runs(run_id, command, started_at) VALUES(?,?,?)", (run_id, command, utc(at)))

    def end_run(self, run_id: str, *, at: datetime, exit_code: int, summary: Mapping[str, Any]) -> None:
        """Note how a run ended."""
        with self.transaction():
            self._db.execute(
                "UPDATE runs SET ended_at=?, exit_code=?, summary=? WHERE run_id=?",
                (utc(at), exit_code, json.dumps(summary), run_id),
            )

    def runs(self) -> list[RunState]:
        """All runs, the last one first."""
        rows = self._db.execute("SELECT * FROM runs ORDER BY started_at DESC, run_id DESC")
        return [RunState(r, c, s, e, x, json.loads(summary) if summary else None) for r, c, s, e, x, summary in rows]


def _origin_to_json(target: RevisitTarget) -> str:
    return json.dumps(asdict(target) | {"date": target.date.isoformat()})


def _origin_from_json(text: str) -> RevisitTarget:
    values = json.loads(text)
    return RevisitTarget(**values | {"date": datetime.fromisoformat(values["date"])})
