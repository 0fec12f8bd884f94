import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.errors import StorageError
from crawler.warc.gzipmember import compress
from crawler.warc.reader import read_captures
from crawler.warc.repair import repair_file
from crawler.warc.scan import scan
from crawler.warc.verify import verify_file


@pytest.fixture
def fix(tmp_path: Path) -> Callable[[bytes], Path]:
    def repair(data: bytes) -> Path:
        (tmp_path / "bad.warc.gz").write_bytes(data)
        repair_file(tmp_path / "bad.warc.gz", tmp_path / "good.warc.gz")
        return tmp_path / "good.warc.gz"

    return repair


def test_what_is_whole_is_saved_as_it_stands(small_file: bytes, fix: Callable[[bytes], Path]) -> None:
    assert fix(small_file).read_bytes() == small_file


def test_a_damaged_record_is_left_out_and_named(small_file: bytes, tmp_path: Path) -> None:
    offsets = [entry.offset for entry in scan(io.BytesIO(small_file))]
    data = bytearray(small_file)
    data[offsets[4] - 3] ^= 1
    (tmp_path / "bad.warc.gz").write_bytes(data + b"torn")
    result = repair_file(tmp_path / "bad.warc.gz", tmp_path / "good.warc.gz")
    assert (tmp_path / "good.warc.gz").read_bytes() == small_file[: offsets[3]] + small_file[offsets[4] :]
    assert result.saved == len(offsets) - 1
    assert [(d.offset, d.reason) for d in result.lost] == [(offsets[3], "bad-checksum"), (len(small_file), "garbage")]
    assert result.lost[0].record_id is not None
    assert (tmp_path / "bad.warc.gz").read_bytes() == bytes(data) + b"torn"


@pytest.mark.parametrize("wrap", [lambda data: data, compress])
def test_records_without_a_member_of_their_own_get_one(
    small_file: bytes, fix: Callable[[bytes], Path], wrap: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    fixed = fix(wrap(gzip.decompress(small_file)))
    assert list(verify_file(fixed)) == []
    assert gzip.decompress(fixed.read_bytes()) == gzip.decompress(small_file)
    assert [c.body for c in read_captures(fixed)] == [c.body for c in read_captures(io.BytesIO(small_file))]


def test_never_writes_over_a_file(small_file: bytes, fix: Callable[[bytes], Path]) -> None:
    fix(small_file)
    with pytest.raises(StorageError, match="there already"):
        fix(small_file)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="could not be repaired"):
        repair_file(tmp_path / "none", tmp_path / "x")
    assert list(tmp_path.iterdir()) == []
