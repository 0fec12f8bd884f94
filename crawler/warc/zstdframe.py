"""Zstandard frames as WARCs use them: a record in frames of its own, with one dictionary for the whole file.

Owns what RFC 8878 and the IIPC's proposal "Zstandard Compression for WARC Files" 1.0
(https://iipc.github.io/warc-specifications/specifications/warc-zstd/) say of frames and dictionaries. Never writes any.
"""

from __future__ import annotations

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAGIC = b"\x28\xb5\x2f\xfd"
"""What a frame begins with (RFC 8878, 3.1.1)."""
DICTIONARY = b"\x5d\x2a\x4d\x18"
"""What the frame with the dictionary begins with, before everything else in the file (the proposal, "Dictionary frame format")."""
DICTIONARY_LIMIT = 8 << 20
"""Bytes of a dictionary, compressed or not: what the proposal asks of readers."""
FIRST = (1 << 17) + 64
"""Bytes of a frame with which its first bytes of content are there: its header and a whole block (RFC 8878, 3.1.1.2.3)."""
_WINDOW = 27
"""Power of two of the bytes that a frame may look back: 128 MiB, the limit of the program ``zstd``."""

Dictionary = zstd.ZstdDict
Decompressor = zstd.ZstdDecompressor
Error = zstd.ZstdError


def decompressor(dictionary: Dictionary | None) -> Decompressor:
    """What takes one frame apart."""
    return zstd.ZstdDecompressor(dictionary, options={zstd.DecompressionParameter.window_log_max: _WINDOW})


def is_skippable(head: bytes) -> bool:
    """Whether a frame begins that holds nothing of a record: the dictionary, or an extension (RFC 8878, 3.1.2)."""
    return head[1:4] == DICTIONARY[1:] and head[0] & 0xF0 == 0x50


def is_sure(head: bytes) -> bool:
    """Whether a frame bears its content's size and checksum (RFC 8878, 3.1.1.1.1), as the proposal wants it to (4.1)."""
    descriptor = head[4] if len(head) > 4 else 0
    return bool(descriptor & 0xE0 and descriptor & 0x04)


def load_dictionary(data: bytes) -> Dictionary:
    """Make a dictionary of what its frame holds, which may be a frame again.

    Raises:
        ValueError: it is none, or larger than ``DICTIONARY_LIMIT``.

    """
    try:
        if data.startswith(MAGIC):
            opened = decompressor(None)
            data = opened.decompress(data, DICTIONARY_LIMIT)
            if not opened.eof:
                raise ValueError("it is larger than 8 MiB, or not whole")
        return zstd.ZstdDict(data)
    except Error as error:
        raise ValueError(str(error)) from error


def beginning(head: bytes, size: int, dictionary: Dictionary | None) -> tuple[bytes, int]:
    """The first bytes of the content of a frame, and its length if it is empty; neither if it is damaged.

    Args:
        head: the frame, ``FIRST`` bytes of it if it has so many.
        size: how many first bytes.
        dictionary: the file's.

    """
    decoder = decompressor(dictionary)
    try:
        data = decoder.decompress(head, size)
    except Error:
        return b"", 0
    return data, len(head) - len(decoder.unused_data) if decoder.eof and not data else 0
