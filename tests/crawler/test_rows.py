import json
import os

import pytest

from crawler.errors import StorageError
from crawler.layout import SiteLayout
from crawler.ledger import Ledger
from crawler.record import Block, Failure
from crawler.rows import RowFiles, read_rows


def failure(n):
    return Failure(
        site="a", run_id="r", record_id=None,
        url=f"https://a.example/{n}", reason="timeout", http_status=None, first_try_at=None, last_try_at=None, discovered_via="feed",
        detail=None,
    )  # fmt: skip


def block(n):
    return Block(id=f"urn:uuid:{n}", kind="nav", reason="r", path="body", text="Home", pages_sharing=None)


@pytest.fixture
def site(tmp_path):
    return SiteLayout(tmp_path)


@pytest.fixture
def ledger(site):
    ledger = Ledger(site.ledger)
    yield ledger
    ledger.close()


def test_rows_go_to_the_file_of_their_kind_and_month(site, ledger):
    RowFiles(site, ledger).append([("2026-10", failure(1)), ("2026-11", failure(2)), ("2026-11", block(3))])
    names = sorted(p.relative_to(site.root).as_posix() for p in site.root.rglob("*.jsonl"))
    assert names == [
        "failures/failures-2026-10.jsonl",
        "failures/failures-2026-11.jsonl",
        "removed/removed-2026-11.jsonl",
    ]


@pytest.mark.fault("5 torn last line", "half a row at the end")
def test_what_the_ledger_did_not_commit_is_cut_off_and_kept_aside(site, ledger):
    files = RowFiles(site, ledger)
    files.append([("2026-11", failure(1))])
    path = site.rows("failures", "2026-11")
    good = path.read_bytes()
    path.write_bytes(good + b'{"url": "half a li')
    RowFiles(site, ledger).append([("2026-11", failure(2))])
    assert [row["url"] for row in read_rows(path)] == ["https://a.example/1", "https://a.example/2"]
    assert path.with_name(path.name + ".torn").read_bytes() == b'{"url": "half a li'


def test_whole_rows_of_a_transaction_that_never_ended_are_cut_off(site, ledger):
    files = RowFiles(site, ledger)

    def die_after_writing():
        with ledger.transaction():
            files.append([("2026-11", failure(1))])
            files.write()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        die_after_writing()
    assert site.rows("failures", "2026-11").stat().st_size > 0
    RowFiles(site, ledger)
    assert site.rows("failures", "2026-11").read_bytes() == b""


def test_rows_of_a_transaction_are_synced_once_and_none_if_it_is_undone(site, ledger, monkeypatch):
    files = RowFiles(site, ledger)
    path, synced = site.rows("failures", "2026-11"), []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino) or real(handle))
    with ledger.transaction():
        for number in range(50):
            files.append([("2026-11", failure(number))])
        assert not path.exists()
    assert len(list(read_rows(path))) == 50
    assert synced.count(path.stat().st_ino) == 1

    def undone():
        with ledger.transaction():
            files.append([("2026-11", failure(50))])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    files.append([("2026-11", failure(51))])
    assert [row["url"] for row in read_rows(path)][49:] == ["https://a.example/49", "https://a.example/51"]
    assert ledger.file_sizes() == {"failures/failures-2026-11.jsonl": path.stat().st_size}


def test_a_full_disk_leaves_nothing_half_written(site, ledger, monkeypatch):
    files = RowFiles(site, ledger)
    files.append([("2026-11", failure(1))])
    path = site.rows("failures", "2026-11")
    good = path.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crawler.rows.os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        files.append([("2026-11", failure(2))])
    assert path.read_bytes() == good


@pytest.mark.fault("5 torn last line", "a row that is being written")
def test_a_last_line_that_is_being_written_is_not_read(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"a": 1}\n{"a"')
    assert list(read_rows(path)) == [{"a": 1}]


@pytest.mark.parametrize("bad", [b"[1]\n", b"nonsense\n", b"\xff\xfe\n"])
def test_a_bad_line_is_named(tmp_path, bad):
    path = tmp_path / "x.jsonl"
    path.write_bytes(json.dumps({"a": 1}).encode() + b"\n" + bad)
    with pytest.raises(StorageError, match=r"x\.jsonl:2"):
        list(read_rows(path))
