"""Content of a compressed WARC: what one gzip member, or the Zstandard frames of one record, hold.

Owns inflating, and going back to the byte behind a member's last; knows nothing of records.
"""

from __future__ import annotations

import zlib

from crawler.warc import zstdframe
from crawler.warc.gzipmember import header_length, salvage
from crawler.warc.source import PIECE, Broken, Raw

_HEADER = 1 << 17


class Content:
    """Bytes that come in pieces. Damage is told of when all before it was taken, so that what could be read names the record."""

    header = b""
    """The gzip header as it stands."""

    def __init__(self) -> None:
        self._buffer = b""
        self._at = 0
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
        """Whether it is over, whole."""
        return self._at == len(self._buffer) and not self._fill()

    def _fill(self) -> bool:
        while not self._over:
            if out := self._inflate():
                self._buffer = self._buffer[self._at :] + out
                self._at = 0
                return True
        if self._error:
            raise self._error
        return False

    def _inflate(self) -> bytes:
        """The next bytes. Sets ``_over`` where they are the last, and ``_error`` if that is not as it should be."""
        raise NotImplementedError


class Member(Content):
    """The content of one gzip member; its checksum is checked when ``at_end`` says so."""

    def __init__(self, raw: Raw) -> None:
        super().__init__()
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
        raw.read(size)
        self._inflater = zlib.decompressobj(-15)
        self._crc = 0
        self._size = 0

    def _inflate(self) -> bytes:
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
        return out

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


class Frame(Content):
    """The content of one Zstandard frame, and of those after it while ``go_on`` is called: a record may be in several."""

    def __init__(self, raw: Raw) -> None:
        super().__init__()
        self._raw = raw
        self.sure = True
        """Whether each frame so far bears its content's size and checksum."""
        self.go_on()

    def follows(self) -> bytes:
        """The first bytes of the next frame that holds anything; none if this one is not over, no other follows, or it is damaged."""
        if not self.at_end():
            return b""
        while True:
            while zstdframe.is_skippable(self._raw.peek(4)):
                skip_frame(self._raw)
            if self._raw.peek(4) != zstdframe.MAGIC:
                return b""
            first, empty = zstdframe.beginning(self._raw.peek(zstdframe.FIRST), 5, self._raw.dictionary)
            if first or not empty:
                return first
            self._raw.read(empty)

    def go_on(self) -> None:
        """Go on with the frame that follows."""
        self.sure = self.sure and zstdframe.is_sure(self._raw.peek(5))
        self._decoder, self._over = zstdframe.decompressor(self._raw.dictionary), False

    def _inflate(self) -> bytes:
        data, out = b"", b""
        try:
            if self._decoder.needs_input and not (data := self._raw.read(PIECE)):
                raise Broken("torn", "the file ends inside a Zstandard frame")
            out = self._decoder.decompress(data, PIECE)
        except Broken as error:
            self._error, self._over = error, True
        except zstdframe.Error as error:
            self._error, self._over = Broken("bad-zstd", f"the frame cannot be decompressed ({error})"), True
        if self._decoder.eof:
            self._over = True
            self._raw.seek(self._raw.tell() - len(self._decoder.unused_data))
        return out


def skip_frame(raw: Raw) -> None:
    """Pass over a frame that holds nothing of a record. The dictionary is kept: the frames behind it need it.

    Raises:
        Broken: it is not whole, or no dictionary that can be used.

    """
    head = raw.read(8)
    head += raw.read(8 - len(head))
    left = int.from_bytes(head[4:], "little") if len(head) == 8 else 1
    kept = bytearray()
    is_dictionary = head.startswith(zstdframe.DICTIONARY)
    if is_dictionary and left > zstdframe.DICTIONARY_LIMIT:
        raise Broken("bad-zstd", f"the dictionary has {left} bytes, more than 8 MiB")
    while left:
        if not (piece := raw.read(min(PIECE, left))):
            raise Broken("torn", "the file ends inside a Zstandard frame")
        left -= len(piece)
        if is_dictionary:
            kept += piece
    if is_dictionary:
        try:
            raw.dictionary = zstdframe.load_dictionary(bytes(kept))
        except ValueError as error:
            raise Broken("bad-zstd", f"the dictionary cannot be used: {error}") from error
