import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc import message
from crawler.warc.chunked import LINE_LIMIT, Dechunker

HEAD = message.parse_head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")


def dechunk(body: bytes) -> tuple[bytes, bool]:
    entity = message.entity(HEAD, body)
    return entity.data, entity.complete


@pytest.mark.parametrize(
    ("body", "entity", "complete"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello", True),
        (b"5;name=value;q=\"a;b\"\r\nhello\r\n0;x\r\n\r\n", b"hello", True),
        (b"5\r\nhello\r\n0\r\nTrailer: x\r\nB: y\r\n\r\n", b"hello", True),
        (b"5\nhello\n0\n\n", b"hello", True),
        (b" 05 \r\nhello\r\n000\r\n\r\n", b"hello", True),
        (b"A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", b"0123456789" * 2, True),
        (b"0\r\n\r\n", b"", True),
        (b"5\r\nhello\r\n0\r\n\r\nsurplus", b"hello", True),
        (b"5\r\nhel", b"hel", False),
        (b"5\r\nhello\r\n", b"hello", False),
        (b"5\r\nhello\r\n0\r\n", b"hello", False),
        (b"5\r\nhello\r\n0\r\nTrailer: x\r\n", b"hello", False),
        (b"5\r\nhello\r\nzz\r\nworld", b"hello", False),
        (b"5\r\nhelloXX\r\n0\r\n\r\n", b"hello", False),
        (b"5\r\nhello\r\n-1\r\n\r\n", b"hello", False),
        (b"5\r\nhello\r\n0x1\r\na\r\n0\r\n\r\n", b"hello", False),
        (b"ffffffffffffffffff\r\nhello", b"ffffffffffffffffff\r\nhello", True),
        (b"fffffffffffffff\r\nhello", b"hello", False),
        (b"<html>not chunked</html>", b"<html>not chunked</html>", True),
        (b"<html>\nnot chunked\n</html>", b"<html>\nnot chunked\n</html>", True),
        (b"5", b"", False),
        (b"", b"", False),
    ],
)  # fmt: skip
def test_dechunk(body: bytes, entity: bytes, complete: bool) -> None:
    assert dechunk(body) == (entity, complete)


def test_endless_size_line_ends_the_entity() -> None:
    body = b"5\r\nhello\r\n5;" + b"x" * (2 * LINE_LIMIT)
    assert dechunk(body) == (b"hello", False)


def test_surplus_is_counted() -> None:
    stream = message.EntityStream(message.framing(HEAD), [b"1\r\na\r\n0\r\n\r\n", b"surplus"])
    assert b"".join(stream) == b"a"
    assert stream.surplus == 7


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.integers(1, 9))
def test_any_chunks_in_any_pieces(chunks: list[bytes], size: int) -> None:
    body = b"".join(b"%x;e\r\n%s\r\n" % (len(c), c) for c in chunks) + b"0\r\nT: x\r\n\r\n"
    dechunker = Dechunker()
    out = [p for i in range(0, len(body), size) for p in dechunker.feed(body[i : i + size])]
    assert b"".join([*out, *dechunker.finish()]) == b"".join(chunks)
    assert dechunker.complete
    assert dechunker.framed


@given(
    st.lists(st.sampled_from([b"5", b"\r\n", b"\n", b"0", b"hello", b";", b"z", b"\r"]), max_size=20), st.integers(1, 5)
)
def test_pieces_never_change_the_result(words: list[bytes], size: int) -> None:
    body = b"".join(words)
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    stream = message.EntityStream(message.framing(HEAD), pieces)
    assert (b"".join(stream), stream.complete) == dechunk(body)
