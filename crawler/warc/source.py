"""Bytes of a WARC file, with their exact offsets and a way back after damage.

Owns buffering, and finding where a record begins; never takes one apart. Works on pipes: only bytes that are still held can be gone back
to.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO

from crawler.warc import zstdframe
from crawler.warc.gzipmember import header_length

PIECE = 1 << 16
"""Bytes read at a time."""
KEEP = 16 << 20
"""Bytes of the member in work that are held for going back, at most."""
_MAGIC = b"\x1f\x8b\x08"


class Broken(Exception):
    """The bytes at hand are no whole member or record.

    Attributes:
        reason: slug: ``torn``, ``bad-gzip``, ``bad-zstd``, ``bad-checksum``, ``bad-header``, ``bad-length``, ``garbage``.
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
        self.dictionary: zstdframe.Dictionary | None = None
        """With which the file's Zstandard frames are compressed."""

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
        """Go forward to what is a record's beginning for certain: a member or frame that holds ``WARC/``, or (``plain``) such a line."""
        while True:
            self.mark()
            sought = [_MAGIC, zstdframe.MAGIC, *([b"\nWARC/"] if plain else [])]
            if candidates := [i for i in map(self._buffer.find, sought) if i >= 0]:
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
        """Whether a member or frame that holds ``WARC/`` begins with the next byte."""
        head = self.peek(4096)
        if head.startswith(zstdframe.MAGIC):
            return zstdframe.beginning(self.peek(zstdframe.FIRST), 5, self.dictionary)[0] == b"WARC/"
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


def read_pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield the next ``size`` bytes of a file, as far as there are so many."""
    while size and (piece := file.read(min(PIECE, size))):
        size -= len(piece)
        yield piece
