from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc import filename

AT = datetime(2026, 11, 23, 1, 0, tzinfo=timezone(timedelta(hours=2)))


def test_make() -> None:
    assert filename.make("demo", AT, 7, "host.example") == "demo-20261122230000-00007-host.example.warc.gz"


@pytest.mark.parametrize("suffix", ["", ".open"])
def test_a_name_tells_when_it_was_begun(suffix: str) -> None:
    assert filename.begun(Path(filename.make("a-b-20200101000000-00001", AT, 7, "h-1") + suffix)) == datetime(
        2026, 11, 22, 23, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "name",
    ["x.warc.gz", "x-20261399999999-00001-h.warc.gz", "x-20261122230000-1-h.warc.gz", "x-20261122230000-00001-h.warc"],
)
def test_other_names_do_not(name: str) -> None:
    assert filename.begun(Path(name)) is None


@pytest.mark.parametrize("suffix", ["", ".open", ".torn", ".3.torn"])
def test_serial(suffix: str) -> None:
    assert filename.serial(Path(filename.make("demo", AT, 123456, "h") + suffix)) == 123456


def test_other_files_have_no_serial() -> None:
    assert filename.serial(Path("stray-00009.warc.gz")) == 0


@given(st.text(max_size=300), st.text(max_size=300), st.integers(0, 10**8), st.datetimes(datetime(1970, 1, 1)))
def test_whatever_names_it_a_file_stays_in_its_folder_and_tells_its_time_and_number(
    prefix: str, host: str, number: int, at: datetime
) -> None:
    at = at.replace(microsecond=0, tzinfo=UTC)
    name = filename.make(prefix, at, number, host)
    assert Path(name).name == name
    assert len(name.encode()) + len(".open.1.torn") <= 255
    assert filename.begun(Path(name)) == at
    assert filename.serial(Path(name)) == number
