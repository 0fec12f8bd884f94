"""The end of a WARC file whose writer died: where the last whole exchange ends, and what to do with the bytes after it.

Owns the repair of ``.open`` files. Never removes a byte without keeping it aside, and never touches what stands before the tail.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from crawler.disk import sync, sync_folder
from crawler.layout import OPEN, TORN
from crawler.warc.scan import Damage, scan
from crawler.warc.source import Broken, read_pieces

_SETTLING = ("metadata", "conversion", "warcinfo")
"""Types of the records after which our writer could end."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What a look at a whole file found."""

    end: int
    """Offset in bytes at which its last whole exchange ends."""
    size: int
    """Length of the file in bytes."""
    sound: bool
    """Whether all before ``end`` is whole."""


def inspect(path: Path) -> Tail:
    """Read the file and find where its last whole exchange ends.

    An exchange is whole with the metadata record that comes last: without it nobody knows what the answer was asked for.

    Raises:
        OSError: the file cannot be read.

    """
    damages: list[Damage] = []
    end = settled = 0
    with path.open("rb") as file:
        for entry in scan(file, on_damage=damages.append):
            try:
                entry.finish()
            except Broken:
                continue
            end = entry.end or end
            if entry.get("WARC-Type") in _SETTLING:
                settled = end
        end = settled or end  # other tools' files may have none of these
        size = file.seek(0, os.SEEK_END)
    return Tail(end, size, sound=all(damage.offset >= end for damage in damages))


def repair(path: Path) -> Tail:
    """Cut the file to its last whole exchange; the cut bytes go to a file of the same name with ``.torn``.

    Raises:
        OSError: the file cannot be read or written.

    """
    tail = inspect(path)
    if tail.end == tail.size:
        return tail
    with path.open("r+b") as file:
        file.seek(tail.end)
        torn = _new_torn(path)
        with torn.open("xb") as kept:
            kept.writelines(read_pieces(file, tail.size - tail.end))
            sync(kept)
        sync_folder(path.parent)
        file.truncate(tail.end)
        sync(file)
    return Tail(tail.end, tail.end, tail.sound)


def _new_torn(path: Path) -> Path:
    name, number = path.name.removesuffix(OPEN), 0
    while (torn := path.with_name(f"{name}{f'.{number}' if number else ''}{TORN}")).exists():
        number += 1
    return torn
