import gzip
import io
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.warc.gzipmember import compress
from crawler.warc.scan import Damage, Entry, scan
from crawler.warc.source import Broken


def record(name: str, block: bytes = b"block", length: int | None = None, end: bytes = b"\r\n\r\n") -> bytes:
    size = len(block) if length is None else length
    head = f"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:{name}>\r\nContent-Length: {size}\r\n\r\n"
    return head.encode() + block + end


def read(data: bytes) -> tuple[list[tuple[str | None, bytes, int | None]], list[tuple[str, int]]]:
    """What is read: id, block and length of the whole records, reason and offset of the damages."""
    damages: list[Damage] = []
    found = []
    for entry in scan(io.BytesIO(data), on_damage=damages.append):
        try:
            block = b"".join(entry.pieces())
            entry.finish()
        except Broken:
            continue
        assert entry.length is None or entry.offset + entry.length <= len(data)
        found.append((entry.record_id, block, entry.length))
    return found, [(damage.reason, damage.offset) for damage in damages]


@pytest.fixture(params=["gzip", "plain"])
def wrap(request: pytest.FixtureRequest) -> Callable[[bytes], bytes]:
    return compress if request.param == "gzip" else lambda data: data


def ids(data: bytes) -> list[str | None]:
    return [record_id for record_id, *_ in read(data)[0]]


def test_records_and_offsets(wrap: Callable[[bytes], bytes]) -> None:
    parts = [wrap(record("a")), wrap(record("b", b"")), wrap(record("c", b"x" * 200_000))]
    found, damages = read(b"".join(parts))
    assert [(i, len(b)) for i, b, _ in found] == [("urn:a", 5), ("urn:b", 0), ("urn:c", 200_000)]
    trailing = 4 if parts[0][:4] == b"WARC" else 0
    assert [n for *_, n in found] == [len(p) - trailing for p in parts]
    assert damages == []
    at = 0
    for entry, part in zip(scan(io.BytesIO(b"".join(parts))), parts, strict=True):
        assert entry.offset == at
        at += len(part)


def test_what_is_to_be_passed_over_is_not_read(wrap: Callable[[bytes], bytes]) -> None:
    class Counting(io.BytesIO):
        count = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            self.count += len(data)
            return data

    def finished(entry: Entry) -> tuple[str | None, int, int]:
        entry.finish()
        return entry.record_id, entry.offset, entry.length or 0

    blocks = [random.Random(n).randbytes(size) for n, size in enumerate((300_000, 10, 300_000, 10, 10, 70_000, 10))]
    data = b"".join(wrap(record(str(n), block)) for n, block in enumerate(blocks))
    whole = list(map(finished, scan(io.BytesIO(data))))
    assert len(whole) == 7
    lengths = {at: length for n, (_, at, length) in enumerate(whole) if n in (0, 2, 3, 4, 6)}
    file = Counting(data)
    assert list(map(finished, scan(file, passed=lambda at: lengths.get(at, 0)))) == [whole[1], whole[5]]
    assert file.count < 350_000 < len(data)


def test_plain_and_gzip_in_one_file() -> None:
    assert ids(record("a") + compress(record("b")) + record("c")) == ["urn:a", "urn:b", "urn:c"]


def test_many_records_in_one_member() -> None:
    data = compress(record("a") + record("b")) + compress(record("c"))
    assert [(i, n) for i, _, n in read(data)[0]] == [
        ("urn:a", None),
        ("urn:b", None),
        ("urn:c", len(compress(record("c")))),
    ]


def test_blocks_need_not_be_read() -> None:
    data = b"".join(compress(record(name, b"y" * 100_000)) for name in "abc")
    assert [entry.record_id for entry in scan(io.BytesIO(data))] == ["urn:a", "urn:b", "urn:c"]


def test_lenient_line_ends_between_records() -> None:
    assert ids(record("a", end=b"\n\n") + record("b", end=b"\r\n") + b"\r\n\r\n" + record("c", end=b"")) == [
        "urn:a",
        "urn:b",
        "urn:c",
    ]


def test_bare_lf_header() -> None:
    assert ids(record("a").replace(b"\r\n", b"\n") + record("b")) == ["urn:a", "urn:b"]


def test_gzip_headers_with_name_and_time(wrap: Callable[[bytes], bytes]) -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile("name.warc", "wb", fileobj=buffer, mtime=99) as file:
        file.write(record("a"))
    assert ids(buffer.getvalue() + compress(record("b"))) == ["urn:a", "urn:b"]


def test_empty_members_are_passed_over() -> None:
    assert read(compress(b"") + compress(b"\r\n") + compress(record("a")))[0][0][0] == "urn:a"


