"""The repairer: saves every whole record of a damaged WARC to a new file, and says what it could not save.

Never changes the damaged file, and changes no byte of a record: a gzip member that is whole is copied as it stands. Records that share a
member get one each, and what was Zstandard becomes gzip.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from crawler.disk import replacing
from crawler.errors import EvidenceError, StorageError
from crawler.warc.gzipmember import compress_pieces
from crawler.warc.scan import Damage, Entry, scan
from crawler.warc.source import PIECE, Broken, read_pieces

_IN_MEMORY = 8 << 20


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair did."""

    saved: int
    """Records in the new file."""
    lost: tuple[Damage, ...]
    """Places that held no whole record."""


def repair_file(path: Path, target: Path) -> Repaired:
    """Copy every whole record of ``path`` to a new, compressed file.

    Args:
        path: a WARC, compressed or not.
        target: the new file; it must not be there yet.

    Raises:
        StorageError: a file cannot be read or written, or ``target`` is there.
        EvidenceError: there is no whole record.

    """
    lost: list[Damage] = []
    saved = 0
    if target.exists():
        raise StorageError(f"{target} is there already", hint="Name a new file: a repair never writes over one.")
    try:
        with path.open("rb") as file, path.open("rb") as again, replacing(target) as out:
            for entry in scan(file, on_damage=lost.append):
                try:
                    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
                        spool.writelines(_record(entry))
                        entry.finish()
                        spool.seek(0)
                        _save(entry, spool, again, out)
                except Broken:
                    continue  # scan reports it
                saved += 1
            if not saved:
                raise EvidenceError(
                    f"{path} holds no whole record", hint="There is nothing to save. Is it a WARC file?"
                )
    except OSError as error:
        raise StorageError(
            f"{path} could not be repaired: {error.strerror or error}", hint="Check space and permissions."
        ) from error
    return Repaired(saved, tuple(lost))


def _record(entry: Entry) -> Iterator[bytes]:
    yield entry.header
    yield from entry.pieces()
    yield b"\r\n\r\n"


def _save(entry: Entry, spool: IO[bytes], again: IO[bytes], out: IO[bytes]) -> None:
    """Write a whole record: its member as it stands, if it has one of its own, and needs no dictionary."""
    if entry.compressed and not entry.zstandard and entry.length is not None:
        again.seek(entry.offset)
        out.writelines(read_pieces(again, entry.length))
    else:
        out.writelines(compress_pieces(iter(lambda: spool.read(PIECE), b"")))
