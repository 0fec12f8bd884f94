from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from crawler.config import Expect
from crawler.errors import Reason
from crawler.report.alarm import Judged
from crawler.report.alarms import alarms, names
from crawler.report.discovery import SourceEvent
from crawler.report.numbers import FACTS, Counter, Measured, Numbers
from crawler.report.watched import ChangedArticle, Watched

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FULL = Numbers(articles=20, words=400.0, fields=dict.fromkeys(FACTS, 20))


def counter(articles=0, words=400, lacks=(), blocked=0, failed=0, textless=0):
    found = Counter()
    for n in range(articles):
        row = {name: None if name in lacks else "2026-11-20T08:00:00Z" for name in FACTS}
        found.article(SimpleNamespace(url=f"https://x.example/{n}", word_count=words, **row))
    for reason, count in ((Reason.BLOCKED, blocked), (Reason.TIMEOUT, failed), (Reason.EMPTY, textless)):
        for n in range(count):
            found.without_article(f"https://x.example/{reason}/{n}", reason)
    return found


def judged(found=None, *, days=30, usual=FULL, last=NOW - HOUR, **more):
    past = [Measured(last - ago * DAY, usual) for ago in range(days, 0, -1)]
    shape = {"site": "x", "now": NOW, "watched": Watched(), "past": past, "expect": Expect()} | more
    return alarms(Judged(counter=found or counter(20), **shape))


def test_all_well():
    assert judged() == []
    assert judged(days=0) == []
    assert judged(counter(0), last=NOW + DAY - 2 * HOUR) == [], (
        "a run in which there was nothing new, two hours after one in which there was"
    )


def test_too_few_articles_against_what_is_usual():
    [found] = judged(counter(2))
    assert (found.kind, found.cause, found.first) == ("few-articles", "unknown", True)
    assert found.message == "2 new articles in 24 hours; about 20 are usual"
    assert judged(counter(2), days=4) == [], "no alarm without history enough"
    assert judged(counter(2), expect=Expect(baseline=False)) == []
    assert judged(counter(11)) == []


def test_a_source_that_is_gone_is_the_likely_cause():
    event = SourceEvent(
        kind="gone", url="https://x.example/feed", source="feed", detail="status 404", first=True, configured=True
    )
    found = judged(counter(2), events=[event])
    assert [(a.kind, a.cause, a.url) for a in found] == [
        ("source", "source", "https://x.example/feed"),
        ("few-articles", "source", "https://x.example/feed"),
    ]
    assert found[0].message == "the feed is gone: status 404"


@pytest.mark.parametrize(
    ("kind", "first", "told", "degrades"),
    [("moved", True, True, False), ("moved", False, False, None), ("quiet", True, True, True), ("gone", False, True, True),
     ("error", True, False, None), ("recovered", True, False, None), ("wrong-kind", True, True, True)],
)  # fmt: skip
def test_what_befalls_a_source(kind, first, told, degrades):
    event = SourceEvent(
        kind=kind, url="u", source="news_sitemap", detail="d", first=first, configured=True, suggestion="do this"
    )
    found = judged(events=[event])
    assert bool(found) is told
    if found:
        assert (found[0].degrades, found[0].advice) == (degrades, "do this")


def test_a_redesign_shows_in_text_and_fields_and_names_the_first_page():
    found = judged(counter(20, words=60, lacks={"authors", "published_at"}))
    assert [(a.kind, a.cause, a.url) for a in found] == [
        ("short-text", "layout", "https://x.example/0"),
        ("fields-missing", "layout", "https://x.example/0"),
    ]
    assert "authors (0 of 20, 100% usual)" in found[1].message
    assert judged(counter(20, words=60), days=3) == []
    assert judged(counter(20, words=250)) == []


def test_pages_that_look_like_none_before_are_a_redesign():
    found = counter(20)
    for n in range(10):
        found.layout(f"https://x.example/{n}", fits=n < 1)
    [alarm] = judged(found)
    assert (alarm.kind, alarm.cause, alarm.url) == ("layout", "layout", "https://x.example/1")
    assert "9 of 10 pages" in alarm.message
    found.layout("https://x.example/a", fits=True)
    found.layout("https://x.example/b", fits=True)
    assert judged(found) == [], "some pages fit: a new section, not a redesign"


def test_a_few_articles_are_judged_with_those_of_the_last_day():
    assert judged(counter(2, words=20), last=NOW - 3 * HOUR + DAY) == []
    short = Numbers(articles=10, words=40.0, fields=dict.fromkeys(FACTS, 10))
    past = [Measured(NOW - ago * DAY - HOUR, FULL) for ago in range(30, 0, -1)] + [Measured(NOW - 2 * HOUR, short)]
    assert [a.kind for a in judged(counter(2, words=20), past=past)] == ["short-text"]


def test_pages_that_give_no_article():
    [found] = judged(counter(3, textless=17), days=0)
    assert (found.kind, found.url) == ("no-text", "https://x.example/empty/0")
    assert judged(counter(1, textless=2), days=0) == []
    usual = Numbers(articles=5, textless=15, words=400.0)
    assert judged(counter(5, textless=15), usual=usual) == [], "a site whose sources name many lists has always done so"


