import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.errors import Reason, StorageError
from crawler.ledger import NAMED_BY_SOURCES, Ledger, SourceState
from crawler.warc.exchange import Pointer, RevisitTarget

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield ledger
    ledger.close()


def found(ledger, *names, via="feed", **more):
    return [ledger.discover(f"k:{n}", f"https://a.example/{n}", via=via, via_url=None, at=AT, **more) for n in names]


def pointer(name="r1", offset=10):
    return Pointer(
        record_id=f"urn:uuid:{name}", filename="w.warc.gz", offset=offset, length=5, payload_digest="sha256:0"
    )


def test_a_url_is_new_only_once(ledger):
    assert found(ledger, "a", "b", "a") == [True, True, False]


def test_what_feeds_and_sitemaps_name_comes_before_lists_and_links(ledger):
    found(ledger, "b", via="sitemap", backlog=True)
    for name, via in [("l", "link"), ("s", "sitemap"), ("p", "section"), ("n", "news_sitemap"), ("f", "feed")]:
        found(ledger, name, via=via)
    assert [entry.key for entry in ledger.pending(9)] == ["k:f", "k:n", "k:s", "k:p", "k:b", "k:l"]
    assert [entry.key for entry in ledger.pending(9, most=NAMED_BY_SOURCES)] == ["k:f", "k:n", "k:s"]


def test_a_link_that_a_feed_names_later_moves_forward_and_gains_title_and_date(ledger):
    found(ledger, "old", via="sitemap")
    found(ledger, "x", via="link")
    found(ledger, "x", via="feed", title="T", published_raw="yesterday")
    first = ledger.pending(1)[0]
    assert (first.key, first.title, first.published_raw, first.via) == ("k:x", "T", "yesterday", "link")


def test_pending_leaves_out_what_is_on_its_way(ledger):
    found(ledger, "a", "b", "c")
    assert [entry.key for entry in ledger.pending(2, after=["k:a"])] == ["k:b", "k:c"]


def test_a_url_goes_from_pending_to_captured_to_done(ledger):
    found(ledger, "a")
    ledger.mark_captured("k:a", pointer(), status=200, at=AT, run_id="r")
    assert ledger.pending(9) == []
    [entry] = ledger.captured()
    assert (entry.state, entry.record_id, entry.tries, entry.first_try_at) == (
        "captured",
        "urn:uuid:r1",
        1,
        "2026-11-20T09:00:00Z",
    )
    ledger.mark_done("urn:uuid:r1")
    assert ledger.captured() == []
    assert ledger.counts() == {("done", None): 1}


def test_a_skipped_url_is_never_pending(ledger):
    found(ledger, "a", skip=Reason.OUT_OF_SCOPE, run_id="r")
    assert ledger.pending(9) == []
    assert ledger.counts(run_id="r") == {("skipped", "out-of-scope"): 1}


@pytest.mark.parametrize(("reason", "again"), [(Reason.TIMEOUT, 1), (Reason.NOT_FOUND, 0)])
def test_only_a_passing_reason_is_tried_again(ledger, reason, again):
    found(ledger, "a")
    ledger.mark_failed("k:a", reason, at=AT, run_id="r")
    assert ledger.retry(tries=3, disallowed_since=AT) == again
    assert len(ledger.pending(9)) == again


def test_tries_are_bounded_and_the_first_one_is_remembered(ledger):
    found(ledger, "a")
    for at in (AT, LATER):
        ledger.mark_failed("k:a", Reason.TIMEOUT, at=at, run_id="r", status=None, detail="slow")
    entry = ledger.get("k:a")
    assert (entry.tries, entry.first_try_at, entry.last_try_at) == (2, "2026-11-20T09:00:00Z", "2026-11-20T10:00:00Z")
    assert ledger.retry(tries=2, disallowed_since=AT) == 0


@pytest.mark.parametrize(("since", "again"), [(AT, 1), (LATER, 0)])
def test_what_robots_disallowed_lately_is_looked_at_again(ledger, since, again):
    found(ledger, "a")
    ledger.mark_skipped("k:a", Reason.ROBOTS_DISALLOWED, run_id="r")
    assert ledger.retry(tries=3, disallowed_since=since) == again


def test_what_the_configuration_left_out_is_taken_once_it_takes_it(ledger):
    found(ledger, "a", skip=Reason.OUT_OF_SCOPE, run_id="r")
    assert found(ledger, "a") == [False]
    assert [(entry.state, entry.reason) for entry in ledger.pending(9)] == [("pending", None)]


def test_a_person_may_ask_again_for_what_is_done(ledger):
    found(ledger, "a")
    ledger.mark_captured("k:a", pointer(), status=200, at=AT, run_id="r")
    ledger.mark_done("urn:uuid:r1")
    ledger.ask_again("k:a")
    assert [entry.key for entry in ledger.pending(9)] == ["k:a"]


def test_a_transaction_is_all_or_nothing(ledger):
    def fail():
        with ledger.transaction():
            found(ledger, "a", "b")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert ledger.counts() == {}


