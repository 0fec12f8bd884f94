"""Ledgers that an older Pressmark made: upgraded when opened for writing, read through a copy, never half changed."""

import hashlib
import sqlite3

import pytest

from crawler.errors import StorageError
from crawler.ledger import Ledger, migrations
from crawler.ledger.migrations import STEPS, VERSION, upgrade, version_of

VERSION_1 = """
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
ROWS = """
INSERT INTO urls(key, url, state, reason, rank, via, discovered_at) VALUES
  ('k:a', 'https://a.example/a', 'pending', NULL, 1, 'feed', '2026-11-20T09:00:00Z'),
  ('k:b', 'https://a.example/b', 'skipped', 'robots-disallowed', 5, 'link', '2026-11-20T09:00:00Z');
INSERT INTO urls(key, url, state, rank, via, discovered_at, tries, http_status, record_id, warc_filename, warc_offset, run_id) VALUES
  ('k:c', 'https://a.example/c', 'done', 1, 'feed', '2026-11-20T09:00:00Z', 1, 200, 'urn:uuid:c', 'w.warc.gz', 4711, 'r1');
INSERT INTO sources(url, kind, etag, links) VALUES ('https://a.example/feed', 'feed', '"x"', 3);
INSERT INTO runs VALUES ('r1', 'crawl', '2026-11-20T09:00:00Z', '2026-11-20T09:10:00Z', 0, '{"articles": 1}');
INSERT INTO files VALUES ('articles/2026-11.jsonl', 1234);
"""


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "ledger.sqlite"
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=WAL")
    db.executescript(VERSION_1 + ROWS + "PRAGMA user_version = 1;")
    db.close()
    return path


def says_what_it_said(ledger):
    assert [entry.key for entry in ledger.pending(9)] == ["k:a"]
    assert ledger.counts() == {("pending", None): 1, ("skipped", "robots-disallowed"): 1, ("done", None): 1}
    assert ledger.get("k:c").warc_offset == 4711
    assert ledger.watermark() == ("w.warc.gz", 4711), "where a start begins to read"
    assert (ledger.source("https://a.example/feed").etag, ledger.source("https://a.example/feed").links) == ('"x"', 3)
    assert ledger.runs()[0].summary == {"articles": 1}
    assert ledger.file_sizes() == {"articles/2026-11.jsonl": 1234}


def test_an_old_ledger_is_upgraded_and_says_what_it_said(old):
    for _ in range(2):
        ledger = Ledger(old)
        says_what_it_said(ledger)
        assert version_of(ledger._db) == VERSION
        ledger.close()


def test_an_upgraded_ledger_has_the_schema_of_a_new_one(old, tmp_path):
    def schema(path):
        ledger = Ledger(path)
        rows = set(ledger._db.execute("SELECT type, name, sql FROM sqlite_master"))
        ledger.close()
        return rows

    assert schema(old) == schema(tmp_path / "new")


def test_reading_an_old_ledger_leaves_it_as_it_is(old):
    before = hashlib.sha256(old.read_bytes()).digest()
    ledger = Ledger(old, read_only=True)
    says_what_it_said(ledger)
    ledger.close()
    assert hashlib.sha256(old.read_bytes()).digest() == before


def test_a_step_that_fails_leaves_the_old_version_whole(old, monkeypatch):
    def fails(db):
        db.execute("DELETE FROM urls")
        raise sqlite3.OperationalError("the machine's fault")

    monkeypatch.setattr(migrations, "STEPS", (*STEPS[:1], "CREATE TABLE half(x);", fails))
    with pytest.raises(StorageError, match="the machine's fault"):
        Ledger(old)
    monkeypatch.undo()
    ledger = Ledger(old)
    says_what_it_said(ledger)
    ledger.close()


def test_two_processes_that_upgrade_at_once_do_it_once(old):
    first, second = (sqlite3.connect(old, isolation_level=None) for _ in range(2))
    upgrade(first)
    upgrade(second)
    assert version_of(first) == version_of(second) == VERSION


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_ledger_is_refused_by_name(old, read_only):
    db = sqlite3.connect(old)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StorageError, match="version 99; this Pressmark reads versions 1 to"):
        Ledger(old, read_only=read_only)


def test_statements_may_hold_semicolons_and_triggers(tmp_path, monkeypatch):
    step = """
    CREATE TABLE t(x TEXT DEFAULT ';');
    CREATE TRIGGER more AFTER INSERT ON t BEGIN
        UPDATE t SET x = 'a;b';
        DELETE FROM t WHERE x = ';';
    END;
    """
    monkeypatch.setattr(migrations, "STEPS", (step,))
    db = sqlite3.connect(tmp_path / "l", isolation_level=None)
    upgrade(db)
    db.execute("INSERT INTO t VALUES('c')")
    assert db.execute("SELECT x FROM t").fetchall() == [("a;b",)]
