"""Packing: WARCs, their index and a list of pages in one WACZ 1.1.1 file that opens in any replay tool and proves itself.

Owns the package's form (https://specs.webrecorder.net/wacz/1.1.1/). Streams: neither a WARC nor the index nor what
is known of the records is ever in memory as a whole. The package appears under its name when it is whole and synced.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import IO

from crawler.disk import replacing
from crawler.errors import EvidenceError, StorageError
from crawler.layout import OPEN
from crawler.warc import tail
from crawler.warc.cdxj import IndexEntry, index_entries
from crawler.warc.gzipmember import compress_pieces
from crawler.warc.scratch import scratch
from crawler.warc.selection import SCHEMA, Place, Selection
from crawler.warc.source import read_pieces
from crawler.warc.zipnum import compress_index

VERSION = "1.1.1"
_TIMESTAMP = 0x5455
"""Extra field for the time of a member in UTC, as Info-ZIP writes it. It is there for ReplayWeb.page too, which takes a member that has no
extra field in the central directory to have none in its local header either; but a streamed member has its ZIP64 field there."""
_LINES = "CREATE TABLE line (line BLOB, url TEXT, timestamp TEXT);"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A line of pages.jsonl: where a reader may begin."""

    url: str
    """Address it was served from."""
    date: datetime
    """When it was captured (aware)."""
    title: str | None = None
    """Its headline."""
    text: str | None = None
    """Its text, for full-text search."""
    record_id: str | None = None
    """``urn:uuid:…`` of its response record."""
    place: tuple[str, int] | None = None
    """File and offset of that record, if it should be in one of the files: it is told if it is not."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What went into a package."""

    warcs: int
    captures: int
    pages: int
    size: int
    """Bytes of the package."""
    missing_originals: int
    """Revisits whose original is in none of the files; replay will not show them."""
    missing_pages: int = 0
    """Pages whose record is in none of the files, or not whole."""


def pack(
    target: Path,
    warcs: Sequence[Path],
    *,
    pages: Iterable[Page],
    title: str,
    software: str,
    created: datetime,
    description: str | None = None,
    wanted: Callable[[IndexEntry], bool] | None = None,
    hidden: Collection[tuple[str, int]] = (),
    passed: Iterable[IndexEntry] = (),
) -> Packed:
    """Make a WACZ of WARC files.

    Args:
        target: the package, replaced if it is there.
        warcs: the files; one still being written is packed up to its last whole record.
        pages: entry points, in the order in which they are to be listed; those whose capture is not packed are left out, and counted.
        title: names the package.
        software: who made it.
        created: when (aware).
        description: Markdown.
        wanted: chooses captures; their requests, metadata and the originals of revisits come with them. None packs all files
            as they are, byte for byte.
        hidden: places (file and offset) of captures that were taken down, which are left out with all that belongs to them alone.
        passed: captures, as an index knows them, that are not ``wanted``: they are not read unless something needs them.

    Raises:
        StorageError: a file cannot be read, or the package not written. EvidenceError: nothing is chosen.

    """
    try:
        with replacing(target) as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as archive, scratch(_LINES + SCHEMA) as database:
                package = _Package(archive, created, database)
                packed = package.fill(warcs, wanted, hidden, passed, pages)
                if not packed.captures:
                    raise EvidenceError(
                        "there is no capture to pack", hint="Choose another site or a longer time range."
                    )
                package.describe(title, description, software)
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise StorageError(
            f"{target} could not be packed: {error.strerror or error}", hint="Check space and permissions."
        ) from error
    return replace(packed, size=size)


