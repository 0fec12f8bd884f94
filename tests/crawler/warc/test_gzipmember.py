import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc.gzipmember import HEADER, compress, header_length


@given(st.binary(max_size=500))
def test_member_is_valid_gzip(data: bytes) -> None:
    member = compress(data)
    assert gzip.decompress(member) == data
    assert header_length(member) == len(HEADER)


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (b"\x1f\x8b\x08\x08\0\0\0\0\0\x03name.warc\0rest", 20),
        (b"\x1f\x8b\x08\x04\0\0\0\0\0\x03\x02\0abrest", 14),
        (b"\x1f\x8b\x08\x10\0\0\0\0\0\x03comment\0rest", 18),
        (b"\x1f\x8b\x08\x08\0\0\0\0\0\x03name without end", None),
        (b"\x1f\x8b\x08\x02\0\0\0\0\0\x03\0\0", None),
        (b"\x1f\x8b\x08\x20\0\0\0\0\0\x03", None),
        (b"\x1f\x8b\x08\0\0\0", None),
        (b"WARC/1.1\r\n\r\n", None),
    ],
)
def test_header_length(head: bytes, length: int | None) -> None:
    assert header_length(head) == length