@pytest.mark.parametrize("size", [1, 13, 70_000])
def test_pipe_with_short_reads(wrap: Callable[[bytes], bytes], size: int) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self._data = io.BytesIO(data)

        def read(self, n: int = -1) -> bytes:
            return self._data.read(min(n, size))

    data = wrap(record("a", b"z" * 3000)) + wrap(record("b"))
    assert [e.record_id for e in scan(Pipe(data))] == ["urn:a", "urn:b"]


A, B, C = (compress(record(name, name.encode() * 300)) for name in "abc")


@pytest.mark.parametrize(
    ("data", "expected", "reason", "at"),
    [
        (A + B[:-1], ["urn:a"], "torn", len(A)),
        (A + B[:-9], ["urn:a"], "torn", len(A)),
        (A + B[:20], ["urn:a"], "torn", len(A)),
        (A + B[:5], ["urn:a"], "torn", len(A)),
        (A + B[:30] + C, ["urn:a", "urn:c"], "bad-gzip bad-checksum", len(A)),
        (A + B[:-8] + bytes(8) + C, ["urn:a", "urn:c"], "bad-checksum", len(A)),
        (A + B[:12] + b"\xff\xff" + B[14:] + C, ["urn:a", "urn:c"], "bad-gzip bad-checksum", len(A)),
        (A + b"junk" + C, ["urn:a", "urn:c"], "garbage", len(A)),
        (A + bytes(600) + C, ["urn:a", "urn:c"], "garbage", len(A)),
        (A + b"junk", ["urn:a"], "garbage", len(A)),
        (A + compress(b"no record") + C, ["urn:a", "urn:c"], "bad-header", len(A)),
        (A + compress(record("b", length=99)) + C, ["urn:a", "urn:c"], "bad-length", len(A)),
        (A + compress(record("b", length=2)) + C, ["urn:a", "urn:c"], "bad-length", len(A)),
        (A + compress(b"WARC/1.1\r\nWARC-Type: x\r\n\r\n") + C, ["urn:a", "urn:c"], "bad-length", len(A)),
        (A + compress(b"WARC/1.1\r\nContent-Length: -5\r\n\r\n") + C, ["urn:a", "urn:c"], "bad-length", len(A)),
        (A + compress(b"WARC/1.1\r\nContent-Length: 5") + C, ["urn:a", "urn:c"], "bad-header", len(A)),
        (record("a") + record("b", length=4) + record("c"), ["urn:a", "urn:c"], "bad-length", len(record("a"))),
        (record("a") + b"junk\n" + record("c"), ["urn:a", "urn:c"], "garbage", len(record("a"))),
        (record("a") + record("b")[:-6], ["urn:a"], "torn", len(record("a"))),
        (record("a") + record("b")[:30], ["urn:a"], "torn", len(record("a"))),
        (record("a") + b"WAR", ["urn:a"], "torn", len(record("a"))),
        (b"%PDF-1.7 not a WARC at all", [], "garbage", 0),
    ],
)
def test_damage_is_stepped_over(data: bytes, expected: list[str], reason: str, at: int) -> None:
    found, damages = read(data)
    assert [i for i, *_ in found] == expected
    ((found_reason, found_at),) = damages
    assert found_reason in reason.split()
    assert found_at == at


def test_damage_names_the_record() -> None:
    damages: list[Damage] = []
    for _ in scan(io.BytesIO(A + B[:-8] + bytes(8) + C), on_damage=damages.append):
        pass
    assert [d.record_id for d in damages] == ["urn:b"]


def test_a_page_that_holds_records_is_not_read_as_some_when_its_own_record_breaks() -> None:
    fake = compress(record("fake"))
    stored = gzip.compress(record("page", fake), compresslevel=0, mtime=0)
    assert fake in stored
    wrong_checksum = stored[:-8] + bytes(8)
    assert ids(A + wrong_checksum + C) == ["urn:a", "urn:c"]
    assert ids(A + stored[:-1]) == ["urn:a"]
    assert ids(A + compress(record("page", fake, length=3)) + C) == ["urn:a", "urn:c"]


FILE = A + B + C


@settings(max_examples=300)
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_one_changed_byte_costs_one_record_at_most(at: int, flip: int) -> None:
    data = bytearray(FILE)
    data[at] ^= flip
    found = {i: block for i, block, _ in read(bytes(data))[0]}
    hit = "abc"[(at >= len(A)) + (at >= len(A + B))]
    for name in "abc":
        if name != hit or f"urn:{name}" in found:
            assert found[f"urn:{name}"] == name.encode() * 300


@given(
    st.lists(
        st.sampled_from(
            [A, B[:40], b"\x1f\x8b\x08\0", b"WARC/1.1\r\n", b"Content-Length: 3\r\n", b"\r\n", b"x", bytes(9)]
        ),
        max_size=9,
    )
)
def test_nothing_raises(parts: list[bytes]) -> None:
    read(b"".join(parts))
