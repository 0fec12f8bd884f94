"""An export as a whole: which rows, in which order, and that it is there whole or not at all."""

import csv
import fcntl
import gzip
import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.dataset.export import export
from crawler.dataset.plan import Plan
from crawler.dataset.selection import Selection
from crawler.errors import BusyError, EvidenceError, StorageError, UsageError
from crawler.layout import CollectionLayout
from crawler.record import SCHEMA_VERSION, Block, Failure, Image, to_json
from crawler.report.progress import Talk
from tests.crawler.dataset.made import article, fill, read

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def make(dest: Path, *sites, force=False, selection=None, **wishes):
    wishes = {"made_at": NOW} | wishes
    plan = Plan(software="pressmark test", selection=selection or Selection(), **wishes)
    return export(dest, list(sites), plan, Talk(None), force=force)


@pytest.fixture
def site(tmp_path):
    return CollectionLayout(tmp_path / "archive").site("one")


def block(row, text="Read more"):
    return Block(id=row.id, kind="related", reason="links", path="body > aside", text=text, pages_sharing=3)


def files_of(root: Path) -> dict[str, str]:
    return {p.relative_to(root).as_posix(): sha256(p.read_bytes()).hexdigest() for p in root.rglob("*") if p.is_file()}


def test_the_first_rows_fill_every_column_that_any_row_fills(site, tmp_path):
    full = article(
        150, tags=["a"], authors=["Ada"], description="d", section="s", images=[Image(url="u", caption="c", alt="a")]
    )
    fill(site, [*(article(n) for n in range(150)), full, article(151)])
    make(tmp_path / "out", site)
    rows = read(tmp_path / "out/data/articles.jsonl.gz")
    assert len(rows) == 152
    assert rows[0]["tags"] == ["a"]
    assert [row["fetched_at"] for row in rows[1:]] == sorted(row["fetched_at"] for row in rows[1:])


def test_lines_are_those_of_the_collection_byte_for_byte_and_the_index_names_their_digests(site, tmp_path):
    rows = [article(n, title=f"“{n}” \u2028 \U0001f4f0") for n in range(5)]
    fill(site, rows)
    make(tmp_path / "out", site)
    have = gzip.decompress((tmp_path / "out/data/articles.jsonl.gz").read_bytes()).splitlines(keepends=True)
    assert sorted(have) == sorted((to_json(row) + "\n").encode() for row in rows)
    index = list(
        csv.DictReader(gzip.decompress((tmp_path / "out/provenance/index.csv.gz").read_bytes()).decode().splitlines())
    )
    assert [line["row_sha256"] for line in index] == [sha256(line[:-1]).hexdigest() for line in have]
    assert [(line["id"], int(line["warc_record_offset"])) for line in index] == [
        (row["id"], row["warc_record_offset"]) for row in map(json.loads, have)
    ]


def test_an_article_is_there_once_as_it_was_captured_last_and_a_capture_that_found_it_gone_is_not_its_text(
    site, tmp_path
):
    first = article(1)
    second = article(
        1,
        id="urn:uuid:b",
        revision=2,
        previous_id=first.id,
        change="edited",
        fetched_at="2026-11-09T00:00:00Z",
        text="Changed.",
    )
    gone = article(
        1,
        id="urn:uuid:c",
        revision=3,
        previous_id="urn:uuid:b",
        change="gone",
        fetched_at="2026-11-10T00:00:00Z",
        text="",
    )
    fill(site, [first, article(2), second, gone])
    done = make(tmp_path / "latest", site)
    assert {row["id"] for row in read(tmp_path / "latest/data/articles.jsonl.gz")} == {article(2).id, "urn:uuid:b"}
    assert done.left_out == {"earlier capture": 2}
    make(tmp_path / "all", site, selection=Selection(revisions="all"))
    assert len(read(tmp_path / "all/data/articles.jsonl.gz")) == 4


@pytest.mark.fault("5 export while crawling, crash during export", "an export while a crawl writes")
def test_what_is_beyond_the_committed_size_is_not_seen_and_half_a_row_is_none(site, tmp_path):
    fill(site, [article(1)])
    fill(site, [article(2)], commit=False)
    make(tmp_path / "out", site)
    assert len(read(tmp_path / "out/data/articles.jsonl.gz")) == 1


