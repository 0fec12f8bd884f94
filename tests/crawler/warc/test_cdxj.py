import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc.cdxj import IndexEntry, index_entries, lookup, read_index, update_index
from crawler.warc.exchange import Exchange, RevisitTarget
from crawler.warc.reader import read_capture_at
from crawler.warc.writer import WarcWriter

Make = Callable[..., Exchange]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    def make(*exchanges: Exchange, seal: bool = False) -> None:
        with WarcWriter(tmp_path / "warc", prefix="demo", info={}) as writer:
            for exchange in exchanges:
                writer.write(exchange)
            if seal:
                writer.seal()

    return make


@pytest.fixture
def update(tmp_path: Path) -> Callable[[], int]:
    return lambda: update_index(tmp_path / "index.cdxj", sorted((tmp_path / "warc").glob("*.warc.gz*")))


def test_lines_lead_to_the_records(
    tmp_path: Path, write: Callable[..., None], update: Callable[[], int], exchange: Make
) -> None:
    write(*(exchange(url=url) for url in ("https://www.e.com/b", "https://e.com/a?y=1&x=2", "http://a.com/")))
    assert update() == 3
    lines = (tmp_path / "index.cdxj").read_bytes().splitlines()
    assert lines == sorted(lines)
    assert [line.split()[:2] for line in lines] == [
        [b"com,a)/", b"20261123100000"],
        [b"com,e)/a?x=2&y=1", b"20261123100000"],
        [b"com,e)/b", b"20261123100000"],
    ]
    (path,) = (tmp_path / "warc").iterdir()
    for entry in read_index(tmp_path / "index.cdxj"):
        found = read_capture_at(path, entry.offset)
        assert (found.url, found.pointer.payload_digest, found.pointer.length) == (
            entry.url,
            entry.digest,
            entry.length,
        )
        assert found.pointer.filename == entry.filename


def test_json_has_the_fields_that_replay_tools_read(
    tmp_path: Path, write: Callable[..., None], update: Callable[[], int], exchange: Make
) -> None:
    write(exchange(b"HTTP/1.1 404 No\r\nContent-Type: Text/HTML; charset=x\r\n\r\nhi", url='https://e.com/"é'))
    update()
    values = json.loads((tmp_path / "index.cdxj").read_bytes().split(b" ", 2)[2])
    assert list(values) == ["url", "mime", "status", "digest", "length", "offset", "filename"]
    assert (values["mime"], values["status"]) == ("text/html", "404")
    assert all(isinstance(value, str) for value in values.values())


def test_only_what_is_new_is_read(
    tmp_path: Path, write: Callable[..., None], update: Callable[[], int], exchange: Make
) -> None:
    write(exchange(url="https://e.com/b"))
    assert update() == 1
    write(exchange(url="https://e.com/a"), exchange(url="https://e.com/c"), seal=True)
    write(exchange(url="https://e.com/d"))
    assert update() == 3
    before = (tmp_path / "index.cdxj").read_bytes()
    assert update() == 0
    assert (tmp_path / "index.cdxj").read_bytes() == before
    (tmp_path / "index.cdxj").unlink()
    assert update() == 4
    assert (tmp_path / "index.cdxj").read_bytes() == before


def test_a_file_that_became_shorter_is_read_anew(
    tmp_path: Path, write: Callable[..., None], update: Callable[[], int], exchange: Make
) -> None:
    write(exchange(url="https://e.com/a"))
    (path,) = (tmp_path / "warc").iterdir()
    short = path.read_bytes()
    write(exchange(url="https://e.com/b"))
    assert update() == 2
    path.write_bytes(short)
    assert update() == 1
    assert [entry.url for entry in read_index(tmp_path / "index.cdxj")] == ["https://e.com/a"]


def test_lines_of_missing_files_go_away(
    tmp_path: Path, write: Callable[..., None], update: Callable[[], int], exchange: Make
) -> None:
    write(exchange(url="https://e.com/a"), seal=True)
    update()
    for path in (tmp_path / "warc").iterdir():
        path.unlink()
    update()
    assert list(read_index(tmp_path / "index.cdxj")) == []


