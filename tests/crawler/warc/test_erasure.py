"""An erased record: of the same length to the byte, a record to every reader, and nothing around it moved."""

import io
import uuid
import zlib
from hashlib import shake_256

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import StorageError
from crawler.warc.erasure import Erased, erase, erased_at, member_of
from crawler.warc.gzipmember import compress
from crawler.warc.verify import verify_file

WHAT = Erased(
    record_id=f"urn:uuid:{uuid.UUID(int=1)}", at="2026-11-25T12:00:00Z", reason="order of the court of Oldport, 1/26"
)
NEW = f"urn:uuid:{uuid.UUID(int=2)}"


@given(st.integers(440, 300_000))
def test_a_member_has_the_length_that_is_wanted(length: int) -> None:
    data = member_of(WHAT, length, new_id=NEW)
    assert data is not None
    assert len(data) == length
    inflater = zlib.decompressobj(31)
    record = inflater.decompress(data)
    assert inflater.eof
    assert not inflater.unused_data
    assert record.startswith(b"WARC/1.1\r\n")
    assert record.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "length", [*range(400, 460), 4090, 4095, 4096, 4097, 65_558, 65_559, 131_098, 131_099, 5_000_000]
)
def test_lengths_at_the_edges(length: int) -> None:
    data = member_of(WHAT, length, new_id=NEW)
    assert data is not None
    assert len(data) == length
    assert b"erased" in zlib.decompress(data, 31)


def test_a_reason_that_has_no_room_is_left_out() -> None:
    long = Erased(record_id=WHAT.record_id, at=WHAT.at, reason=shake_256(b"long").hexdigest(450))
    data = member_of(long, 460, new_id=NEW)
    assert data is not None
    assert b"reason" not in zlib.decompress(data, 31)
    assert member_of(WHAT, 120, new_id=NEW) is None


@pytest.fixture
def warc(tmp_path):
    def record(number: int, size: int) -> bytes:
        block = bytes(i * number % 251 for i in range(size))
        return (
            (
                f"WARC/1.1\r\nWARC-Type: {'warcinfo' if number == 10 else 'resource'}\r\nWARC-Record-ID: <urn:uuid:{uuid.UUID(int=number)}>\r\n"
                + ("" if number == 10 else "WARC-Target-URI: http://a.example/\r\n")
                + f"WARC-Date: 2026-11-25T12:00:00Z\r\nContent-Type: image/png\r\nContent-Length: {size}\r\n\r\n"
            ).encode()
            + block
            + b"\r\n\r\n"
        )

    members = [compress(record(number, size)) for number, size in ((10, 90), (1, 900_000), (12, 2000))]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(members))
    return path, [len(member) for member in members]


def test_every_reader_reads_on_and_finds_the_rest_where_it_was(warc) -> None:
    path, lengths = warc
    before = path.read_bytes()
    assert erase(path, lengths[0], lengths[1], WHAT, new_id=NEW)
    after = path.read_bytes()
    assert len(after) == len(before)
    assert after[: lengths[0]] == before[: lengths[0]]
    assert after[sum(lengths[:2]) :] == before[sum(lengths[:2]) :]
    assert erased_at(path, lengths[0]) == WHAT
    assert [finding for finding in verify_file(path) if finding.severity == "error"] == []
    for reader in (ArchiveIterator, lambda file: FastIterator(file, parse_http=False)):
        with path.open("rb") as file:
            assert (
                len(
                    [
                        record.content_stream().read() if hasattr(record, "content_stream") else record.reader.read()
                        for record in reader(file)
                    ]
                )
                == 3
            )
    assert io.BytesIO(after).read(2) == b"\x1f\x8b"


def test_twice_is_once_and_half_a_write_is_made_whole(warc) -> None:
    path, lengths = warc
    assert erase(path, lengths[0], lengths[1], WHAT, new_id=NEW)
    whole = path.read_bytes()
    assert not erase(path, lengths[0], lengths[1], WHAT, new_id=f"urn:uuid:{uuid.UUID(int=3)}")
    with path.open("r+b") as file:
        file.seek(lengths[0] + 1000)
        file.write(b"x" * 500)
    assert erased_at(path, lengths[0]) is None
    assert erase(path, lengths[0], lengths[1], WHAT, new_id=NEW)
    assert path.read_bytes() == whole


def test_a_plain_record_is_overwritten_too(tmp_path) -> None:
    head = b"WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 900\r\n\r\n"
    path = tmp_path / "a.warc"
    path.write_bytes(head + b"x" * 900 + b"\r\n\r\n" + head + b"y" * 900 + b"\r\n\r\n")
    assert erase(path, 0, len(head) + 900, WHAT, new_id=NEW, compressed=False)
    assert erased_at(path, 0) == WHAT
    assert path.read_bytes().endswith(b"y" * 900 + b"\r\n\r\n")
    with pytest.raises(StorageError, match="too few"):
        erase(path, len(head) + 904, 100, WHAT, new_id=NEW, compressed=False)
