"""The chunked transfer coding (RFC 9112, 7.1), taken off piece by piece. Pure; never sees a head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

LINE_LIMIT = 16_384
"""Longest size line with its extensions, and longest trailer line, in bytes."""

_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\Z", re.DOTALL)


class Dechunker:
    """Feed it the body as it came; it gives the entity back.

    Lenient as browsers are: bare LF, white space around the size, extensions and trailers ignored. What does not begin with a
    size line at all is not chunked, whatever the head claims, and is passed as it is. Garbage later ends the entity there.
    """

    def __init__(self) -> None:
        self.framed = False
        """Whether a first size line was there."""
        self.complete = False
        """Whether the last chunk and the end of the trailers came."""
        self.surplus = 0
        """Bytes after the end of the message, or after garbage."""
        self._line = b""
        self._left = 0
        self._state: Literal["size", "data", "data-end", "trailer", "plain", "over"] = "size"

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take the next bytes of the body; yield the entity bytes in them."""
        at = 0
        while at < len(data):
            if self._state == "data":
                piece = data[at : at + self._left]
                at += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._state = "data-end"
                yield piece
            elif self._state == "plain":
                yield self._line + data[at:] if self._line else data[at:]
                self._line = b""
                return
            elif self._state == "over":
                self.surplus += len(data) - at
                return
            else:
                end = data.find(b"\n", at, at + LINE_LIMIT)
                stop = end + 1 if end >= 0 else min(len(data), at + LINE_LIMIT)
                self._line += data[at:stop]
                at = stop
                if end >= 0 or len(self._line) >= LINE_LIMIT:
                    self._take_line()

    def finish(self) -> Iterator[bytes]:
        """The body is over. Yields what was held back of a body that is not chunked after all."""
        if not self.framed and self._line and not _SIZE.match(self._line.rstrip(b"\r")):
            self._state = "plain"
        if self._state == "plain":
            self.complete = True
            if self._line:
                yield self._line

    def _take_line(self) -> None:
        """Understand the line that is held, and forget it unless it turns out to be plain text."""
        line = self._line.removesuffix(b"\n").removesuffix(b"\r")
        size = _SIZE.match(line) if self._state == "size" and len(line) < LINE_LIMIT else None
        if size:
            self.framed = True
            self._left = int(size[1], 16)
            self._state = "data" if self._left else "trailer"
        elif self._state == "size" and not self.framed:
            self._state = "plain"
            return
        elif self._state == "size" or (line and self._state == "data-end"):
            self.surplus += len(self._line)
            self._state = "over"
        elif self._state == "data-end":
            self._state = "size"
        elif not line:
            self.complete = True
            self._state = "over"
        self._line = b""