def test_revisits_are_marked(tmp_path: Path, exchange: Make) -> None:
    with WarcWriter(tmp_path, prefix="x", info={}) as writer:
        first = writer.write(exchange())
        target = RevisitTarget(
            record_id=first.record_id,
            url="https://e.com/a",
            date=exchange().started,
            payload_digest=first.payload_digest,
        )
        writer.write(exchange(), revisit_of=target)
        writer.write(exchange(b"HTTP/1.1 304 Not Modified\r\n\r\n"), revisit_of=target)
    (path,) = tmp_path.iterdir()
    assert [(e.mime, e.status, e.digest == first.payload_digest) for e in index_entries(path)] == [
        ("unk", "200", True),
        ("warc/revisit", "200", True),
        ("warc/revisit", "304", True),
    ]


def test_damaged_records_are_not_in_the_index(tmp_path: Path, write: Callable[..., None], exchange: Make) -> None:
    write(exchange(url="https://e.com/a"), exchange(url="https://e.com/b"))
    (path,) = (tmp_path / "warc").iterdir()
    first = next(index_entries(path))
    data = bytearray(path.read_bytes())
    data[first.offset + first.length - 5] ^= 1
    path.write_bytes(data)
    assert [entry.url for entry in index_entries(path)] == ["https://e.com/b"]


def entry(url: str, timestamp: str = "20260101000000") -> IndexEntry:
    from crawler.warc.surt import surt

    return IndexEntry(
        key=surt(url),
        timestamp=timestamp,
        url=url,
        mime="text/html",
        status="200",
        digest="d",
        length=1,
        offset=2,
        filename="f",
    )


@given(st.lists(st.integers(0, 60), max_size=40), st.integers(0, 61))
def test_lookup_finds_exactly_the_url(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], wanted: int
) -> None:
    index = tmp_path_factory.mktemp("i") / "index.cdxj"
    lines = [entry(f"https://e.com/{n}", f"{20260101000000 + i}").to_line() for i, n in enumerate(numbers)]
    index.write_bytes(b"".join(sorted(lines)))
    found = lookup(index, f"http://www.e.com/{wanted}/")
    assert [e.timestamp for e in found] == [f"{20260101000000 + i}" for i, n in enumerate(numbers) if n == wanted]


def test_lines_round_trip_and_others_are_refused() -> None:
    one = entry('https://e.com/é "x" \u2028')
    assert IndexEntry.from_line(one.to_line()) == one
    for line in (b"", b"a b c\n", b'a 2 {"x": 1}\n', b"a 2 []\n", b"\xff 2 {}\n"):
        with pytest.raises(ValueError, match=r"."):
            IndexEntry.from_line(line)


def test_index_is_sorted_bytewise(
    tmp_path: Path, write: Callable[..., None], update: Callable[[], int], exchange: Make
) -> None:
    write(*(exchange(url=f"https://e.com/{c}") for c in ("a", "a/b", "a-b", "a?b", "ab", "A", "ä", "~", "%7e")))
    update()
    sort = subprocess.run(["sort", "-c", str(tmp_path / "index.cdxj")], env={"LC_ALL": "C"}, check=False)
    assert sort.returncode == 0


def test_another_tools_line_is_read() -> None:
    """py-wacz and Browsertrix add fields of their own; some leave out what an index need not say."""
    values = {
        "url": "http://e.com/",
        "offset": "7",
        "length": "5",
        "filename": "a.warc.gz",
        "recordDigest": "sha256:00",
        "req.http:cookie": "a",
    }
    entry = IndexEntry.from_line(f"com,e)/ 20261123100000 {json.dumps(values)}\n".encode())
    assert (entry.url, entry.offset, entry.length, entry.filename, entry.mime) == (
        "http://e.com/",
        7,
        5,
        "a.warc.gz",
        "unk",
    )
