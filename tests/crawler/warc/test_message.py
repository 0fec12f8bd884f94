from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc import message

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "interim", "head", "body", "whole"),
    [
        (HEAD + b"hello", (), HEAD, b"hello", True),
        (HEAD + b"a\r\n\r\nb", (), HEAD, b"a\r\n\r\nb", True),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD, (b"HTTP/1.1 100 Continue\r\n\r\n",), HEAD, b"", True),
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100\r\n\r\n" + HEAD + b"x",
            (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", b"HTTP/1.1 100\r\n\r\n"),
            HEAD,
            b"x",
            True,
        ),
        (b"HTTP/1.1 101 Switching\r\n\r\nraw", (), b"HTTP/1.1 101 Switching\r\n\r\n", b"raw", True),
        (b"HTTP/1.0 200 OK\nA: b\n\nbody\n\n", (), b"HTTP/1.0 200 OK\nA: b\n\n", b"body\n\n", True),
        (b"HTTP/1.0 200 OK\r\nA: b\n\r\nbody", (), b"HTTP/1.0 200 OK\r\nA: b\n\r\n", b"body", True),
        (b"\r\n" + HEAD + b"x", (b"\r\n",), HEAD, b"x", True),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", (), b"HTTP/1.1 200 OK\r\nA: b\r\n", b"", False),
        (b"HTTP/1.1 100 Continue\r\n\r\n", (b"HTTP/1.1 100 Continue\r\n\r\n",), b"", b"", False),
        (b"", (), b"", b"", False),
        (b"<html>\n\nold", (), b"<html>\n\n", b"old", True),
    ],
)
def test_split(raw: bytes, interim: tuple[bytes, ...], head: bytes, body: bytes, whole: bool) -> None:
    assert message.split(raw) == message.Parts(interim, head, body, whole)


@given(
    st.lists(
        st.sampled_from([b"HTTP/1.1 ", b"100", b"103", b"200", b" OK", b"\r\n", b"\n", b"\r", b"A: b", b"x", b"\xff"]),
        max_size=30,
    )
)
def test_split_loses_no_byte(words: list[bytes]) -> None:
    raw = b"".join(words)
    parts = message.split(raw)
    assert b"".join(parts.interim) + parts.head + parts.body == raw


@given(st.binary(max_size=60), st.integers(1, 7))
def test_a_stream_is_split_as_the_whole_is(body: bytes, size: int) -> None:
    raw = b"HTTP/1.1 103 E\r\n\r\n" + HEAD + body
    pieces = (raw[i : i + size] for i in range(0, len(raw), size))
    parts, rest = message.split_stream(pieces)
    assert (parts.interim, parts.head, b"".join(rest)) == (message.split(raw).interim, HEAD, body)


def test_a_head_without_end_stops_at_the_limit() -> None:
    def endless() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"A: " + b"b" * 1000 + b"\r\n"

    parts, _ = message.split_stream(endless(), limit=10_000)
    assert not parts.whole_head
    assert 10_000 < len(parts.head) < 12_000


@pytest.mark.parametrize(
    ("head", "status", "reason", "fields"),
    [
        (HEAD, 200, "OK", (("Content-Type", "text/html"),)),
        (b"HTTP/1.1 200\r\n\r\n", 200, "", ()),
        (b"HTTP/1.1 200 \r\n\r\n", 200, "", ()),
        (b"HTTP/1.1 404 Not  Found \r\n\r\n", 404, "Not  Found", ()),
        (b"http/1.1 200 ok\n\n", 200, "ok", ()),
        (b"HTTP/2 200 \r\nx: y\r\n\r\n", 200, "", (("x", "y"),)),
        (b"ICY 200 OK\r\n\r\n", 200, "OK", ()),
        (b"HTTP/1.1 200 Caf\xe9\r\nX: \xe9\r\n\r\n", 200, "Caf\xe9", (("X", "\xe9"),)),
        (b"HTTP/1.1 200 OK\r\nno colon here\r\nA: 1\r\n\r\n", 200, "OK", (("A", "1"),)),
        (b"HTTP/1.1 200 OK\r\nA: 1\r\n  2\r\n\t3\r\nB:\r\n\r\n", 200, "OK", (("A", "1 2 3"), ("B", ""))),
        (b"HTTP/1.1 200 OK\r\nA : 1\r\nA:2\r\na:\t3 \r\n: x\r\n\r\n", 200, "OK", (("A", "1"), ("A", "2"), ("a", "3"))),
        (b"HTTP/1.1 200 OK\r\nA: a:b::c\r\n\r\n", 200, "OK", (("A", "a:b::c"),)),
        (b"HTTP/1.1 2000 OK\r\n\r\n", 0, "", ()),
        (b"<html>\n\n", 0, "", ()),
        (b"", 0, "", ()),
    ],
)
def test_heads_are_read_leniently(head: bytes, status: int, reason: str, fields: message.Pairs) -> None:
    parsed = message.parse_head(head)
    assert (parsed.status, parsed.reason, parsed.fields) == (status, reason, fields)


