"""Bytes of a WARC file, plain or from one gzip member, with their exact offsets and a way back after damage.

Owns buffering and inflating; knows nothing of records. Works on pipes: only bytes that are still held can be gone back to.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO

from crawler.warc.gzipmember import header_length, salvage

PIECE = 1 << 16
"""Bytes read at a time."""
KEEP = 16 << 20
"""Bytes of the member in work that are held for going back, at most."""
_HEADER = 1 << 17
_MAGIC = b"\x1f\x8b\x08"


class Broken(Exception):
    """The bytes at hand are no whole member or record.

    Attributes:
        reason: slug: ``torn``, ``bad-gzip``, ``bad-checksum``, ``bad-header``, ``bad-length``, ``garbage``.
        detail: what was found, for people.
        resume: offset at which the next member should begin; None if it has to be searched for.

    """

    def __init__(self, reason: str, detail: str, *, resume: int | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.resume = resume


class Raw:
    """The file's own bytes."""

    def __init__(self, stream: BinaryIO, offset: int = 0) -> None:
        self._stream = stream
        self._buffer = bytearray()
        self._base = offset
        self._at = 0
        self._over = False

    def tell(self) -> int:
        """Offset of the next byte in the file."""
        return self._base + self._at

    def mark(self) -> None:
        """Forget all before the next byte."""
        del self._buffer[: self._at]
        self._base += self._at
        self._at = 0

    def seek(self, offset: int) -> None:
        """Go to ``offset``, or to the oldest byte held if that is later."""
        self._at = min(max(0, offset - self._base), len(self._buffer))

    def peek(self, size: int) -> bytes:
        """The next bytes, without taking them; fewer than ``size`` only at the end."""
        while len(self._buffer) - self._at < size and self._fill():
            pass
        return bytes(self._buffer[self._at : self._at + size])

    def skip(self, size: int) -> None:
        """Pass over the next ``size`` bytes of a file (not of a pipe), unread where they are not held already."""
        held = len(self._buffer) - self._at
        if size <= held:
            self._at += size
            return
        self._stream.seek(size - held, os.SEEK_CUR)
        self._base += self._at + size
        self._at = 0
        self._buffer.clear()

    def read(self, size: int) -> bytes:
        """Take up to ``size`` bytes; empty only at the end."""
        if self._at == len(self._buffer):
            self._fill()
        data = bytes(self._buffer[self._at : self._at + size])
        self._at += len(data)
        return data

    def readline(self, limit: int) -> bytes:
        """Take a line with its line feed, or ``limit`` bytes of it."""
        searched = self._at
        while (end := self._buffer.find(b"\n", searched, self._at + limit)) < 0:
            have = len(self._buffer) - self._at
            if have >= limit or not self._fill():
                return self.read(limit)
            searched = self._at + have
        return self.read(end + 1 - self._at)

    def at_end(self) -> bool:
        """Whether there are no more bytes."""
        return self._at == len(self._buffer) and not self._fill()

    def find_record(self, *, plain: bool) -> bool:
        """Go forward to what is a record's beginning for certain: a member that inflates to ``WARC/``, or (``plain``) such a line."""
        while True:
            self.mark()
            candidates = [
                i for i in (self._buffer.find(_MAGIC), self._buffer.find(b"\nWARC/") if plain else -1) if i >= 0
            ]
            if candidates:
                self._at = min(candidates)
                if self._buffer[self._at] == 0x0A:
                    self._at += 1
                    return True
                if self.begins_record():
                    return True
                self._at += 1
            else:
                self._at = max(0, len(self._buffer) - 5)
                if not self._fill():
                    return False

    def begins_record(self) -> bool:
        """Whether a member that inflates to ``WARC/`` begins with the next byte."""
        head = self.peek(4096)
        size = header_length(head)
        if size is None:
            return False
        try:
            return zlib.decompressobj(-15).decompress(head[size:], 5) == b"WARC/"
        except zlib.error:
            return False

    def _fill(self) -> bool:
        if self._over:
            return False
        if self._at > KEEP + (1 << 20):
            self._base += self._at - KEEP
            del self._buffer[: self._at - KEEP]
            self._at = KEEP
        data = self._stream.read(PIECE)
        self._over = not data
        self._buffer += data
        return bool(data)


class Member:
    """The content of one gzip member; its checksum is checked when ``at_end`` says so."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        head = raw.peek(1024)
        size = header_length(head)
        if size is None:
            size = header_length(raw.peek(_HEADER))
        if size is None:
            if len(head) < 10:
                raise Broken("torn", "the file ends inside a gzip header")
            raise Broken("bad-gzip", "this is not a gzip header (RFC 1952, 2.3)")
        self.header = raw.peek(size)
        """The gzip header as it stands."""
        raw.read(size)
        self._inflater = zlib.decompressobj(-15)
        self._buffer = b""
        self._at = 0
        self._crc = 0
        self._size = 0
        self._over = False
        self._error: Broken | None = None

    def read(self, size: int) -> bytes:
        """Take up to ``size`` bytes; empty only at the end."""
        if self._at == len(self._buffer):
            self._fill()
        data = self._buffer[self._at : self._at + size]
        self._at += len(data)
        return data

    def peek(self, size: int) -> bytes:
        """The next bytes, without taking them; fewer than ``size`` only at the end."""
        while len(self._buffer) - self._at < size and self._fill():
            pass
        return self._buffer[self._at : self._at + size]

    def readline(self, limit: int) -> bytes:
        """Take a line with its line feed, or ``limit`` bytes of it."""
        while (end := self._buffer.find(b"\n", self._at, self._at + limit)) < 0:
            if len(self._buffer) - self._at >= limit or not self._fill():
                return self.read(limit)
        return self.read(end + 1 - self._at)

    def at_end(self) -> bool:
        """Whether the member is over, whole."""
        return self._at == len(self._buffer) and not self._fill()

    def _fill(self) -> bool:
        while not self._over:
            data = self._inflater.unconsumed_tail or self._raw.read(PIECE)
            before = self._inflater.copy()
            try:
                if not data:
                    raise Broken("torn", "the file ends inside a gzip member")
                out = self._inflater.decompress(data, PIECE)
            except Broken as error:
                out, self._error, self._over = b"", error, True
            except zlib.error as error:
                out, self._over = b"".join(salvage(before, data)), True
                self._error = Broken("bad-gzip", f"the member cannot be inflated ({error})")
            self._crc = zlib.crc32(out, self._crc)
            self._size += len(out)
            if self._inflater.eof:
                self._raw.seek(self._raw.tell() - len(self._inflater.unused_data))
                self._finish()
            if out:
                self._buffer = self._buffer[self._at :] + out
                self._at = 0
                return True
        if self._error:  # only now, so that what could be read names the record
            raise self._error
        return False

    def _finish(self) -> None:
        self._over = True
        trailer = self._raw.read(8)
        if len(trailer) < 8:
            trailer += self._raw.read(8 - len(trailer))
        if len(trailer) < 8:
            self._error = Broken("torn", "the file ends inside a gzip member's trailer")
        elif trailer != self._crc.to_bytes(4, "little") + (self._size & 0xFFFFFFFF).to_bytes(4, "little"):
            text = "the member's checksum or size is not that of its content"
            self._error = Broken("bad-checksum", text, resume=self._raw.tell())


def read_pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield the next ``size`` bytes of a file, as far as there are so many."""
    while size and (piece := file.read(min(PIECE, size))):
        size -= len(piece)
        yield piece
