import gzip
import random
import sys
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc import coding
from crawler.warc.coding import Decoded, decode

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"".join(b"<p>paragraph %d of the page</p>\n" % i for i in range(3000))
NOISE = random.Random(1).randbytes(50_000)


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


CODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("name", CODERS)
@pytest.mark.parametrize("data", [TEXT, NOISE, b"x", b""], ids=["text", "noise", "one", "empty"])
@pytest.mark.parametrize("size", [1, 7, 1000, 1 << 20])
def test_round_trip(name: str, data: bytes, size: int) -> None:
    if size == 1 and len(data) > 1000:
        data = data[:1000]
    coded = CODERS[name](data)
    assert decode([coded[i : i + size] for i in range(0, len(coded), size)], [name]) == Decoded(data, None)


@given(st.binary(max_size=300), st.lists(st.sampled_from(sorted(CODERS)), max_size=4))
def test_nested_codings(data: bytes, names: list[str]) -> None:
    coded = data
    for name in names:
        coded = CODERS[name](coded)
    assert decode([coded], names) == Decoded(data, None)


def test_raw_deflate() -> None:
    assert decode([raw_deflate(TEXT)], ["deflate"]) == Decoded(TEXT, None)


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_gzip_that_is_called_deflate(size: int) -> None:
    coded = gzip.compress(TEXT) + gzip.compress(b"end")
    pieces = [coded[i : i + size] for i in range(0, len(coded), size)]
    assert decode(pieces, ["deflate"]) == Decoded(TEXT + b"end", None)
    assert decode([coded[:-30]], ["deflate"]).damaged == "cut-gzip"


def test_gzip_of_several_members_and_trailing_zeros() -> None:
    assert decode([gzip.compress(b"a") + gzip.compress(b"b") + bytes(9)], ["gzip"]) == Decoded(b"ab", None)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_cut_body_gives_what_came(name: str) -> None:
    data = bytes(random.Random(2).choices(b"abcdefgh ", k=400_000))
    coded = CODERS[name](data)
    result = decode([coded[: len(coded) // 2]], [name])
    assert result.damaged == f"cut-{name}"
    assert data.startswith(result.body)
    assert len(result.body) > len(data) // 4


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_bad_checksum_gives_the_whole_text(name: str) -> None:
    coded = bytearray(CODERS[name](TEXT))
    coded[-6 if name == "gzip" else -1] ^= 0xFF
    assert decode([bytes(coded)], [name]) == Decoded(TEXT, f"bad-{name}")


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_damage_in_the_middle_gives_what_is_before_it(name: str) -> None:
    data = bytes(random.Random(3).choices(b"abcdefgh ", k=800_000))
    coded = bytearray(CODERS[name](data))
    middle = len(coded) // 2
    coded[middle : middle + 4000] = b"\xff" * 4000
    result = decode([bytes(coded)], [name])
    assert result.damaged == f"bad-{name}"
    assert len(result.body) > len(data) // 8
    assert result.body[:100_000] == data[:100_000]


@pytest.mark.parametrize("name", sorted(CODERS))
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_wrong_label_leaves_the_body(name: str, size: int) -> None:
    body = b"<!doctype html><title>plain</title>" + TEXT[:300]
    assert decode([body[i : i + size] for i in range(0, len(body), size)], [name]) == Decoded(body, "not-coded")


def test_unknown_coding_leaves_the_body() -> None:
    assert decode([b"text"], ["utf-8"]) == Decoded(b"text", "unknown-coding")


def test_identity_is_no_coding() -> None:
    assert decode([b"text"], ["identity", "none", ""]) == Decoded(b"text", None)


def test_too_many_codings() -> None:
    assert decode([b"text"], ["gzip"] * 5).damaged == "too-many-codings"


def test_limit_is_exact() -> None:
    assert decode([gzip.compress(TEXT)], ["gzip"], limit=1000) == Decoded(TEXT[:1000], "too-large")
    assert decode([gzip.compress(TEXT)], ["gzip"], limit=len(TEXT)) == Decoded(TEXT, None)
    assert decode([b"abc"], [], limit=2) == Decoded(b"ab", "too-large")


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_bomb_stops_at_the_ratio(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "RATIO_FLOOR", 1 << 20)
    coded = CODERS[name](bytes(20 << 20))
    result = decode([coded], [name], ratio=100)
    assert result.damaged == "bomb"
    assert len(result.body) <= 3 << 20


def test_nested_bomb_stops_at_the_limit() -> None:
    coded = gzip.compress(gzip.compress(bytes(50 << 20)))
    assert decode([coded], ["gzip", "gzip"], limit=1 << 20) == Decoded(bytes(1 << 20), "too-large")


def test_nothing_is_read_beyond_the_limit() -> None:
    pieces = iter([b"x" * 100] * 50)
    decode(pieces, [], limit=250)
    assert len(list(pieces)) == 47


@given(st.binary(max_size=200), st.sampled_from(sorted(CODERS)))
def test_garbage_never_raises(data: bytes, name: str) -> None:
    decode([data], [name])
    coded = CODERS[name](b"hello " * 20)
    decode([coded[:12] + data], [name])


@given(
    st.lists(st.binary(max_size=40), min_size=1, max_size=4), st.integers(1, 40), st.sampled_from(["gzip", "deflate"])
)
def test_no_member_is_lost_wherever_the_pieces_are_cut(members: list[bytes], size: int, name: str) -> None:
    coded = b"".join(map(gzip.compress, members))
    pieces = [coded[i : i + size] for i in range(0, len(coded), size)]
    assert decode(pieces, [name]) == Decoded(b"".join(members), None)
