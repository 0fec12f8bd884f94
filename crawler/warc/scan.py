"""Records of a WARC file one after the other, as a stream, with exact offsets, going on after damage.

Owns record syntax (WARC 1.1, 4) as it is found in the wild: gzip members, Zstandard frames or plain, one record a member or not, from a
file or a pipe. Never holds a whole block, never understands one. Not warcio, which hides damage and loses the offsets behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from crawler.warc import fields, zstdframe
from crawler.warc.content import Content, Frame, Member, skip_frame
from crawler.warc.source import PIECE, Broken, Raw

HEADER_LIMIT = 1 << 20
"""Bytes a record's header may have."""

_LINE_END = (b"\r", b"\n")
_VERSION = re.compile(rb"WARC/[0-9]{1,3}\.[0-9]{1,3}\s*\Z")


@dataclass(frozen=True, slots=True)
class Damage:
    """A place in a file where no whole record could be read."""

    offset: int
    """Where the broken member or record begins, in bytes."""
    reason: str
    """Slug: ``torn``, ``bad-gzip``, ``bad-zstd``, ``bad-checksum``, ``bad-header``, ``bad-length``, ``garbage``."""
    detail: str
    """What was found, for people."""
    record_id: str | None
    """Id of the record, if its header could be read."""

    def __str__(self) -> str:
        """The damage for people, after the name of the file."""
        return f"at {self.offset}: {f'{self.record_id} ' if self.record_id else ''}{self.detail}"


class Entry:
    """One record as it stands in the file. Its block can be read once; nothing is sure before ``finish`` returned."""

    def __init__(self, reader: Raw | Content, raw: Raw, offset: int, *, first: bool) -> None:
        self._reader = reader
        self._raw = raw
        self._error: Broken | None = None
        self._done = False
        self.offset = offset
        """Offset of the member or frame (of the record, where the file is plain)."""
        self.first = first
        """Whether it is the first record of its member."""
        self.compressed = isinstance(reader, Content)
        self.zstandard = isinstance(reader, Frame)
        """Whether it is compressed so, and not with gzip."""
        self.length: int | None = None
        """Length of the member or frames (of header and block, where plain); known when finished, None if the record shares its member."""
        self.end: int | None = None
        """Offset of what follows the record or its member; known when finished, None if more records follow in the member."""
        self.gap = b""
        """Line ends that followed the block; known when finished. The standard wants CRLF CRLF."""
        self.header = b""
        """Version line and fields as they stand, with the blank line."""
        self.fields: fields.Fields = ()
        self.block_length = 0
        """Content-Length."""
        self._left = 0

    @property
    def record_id(self) -> str | None:
        """WARC-Record-ID without angle brackets; None if there is none."""
        value = fields.get(self.fields, "WARC-Record-ID")
        return fields.bare(value) if value else None

    def get(self, name: str) -> str | None:
        """First value of the field called ``name`` (any case)."""
        return fields.get(self.fields, name)

    def read_header(self) -> None:
        """Read version line and fields.

        Raises:
            Broken: this is no record.

        """
        header = bytearray(self._line())
        if not _VERSION.match(header):
            raise Broken("bad-header", f"a record begins with its version, not with {bytes(header[:40])!r}")
        start = len(header)
        while (line := self._line()).rstrip(b"\r\n"):
            header += line
            if len(header) > HEADER_LIMIT:
                raise Broken("bad-header", f"the header is longer than {HEADER_LIMIT} bytes")
        self.fields = fields.parse(bytes(header[start:]))
        self.header = bytes(header) + line
        length = self.get("Content-Length") or ""
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            raise Broken("bad-length", f"Content-Length is {length!r}")
        self.block_length = self._left = int(length)

    def pieces(self) -> Iterator[bytes]:
        """Yield what is left of the block.

        Raises:
            Broken: the block is not whole.

        """
        while self._left:
            try:
                piece = self._reader.read(min(PIECE, self._left))
                if not piece and self._goes_on():
                    continue
                if not piece:
                    short = f"{self._left} bytes of the block are missing"
                    raise Broken(
                        "bad-length" if self.compressed else "torn",
                        short,
                        resume=self._raw.tell() if self.compressed else None,
                    )
            except Broken as error:
                self._error = error
                raise
            self._left -= len(piece)
            yield piece

    def peek(self) -> bytes:
        """The block's first bytes, without taking them.

        Raises:
            Broken: they cannot be read.

        """
        return self._reader.peek(min(self._left, 64))

    @property
    def member_header(self) -> bytes:
        """The gzip header of its member; empty where there is none."""
        return self._reader.header if isinstance(self._reader, Content) else b""

    @property
    def sure(self) -> bool:
        """Whether a changed byte would be noticed wherever the compression has a checksum: a Zstandard frame may come without."""
        return not isinstance(self._reader, Frame) or self._reader.sure

    def finish(self) -> None:
        """Read to the record's end, and with the last one of a member check its checksum.

        Raises:
            Broken: the record is not whole or not sure.

        """
        if self._error:
            raise self._error
        if self._done:
            return
        for _ in self.pieces():
            pass
        end = self._raw.tell()
        try:
            while self._reader.peek(1) in _LINE_END or (len(self.gap) < 4 and self._goes_on(_LINE_END)):
                self.gap += self._reader.read(1)
            if not self.compressed:
                self.length, self.end = end - self.offset, self._raw.tell()
            elif self._reader.at_end():
                self.end = self._raw.tell()
                self.length = self.end - self.offset if self.first else None
            if (self.compressed or not self.gap) and not self._reader.at_end() and self._reader.peek(5) != b"WARC/":
                raise Broken("bad-length", "the block is followed by no record: Content-Length is not the block's")
        except Broken as error:
            self._error = error
            raise
        self._done = True

    def _goes_on(self, begins: tuple[bytes, ...] = ()) -> bool:
        """Go on with the next Zstandard frame if it is the record's: it begins with one of these, or at least with no record."""
        if not isinstance(self._reader, Frame) or not (first := self._reader.follows()):
            return False
        if first.startswith(begins) if begins else first != b"WARC/":
            self._reader.go_on()
            return True
        return False

    def _line(self) -> bytes:
        line = self._reader.readline(HEADER_LIMIT)
        while not line.endswith(b"\n") and len(line) < HEADER_LIMIT and self._goes_on():
            line += self._reader.readline(HEADER_LIMIT)
        if not line.endswith(b"\n"):
            at_end = len(line) < HEADER_LIMIT and not self.compressed
            raise Broken("torn" if at_end else "bad-header", f"the header ends with {line[:40]!r}")
        return line


