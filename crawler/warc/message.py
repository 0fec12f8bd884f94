"""HTTP/1.x messages as bytes: where a head ends, what it says, and how the body is framed (RFC 9112).

Owns the lenient reading of heads, as browsers do it; takes the message's bytes and gives bytes back. Never opens a file or a
socket, never decodes a content coding (coding.py) and never changes a byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from crawler.warc.chunked import Dechunker

Pairs = tuple[tuple[str, str], ...]

HEAD_LIMIT = 1 << 20
"""Bytes in which a head must end when a message is read as a stream."""

_BLANK_LINE = re.compile(rb"\n\r?\n")
_STATUS_LINE = re.compile(rb"([A-Za-z]{1,16}(?:/[0-9.]{1,8})?)[ \t]+([0-9]{3})(?:[ \t]+(.*?))?[ \t]*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parts:
    """A received byte string, taken apart; ``b"".join(interim) + head + body`` gives it back."""

    interim: tuple[bytes, ...]
    """Heads of interim answers (1xx but 101), each with its blank line; leading empty lines too."""
    head: bytes
    """The final head with its blank line; as much of it as came if ``whole_head`` is false."""
    body: bytes
    """What came after the head, transfer coding and all."""
    whole_head: bool
    """Whether the final head came to its end."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a response's head says."""

    version: str
    """Protocol and version as sent, ``HTTP/1.1``; empty without a status line."""
    status: int
    """Status code; 0 without a status line."""
    reason: str
    """Reason phrase, decoded as Latin-1; often empty."""
    fields: Pairs
    """Header fields in order, names as sent, values without outer white space, folded lines joined by a space (Latin-1)."""

    def values(self, name: str) -> list[str]:
        """All values of the field called ``name`` (any case), in order."""
        lower = name.lower()
        return [value for field, value in self.fields if field.lower() == lower]

    def tokens(self, name: str) -> list[str]:
        """The comma-separated members of all fields called ``name``, lower case, without empty ones."""
        members = (token.strip(" \t").lower() for value in self.values(name) for token in value.split(","))
        return [token for token in members if token]


@dataclass(frozen=True, slots=True)
class Framing:
    """How the end of a response's body is known (RFC 9112, 6.3)."""

    kind: Literal["none", "chunked", "length", "close"]
    length: int | None = None
    """Value of Content-Length where it decides."""
    problem: Literal["bad-content-length", "transfer-coding"] | None = None
    """What is wrong with the head's own statement; the body is then read to the end of what came."""


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity body: transfer coding removed, content coding kept."""

    data: bytes
    complete: bool
    """Whether the framing says that all of it came."""


def split(received: bytes) -> Parts:
    """Take a received byte string apart into interim heads, final head and body."""
    interim: list[bytes] = []
    start = len(received) - len(received.lstrip(b"\r\n"))
    if start:
        interim.append(received[:start])
    while end := _BLANK_LINE.search(received, start):
        head = received[start : end.end()]
        if not _is_interim(head):
            return Parts(tuple(interim), head, received[end.end() :], whole_head=True)
        interim.append(head)
        start = end.end()
    return Parts(tuple(interim), received[start:], b"", whole_head=False)


def split_stream(pieces: Iterator[bytes], limit: int = HEAD_LIMIT) -> tuple[Parts, Iterator[bytes]]:
    """As ``split`` for a message that comes in pieces: the parts (``body`` empty), and the body's pieces.

    A head that does not end within ``limit`` bytes is given as it came so far, with ``whole_head`` false.
    """
    buffer = b""
    for piece in pieces:
        buffer += piece
        parts = split(buffer)
        if parts.whole_head or len(buffer) > limit:
            break
    else:
        parts = split(buffer)
    body = chain([parts.body], pieces) if parts.body else pieces
    return Parts(parts.interim, parts.head, b"", parts.whole_head), body


def parse_head(head: bytes) -> Head:
    """Read a response's head: bare LF, no reason phrase, bytes beyond ASCII, lines without a colon (left out), folded lines."""
    lines = [line.removesuffix(b"\r") for line in head.split(b"\n")]
    start = _STATUS_LINE.match(lines[0])
    fields = _fields(lines[1:] if start else lines)
    if not start:
        return Head("", 0, "", fields)
    return Head(start[1].decode("ascii"), int(start[2]), (start[3] or b"").decode("latin-1"), fields)


