from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.dates import read_date


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-20T09:30:00Z",
        "2026-11-20T11:30:00+02:00",
        "2026-11-20 09:30",
        "Fri, 20 Nov 2026 09:30:00 GMT",
        "Fri, 20 Nov 2026 11:30:00 +0200",
    ],
)
def test_the_dates_of_feeds_and_sitemaps(raw):
    assert read_date(raw) == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("raw", [None, "", "yesterday", "Fri, 99 Nov 2026", "0000-00-00"])
def test_what_is_no_date_is_none(raw):
    assert read_date(raw) is None


@given(st.text())
def test_any_text_is_a_date_with_a_zone_or_none(raw):
    date = read_date(raw)
    assert date is None or date.tzinfo is not None
