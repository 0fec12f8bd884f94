"""Erasure: a record overwritten in place by one of the same length that says so, so that every other record stays where it is.

Owns the form of such a record: ``metadata`` (WARC 1.1, 6.6) of type ``application/warc-fields``, padded. Its gzip member has exactly as
many bytes as the old one: deflate's stored blocks (RFC 1951, 3.2.4) for what is long, empty stored blocks behind compressed data for what
is short.
The one place in Pressmark where a byte of a WARC file is changed.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from crawler.disk import sync
from crawler.errors import StorageError
from crawler.warc import fields
from crawler.warc.gzipmember import HEADER
from crawler.warc.notes import MARK
from crawler.warc.scan import scan
from crawler.warc.source import Broken

_STORED = 65_535
_EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"
_LAST_BLOCK = b"\x01\x00\x00\xff\xff"
_LONG = 4096
"""Bytes of a member from which on its record is padded; shorter ones get empty blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure record says."""

    record_id: str
    """``urn:uuid:…`` of the record that stood there."""
    at: str
    reason: str


def erase(path: Path, offset: int, length: int, what: Erased, *, new_id: str, compressed: bool = True) -> bool:
    """Overwrite the record at ``offset`` and sync the file; returns False if it was erased before.

    Args:
        path: the WARC file.
        offset: where the member (or the plain record) begins.
        length: its bytes.
        what: what is said in its place.
        new_id: ``urn:uuid:…`` of the new record.
        compressed: whether a gzip member stands there.

    Raises:
        StorageError: the file cannot be written, or the record is too short to be overwritten. A write that was cut short is repeated by
            calling this again.
    """
    if (found := erased_at(path, offset)) and found.record_id == what.record_id:
        return False
    data = member_of(what, length, new_id=new_id) if compressed else _record(what, new_id, length)
    if data is None or len(data) != length:
        raise StorageError(f"{path}: the record at {offset} has {length} bytes: too few to say that it was erased")
    try:
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(data)
            sync(file)
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror}", hint="Mend the disk, then run the same command again."
        ) from error
    return True


def erased_at(path: Path, offset: int) -> Erased | None:
    """What the erasure record at ``offset`` says; None if none stands there."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            for entry in scan(file, offset=offset):
                if entry.offset != offset or entry.get("WARC-Type") != "metadata":
                    return None
                lines = fields.from_block(b"".join(entry.pieces()))
                entry.finish()
                return _read(lines)
    except (OSError, Broken):
        pass
    return None


def member_of(what: Erased, length: int, *, new_id: str) -> bytes | None:
    """A gzip member of exactly ``length`` bytes that holds the erasure record; None if that is too few."""
    if length < _LONG:
        return _short_member(what, length, new_id)
    blocks = -(-(length - len(HEADER) - 8) // (_STORED + 5))
    record = _record(what, new_id, length - len(HEADER) - 8 - 5 * blocks, gap=True)
    if record is None:
        return None
    size = -(-len(record) // blocks)
    parts = [record[i : i + size] for i in range(0, len(record), size)]
    deflated = b"".join(struct.pack("<BHH", part is parts[-1], len(part), len(part) ^ 0xFFFF) + part for part in parts)
    return HEADER + deflated + _trailer(record)


def _short_member(what: Erased, length: int, new_id: str) -> bytes | None:
    room = length - len(HEADER) - 8 - len(_LAST_BLOCK)
    for padding in range(64):
        record = _record(what, new_id, None, gap=True, padding=padding)
        assert record is not None
        deflater = zlib.compressobj(9, wbits=-15)
        deflated = deflater.compress(record) + deflater.flush(zlib.Z_SYNC_FLUSH)
        if len(deflated) <= room and (room - len(deflated)) % len(_EMPTY_BLOCK) == 0:
            filler = _EMPTY_BLOCK * ((room - len(deflated)) // len(_EMPTY_BLOCK))
            return HEADER + deflated + filler + _LAST_BLOCK + _trailer(record)
    short = Erased(record_id=what.record_id, at=what.at, reason="")
    return _short_member(short, length, new_id) if what.reason else None


def _record(what: Erased, new_id: str, size: int | None, *, gap: bool = False, padding: int = 0) -> bytes | None:
    """The record, of exactly ``size`` bytes if that is given; None if it would be longer.

    Args:
        what: what it says.
        new_id: its id.
        size: its bytes, with the line ends behind it if ``gap``.
        gap: whether they are wanted.
        padding: bytes of padding, where no size is given.
    """
    end = b"\r\n\r\n" if gap else b""
    said = [
        MARK,
        ("erased", what.record_id),
        ("erasedAt", what.at),
        *([("reason", what.reason)] if what.reason else []),
    ]
    for _ in range(8):  # the length of Content-Length may change with it
        block = fields.to_block([*said, ("padding", _noise(padding) if size is None else "." * padding)])
        head = fields.to_header([
            ("WARC-Type", "metadata"),
            ("WARC-Record-ID", f"<{new_id}>"),
            ("WARC-Date", what.at),
            ("WARC-Block-Digest", "sha256:" + sha256(block).hexdigest()),
            ("Content-Type", "application/warc-fields"),
            ("Content-Length", str(len(block))),
        ])  # fmt: skip
        record = head + block + end
        if size is None or len(record) == size:
            return record
        padding += size - len(record)
        if padding < 0:
            return None
    return None


def _noise(size: int) -> str:
    """Text that does not compress away, always the same."""
    return sha256(b"padding").hexdigest()[:size]


def _trailer(content: bytes) -> bytes:
    return struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)


def _read(lines: fields.Fields) -> Erased | None:
    erased, at = fields.get(lines, "erased"), fields.get(lines, "erasedAt")
    if not lines or lines[0] != MARK or erased is None or at is None:
        return None
    return Erased(record_id=erased, at=at, reason=fields.get(lines, "reason") or "")