def test_removed_blocks_come_with_their_articles_and_failures_with_their_time(site, tmp_path):
    kept, left = article(1), article(2, language="fr")
    failures = [
        Failure(site="one", run_id=None, record_id=None, url=f"https://one.example/{month}", reason="timeout", http_status=None, first_try_at=f"2026-{month}-02T00:00:00Z",
                last_try_at=f"2026-{month}-02T00:00:00Z", discovered_via="feed", detail=None)
        for month in ("10", "11")
    ]  # fmt: skip
    fill(site, [kept, left], [block(kept), block(left), block(kept, "More")], failures)
    selection = Selection(languages=("en",), start="202611")
    done = make(tmp_path / "out", site, selection=selection)
    assert done.rows == {"articles": 1, "removed": 2, "edits": 0, "failures": 1, "duplicates": 0}
    assert [row["text"] for row in read(tmp_path / "out/data/removed.jsonl.gz")] == ["Read more", "More"]
    assert read(tmp_path / "out/data/failures.jsonl.gz")[0]["url"].endswith("11")


def test_without_text_no_file_holds_a_word_of_it(site, tmp_path):
    row = article(1, text="Pellhaven quarrels.")
    fill(site, [row], [block(row, "Pellhaven newsletter")])
    make(tmp_path / "out", site, text="none", formats=("jsonl", "parquet", "csv"))
    assert read(tmp_path / "out/data/articles.jsonl.gz")[0] == json.loads(to_json(row)) | {"text": ""}
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            assert b"Pellhaven" not in data, path


