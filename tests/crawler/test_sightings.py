"""Which kinds of source named a URL: kept once each, and counted over what was found since a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import Reason
from crawler.ledger import Ledger, SourceHealth

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    for url, root in [("feed", "feed"), ("map", "index"), ("index", "index")]:
        ledger.mark_health(SourceHealth(url=url, kind="feed", root=root, configured=url == "feed"))
    yield ledger
    ledger.close()


def name(ledger, key, kind, source, at=AT, **more):
    ledger.discover(key, f"https://a.example/{key}", via=kind, via_url=source, at=at, **more)
    return ledger.sight(key, kind, source, at)


def test_each_kind_of_source_is_kept_once(ledger):
    assert name(ledger, "a", "feed", "feed")
    assert not name(ledger, "a", "feed", "feed", AT + HOUR)
    assert name(ledger, "a", "sitemap", "map", AT + HOUR)
    assert [(s.kind, s.source, s.at) for s in ledger.sightings("a")] == [
        ("feed", "feed", "2026-11-20T09:00:00Z"),
        ("sitemap", "map", "2026-11-20T10:00:00Z"),
    ]


def test_what_was_left_out_or_is_no_article_is_missed_by_nobody(ledger):
    name(ledger, "a", "feed", "feed")
    name(ledger, "b", "feed", "feed", skip=Reason.OUT_OF_SCOPE)
    name(ledger, "c", "link", "page")
    assert ledger.seen_by(AT) == {frozenset({"feed"}): 1, frozenset({"link"}): 1}
    assert ledger.sightings("b") == []


def test_what_was_found_before_is_not_counted(ledger):
    name(ledger, "old", "feed", "feed")
    name(ledger, "new", "feed", "feed", AT + HOUR)
    name(ledger, "new", "sitemap", "map", AT + HOUR)
    name(ledger, "lone", "sitemap", "map", AT + HOUR)
    assert ledger.seen_by(AT + HOUR) == {frozenset({"feed", "sitemap"}): 1, frozenset({"sitemap"}): 1}
    assert ledger.seen_alone(AT + HOUR) == {"map": 1}
    assert ledger.named_by("index", AT + HOUR) == (2, 2)
    assert ledger.named_by("feed", AT) == (2, 3)


def test_what_one_form_of_address_gave_is_added_up_and_forgotten(ledger):
    ledger.add_patterns({"/x/…": (1, 2)}, at=AT)
    ledger.add_patterns({"/x/…": (0, 3), "/y": (1, 0)}, at=AT + HOUR)
    assert ledger.pattern("/x/…", at=AT + HOUR) == (1, 5)
    assert ledger.pattern("/x/…", at=AT + timedelta(days=31)) == (0, 0)
    assert ledger.pattern("/z", at=AT) == (0, 0)
