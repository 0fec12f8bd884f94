"""Extracted text as it stands in WARCs: ``conversion`` records that refer to their response (WARC 1.1, 6.8).

Owns what a conversion is and how it is found again. Rows are never made from one: they are derived from the response.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from crawler.errors import StorageError
from crawler.warc import fields
from crawler.warc.scan import scan
from crawler.warc.source import Broken

MEDIA_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """A clean article, to be written beside its response."""

    refers_to: str
    """``urn:uuid:…`` of the response record."""
    url: str
    """Address of the page."""
    text: str
    """Its text: ``text`` of its row."""

    @property
    def block(self) -> bytes:
        """The record's block. Its digest is ``text_sha256`` of the row."""
        return self.text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A conversion record that was found in a file."""

    record_id: str
    offset: int
    refers_to: str
    sha256: str
    """Digest of its text, base16."""


def read_conversions(path: Path, offset: int = 0) -> Iterator[Converted]:
    """Yield the whole conversion records of a WARC file from the member at ``offset`` on.

    Raises:
        StorageError: the file cannot be read.

    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            for entry in scan(file, offset=offset):
                if (entry.get("WARC-Type") or "").lower() != "conversion":
                    continue
                seen = sha256()
                try:
                    for piece in entry.pieces():
                        seen.update(piece)
                    entry.finish()
                except Broken:
                    continue
                yield Converted(
                    record_id=entry.record_id or "",
                    offset=entry.offset,
                    refers_to=fields.bare(entry.get("WARC-Refers-To") or ""),
                    sha256=seen.hexdigest(),
                )
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}", hint="Check the disk.") from error