def request_method(sent: bytes) -> str:
    """Method of a request, upper case; empty if there is no request line."""
    word, _, rest = sent.lstrip(b"\r\n").partition(b" ")
    return word.decode("ascii").upper() if rest and word.isalpha() and len(word) < 32 else ""


def request_fields(sent: bytes) -> tuple[Pairs, bytes]:
    """Header fields and body of a request."""
    end = _BLANK_LINE.search(sent)
    head, body = (sent[: end.end()], sent[end.end() :]) if end else (sent, b"")
    return _fields([line.removesuffix(b"\r") for line in head.split(b"\n")[1:]]), body


def framing(head: Head, method: str = "GET") -> Framing:
    """Decide how the body of the answer to a request with that method ends (RFC 9112, 6.3, in its order)."""
    if method == "HEAD" or head.status in (204, 304) or 100 <= head.status < 200:
        return Framing("none")
    if method == "CONNECT" and 200 <= head.status < 300:
        return Framing("none")
    if codings := head.tokens("Transfer-Encoding"):
        if codings[-1] == "chunked":
            return Framing("chunked", problem="transfer-coding" if codings != ["chunked"] else None)
        return Framing("close", problem=None if codings == ["identity"] else "transfer-coding")
    if lengths := set(head.tokens("Content-Length")):
        value = lengths.pop()
        if lengths or not (value.isascii() and value.isdigit() and len(value) < 19):
            return Framing("close", problem="bad-content-length")
        return Framing("length", int(value))
    return Framing("close")


class EntityStream:
    """Removes the transfer coding from a body that comes in pieces; iterate once, then look at ``complete``.

    A body that claims to be chunked and is not framed so (other tools keep the field and drop the framing) is passed as it is.
    """

    def __init__(self, how: Framing, pieces: Iterable[bytes]) -> None:
        self._how = how
        self._pieces = pieces
        self.framed = how.kind == "chunked"
        """Whether chunk framing was there."""
        self.complete = False
        """Whether all came; only true after the iteration."""
        self.surplus = 0
        """Bytes that came after the message's end."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield the entity's pieces."""
        if self._how.kind == "chunked":
            dechunker = Dechunker()
            for piece in self._pieces:
                yield from dechunker.feed(piece)
            yield from dechunker.finish()
            self.framed, self.complete, self.surplus = dechunker.framed, dechunker.complete, dechunker.surplus
            return
        seen = 0
        for piece in self._pieces:
            seen += len(piece)
            yield piece
        expected = self._how.length
        self.complete = expected is None or seen >= expected
        self.surplus = max(0, seen - (0 if self._how.kind == "none" else seen if expected is None else expected))


def entity(head: Head, body: bytes, method: str = "GET") -> Entity:
    """Remove the transfer coding from a body that is there as a whole."""
    stream = EntityStream(framing(head, method), [body])
    data = b"".join(stream)
    return Entity(data, stream.complete)


def _is_interim(head: bytes) -> bool:
    start = _STATUS_LINE.match(head.split(b"\n", 1)[0].removesuffix(b"\r"))
    return start is not None and start[2].startswith(b"1") and start[2] != b"101"


def _fields(lines: list[bytes]) -> Pairs:
    fields: list[list[str]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            if fields and line.strip(b" \t"):
                more = line.decode("latin-1").strip(" \t")
                fields[-1][1] = f"{fields[-1][1]} {more}".strip(" ")
            continue
        name, colon, value = line.decode("latin-1").partition(":")
        if colon and name.strip(" \t"):
            fields.append([name.strip(" \t"), value.strip(" \t")])
    return tuple((name, value) for name, value in fields)
