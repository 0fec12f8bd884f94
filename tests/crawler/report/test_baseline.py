from datetime import UTC, datetime, timedelta

import pytest

from crawler.report.baseline import LAG, MIN_DAYS, baseline, by_day
from crawler.report.numbers import Measured, Numbers, pooled

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)  # a Friday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def measured(ago, articles, **numbers):
    return Measured(NOW - ago, Numbers(articles=articles, **numbers))


def history(days, articles, start=1):
    """A run a day, a minute after the hour at which the day begins: oldest first."""
    counts = articles if callable(articles) else lambda ago: articles
    return [measured(ago * DAY + HOUR, counts(ago)) for ago in range(start + days - 1, start - 1, -1)]


def test_no_baseline_without_history():
    assert baseline([], NOW) is None
    assert baseline(history(MIN_DAYS, 10), NOW) is None, "the first day holds the backlog and does not count"
    assert baseline(history(MIN_DAYS + 1, 10), NOW) is not None


def test_days_end_now():
    runs = [measured(timedelta(minutes=1), 1), measured(23 * HOUR, 2), measured(25 * HOUR, 4)]
    assert {ago: numbers.articles for ago, numbers in by_day(runs, NOW).items()} == {0: 3, 1: 4}


def test_a_busy_site_is_judged_by_a_day_and_a_small_one_by_several():
    busy, small, tiny = (baseline(history(30, count), NOW).expected(NOW) for count in (100, 5, 0))
    assert (busy.days, busy.articles, busy.least) == (1, 100, 50)
    assert (small.days, small.articles) == (3, 15)
    assert small.least < 5
    assert tiny is None


def test_weekends_are_no_alarm():
    weekly = [measured(ago * DAY + HOUR, 5 if (NOW - ago * DAY).weekday() >= 5 else 40) for ago in range(50, -1, -1)]
    assert baseline(weekly, NOW).expected(NOW).articles == 40
    saturday = baseline(weekly, NOW + DAY).expected(NOW + DAY)
    assert (saturday.days, saturday.articles) == (2, 45), (
        "Saturdays are counted as Saturdays are; five are too few to judge by"
    )


def test_one_odd_day_and_the_backlog_move_nothing():
    runs = history(30, lambda ago: 5000 if ago == 30 else 900 if ago == 20 else 20)
    found = baseline(runs, NOW).expected(NOW)
    assert found.articles == 20


def test_a_slow_decline_is_not_learnt():
    declining = history(40, lambda ago: 100 if ago > LAG else 12 * ago)
    found = baseline(declining, NOW).expected(NOW)
    assert found.articles == 100
    assert found.least == 50


def test_days_without_a_run_say_nothing():
    runs = [run for run in history(40, 30) if (NOW - run.at) // DAY % 3]
    assert baseline(runs, NOW).expected(NOW).articles == 30


def test_numbers_of_several_runs():
    one = Numbers(articles=3, words=100.0, fields={"title": 3}, failed=1, newest_at="2026-11-01T00:00:00Z")
    two = Numbers(articles=1, words=900.0, fields={"title": 1, "authors": 1}, blocked=2)
    both = pooled([Measured(NOW, one), Measured(NOW, two)])
    assert (both.articles, both.words, both.fields) == (4, 100.0, {"title": 4, "authors": 1})
    assert (both.failed, both.blocked, both.pages, both.newest_at) == (1, 2, 7, "2026-11-01T00:00:00Z")


@pytest.mark.parametrize(
    "numbers", [Numbers(), Numbers(articles=2, words=3.5, fields={"title": 2}, alarms=["blocked"])]
)
def test_numbers_are_kept_as_they_are(numbers):
    assert Numbers.from_json(numbers.to_json()) == numbers


def test_numbers_of_a_later_version_are_read():
    assert Numbers.from_json('{"articles": 1, "mood": "good"}') == Numbers(articles=1)
