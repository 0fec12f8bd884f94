"""Rules for a record's block: its digests, and whether the HTTP message in it is whole (WARC 1.1, 5.8, 5.9, 6.3, 6.5).

Reads the block once, as a stream, and never holds it. Looks at no other record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import chain
from typing import Any

from crawler.warc import fields, message
from crawler.warc.digests import Digest
from crawler.warc.finding import Breach, error, warning
from crawler.warc.scan import Entry

_WITH_PAYLOAD = ("response", "request", "resource", "conversion")


class _Hashes:
    """Running digests in the algorithms that a record names."""

    def __init__(self, digest: Digest | None) -> None:
        self._expected = digest
        self._running: Any = hashlib.new(digest.algorithm, usedforsecurity=False) if digest else None

    def update(self, data: bytes) -> None:
        """Take more bytes."""
        if self._running:
            self._running.update(data)

    def match(self) -> bool:
        """Whether all bytes have the expected digest; true where none is expected."""
        return self._expected is None or self._running.digest() == self._expected.value


class BlockCheck:
    """Checks one record's block. Call ``run``, then see ``empty_body``.

    Raises (``run``):
        Broken: the record is not whole; nothing more can be said of it.

    """

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._kind = entry.get("WARC-Type") or ""
        self.method = ""
        """Method, where the record is a request."""
        self.empty_body: Breach | None = None
        """A response without the body its head announces: wrong, unless the request was HEAD."""

    def run(self) -> list[Breach]:
        """Read the block to its end and list what is wrong with it."""
        block = _Hashes(_digest(self._entry, "WARC-Block-Digest"))
        found: list[Breach] = []
        pieces = _feed(self._entry.pieces(), block)
        if self._is_http():
            found += self._response(pieces) if self._kind != "request" else self._request(pieces)
        elif self._kind in _WITH_PAYLOAD:
            found += self._payload(pieces)
        for _ in pieces:
            pass
        self._entry.finish()
        if not block.match():
            found.insert(0, error("block-digest", "WARC 1.1, 5.8", "the block is not what WARC-Block-Digest says"))
        if self._entry.gap != b"\r\n\r\n":
            found.append(
                error("record-end", "WARC 1.1, 4", f"after the block stands {self._entry.gap[:12]!r}, not CR LF CR LF")
            )
        return found

    def _is_http(self) -> bool:
        url = fields.bare(self._entry.get("WARC-Target-URI") or "").lower()
        media_type = (self._entry.get("Content-Type") or "application/http").partition(";")[0].strip().lower()
        return (
            self._kind in ("response", "request", "revisit")
            and url.startswith(("http://", "https://"))
            and media_type == "application/http"
            and self._entry.block_length > 0
        )

    def _payload(self, pieces: Iterator[bytes]) -> Iterator[Breach]:
        payload = _Hashes(_digest(self._entry, "WARC-Payload-Digest"))
        for piece in pieces:
            payload.update(piece)
        if not payload.match() and not self._entry.get("WARC-Segment-Number"):
            yield _payload_differs()

    def _request(self, pieces: Iterator[bytes]) -> Iterator[Breach]:
        start = b""
        for piece in pieces:
            start += piece
            if len(start) >= message.HEAD_LIMIT:
                break
        self.method = message.request_method(start)
        if not self.method:
            yield warning("request-line", "WARC 1.1, 6.5", f"the block begins with no request line: {start[:40]!r}")
        pairs, body = message.request_fields(start)
        payload = _Hashes(_digest(self._entry, "WARC-Payload-Digest"))
        payload.update(body)
        for piece in pieces:
            payload.update(piece)
        coded = any(name.lower() == "transfer-encoding" for name, _ in pairs)
        if not payload.match() and not coded:
            yield _payload_differs()

    def _response(self, pieces: Iterator[bytes]) -> Iterator[Breach]:
        marked = (
            bool(self._entry.get("WARC-Truncated") or self._entry.get("WARC-Segment-Number")) or self._kind == "revisit"
        )
        parts, rest = message.split_stream(pieces)
        head = message.parse_head(parts.head)
        if parts.interim:
            yield warning(
                "interim-answer",
                "WARC 1.1, 6.3",
                "the block begins before the final status line: replay tools take the first",
            )
        if not head.status:
            severity = warning if marked else error
            yield severity("status-line", "WARC 1.1, 6.3", f"the block begins with no status line: {parts.head[:40]!r}")
            rest = chain([parts.head], rest)
        elif not parts.whole_head and not marked:
            yield error(
                "head-not-whole", "WARC 1.1, 6.3", "the HTTP head does not end, and WARC-Truncated does not say so"
            )
        framing = message.framing(head)
        expected = _digest(self._entry, "WARC-Payload-Digest") if self._kind == "response" else None
        raw, payload = _Hashes(expected), _Hashes(expected)
        stream = message.EntityStream(framing, _feed(rest, raw))
        size = 0
        for piece in stream:
            size += len(piece)
            payload.update(piece)
        if not payload.match() and not self._entry.get("WARC-Segment-Number"):
            if raw.match():
                text = "the payload digest is that of the chunks; the payload has no transfer coding (iipc/warc-specifications#22)"
                yield warning("payload-digest-of-chunks", "WARC 1.1, 5.9", text)
            else:
                yield _payload_differs()
        if framing.problem:
            yield warning("http-framing", "RFC 9112, 6", f"the HTTP head contradicts itself: {framing.problem}")
        if framing.kind == "chunked" and not stream.framed and size:
            yield warning(
                "transfer-coding-removed",
                "WARC 1.1, 6.3",
                "the head says chunked, the body is not: not the octets received",
            )
        elif head.status and parts.whole_head and not stream.complete and not marked:
            text = (
                f"{size} bytes came of {framing.length}" if framing.length is not None else "the last chunk is missing"
            )
            short = error("body-not-whole", "WARC 1.1, 5.15", f"{text}, and WARC-Truncated does not say so")
            if size:
                yield short
            else:
                self.empty_body = short
        if stream.surplus:
            yield warning("surplus", "RFC 9112, 6.3", f"{stream.surplus} bytes stand after the HTTP message's end")


def _feed(pieces: Iterator[bytes], hashes: _Hashes) -> Iterator[bytes]:
    for piece in pieces:
        hashes.update(piece)
        yield piece


def _digest(entry: Entry, name: str) -> Digest | None:
    try:
        return Digest.parse(entry.get(name) or "")
    except ValueError:
        return None  # check_header says so


def _payload_differs() -> Breach:
    return error("payload-digest", "WARC 1.1, 5.9", "the payload is not what WARC-Payload-Digest says")
