from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

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
