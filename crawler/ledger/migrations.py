"""The ledger's schema, as the ordered steps that lead to it from an empty file.

Step N takes a ledger from version N to N + 1; ``PRAGMA user_version`` says which version a file is. A released step is never edited: a new
table, column or index is a new step at the end (CONTRIBUTING.md, "Add a table or a column of the ledger").
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

Step = str | Callable[[sqlite3.Connection], None]
"""SQL statements, each ended by a semicolon at the end of a line; or a function that changes what the database holds."""

_FIRST = """
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

_WARC_PLACES = """
CREATE INDEX urls_place ON urls(warc_filename, warc_offset) WHERE warc_filename IS NOT NULL;
CREATE INDEX urls_run ON urls(run_id) WHERE run_id IS NOT NULL;
"""
"""What a start asks of a ledger of a million URLs must not read them all: the last known record of a WARC, and what a run touched."""

_LOOKS = """
CREATE TABLE looks(
    key TEXT PRIMARY KEY,
    article_id TEXT NOT NULL,
    since TEXT NOT NULL,
    due_at TEXT,
    etag TEXT,
    last_modified TEXT,
    origin TEXT,
    waiting INTEGER NOT NULL DEFAULT 0,
    record_id TEXT,
    warc_filename TEXT,
    warc_offset INTEGER
) WITHOUT ROWID;
CREATE INDEX looks_due ON looks(due_at) WHERE due_at IS NOT NULL;
CREATE INDEX looks_waiting ON looks(warc_filename, warc_offset) WHERE waiting;
CREATE INDEX looks_place ON looks(warc_filename, warc_offset) WHERE warc_filename IS NOT NULL;
CREATE INDEX looks_record ON looks(record_id) WHERE record_id IS NOT NULL;
ALTER TABLE articles ADD COLUMN text_id TEXT;
ALTER TABLE articles ADD COLUMN warc_filename TEXT;
ALTER TABLE articles ADD COLUMN warc_offset INTEGER;
"""
"""Articles that are looked at again; and where the last text of an article stands, to be compared with."""

_DISCOVERY = """
CREATE TABLE source_health(
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    root TEXT NOT NULL,
    configured INTEGER NOT NULL,
    run_id TEXT,
    standing TEXT NOT NULL,
    ok_at TEXT,
    changed_at TEXT,
    fingerprint TEXT,
    changes INTEGER NOT NULL,
    gap REAL,
    deviation REAL,
    interval REAL,
    due_at TEXT,
    listed TEXT,
    lastmod_trusted INTEGER NOT NULL,
    weight REAL NOT NULL,
    weighed_at TEXT,
    given_up_until TEXT,
    trouble TEXT,
    trouble_since TEXT,
    trouble_detail TEXT
);
CREATE TABLE sightings(
    url_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    source_id INTEGER,
    at TEXT NOT NULL,
    PRIMARY KEY(url_id, kind)
) WITHOUT ROWID;
"""
"""How the sources fare, and which kinds of source named each URL."""

_TRAPS = """
ALTER TABLE urls ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;
CREATE TABLE patterns(
    pattern TEXT PRIMARY KEY,
    fruitful INTEGER NOT NULL,
    fruitless INTEGER NOT NULL,
    last_at TEXT NOT NULL
) WITHOUT ROWID;
"""
"""How many links lie between a URL and a source, and what the pages of one form of address gave that links alone had named."""
_NUMBERS = """
CREATE TABLE numbers(run_id TEXT PRIMARY KEY, at TEXT NOT NULL, numbers TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX numbers_at ON numbers(at);
"""
"""What each run is measured by."""

_TALLIES = """
CREATE TABLE tallies(state TEXT NOT NULL, reason TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(state, reason)) WITHOUT ROWID;
INSERT INTO tallies SELECT state, coalesce(reason, ''), count(*) FROM urls GROUP BY 1, 2;
CREATE TRIGGER tally_new AFTER INSERT ON urls BEGIN
    INSERT INTO tallies VALUES(new.state, coalesce(new.reason, ''), 1) ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER tally_changed AFTER UPDATE OF state, reason ON urls BEGIN
    UPDATE tallies SET number = number - 1 WHERE state = old.state AND reason = coalesce(old.reason, '');
    INSERT INTO tallies VALUES(new.state, coalesce(new.reason, ''), 1) ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER tally_gone AFTER DELETE ON urls BEGIN
    UPDATE tallies SET number = number - 1 WHERE state = old.state AND reason = coalesce(old.reason, '');
END;
CREATE INDEX urls_disallowed ON urls(discovered_at) WHERE state = 'skipped' AND reason = 'robots-disallowed';
"""
"""How many URLs are in each state, kept up to date: progress asks twice a second, and must not count a million."""

_WATERMARK = """
CREATE TABLE watermark(id INTEGER PRIMARY KEY CHECK (id = 1), warc_filename TEXT NOT NULL, warc_offset INTEGER NOT NULL);
INSERT INTO watermark SELECT 1, warc_filename, warc_offset FROM (
    SELECT warc_filename, warc_offset FROM urls WHERE warc_filename IS NOT NULL
    UNION ALL SELECT warc_filename, warc_offset FROM looks WHERE warc_filename IS NOT NULL
) ORDER BY warc_filename DESC, warc_offset DESC LIMIT 1;
DROP INDEX urls_place;
DROP INDEX looks_place;
"""
"""Up to where the WARC files have been compared with the ledger; it was the last record that the ledger knew."""

_MISSING = """
ALTER TABLE articles ADD COLUMN missing_at TEXT;
"""
"""When a look first did not find an article; it is gone when a second one finds so too."""

_WITHDRAWN = """
CREATE INDEX urls_withdrawn ON urls(id) WHERE reason = 'withdrawn';
"""
"""Each start asks which URLs were taken down, for a restriction may have been lifted."""

_EARLIER = """
CREATE TABLE earlier(id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
"""The rows of an article before its last, which ``articles`` has. ``verify`` asks whether they are all there."""

STEPS: tuple[Step, ...] = (
    _FIRST,
    _WARC_PLACES,
    _LOOKS,
    _DISCOVERY,
    _TRAPS,
    _NUMBERS,
    _TALLIES,
    _WATERMARK,
    _MISSING,
    _WITHDRAWN,
    _EARLIER,
)
VERSION = len(STEPS)
"""The version that this Pressmark writes."""


def version_of(db: sqlite3.Connection) -> int:
    """The version of an open ledger; 0 is an empty file."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def upgrade(db: sqlite3.Connection) -> None:
    """Take a ledger to this version, in one transaction: it is of the old version or of the new one, whenever the machine dies."""
    db.execute("BEGIN IMMEDIATE")
    try:
        # asked again under the lock: another process may have upgraded it meanwhile
        for step in STEPS[version_of(db) :]:
            if callable(step):
                step(db)
            else:
                for statement in _statements(step):
                    db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _statements(script: str) -> list[str]:
    """The single statements: ``executescript`` would commit before the first of them."""
    statements, statement = [], ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            statements.append(statement)
            statement = ""
    return statements
