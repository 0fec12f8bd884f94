from datetime import UTC, datetime, timedelta

import pytest

from crawler.collection import SiteArchive
from crawler.config import SiteConfig
from crawler.errors import Reason
from crawler.ledger import Known, Ledger, Look, Validators, next_due
from crawler.record import utc
from crawler.warc.exchange import Pointer, RevisitTarget

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
AGES = (3600.0, 86400.0, 7 * 86400.0)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (timedelta(0), HOUR),
        (HOUR, timedelta(days=1)),
        (timedelta(hours=30), timedelta(days=7)),  # late: one look for both ages that have passed
        (timedelta(days=7), None),
    ],
)
def test_an_article_is_due_at_the_first_age_to_come(after, due):
    assert next_due(START, AGES, START + after) == (START + due if due else None)


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    for name in "ab":
        ledger.discover(name, f"https://x.example/{name}", via="feed", via_url=None, at=START)
        ledger.mark_captured(name, pointer(name), status=200, at=START, run_id="r")
        ledger.mark_done(f"urn:uuid:{name}")
    yield ledger
    ledger.close()


def pointer(name, offset=0):
    return Pointer(record_id=f"urn:uuid:{name}", filename="w", offset=offset, length=1, payload_digest="sha256:0")


def look(name, **validators):
    return Look(name, f"a_{name}", START, Validators(**validators))


def keys(entries):
    return [entry.key for entry in entries]


def test_what_is_due_comes_in_order_and_without_what_is_on_its_way(ledger):
    ledger.watch(look("a"), START + 2 * HOUR)
    ledger.watch(look("b"), START + HOUR)
    assert keys(ledger.due(9, START)) == []
    assert keys(ledger.due(9, START + 2 * HOUR)) == ["b", "a"]
    assert keys(ledger.due(9, START + 2 * HOUR, after=["b"])) == ["a"]
    assert keys(ledger.due(1, START + 2 * HOUR)) == ["b"]


def test_validators_are_remembered(ledger):
    origin = RevisitTarget(
        record_id="urn:uuid:a", url="u", date=START, payload_digest="sha256:1", filename="w", offset=3
    )
    ledger.watch(look("a", etag='"1"', last_modified="Fri", origin=origin), START)
    assert ledger.look("a") == look("a", etag='"1"', last_modified="Fri", origin=origin)
    assert ledger.look("b") is None


def test_a_look_waits_to_be_judged_and_is_then_due_again_or_forgotten(ledger):
    ledger.watch(look("a"), START)
    ledger.mark_looked("a", pointer("1", 70))
    ledger.watch(look("a"), START + HOUR)
    assert [each.record_id for each in ledger.looked()] == ["urn:uuid:1"]
    assert keys(ledger.due(9, START + HOUR)) == []
    assert ledger.look_place("a") == ("w", 70)
    ledger.mark_judged("urn:uuid:1")
    assert ledger.looked() == []
    assert keys(ledger.due(9, START + HOUR)) == ["a"]
    ledger.mark_looked("a", pointer("2", 90))
    ledger.watch(look("a"), None)
    assert [each.record_id for each in ledger.looked()] == ["urn:uuid:2"], "what is archived is judged, whatever is due"
    ledger.mark_judged("urn:uuid:2")
    assert not ledger.watches()


def test_articles_from_before_it_was_wished_for_are_taken_up(ledger):
    ledger.remember("a_a", Known("urn:uuid:a", 1, "0" * 64, "urn:uuid:a", "w", 0))
    assert ledger.unwatched(START - HOUR) == [("a", "a_a", START)]
    assert ledger.unwatched(START + HOUR) == []
    ledger.watch(look("a"), START)
    assert ledger.unwatched(START - HOUR) == []


def test_an_article_that_a_look_did_not_find_is_looked_at_soon_to_make_sure(tmp_path):
    now = START + timedelta(days=8)  # all its ages have passed
    site = SiteConfig(version=1, site="x", home="https://x.example/", recheck=AGES)
    archive = SiteArchive(tmp_path, site, command="crawl", now=lambda: now, new_run_id=lambda _: "r")
    ledger = archive.ledger
    archive.watch.looked(look("a"), pointer("1"), Validators())
    assert ledger.look_due("a") is None, "it was its last look"
    ledger.watch(look("a"), now)
    archive.watch.looked(look("a"), pointer("2"), Validators())
    ledger.remember("a_a", Known("urn:uuid:a", 1, "0" * 64, "urn:uuid:a", "w", 0, missing_at=utc(now)))
    archive.judged("urn:uuid:2", "2026-11", [], reason=Reason.NOT_FOUND_ONCE)
    assert ledger.look_due("a") == utc(now + 6 * HOUR)
    assert (archive.watch.found.missing, archive.watch.found.gone, archive.watch.found.unchanged) == (1, 0, 0)
    now += 6 * HOUR
    archive.watch.failed(look("a"), Reason.TIMEOUT)
    assert ledger.look_due("a") == utc(now + 6 * HOUR), "it says nothing"
    now += timedelta(days=7)
    archive.watch.failed(look("a"), Reason.TIMEOUT)
    assert ledger.look_due("a") is None, "there is an end to that"
    archive.close()


def test_a_challenge_page_with_status_200_is_tried_again_by_a_later_run(ledger):
    ledger.discover("c", "https://x.example/c", via="feed", via_url=None, at=START)
    ledger.mark_captured("c", pointer("c"), status=200, at=START, run_id="r")
    ledger.mark_done("urn:uuid:c", reason="blocked")
    assert ledger.get("c").state == "failed"
    assert ledger.retry(tries=5, disallowed_since=START) == 1
    assert ledger.get("c").state == "pending"