class _Package:
    def __init__(self, archive: zipfile.ZipFile, created: datetime, database: sqlite3.Connection) -> None:
        self._archive = archive
        self._created = created.astimezone(UTC)
        self._database = database
        self._resources: list[dict[str, str | int]] = []
        self._warcs = 0
        self._pages = self._missing_pages = 0
        self._ends: dict[str, int] = {}

    def fill(
        self,
        warcs: Sequence[Path],
        wanted: Callable[[IndexEntry], bool] | None,
        hidden: Collection[tuple[str, int]],
        passed: Iterable[IndexEntry],
        pages: Iterable[Page],
    ) -> Packed:
        """Put in archive, index and pages."""
        self._ends = {path.name.removesuffix(OPEN): path.stat().st_size for path in warcs}
        missing = 0
        if wanted is None and not hidden:
            for path in warcs:
                self._add_whole(path)
        else:
            selection = Selection(self._database, wanted or (lambda entry: True), hidden, passed)
            for path in warcs:
                selection.read(path)
            missing = selection.choose()
            for path, places in selection.files():
                self._add_chosen(path, places)
        self._database.execute("CREATE INDEX line_at ON line (url, timestamp)")
        idx: list[bytes] = []
        lines = (line for (line,) in self._database.execute("SELECT line FROM line ORDER BY line"))
        self._add("indexes/index.cdx.gz", compress_index(lines, "index.cdx.gz", idx), store=True)
        self._add("indexes/index.idx", idx)
        self._add("pages/pages.jsonl", self._list(pages))
        (captures,) = self._database.execute("SELECT count(*) FROM line").fetchone()
        return Packed(self._warcs, captures, self._pages, 0, missing, self._missing_pages)

    def describe(self, title: str, description: str | None, software: str) -> None:
        """Put in the manifest and its digest."""
        date = self._created.strftime("%Y-%m-%dT%H:%M:%SZ")
        manifest = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": title,
            **({"description": description} if description else {}),
            "created": date,
            "software": software,
            "resources": self._resources,
        }
        data = json.dumps(manifest, indent=2).encode()
        self._add("datapackage.json", [data])
        digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(data).hexdigest()}"}
        self._add("datapackage-digest.json", [json.dumps(digest, indent=2).encode()])

    def _add_whole(self, path: Path) -> None:
        name = path.name.removesuffix(OPEN)
        end = tail.inspect(path).end if path.name.endswith(OPEN) else path.stat().st_size
        if not end:
            return
        with path.open("rb") as file:
            self._add(f"archive/{name}", read_pieces(file, end), store=True)
        for entry in index_entries(path):
            if entry.offset < end:
                self._index(entry)
        self._warcs += 1

    def _add_chosen(self, path: Path, places: Iterable[Place]) -> None:
        name = path.name.removesuffix(OPEN).removesuffix(".gz").removesuffix(".warc")
        filename = f"{name}-selected.warc.gz"

        def members() -> Iterator[bytes]:
            at = 0
            with path.open("rb") as file:
                for place in places:
                    file.seek(place.offset)
                    size = 0
                    for piece in _member(file, place):
                        size += len(piece)
                        yield piece
                    if place.entry:
                        self._index(replace(place.entry, filename=filename, offset=at, length=size))
                    at += size

        self._add(f"archive/{filename}", members(), store=True)
        self._warcs += 1

    def _add(self, name: str, pieces: Iterable[bytes], *, store: bool = False) -> None:
        info = zipfile.ZipInfo(name, self._created.timetuple()[:6])
        info.compress_type = zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        info.extra = struct.pack("<HHBI", _TIMESTAMP, 5, 1, int(self._created.timestamp()) & 0xFFFFFFFF)
        if name in self._archive.namelist():
            raise StorageError(f"two files are called {name}", hint="Rename one of the WARC files.")
        seen, size = sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as out:
            for piece in pieces:
                seen.update(piece)
                size += len(piece)
                out.write(piece)
        if "/" in name:
            plain = re.sub(r"[^a-z0-9._-]", "-", name.rpartition("/")[2].lower())
            self._resources.append({"name": plain, "path": name, "hash": f"sha256:{seen.hexdigest()}", "bytes": size})

    def _index(self, entry: IndexEntry) -> None:
        """Keep a line aside until all are there, to be sorted."""
        self._database.execute("INSERT INTO line VALUES (?, ?, ?)", (entry.to_line(), entry.url, entry.timestamp))

    def _list(self, pages: Iterable[Page]) -> Iterator[bytes]:
        """Yield pages.jsonl."""
        yield b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": true}\n'
        for page in pages:
            date = page.date.astimezone(UTC)
            place = (page.url, date.strftime("%Y%m%d%H%M%S"))
            if not self._database.execute("SELECT 1 FROM line WHERE url = ? AND timestamp = ?", place).fetchone():
                self._missing_pages += self._should_be_there(page)
                continue
            self._pages += 1
            values = {
                "id": (page.record_id or "").removeprefix("urn:uuid:")
                or sha256(f"{page.url} {date}".encode()).hexdigest()[:16],
                "url": page.url,
                "ts": date.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "title": page.title,
                "text": page.text,
            }
            yield json.dumps({name: value for name, value in values.items() if value is not None}).encode() + b"\n"

    def _should_be_there(self, page: Page) -> bool:
        """Whether a page that is not in the package is lost, and not only captured after the package was begun."""
        if page.place is None:
            return False
        name, offset = page.place
        return offset < self._ends[name] if name in self._ends else page.date < self._created


def _member(file: IO[bytes], place: Place) -> Iterator[bytes]:
    """A record's own member; a plain record gets one."""
    pieces = read_pieces(file, place.length)
    return pieces if place.compressed else compress_pieces(chain(pieces, [b"\r\n\r\n"]))
