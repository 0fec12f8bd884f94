"""A source's health: when it is due, what its errors weigh, when it is given up, moved, quiet, and when an index may be believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config import Polling
from crawler.ledger import SourceHealth
from spiders.discovery.health import (
    Answer,
    after,
    is_as_listed,
    is_due,
    is_given_up,
    judged_quiet,
    longest,
    trouble_of,
    weight_of,
)

START = datetime(2026, 11, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)
POLLING = Polling()


def new(kind="feed"):
    return SourceHealth(url="https://a.example/rss", kind=kind, root="https://a.example/rss", configured=True)


def read(health, at, named, **more):
    return after(health, Answer(at=at, fingerprint=named, **more), POLLING)


def daily(days, kind="feed"):
    health = new(kind)
    for day in range(days):
        health = read(health, START + day * DAY, f"day {day}")
    return health


def failing(problem, times, apart=DAY):
    health = read(new(), START, "well")
    for number in range(1, times + 1):
        health = after(health, Answer(at=START + number * apart, problem=problem), POLLING)
    return health


@pytest.mark.parametrize(
    ("problem", "trouble", "weight"),
    [
        ("not-found: status 404", "gone", "hard"),
        ("wrong-kind: a feed was expected, an HTML page came", "wrong-kind", "hard"),
        ("not-a-feed: its first element is <x>", "wrong-kind", "hard"),
        ("blocked: status 403", "error", "soft"),
        ("broken-xml: line 1", "error", "soft"),
        ("tls-failed: expired", "error", "soft"),
        ("blocked: status 429", "error", "temporary"),
        ("http-error: status 503", "error", "temporary"),
        ("timeout: none", "error", "temporary"),
    ],
)
def test_what_a_problem_is_and_weighs(problem, trouble, weight):
    assert (trouble_of(problem), weight_of(problem)) == (trouble, weight)


@pytest.mark.parametrize(("problem", "times"), [("not-found: 404", 4), ("broken-xml: x", 8), ("timeout: x", 16)])
def test_a_source_is_given_up_when_its_errors_weigh_four_and_tried_again_after_a_pause(problem, times):
    assert not is_given_up(failing(problem, times - 1), START + (times - 1) * DAY)
    health = failing(problem, times)
    assert is_given_up(health, START + times * DAY)
    assert not is_given_up(health, START + (times + 1) * DAY)
    well = read(health, START + (times + 2) * DAY, "again")
    assert (well.weight, well.trouble, well.given_up_until) == (0, None, None)


def test_errors_that_come_close_together_count_once():
    assert failing("not-found: 404", 20, timedelta(minutes=15)).weight == 1


def test_trouble_begins_when_the_source_was_last_well():
    health = failing("not-found: 404", 3)
    assert (health.trouble, health.trouble_since) == ("gone", "2026-11-01T06:00:00Z")


@pytest.mark.parametrize("kind", ["feed", "news_sitemap", "sitemap", "section"])
@given(changes=st.lists(st.booleans(), min_size=1, max_size=40))
def test_polling_stays_within_bounds(kind, changes):
    health, at = new(kind), START
    for number, changed in enumerate(changes):
        health = read(health, at, f"{number}" if changed else health.fingerprint)
        assert POLLING.least <= health.interval <= longest(kind, POLLING)
        assert health.due_at is not None
        at = datetime.fromisoformat(health.due_at)
        assert is_due(health, at)
        assert not is_due(health, at - timedelta(seconds=1))


def test_what_changes_often_is_asked_more_often():
    busy, idle = new(), new()
    for number in range(8):
        at = START + number * timedelta(hours=1)
        busy, idle = read(busy, at, f"{number}"), read(idle, at, "same")
    assert busy.interval == POLLING.least
    assert idle.interval > 8 * POLLING.least


def test_what_slept_by_night_is_asked_in_the_morning():
    health, at = new(), START
    for number in range(20):
        at += timedelta(minutes=30)
        health = read(health, at, f"{number}")
    for _ in range(12):
        at = datetime.fromisoformat(health.due_at)
        health = after(health, Answer(at=at), POLLING)
    assert health.interval <= 3600


def test_a_permanent_redirect_is_a_move_and_no_error():
    health = read(daily(3), START + 3 * DAY, "day 3", moved_to="https://a.example/new")
    assert (health.trouble, health.weight, health.standing) == ("moved", 0, "read")
    assert "https://a.example/new" in health.trouble_detail


def test_a_source_that_stops_is_quiet_in_the_run_in_which_it_does():
    health = daily(6, "sitemap")
    at = START + 6 * DAY
    silent = after(health, Answer(at=at), POLLING)
    assert judged_quiet(silent, share=1, missed=0, at=at).trouble is None  # nothing was published
    assert judged_quiet(silent, share=1, missed=1, at=at).trouble is None  # it may be late
    quiet = judged_quiet(silent, share=1, missed=3, at=at)
    assert (quiet.trouble, quiet.standing, quiet.trouble_since) == ("quiet", "quiet", "2026-11-06T06:00:00Z")
    assert judged_quiet(silent, share=0.1, missed=3, at=at).trouble is None  # it never names much


def test_a_quiet_source_stays_so_until_it_names_something_new():
    health = after(daily(6), Answer(at=START + 6 * DAY), POLLING)
    quiet = judged_quiet(health, share=1, missed=5, at=START + 6 * DAY)
    still = judged_quiet(after(quiet, Answer(at=START + 7 * DAY), POLLING), share=1, missed=9, at=START + 7 * DAY)
    assert (still.trouble, still.trouble_since) == ("quiet", quiet.trouble_since)
    assert read(still, START + 8 * DAY, "news").trouble is None


@pytest.mark.parametrize("changes", [1, 2, 3])
def test_a_source_whose_rhythm_is_not_known_is_never_quiet(changes):
    health = after(daily(changes), Answer(at=START + 30 * DAY), POLLING)
    assert judged_quiet(health, share=1, missed=99, at=START + 30 * DAY).trouble is None


def test_a_source_of_irregular_rhythm_is_given_time():
    health, at = new(), START
    for number, hours in enumerate((1, 30, 2, 50, 3, 40)):
        at += timedelta(hours=hours)
        health = read(health, at, f"{number}")
    later = at + DAY
    assert judged_quiet(after(health, Answer(at=later), POLLING), share=0.9, missed=5, at=later).trouble is None


LISTED = "2026-10-30T10:00:00+00:00"


def listed_child(**more):
    return replace(read(new("sitemap"), START, "x", listed=LISTED), **more)


@pytest.mark.parametrize(
    ("health", "listed", "at", "as_listed"),
    [
        (listed_child(), LISTED, START + DAY, True),
        (listed_child(), "2026-11-02T00:00:00Z", START + DAY, False),
        (listed_child(), None, START + DAY, False),
        (listed_child(), LISTED, START + 8 * DAY, False),
        (listed_child(trouble="error"), LISTED, START + DAY, False),
        (listed_child(lastmod_trusted=False), LISTED, START + DAY, False),
        (None, LISTED, START + DAY, False),
        (read(new("sitemap"), START, "x", listed="2026-11-01"), "2026-11-01", START + DAY, False),
        (read(new("sitemap"), START, "x", listed="2026-10-29"), "2026-10-29", START + DAY, True),
        (read(new("sitemap"), START, "x", listed="last week"), "last week", START + DAY, False),
    ],
)
def test_an_index_is_believed_where_it_can_be(health, listed, at, as_listed):
    assert is_as_listed(health, listed, POLLING, at) is as_listed


def test_an_index_that_was_wrong_once_is_not_believed_again():
    health = read(listed_child(), START + 8 * DAY, "y", listed=LISTED)
    assert not health.lastmod_trusted
    assert not is_as_listed(health, LISTED, POLLING, START + 9 * DAY)
