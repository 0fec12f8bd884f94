import pytest

from crawler.dataset.gaps import gaps


def run(day, code, site="one"):
    return {"site": site, "started_at": f"2026-11-{day:02d}T06:00:00Z", "exit_code": code}


def day(number, site="one"):
    return site, f"2026-11-{number:02d}"


@pytest.mark.parametrize(
    ("runs", "left_out", "failed", "why", "detail"),
    [
        ([], {}, {}, "no-run", None),
        ([run(2, 0)], {}, {}, "nothing-new", None),
        ([run(2, 7)], {}, {day(2): 3}, "all-failed", None),
        ([run(2, 5)], {}, {day(2): 3}, "run-failed", "exit 5 (blocked)"),
        ([run(2, 130), run(2, 5)], {}, {}, "run-failed", "exit 5 (blocked), exit 130 (interrupted)"),
        ([run(2, None)], {}, {}, "unfinished", None),
        ([run(2, 0), run(2, 6)], {}, {}, "nothing-new", "exit 6 (storage)"),
        ([run(2, 0)], {day(2): 1}, {}, "left-out", None),
    ],
)
def test_a_day_without_a_row_has_a_reason(runs, left_out, failed, why, detail):
    (gap,) = gaps({day(1): 4, day(3): 1}, left_out, failed, runs)
    assert (gap.first, gap.last, gap.days, gap.why, gap.detail) == ("2026-11-02", "2026-11-02", 1, why, detail)


def test_days_in_a_row_with_one_reason_are_one_gap_and_sites_have_their_own():
    found = gaps({day(1): 1, day(9): 1, day(4, "two"): 1, day(6, "two"): 1}, {}, {}, [run(5, 0)])
    assert [(gap.site, gap.first[-2:], gap.last[-2:], gap.why) for gap in found] == [
        ("one", "02", "04", "no-run"),
        ("one", "05", "05", "nothing-new"),
        ("one", "06", "08", "no-run"),
        ("two", "05", "05", "no-run"),
    ]


def test_a_span_that_was_asked_for_is_looked_at_whole():
    found = gaps({day(3): 1}, {}, {}, [], first="2026-11-01", last="2026-11-05")
    assert [(gap.first[-2:], gap.last[-2:]) for gap in found] == [("01", "02"), ("04", "05")]
