"""Retry-After: seconds or a date, and whatever else servers write there."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.retryafter import retry_after

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        (b"3", 3.0),
        (b" 120 ", 120.0),
        (b"0", 0.0),
        (b"1000000000", 1e9),
        (b"Mon, 23 Nov 2026 12:00:30 GMT", 30.0),
        (b"Monday, 23-Nov-26 12:00:30 GMT", 30.0),
        (b"Mon Nov 23 12:00:30 2026", 30.0),
        (b"Mon, 23 Nov 2026 13:00:30 +0100", 30.0),
        (b"Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        (b"", None),
        (b"soon", None),
        (b"-3", None),
        (b"1.5", None),
        (b"1e9", None),
        (b"9" * 5000, None),
        (b"Mon, 99 Nov 2026 12:00:30 GMT", None),
        (b"\xff\xfe", None),
    ],
)
def test_values(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.binary() | st.text("0123456789:, MonGTDec+-").map(str.encode))
def test_no_value_breaks_it(value: bytes) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or seconds >= 0