def test_blocks_need_no_history():
    [found] = judged(counter(2, blocked=6), days=0)
    assert (found.kind, found.cause, found.url) == ("blocked", "block-page", "https://x.example/blocked/0")
    assert [a.kind for a in judged(counter(blocked=1), days=0)] == ["blocked"], "nothing but a block page"
    assert judged(counter(20, blocked=2), days=0) == []
    walled = Watched(looked=10, blocked=9)
    assert [a.kind for a in judged(counter(0), watched=walled, last=NOW + DAY - 2 * HOUR)] == ["blocked"]
    assert judged(counter(0), watched=Watched(looked=10, walled=9), last=NOW + DAY - 2 * HOUR) == [], (
        "pay walls are no blocks"
    )


def test_a_run_that_refusals_ended_says_so_whatever_came_before():
    found = judged(counter(40, blocked=5), refused=True)
    assert [(a.kind, a.url) for a in found] == [("blocked", "https://x.example/blocked/0")]


def test_challenge_pages_are_no_redesign():
    found = counter(0, blocked=7)
    for n in range(7):
        found.layout(f"https://x.example/{n}", fits=False)
    assert [a.kind for a in judged(found, last=NOW + DAY - 2 * HOUR)] == ["blocked"]
    for n in range(7, 20):
        found.layout(f"https://x.example/{n}", fits=False)
    assert "layout" in [a.kind for a in judged(found, last=NOW + DAY - 2 * HOUR)]


def test_failures():
    [found] = judged(counter(10, failed=8))
    assert (found.kind, found.url) == ("failures", "https://x.example/timeout/0")
    assert judged(counter(20, failed=5)) == []
    assert judged(counter(0, failed=4), days=0) == []


def test_many_known_articles_gone_at_once():
    watched = Watched(
        looked=8, gone=6, changed=[ChangedArticle(url="https://x.example/old", change="gone", id="urn:uuid:1")]
    )
    [found] = judged(watched=watched)
    assert (found.kind, found.cause, found.url) == ("many-gone", "site", "https://x.example/old")
    assert judged(watched=Watched(looked=40, gone=3)) == []
    [found] = judged(watched=Watched(looked=8, missing=6, missing_url="https://x.example/1"))
    assert (found.kind, found.url) == ("many-gone", "https://x.example/1"), "it is told before it is sure"


def test_what_the_yaml_expects_needs_no_baseline():
    expect = Expect(baseline=False, articles_per_day=50, words=500, fields=("authors", "title"))
    found = judged(counter(20, lacks={"authors"}), expect=expect)
    assert [a.kind for a in found] == ["short-text", "fields-missing", "few-articles"]
    assert found[1].message == "expect.fields are missing: authors (0 of 20)"
    assert judged(counter(20), expect=Expect(articles_per_day=50), past=[Measured(NOW - HOUR, FULL)]) == [], (
        "not a day old"
    )


def test_nothing_new_for_too_long():
    usual = Numbers(articles=1, newest_at="2026-11-10T00:00:00Z")
    [found] = judged(counter(0), usual=usual, expect=Expect(max_age=3 * 86400.0))
    assert found.message == "the newest article is of 2026-11-10T00:00:00Z; expect.max_age is 3d"
    assert judged(counter(1), usual=usual, expect=Expect(max_age=3 * 86400.0)) == []


def test_an_alarm_that_stays_says_so():
    past = [Measured(NOW - ago * DAY - HOUR, FULL) for ago in range(30, 0, -1)]
    first = judged(counter(2), past=past)
    again = Measured(NOW - 2 * HOUR, Numbers(articles=0, alarms=names(first)))
    assert [(a.kind, a.first) for a in judged(counter(2), past=[*past, again])] == [("few-articles", False)]


def test_a_source_that_was_told_to_have_moved_and_is_gone_now_is_no_old_alarm():
    def event(kind):
        return SourceEvent(kind=kind, url="u", source="feed", detail="d", first=True, configured=True)

    moved = judged(events=[event("moved")])
    past = [
        Measured(NOW - 2 * HOUR, FULL),
        Measured(NOW - HOUR, Numbers(articles=20, words=400.0, alarms=names(moved))),
    ]
    [gone] = judged(events=[event("gone")], past=past)
    assert (gone.degrades, gone.first) == (True, True)
    past.append(Measured(NOW, Numbers(articles=20, words=400.0, alarms=names([gone]))))
    assert [alarm.first for alarm in judged(events=[event("gone")], past=past)] == [False]


def test_a_site_whose_sources_are_all_refused_is_blocked():
    [found] = judged(counter(0), days=0, shut=["https://x.example/feed", "https://x.example/"])
    assert (found.kind, found.url, found.degrades) == ("blocked", "https://x.example/feed", True)


def test_a_site_that_has_never_given_anything_says_so_in_its_first_run():
    [found] = judged(counter(0), days=0, left_out=11)
    assert (found.kind, found.degrades) == ("few-articles", True)
    assert "all 11 addresses" in found.message
    assert "explain" in found.advice
    [found] = judged(counter(0), days=0, left_out=0)
    assert "name none" in found.message
    assert judged(counter(0), days=0, left_out=None) == []
