import gzip
import json
from hashlib import sha256

import pytest

from crawler.warc.zipnum import compress_index


@pytest.mark.parametrize("size", [1, 2, 5, 6, 7])
def test_each_block_can_be_read_alone(size: int) -> None:
    lines = [b"com,e)/%d 2026 {}\n" % n for n in range(6)]
    idx: list[bytes] = []
    data = b"".join(compress_index(lines, "i.cdx.gz", idx, size))
    header, *blocks = idx
    assert header == b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "i.cdx.gz"}\n'
    read = []
    for number, block in enumerate(blocks):
        key, timestamp, text = block.split(b" ", 2)
        values = json.loads(text)
        part = data[values["offset"] : values["offset"] + values["length"]]
        assert values["digest"] == f"sha256:{sha256(part).hexdigest()}"
        assert b" ".join((key, timestamp)) == b"com,e)/%d 2026" % (number * size)
        read += gzip.decompress(part).splitlines(keepends=True)
    assert read == lines


def test_an_empty_index_has_no_block() -> None:
    idx: list[bytes] = []
    assert list(compress_index([], "i", idx)) == []
    assert len(idx) == 1
