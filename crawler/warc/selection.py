"""Choosing records for a package so that it stands alone: a capture brings its request and metadata, a revisit its original.

Owns which records belong together. Remembers some strings for each record of the files, never a block.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crawler.warc import certificates, fields
from crawler.warc.scan import Entry, scan
from crawler.warc.source import Broken


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands that is to be packed."""

    path: Path
    offset: int
    length: int
    """Bytes of its member (of header and block, where the file is plain)."""
    compressed: bool


@dataclass(slots=True)
class Records:
    """What is known of all records of some files."""

    _places: dict[str, Place] = field(default_factory=dict)
    _by_place: dict[tuple[str, int], str] = field(default_factory=dict)
    _near: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _needs: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _captures: dict[str, str] = field(default_factory=dict)
    _info: dict[str, str] = field(default_factory=dict)

    def read(self, path: Path) -> None:
        """Take in a file's records. What is damaged, or shares its gzip member with others, cannot be chosen.

        Raises:
            OSError: the file cannot be read.

        """
        info = None
        with path.open("rb") as file:
            for entry in scan(file):
                try:
                    entry.finish()
                except Broken:
                    continue
                if entry.get("WARC-Type") == "warcinfo":
                    info = entry.record_id
                if entry.record_id and entry.length is not None:
                    self._add(path, entry, info)

    def _add(self, path: Path, entry: Entry, info: str | None) -> None:
        record_id, kind = entry.record_id or "", entry.get("WARC-Type")
        self._places[record_id] = Place(path, entry.offset, entry.length or 0, entry.compressed)
        self._by_place[path.name, entry.offset] = record_id
        own_info = entry.get("WARC-Warcinfo-ID")
        if own_info or info:
            self._info[record_id] = fields.bare(own_info) if own_info else info or ""
        tied = [fields.bare(value) for value in fields.get_all(entry.fields, "WARC-Concurrent-To")]
        refers = fields.bare(entry.get("WARC-Refers-To") or "")
        if kind in ("metadata", "conversion") and refers:
            tied.append(refers)
        if kind == "resource" and entry.get("Content-Type") == certificates.MEDIA_TYPE and info:
            self._near[info].add(record_id)  # what was captured with these certificates follows in the same file
        for other in tied:
            self._near[record_id].add(other)
            self._near[other].add(record_id)
        if kind == "revisit":
            target = fields.bare(entry.get("WARC-Refers-To-Target-URI") or "")
            self._needs[record_id] = [refers, f"{target} {entry.get('WARC-Refers-To-Date')}"]
        elif kind in ("response", "resource"):
            self._captures.setdefault(
                f"{fields.bare(entry.get('WARC-Target-URI') or '')} {entry.get('WARC-Date')}", record_id
            )

    def choose(self, wanted: Iterable[tuple[Path, int]]) -> tuple[list[Place], int]:
        """All records that the captures at these places need, in file order, and how many originals of revisits are missing."""
        chosen: set[str] = set()
        missing = 0
        queue = [record_id for path, offset in wanted if (record_id := self._by_place.get((path.name, offset)))]
        while queue:
            record_id = queue.pop()
            if record_id in chosen or record_id not in self._places:
                continue
            chosen.add(record_id)
            queue += self._near[record_id]
            if info := self._info.get(record_id):
                queue.append(info)
            if needs := self._needs.get(record_id):
                original = needs[0] if needs[0] in self._places else self._captures.get(needs[1])
                missing += original is None
                queue += [original] if original else []
        places = sorted(
            (self._places[record_id] for record_id in chosen), key=lambda place: (str(place.path), place.offset)
        )
        return places, missing


def by_file(places: Iterable[Place]) -> Iterator[tuple[Path, list[Place]]]:
    """Group places that are in file order by their file."""
    groups: dict[Path, list[Place]] = {}
    for place in places:
        groups.setdefault(place.path, []).append(place)
    yield from groups.items()
