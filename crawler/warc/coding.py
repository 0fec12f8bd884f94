"""Content codings: gzip, deflate, br and zstd, taken off leniently and within limits.

What can be read is given, with a slug that says what was wrong, as browsers do. Never allocates by what the sender claims: output
is made in pieces of 64 KiB, and stops at the limit or at a ratio no page has (a bomb). Never raises for bad data.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import brotli

from crawler.warc.gzipmember import salvage

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMIT = 64 << 20
"""Bytes a decoded body may have."""
RATIO = 500
"""Output bytes to one input byte above which an answer is a bomb; pages stay below 100."""
RATIO_FLOOR = 8 << 20
"""Output in bytes below which the ratio is not looked at."""
MAX_CODINGS = 4
"""Codings one answer may name."""

_GZIP = b"\x1f\x8b"
"""What a gzip member begins with (RFC 1952, 2.3.1)."""
_PIECE = 1 << 16
_INPUT = 1 << 14
_NONE = {"", "identity", "none"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body without its content coding."""

    body: bytes
    damaged: str | None
    """What was wrong: ``cut-gzip``, ``bad-gzip`` (and the same for deflate, br, zstd), ``not-coded``, ``unknown-coding``,
    ``too-many-codings``, ``too-large``, ``bomb``; None if nothing was."""


def decode(pieces: Iterable[bytes], codings: list[str], *, limit: int = LIMIT, ratio: int = RATIO) -> Decoded:
    """Take ``codings`` (as the Content-Encoding field lists them, lower case) off an entity.

    Args:
        pieces: the entity; read no further than the limit needs.
        codings: tokens in the order in which they were applied.
        limit: bytes of output at most.
        ratio: output bytes to an input byte at most.

    """
    damage: list[str] = []
    read = 0

    def counted() -> Iterator[bytes]:
        nonlocal read
        for piece in pieces:
            for i in range(0, len(piece), _INPUT):
                part = piece[i : i + _INPUT]
                read += len(part)
                yield part

    stream: Iterator[bytes] = counted()
    wanted = [c for c in codings if c not in _NONE]
    if len(wanted) > MAX_CODINGS:
        damage.append("too-many-codings")
        wanted = []
    for coding in reversed(wanted):
        decoder = _DECODERS.get(coding)
        if decoder is None:
            damage.append("unknown-coding")
            break
        stream = decoder(stream, damage)
    out = bytearray()
    for piece in stream:
        out += piece
        if len(out) > limit:
            del out[limit:]
            damage.insert(0, "too-large")
            break
        if wanted and len(out) > RATIO_FLOOR and len(out) > ratio * read:
            damage.insert(0, "bomb")
            break
    return Decoded(bytes(out), damage[0] if damage else None)


def _first(stream: Iterator[bytes], size: int) -> bytes:
    """The first ``size`` bytes, and what came with them; fewer only where the stream is shorter."""
    head = b""
    for piece in stream:
        head += piece
        if len(head) >= size:
            break
    return head


def _inflate(
    stream: Iterator[bytes], damage: list[str], name: str, wbits_of: Callable[[bytes], int | None], *, members: bool
) -> Iterator[bytes]:
    """Inflate; ``wbits_of`` chooses zlib's window bits from the first bytes, or None if they are not so coded."""
    data = _first(stream, 4)
    if not data:
        return
    wbits = wbits_of(data)
    if wbits is None:
        damage.append("not-coded")
        yield data
        yield from stream
        return
    inflater = zlib.decompressobj(wbits)
    held = b"" if wbits > 0 else data  # raw deflate has no magic number: an error before any output means it never was
    while data:
        before = inflater.copy()
        try:
            out = inflater.decompress(data, _PIECE)
        except zlib.error:
            saved = list(salvage(before, data))
            damage.append(f"bad-{name}" if saved or not held else "not-coded")
            yield from saved or (chain([held], stream) if held else ())
            return
        if out:
            held = b""
            yield out
        data = inflater.unconsumed_tail
        if inflater.eof:
            data = inflater.unused_data
            if members and len(data) < len(_GZIP):  # what announces the next member may be cut by the end of a piece
                data += _first(stream, len(_GZIP) - len(data))
            if not members or data[:2] != _GZIP:
                return  # browsers ignore what follows
            inflater = zlib.decompressobj(wbits)
        elif not data:
            data = next(stream, b"")
            held = held and held + data
    yield inflater.flush()
    damage.append(f"cut-{name}")


def _gzip(stream: Iterator[bytes], damage: list[str]) -> Iterator[bytes]:
    return _inflate(stream, damage, "gzip", lambda head: 31 if head[:2] == _GZIP else None, members=True)


def _deflate(stream: Iterator[bytes], damage: list[str]) -> Iterator[bytes]:
    """RFC 9110, 8.4.1.2 means the zlib format; half of the servers that send it send raw deflate, and some gzip."""
    head = _first(stream, 2)
    whole = chain([head], stream)
    if head[:2] == _GZIP:  # neither a zlib header nor a first block that RFC 1951 knows
        return _gzip(whole, damage)

    def wbits_of(head: bytes) -> int:
        return 15 if head[0] & 0x0F == 8 and int.from_bytes(head[:2]) % 31 == 0 else -15

    return _inflate(whole, damage, "deflate", wbits_of, members=False)


def _br(stream: Iterator[bytes], damage: list[str]) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    held = b""  # no magic number here either
    some = False
    for piece in stream:
        if not some:
            held += piece
        data = piece
        try:
            while True:
                out = decoder.process(data, output_buffer_limit=_PIECE)
                data = b""
                if out:
                    some, held = True, b""
                    yield out
                if decoder.is_finished():
                    return
                if not out and decoder.can_accept_more_data():
                    break
        except brotli.error:
            damage.append("bad-br" if some else "not-coded")
            if not some:
                yield from chain([held], stream)
            return
    if held or some:
        damage.append("cut-br")


def _zstd(stream: Iterator[bytes], damage: list[str]) -> Iterator[bytes]:
    data = _first(stream, 4)
    if data[:4] != b"\x28\xb5\x2f\xfd" and data[1:4] != b"\x2a\x4d\x18":
        if data:
            damage.append("not-coded")
            yield from chain([data], stream)
        return
    decoder = zstd.ZstdDecompressor(options=_ZSTD)
    while True:
        try:
            out = decoder.decompress(data, _PIECE)
        except zstd.ZstdError:
            damage.append("bad-zstd")
            return
        if out:
            yield out
        data = b""
        if decoder.eof:
            data = decoder.unused_data or next(stream, b"")
            if not data:
                return
            decoder = zstd.ZstdDecompressor(options=_ZSTD)
        elif decoder.needs_input:
            data = next(stream, b"")
            if not data:
                damage.append("cut-zstd")
                return


_ZSTD: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}  # RFC 9659: 8 MiB for a content coding
_DECODERS: dict[str, Callable[[Iterator[bytes], list[str]], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _br,
    "zstd": _zstd,
}