def test_what_is_committed_survives_a_crash(tmp_path):
    ledger = Ledger(tmp_path / "l.sqlite")
    found(ledger, "a")
    again = Ledger(tmp_path / "l.sqlite")  # the first one was never closed
    assert [entry.key for entry in again.pending(9)] == ["k:a"]


SOURCE = SourceState(
    url="https://a.example/feed",
    kind="feed",
    etag='"1"',
    last_modified=None,
    fetched_at="t",
    http_status=200,
    links=20,
    new_links=2,
    problem=None,
    children=("c",),
    origin=None,
    run_id="r",
)
ORIGIN = RevisitTarget(
    record_id="urn:uuid:o", url="https://a.example/feed", date=AT, payload_digest="sha256:1", filename="w.warc.gz", offset=7, size=300
)  # fmt: skip


def source(**more):
    return replace(SOURCE, **more)


def test_a_304_keeps_the_validators_and_the_count_of_the_last_good_answer(ledger):
    ledger.mark_source(source())
    ledger.mark_source(source(etag=None, http_status=304, links=None, new_links=0, children=None, run_id="r2"))
    now = ledger.source("https://a.example/feed")
    assert (now.etag, now.links, now.http_status, now.children, now.run_id) == ('"1"', 20, 304, ("c",), "r2")


def test_a_good_answer_without_validators_forgets_the_old_ones(ledger):
    ledger.mark_source(source())
    ledger.mark_source(source(etag=None))
    assert ledger.source("https://a.example/feed").etag is None


def test_a_source_remembers_its_last_whole_answer_until_the_next(ledger):
    ledger.mark_source(source(origin=ORIGIN))
    ledger.mark_source(source(http_status=304, links=None))
    assert ledger.origin(SOURCE.url) == ORIGIN
    ledger.mark_source(source())
    assert ledger.origin(SOURCE.url) is None
    assert ledger.origin("https://a.example/other") is None


def test_the_last_capture_of_a_payload_is_remembered(ledger):
    ledger.add_payloads([replace(ORIGIN, record_id="urn:uuid:old"), ORIGIN])
    assert ledger.payload("sha256:1") == ORIGIN
    assert ledger.payload("sha256:2") is None


def test_surveys_kept_do_not_depend_on_the_order_of_arrival(tmp_path):
    keys = [f"{n:04x}" for n in range(900)]
    kept = []
    for name, order in (("up", keys), ("down", keys[::-1])):
        ledger = Ledger(tmp_path / name)
        for start in range(0, 900, 90):
            ledger.add_surveys({key: f"survey {key}" for key in order[start : start + 90]})
        kept.append(ledger.surveys())
    assert kept[0] == kept[1] == [f"survey {key}" for key in keys[:400]]


def test_after_a_failure_of_the_disk_nothing_more_is_marked(ledger):
    found(ledger, "a", "b")
    with pytest.raises(StorageError), ledger.transaction():
        raise sqlite3.OperationalError("disk I/O error")
    with pytest.raises(StorageError, match="disk I/O error"):
        ledger.mark_captured("k:b", pointer(), status=200, at=AT, run_id="r")
    assert ledger.get("k:b").state == "pending"


def test_the_tallies_are_what_counting_gives(ledger):
    found(ledger, "a", "b", "c", "d")
    found(ledger, "e", skip=Reason.OUT_OF_SCOPE)
    ledger.mark_captured("k:a", pointer(), status=200, at=AT, run_id="r")
    ledger.mark_done("r1")
    ledger.mark_failed("k:b", Reason.TIMEOUT, at=AT, run_id="r")
    ledger.mark_failed("k:b", Reason.NOT_FOUND, at=AT, run_id="r")
    ledger.retry(tries=3, disallowed_since=AT)
    ledger._db.execute("DELETE FROM urls WHERE key = 'k:d'")
    counted = ledger._db.execute("SELECT state, reason, count(*) FROM urls GROUP BY 1, 2").fetchall()
    assert ledger.counts() == {(state, reason): number for state, reason, number in counted}


def test_a_file_that_is_no_ledger_is_refused(tmp_path):
    (tmp_path / "l").write_bytes(b"no database at all" * 100)
    with pytest.raises(StorageError, match="l: file is not a database"):
        Ledger(tmp_path / "l")


def test_a_run_is_remembered(ledger):
    ledger.start_run("r1", "crawl", AT)
    ledger.end_run("r1", at=LATER, exit_code=7, summary={"articles": 3})
    [run] = ledger.runs()
    assert (run.run_id, run.exit_code, run.summary, run.ended_at) == ("r1", 7, {"articles": 3}, "2026-11-20T10:00:00Z")


def test_how_the_last_run_ended_that_was_not_interrupted(ledger):
    assert ledger.last_exit_code("crawl") is None
    for number, (command, code) in enumerate([("crawl", 4), ("archive", 7), ("crawl", 143), ("crawl", 129)]):
        ledger.start_run(f"r{number}", command, AT)
        ledger.end_run(f"r{number}", at=LATER, exit_code=code, summary={})
    ledger.start_run("died", "crawl", LATER)
    assert ledger.last_exit_code("crawl") == 4
