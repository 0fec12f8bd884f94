from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.warc.cdxj import update_index
from crawler.warc.exchange import Exchange
from crawler.warc.verify import verify_files
from crawler.warc.writer import WarcWriter


@pytest.fixture
def site(tmp_path: Path, exchange: Callable[..., Exchange]) -> Callable[[], list[tuple[str, str]]]:
    """A folder of two WARCs and their index; what is wrong with it as (severity, rule)."""
    for names in ("ab", "cd"):
        with WarcWriter(tmp_path / "warc", prefix="demo", info={}) as writer:
            for name in names:
                writer.write(exchange(url=f"https://e.com/{name}"))
            if names == "ab":
                writer.seal()
    update_index(tmp_path / "i", sorted((tmp_path / "warc").iterdir()))
    return lambda: [(f.severity, f.rule) for f in verify_files(sorted((tmp_path / "warc").iterdir()), tmp_path / "i")]


def test_an_index_that_is_right(site: Callable[[], list[tuple[str, str]]]) -> None:
    assert site() == []


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "i").read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda lines: lines[::-1], {("error", "index-order")}),
        (lambda lines: lines[1:], {("error", "index-incomplete")}),
        (lambda lines: [lines[0], b"no line\n", *lines[1:]], {("error", "index-order"), ("error", "index-line")}),
        (lambda lines: [line.replace(b'"length": "', b'"length": "9') for line in lines], {("error", "index-length")}),
        (lambda lines: [line.replace(b"https://e.com/a", b"https://e.com/x") for line in lines], {("error", "index-record")}),
        (lambda lines: lines[:3], {("warning", "index-behind")}),
        (lambda lines: lines[:2], {("warning", "index-behind")}),
        (lambda lines: [], {("warning", "index-behind")}),
    ],
)  # fmt: skip
def test_an_index_that_is_wrong(
    site: Callable[[], list[tuple[str, str]]],
    tmp_path: Path,
    change: Callable[[list[bytes]], list[bytes]],
    found: set[tuple[str, str]],
) -> None:
    (tmp_path / "i").write_bytes(b"".join(change(lines_of(tmp_path))))
    assert set(site()) == found


def test_a_lost_index_is_said_once_a_file(site: Callable[[], list[tuple[str, str]]], tmp_path: Path) -> None:
    (tmp_path / "i").unlink()
    assert site() == [("warning", "index-behind")] * 2


def test_a_wrong_offset(site: Callable[[], list[tuple[str, str]]], tmp_path: Path) -> None:
    lines = [line.replace(b'"offset": "', b'"offset": "1') for line in lines_of(tmp_path)]
    (tmp_path / "i").write_bytes(b"".join(lines))
    assert ("error", "index-offset") in site()