def test_a_collection_that_is_named_twice_counts_once(site, tmp_path, capsys):
    fill(site, [article(1), article(2)])
    collection = str(tmp_path / "archive")
    assert main(["export", str(tmp_path / "out"), collection, "-C", collection, "--format", "jsonl"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "same capture twice" not in told.out
    assert len(read(tmp_path / "out/data/articles.jsonl.gz")) == 2


def test_the_same_capture_in_two_collections_is_there_once(site, tmp_path):
    other = CollectionLayout(tmp_path / "copy").site("one")
    fill(site, [article(1), article(2)])
    fill(other, [article(2), article(3)])
    done = make(tmp_path / "out", site, other)
    assert done.rows["articles"] == 3
    assert done.left_out["same capture twice"] == 1


def test_the_same_input_gives_the_same_bytes(site, tmp_path):
    rows = [article(n, tags=["x"] if n % 7 == 3 else []) for n in range(30)]
    fill(site, rows, [block(row) for row in rows])
    first = make(tmp_path / "a/news", site, formats=("jsonl", "parquet", "csv"))
    second = make(tmp_path / "b/news", site, formats=("jsonl", "parquet", "csv"))
    assert files_of(first.path) == files_of(second.path)
    assert first.fingerprint == second.fingerprint
    later = make(tmp_path / "c/news", site, formats=("jsonl", "parquet", "csv"), made_at=NOW.replace(hour=5))
    assert later.data_fingerprint == first.data_fingerprint
    assert later.fingerprint != first.fingerprint


def test_nothing_is_left_behind_where_no_row_fits(site, tmp_path):
    fill(site, [article(1)])
    with pytest.raises(EvidenceError, match="no row fits") as caught:
        make(tmp_path / "out", site, selection=Selection(languages=("de",)))
    assert "language (1)" in str(caught.value)
    assert sorted(os.listdir(tmp_path)) == ["archive"]


def test_what_is_there_is_replaced_only_by_force_and_only_if_it_is_an_export(site, tmp_path):
    fill(site, [article(1)])
    out = tmp_path / "out"
    make(out, site)
    with pytest.raises(UsageError, match="is there already"):
        make(out, site)
    (out / "data/stale").touch()
    make(out, site, force=True)
    assert not (out / "data/stale").exists()
    (tmp_path / "home").mkdir()
    (tmp_path / "home/letter").touch()
    with pytest.raises(UsageError, match="is no export"):
        make(tmp_path / "home", site, force=True)
    assert (tmp_path / "home/letter").exists()
    assert sorted(os.listdir(tmp_path)) == ["archive", "home", "out"]


@pytest.mark.fault("5 export while crawling, crash during export", "a killed export")
def test_what_a_killed_export_left_is_taken_away_and_one_at_work_is_left_alone(site, tmp_path):
    fill(site, [article(1)])
    work = tmp_path / "out.open"
    (work / "data").mkdir(parents=True)
    (work / "data/half").touch()
    handle = os.open(work, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(BusyError):
        make(tmp_path / "out", site)
    assert (work / "data/half").exists()
    os.close(handle)
    make(tmp_path / "out", site)
    assert not (tmp_path / "out/data/half").exists()
    assert not work.exists()


def test_a_row_file_that_is_no_json_is_named_with_its_line(site, tmp_path):
    fill(site, [article(1)], commit=False)
    path = site.row_files("articles")[0]
    path.write_bytes(path.read_bytes() + b"{not json}\n")
    with pytest.raises(StorageError, match=r"articles-2026-11\.jsonl:2: not a line of JSON"):
        make(tmp_path / "out", site)
    assert not (tmp_path / "out").exists()


def test_rows_of_an_older_form_are_brought_to_that_of_today(site, tmp_path):
    fill(site, [], [], [])
    row = json.loads(to_json(article(1, duplicate_of="urn:uuid:x"))) | {"schema_version": "0.1"}
    for name in ("duplicate_kind", "duplicate_similarity", "withdrawn_at", "withdrawn_reason"):
        del row[name]
    failure = {"url": "https://one.example/", "reason": "timeout", "http_status": None, "first_try_at": None, "last_try_at": None,
               "discovered_via": None, "detail": None}  # fmt: skip
    fill(site, [row], [], [failure])
    make(tmp_path / "out", site, duplicates="skip")
    (have,) = read(tmp_path / "out/data/articles.jsonl.gz")
    assert list(have) == list(json.loads(to_json(article(1))))
    assert (have["schema_version"], have["duplicate_kind"]) == (SCHEMA_VERSION, "exact")
    assert read(tmp_path / "out/data/failures.jsonl.gz")[0]["site"] == "one"


def test_copies_are_marked_in_every_form_and_explained(site, tmp_path):
    words = " ".join(f"word{i}" for i in range(60))
    rows = [
        article(1, text=words),
        article(2, text=f"{words} and more"),
        article(3, duplicate_of="urn:uuid:not-in-the-export"),
    ]
    fill(site, rows, [], [])
    make(tmp_path / "out", site)
    have = {row["id"]: row for row in read(tmp_path / "out/data/articles.jsonl.gz")}
    first, copy, other = (have[row.id] for row in rows)
    assert (copy["duplicate_of"], copy["duplicate_kind"]) == (first["id"], "near")
    assert (first["duplicate_of"], other["duplicate_of"]) == (None, None)
    (told,) = read(tmp_path / "out/data/duplicates.jsonl.gz")
    assert (told["id"], told["duplicate_of"], told["words_in_common"]) == (copy["id"], first["id"], 60)
    assert read(tmp_path / "out/data/articles.jsonl.gz")[0]["id"] == copy["id"]  # the head fills its columns
    assert (tmp_path / "out/schema/duplicates.schema.json").is_file()


def test_copies_are_dropped_only_when_asked(site, tmp_path):
    words = " ".join(f"word{i}" for i in range(60))
    fill(site, [article(1, text=words), article(2, text=words)], [], [])
    done = make(tmp_path / "out", site, duplicates="drop")
    assert [row["id"] for row in read(tmp_path / "out/data/articles.jsonl.gz")] == [article(1).id]
    assert done.left_out["duplicate"] == 1
    assert [row["id"] for row in read(tmp_path / "out/data/duplicates.jsonl.gz")] == [article(2).id]


def test_no_copy_is_looked_for_where_none_is_wanted(site, tmp_path):
    words = " ".join(f"word{i}" for i in range(60))
    fill(site, [article(1, text=words), article(2, text=words, duplicate_of=article(1).id)], [], [])
    make(tmp_path / "out", site, duplicates="skip")
    assert [row["duplicate_of"] for row in read(tmp_path / "out/data/articles.jsonl.gz") if row["duplicate_of"]] == [
        article(1).id
    ]
    assert not (tmp_path / "out/data/duplicates.jsonl.gz").exists()


@pytest.mark.fault("5 export while crawling, crash during export", "a full disk")
@pytest.mark.parametrize("limit", [40_000, 150_000])
def test_a_full_disk_is_said_to_be_one_and_leaves_nothing(site, tmp_path, limit):
    """A limit on the size of files stands in for it: in the catalogue first, then in a table."""
    fill(site, [article(n) for n in range(200)])
    done = subprocess.run(
        [sys.executable, ROOT / "pressmark.py", "export", tmp_path / "out", "-C", tmp_path / "archive", "--format", "csv"],
        capture_output=True, text=True, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert done.returncode == 6, done.stderr
    assert "Make room" in done.stderr
    assert sorted(os.listdir(tmp_path)) == ["archive"]
