"""The compressed index of a package: CDXJ in gzip blocks, and a short list of where each block begins.

So a replay tool fetches the list and one block, not the whole index. Pure.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice

LINES_PER_BLOCK = 3000
"""Lines of the index in one block."""


def compress_index(
    lines: Iterable[bytes], filename: str, idx: list[bytes], lines_per_block: int = LINES_PER_BLOCK
) -> Iterator[bytes]:
    """Yield the blocks of an index.

    Args:
        lines: the index's lines, sorted, each with its line feed.
        filename: what the file of the blocks is called.
        idx: is filled with the lines of the list, as the blocks are made.
        lines_per_block: size of a block.

    """
    offset = 0
    idx.append(b"!meta 0 " + json.dumps({"format": "cdxj-gzip-1.0", "filename": filename}).encode() + b"\n")
    left = iter(lines)
    while block := list(islice(left, lines_per_block)):
        data = gzip.compress(b"".join(block), mtime=0)
        key = b" ".join(block[0].split(b" ", 2)[:2])
        values = {
            "offset": offset,
            "length": len(data),
            "digest": f"sha256:{sha256(data).hexdigest()}",
            "filename": filename,
        }
        idx.append(key + b" " + json.dumps(values).encode() + b"\n")
        offset += len(data)
        yield data