def test_values_and_tokens() -> None:
    head = message.parse_head(b"HTTP/1.1 200 OK\r\nVia: a\r\nvia: B, ,c\r\n\r\n")
    assert head.values("VIA") == ["a", "B, ,c"]
    assert head.tokens("VIA") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("lines", "method", "expected"),
    [
        (b"200 OK\r\nContent-Length: 5", "GET", message.Framing("length", 5)),
        (b"200 OK\r\nContent-Length: 5", "HEAD", message.Framing("none")),
        (b"204 No\r\nContent-Length: 5", "GET", message.Framing("none")),
        (b"304 No\r\nContent-Length: 5", "GET", message.Framing("none")),
        (b"200 OK", "CONNECT", message.Framing("none")),
        (b"200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5", "GET", message.Framing("chunked")),
        (b"200 OK\r\ntransfer-encoding: Chunked", "GET", message.Framing("chunked")),
        (b"200 OK\r\nTransfer-Encoding: gzip, chunked", "GET", message.Framing("chunked", problem="transfer-coding")),
        (b"200 OK\r\nTransfer-Encoding: chunked, gzip", "GET", message.Framing("close", problem="transfer-coding")),
        (b"200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5", "GET", message.Framing("close")),
        (b"200 OK\r\nContent-Length: 5\r\nContent-Length: 5", "GET", message.Framing("length", 5)),
        (b"200 OK\r\nContent-Length: 5, 5", "GET", message.Framing("length", 5)),
        (
            b"200 OK\r\nContent-Length: 5\r\nContent-Length: 6",
            "GET",
            message.Framing("close", problem="bad-content-length"),
        ),
        (b"200 OK\r\nContent-Length: -5", "GET", message.Framing("close", problem="bad-content-length")),
        (b"200 OK\r\nContent-Length: 1_0", "GET", message.Framing("close", problem="bad-content-length")),
        (b"200 OK\r\nContent-Length: \xb2", "GET", message.Framing("close", problem="bad-content-length")),
        (b"200 OK\r\nContent-Length: " + b"9" * 5000, "GET", message.Framing("close", problem="bad-content-length")),
        (b"200 OK", "GET", message.Framing("close")),
    ],
)
def test_framing(lines: bytes, method: str, expected: message.Framing) -> None:
    assert message.framing(message.parse_head(b"HTTP/1.1 " + lines + b"\r\n\r\n"), method) == expected


@pytest.mark.parametrize(
    ("length", "body", "complete", "surplus"),
    [(b"5", b"hello", True, 0), (b"5", b"hell", False, 0), (b"3", b"hello", True, 2), (b"0", b"", True, 0)],
)
def test_content_length_against_what_came(length: bytes, body: bytes, complete: bool, surplus: int) -> None:
    head = message.parse_head(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n")
    stream = message.EntityStream(message.framing(head), [body])
    assert b"".join(stream) == body
    assert (stream.complete, stream.surplus) == (complete, surplus)


@pytest.mark.parametrize(
    ("sent", "method"),
    [(b"GET / HTTP/1.1\r\n\r\n", "GET"), (b"\r\nhead / HTTP/1.1\r\n\r\n", "HEAD"), (b"", ""), (b"\x16\x03\x01 x", "")],
)
def test_request_method(sent: bytes, method: str) -> None:
    assert message.request_method(sent) == method


def test_request_fields() -> None:
    fields, body = message.request_fields(b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na=b")
    assert fields == (("Host", "h"), ("Content-Length", "3"))
    assert body == b"a=b"