def scan(
    stream: BinaryIO,
    *,
    offset: int = 0,
    on_damage: Callable[[Damage], object] | None = None,
    passed: Callable[[int], int] | None = None,
) -> Iterator[Entry]:
    """Yield each record of a WARC file or pipe that has a whole header.

    Each entry must be used before the next is asked for. Damage is reported and stepped over: to the next member that inflates
    to a record, or the next version line. Nothing after a torn end is looked for: that would be a page's own bytes.

    Args:
        stream: the file, standing at ``offset``.
        offset: what the stream's first byte counts as.
        on_damage: called once for each place that is not a whole record.
        passed: asked at each member (or plain record) how many bytes are to be passed over unread; only where ``stream`` can be sought.

    """
    raw = Raw(stream, offset)
    if offset:
        raw.dictionary = _dictionary(stream, offset)
    while True:
        if passed:
            while size := passed(raw.tell()):
                raw.skip(size)
        raw.mark()
        start = raw.tell()
        first = raw.peek(5)
        if not first:
            return
        entry: Entry | None = None
        member: Content | None = None
        try:
            if first[:2] == b"\x1f\x8b" or first[:4] == zstdframe.MAGIC:
                member = Member(raw) if first[:2] == b"\x1f\x8b" else Frame(raw)
                number = 0
                _skip_line_ends(member)
                while not member.at_end():
                    entry = Entry(member, raw, start, first=number == 0)
                    entry.read_header()
                    yield entry
                    entry.finish()
                    number += 1
            elif first[:1] in b"\r\n":
                raw.read(1)
            elif b"WARC/".startswith(first):
                entry = Entry(raw, raw, start, first=True)
                entry.read_header()
                yield entry
                entry.finish()
            elif zstdframe.is_skippable(first):
                skip_frame(raw)
            else:
                raise Broken("garbage", f"neither a gzip member nor a record begins with {first!r}")
        except Broken as error:
            if on_damage:
                on_damage(Damage(start, error.reason, error.detail, entry.record_id if entry else None))
            if error.reason == "torn":
                return
            resume = _resume(error, member, raw)
            if resume is not None:
                raw.seek(resume)
                if raw.at_end() or raw.begins_record():
                    continue
            raw.seek(start + 1)
            if not raw.find_record(plain=first[:2] != b"\x1f\x8b" and first[:4] != zstdframe.MAGIC):
                return


def _dictionary(stream: BinaryIO, offset: int) -> zstdframe.Dictionary | None:
    """The dictionary at a file's beginning, if a Zstandard frame is at ``offset``; a part of a file, in memory, has none."""
    if stream.tell() != offset:
        return None
    is_frame = stream.read(4) == zstdframe.MAGIC
    stream.seek(0 if is_frame else offset)
    if not is_frame:
        return None
    beginning = Raw(stream)
    with suppress(Broken):  # what is at the offset tells that it is needed
        if beginning.peek(4) == zstdframe.DICTIONARY:
            skip_frame(beginning)
    stream.seek(offset)
    return beginning.dictionary


def _resume(error: Broken, member: Content | None, raw: Raw) -> int | None:
    """Where the next member should begin: a broken record in a whole member ends with it."""
    if error.resume is not None or member is None or error.reason in ("bad-gzip", "bad-zstd"):
        return error.resume
    try:
        while not member.at_end():
            member.read(PIECE)
    except Broken as worse:
        return worse.resume
    return raw.tell()


def _skip_line_ends(member: Content) -> None:
    while member.peek(1) in _LINE_END:
        member.read(1)
