"""The CDXJ index: one sorted line a capture, ``key timestamp {json}``, with which replay tools find a URL at a time.

Owns the index file of a folder of WARCs: brings it up to date, looks URLs up in it. The index is derived: it can be deleted and is
made again from the WARCs. Lines are sorted bytewise; keys are made by surt.py.
"""

from __future__ import annotations

import heapq
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.disk import replace_file
from crawler.layout import OPEN
from crawler.warc import capture, fields
from crawler.warc.scan import Entry, scan
from crawler.warc.source import Broken
from crawler.warc.surt import surt


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """One line of the index."""

    key: str
    """The URL's sort-friendly form."""
    timestamp: str
    """WARC-Date, 14 digits."""
    url: str
    """WARC-Target-URI."""
    mime: str
    """Media type that the server named; ``warc/revisit`` for a revisit, ``unk`` if there is none."""
    status: str
    """Status code; ``-`` if there is none."""
    digest: str
    """Digest of the payload: transfer coding removed, content coding kept."""
    length: int
    """Length of the record's member in bytes."""
    offset: int
    """Offset of the record's member in bytes."""
    filename: str
    """Name of the WARC file, without ``.open``."""

    def to_line(self) -> bytes:
        """The line, with its line feed; numbers are strings, as pywb writes them."""
        values = {
            "url": self.url,
            "mime": self.mime,
            "status": self.status,
            "digest": self.digest,
            "length": str(self.length),
            "offset": str(self.offset),
            "filename": self.filename,
        }
        return f"{self.key} {self.timestamp} {json.dumps(values)}\n".encode()

    @classmethod
    def from_line(cls, line: bytes) -> IndexEntry:
        """Read a line, ours or another tool's; fields beyond these are left out.

        Raises:
            ValueError: it is no CDXJ line, or does not say where the record stands.

        """
        try:
            key, timestamp, text = line.decode().split(" ", 2)
            values: dict[str, Any] = json.loads(text)
            return cls(
                key=key,
                timestamp=timestamp,
                url=values["url"],
                mime=values.get("mime", "unk"),
                status=values.get("status", "-"),
                digest=values.get("digest", ""),
                length=int(values["length"]),
                offset=int(values["offset"]),
                filename=values["filename"],
            )
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"not a line of an index: {line[:80]!r}") from error


def index_entries(path: Path, offset: int = 0) -> Iterator[IndexEntry]:
    """Yield an entry for each capture of a WARC file that can be read by its offset, in file order; damage is passed over.

    Args:
        path: the file.
        offset: where to begin: the beginning of a record's member.

    Raises:
        OSError: the file cannot be read.

    """
    with path.open("rb") as file:
        file.seek(offset)
        for entry in scan(file, offset=offset):
            try:
                made = index_entry(entry, path.name.removesuffix(OPEN))
            except (Broken, ValueError):
                continue
            if made:
                yield made


def index_entry(entry: Entry, filename: str) -> IndexEntry | None:
    """Make the line of a record; None if it is no capture, or shares its gzip member with the record before it.

    Args:
        entry: the record, not read yet.
        filename: what the line is to call its file.

    Raises:
        Broken: the record is not whole.
        ValueError: it has no date.

    """
    if not (capture.is_capture(entry) or entry.get("WARC-Type") == "resource"):
        return None
    content = capture.read_content(entry, 0)
    if entry.length is None:
        return None
    url = fields.bare(entry.get("WARC-Target-URI") or "")
    declared = entry.get("WARC-Payload-Digest")
    revisit = entry.get("WARC-Type") == "revisit"
    named = next((value for name, value in content.headers if name.lower() == "content-type"), "")
    return IndexEntry(
        key=surt(url),
        timestamp=timestamp(entry.get("WARC-Date") or ""),
        url=url,
        mime="warc/revisit" if revisit else named.partition(";")[0].strip().lower() or "unk",
        status=str(content.status or "-"),
        digest=declared if revisit and declared else content.digest,
        length=entry.length,
        offset=entry.offset,
        filename=filename,
    )


def timestamp(date: str) -> str:
    """A WARC-Date in 14 digits.

    Raises:
        ValueError: it is none.

    """
    return capture.parse_date(date).strftime("%Y%m%d%H%M%S")


def update_index(index: Path, warcs: Iterable[Path], hidden: Collection[tuple[str, int]] = ()) -> int:
    """Bring an index up to date with WARC files; only what they have grown by is read. Returns the number of new lines.

    Captures at the places ``hidden`` (file and offset) were taken down: no line leads to them.

    Lines of files that are not among ``warcs``, or that have become shorter than the index knows them, are dropped (the latter are
    read anew). The index is replaced as a whole: a crash leaves the old one.

    Raises:
        OSError: a file cannot be read or written.

    """
    known: dict[str, int] = {}
    for entry in read_index(index):
        known[entry.filename] = max(known.get(entry.filename, 0), entry.offset + entry.length)
    files = {path.name.removesuffix(OPEN): path for path in warcs}
    good = {name for name, end in known.items() if name in files and files[name].stat().st_size >= end}
    new = [
        entry.to_line()
        for name, path in sorted(files.items())
        for entry in index_entries(path, known[name] if name in good else 0)
        if (entry.filename, entry.offset) not in hidden
    ]
    if new or good != known.keys() or not index.exists():
        kept = (entry.to_line() for entry in read_index(index) if entry.filename in good)
        replace_file(index, heapq.merge(kept, sorted(new)))
    return len(new)


def drop(index: Path, hidden: Collection[tuple[str, int]]) -> None:
    """Take the lines out of an index that lead to the places ``hidden`` (file and offset).

    Raises:
        OSError: it cannot be read or written.

    """
    if any((entry.filename, entry.offset) in hidden for entry in read_index(index)):
        kept = (entry for entry in read_index(index) if (entry.filename, entry.offset) not in hidden)
        replace_file(index, (entry.to_line() for entry in kept))


def add(index: Path, places: Collection[tuple[str, int]], warc: Callable[[str], Path]) -> None:
    """Put lines into an index that lead to the captures at ``places`` (file and offset), where it has none.

    Args:
        index: the index, brought up to date before.
        places: the captures.
        warc: gives the WARC file of a name.

    Raises:
        OSError: a file cannot be read or written.

    """
    missing = set(places) - {(entry.filename, entry.offset) for entry in read_index(index)}
    new = []
    for name, offset in missing:
        entry = next(index_entries(warc(name), offset), None) if warc(name).exists() else None
        if entry and entry.offset == offset:
            new.append(entry.to_line())
    if new:
        replace_file(index, heapq.merge((entry.to_line() for entry in read_index(index)), sorted(new)))


def read_index(index: Path) -> Iterator[IndexEntry]:
    """Yield all entries in order; none if there is no index yet. Lines that are not ours are passed over.

    Raises:
        OSError: it cannot be read.

    """
    if not index.exists():
        return
    with index.open("rb") as file:
        for line in file:
            try:
                yield IndexEntry.from_line(line)
            except ValueError:
                continue


def lookup(index: Path, url: str) -> list[IndexEntry]:
    """All captures of ``url``, oldest first, found by bisection.

    Raises:
        OSError: the index cannot be read.

    """
    key = surt(url).encode() + b" "
    found = []
    with index.open("rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:  # the first line whose beginning is not before the key begins at or after `low`
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.readline()
            line = file.readline()
            if line and line < key:
                low = middle + 1
            else:
                high = middle
        file.seek(low)
        if low:
            file.readline()
        for line in file:
            if not line.startswith(key):
                break
            found.append(IndexEntry.from_line(line))
    return found
