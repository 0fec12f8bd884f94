from datetime import UTC, datetime, timedelta

import pytest

from crawler.config import Schedule, SiteConfig
from crawler.config.when import read, tick, zone_of
from crawler.due import is_due, last_crawl
from crawler.layout import SiteLayout
from crawler.ledger import Ledger, RunState

NOW = datetime(2026, 11, 20, 9, 0, 5, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def site(every, **schedule):
    return SiteConfig(version=1, site="x", home="https://x.example/", schedule=Schedule(every=read(every), **schedule))


def ran(at, code=0):
    return RunState("r", "crawl", at.isoformat(), None if code is None else at.isoformat(), code, None)


@pytest.mark.parametrize(
    ("every", "last", "due"),
    [
        ("15m", None, True),
        ("15m", ran(NOW - 15 * MINUTE), True),
        ("15m", ran(NOW - 14 * MINUTE - timedelta(seconds=57)), True),  # begun eight seconds late, as cron does
        ("15m", ran(NOW - 6 * MINUTE), False),  # asked for by hand six minutes ago
        ("15m", ran(NOW - 9 * MINUTE), True),
        ("15m", ran(NOW), False),
        ("15m", ran(NOW - 40 * DAY), True),
        ("15m", ran(NOW + 3 * HOUR), True),  # the clock was set back
        ("15m", ran(NOW - MINUTE, 130), True),
        ("15m", ran(NOW - MINUTE, None), True),
        ("15m", ran(NOW - MINUTE, 4), False),
        ("daily at 09:00", ran(NOW - DAY), True),
        ("daily at 09:00", ran(NOW - 4 * timedelta(seconds=1)), False),
        ("daily at 09:01", ran(NOW - HOUR), False),
        ("daily at 06:30", ran(NOW - 3 * HOUR), True),
        ("daily at 06:30", ran(NOW - 2 * HOUR), False),
        ("mon at 06:30", ran(NOW - 4 * DAY + HOUR), False),
        ("mon at 06:30", ran(NOW - 5 * DAY), True),
        ("*/20 6-22 * * *", ran(NOW - 20 * MINUTE), True),
    ],
)
def test_when_a_site_is_due(every, last, due):
    assert is_due(site(every), last, NOW) is due


def test_a_site_without_a_schedule_never_is():
    assert not is_due(SiteConfig(version=1, site="x", home="https://x.example/"), None, NOW)


def test_times_of_day_are_those_of_the_sites_own_zone():
    kyiv = site("daily at 10:59", timezone="Europe/Kyiv")
    assert is_due(kyiv, ran(NOW - 2 * MINUTE), NOW)
    assert not is_due(site("daily at 10:59"), ran(NOW - 2 * MINUTE), NOW)


@pytest.mark.fault("2 clock jump back/forward, 1970, 2039, DST", "a clock that jumps forward")
@pytest.mark.parametrize("missed", [HOUR, 9 * HOUR, 100 * DAY])
def test_what_was_missed_is_made_good_once(missed):
    config, now, last, runs = site("1h"), NOW, ran(NOW - missed), 0
    for _ in range(50):  # every minute, as cron does after a night without power
        if is_due(config, last, now):
            runs, last = runs + 1, ran(now)
        now += MINUTE
    assert runs == 1


@pytest.mark.fault("2 clock jump back/forward, 1970, 2039, DST", "summer time")
def test_summer_time_neither_skips_nor_doubles_a_day():
    zone, every = zone_of("Europe/Kyiv"), read("daily at 03:30")  # there is no 03:30 on 28 March 2027
    at, found = datetime(2027, 3, 26, 12, tzinfo=UTC), []
    for _ in range(4):
        at = every.next(at, zone)
        found.append(at.astimezone(zone).date().day)
    assert found == [27, 28, 29, 30]
    at, found = datetime(2027, 10, 29, 12, tzinfo=UTC), []  # 03:30 comes twice on 31 October
    for _ in range(4):
        at = every.next(at, zone)
        found.append(at.astimezone(zone).date().day)
    assert found == [30, 31, 1, 2]


@pytest.mark.parametrize(
    ("every", "minutes"),
    [
        (["15m"], 15), (["15m", "20m"], 5), (["7m"], 1), (["6h"], 60), (["daily at 06:30"], 30), (["1d", "daily at 06:00"], 60),
        (["*/20 6-22 * * *", "daily at 06:10"], 10), (["90m"], 30), (["mon,thu at 06:00, 18:45"], 15),
    ],
)  # fmt: skip
def test_how_often_a_job_must_be_started(every, minutes):
    assert tick([read(text) for text in every]) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "10s",
        "40d",
        "hourly",
        "0 0 31 2 *",
        "61 * * * *",
        "* * * * * *",
        "daily at 25:00",
        "funday at 10:00",
        "daily at ",
        "@daily",
        "0m",
    ],
)
def test_what_is_no_schedule_is_refused_with_the_forms(text):
    with pytest.raises(ValueError, match="write 15m, 6h or 1d; daily at 06:30;"):
        read(text)


@pytest.mark.fault("2 clock jump back/forward, 1970, 2039, DST", "a clock that jumps back")
def test_the_last_crawl_is_the_one_begun_last_whatever_its_clock_said(tmp_path):
    layout = SiteLayout(tmp_path)
    assert last_crawl(layout) is None
    ledger = Ledger(layout.ledger)
    ledger.start_run("20991231T000000Z-0000", "crawl", datetime(2099, 12, 31, tzinfo=UTC))
    ledger.start_run("20261120T090000Z-0000", "crawl", NOW)
    ledger.start_run("20261120T090001Z-0000", "archive", NOW)
    ledger.close()
    assert last_crawl(layout).run_id == "20261120T090000Z-0000"
