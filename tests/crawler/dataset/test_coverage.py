from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.dataset.coverage import axis, reasons_by_step, rows_by_step
from crawler.dataset.gaps import Gap

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))


@given(DAYS, st.integers(min_value=0, max_value=20_000), st.data())
def test_every_day_lies_in_the_step_that_begins_before_it(first, length, data):
    last = first + timedelta(days=length)
    time = axis(first.isoformat(), last.isoformat())
    assert len(time.starts) <= 192
    assert list(time.starts) == sorted(set(time.starts))
    day = data.draw(st.dates(min_value=first, max_value=last)).isoformat()
    place = time.place(day)
    assert time.starts[place] <= day
    assert place == len(time.starts) - 1 or day < time.starts[place + 1]


def test_steps_grow_with_the_span():
    spans = {
        "2026-01-31": "day",
        "2027-01-01": "week",
        "2031-01-01": "month",
        "2061-01-01": "quarter",
        "2126-01-01": "year",
    }
    assert {last: axis("2026-01-01", last).step for last in spans} == spans


def test_rows_are_added_up_and_the_gravest_reason_of_a_step_is_shown():
    time = axis("2026-01-01", "2026-12-31")
    assert sum(rows_by_step({"2026-01-01": 2, "2026-12-31": 3}, time)) == 5
    gaps = [
        Gap("one", "2026-01-05", "2026-01-06", 2, "nothing-new", None),
        Gap("one", "2026-01-07", "2026-01-07", 1, "run-failed", "exit 5"),
    ]
    reasons = reasons_by_step(gaps, time)
    assert reasons[time.place("2026-01-05")] == "run-failed"
    assert reasons[time.place("2026-03-01")] is None
