"""A second opinion: warcio, which shares no code with our reader, must find the same records with the same blocks.

Owns the comparison only. What verify.py says is our own reading of the standard; a file that another tool reads differently is no good to
those who will use that tool. Never changes a file.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from crawler.warc.finding import Finding
from crawler.warc.scan import scan
from crawler.warc.source import Broken

_PIECE = 1 << 16


def second_opinion(path: Path) -> Iterator[Finding]:
    """Yield a finding for the first record of a WARC that warcio reads differently or not at all; nothing if it agrees.

    Ends where our own reader finds damage.

    Raises:
        OSError: the file cannot be read.

    """
    with path.open("rb") as ours, path.open("rb") as theirs:
        other = _theirs(ArchiveIterator(theirs, no_record_parse=True))
        for entry in scan(ours):
            digest = hashlib.sha256()
            try:
                for piece in entry.pieces():
                    digest.update(piece)
            except Broken:
                return  # verify.py tells what is damaged; from here on two readers need not agree
            mine = (_bare(entry.get("WARC-Record-ID")), digest.hexdigest())
            try:
                with redirect_stderr(
                    io.StringIO()
                ):  # warcio writes there what it makes of damage; it is told as a finding
                    seen = next(other, None)
            except Exception as error:  # whatever warcio stumbles over is what is to be told
                yield _finding(path, entry.offset, mine[0], f"warcio cannot read on: {type(error).__name__}: {error}")
                return
            if seen != mine:
                what = "ends before this record" if seen is None else f"reads record {seen[0]} with another block here"
                yield _finding(path, entry.offset, mine[0], f"warcio {what}")
                return


def _theirs(records: ArchiveIterator) -> Iterator[tuple[str | None, str]]:
    for record in records:
        digest = hashlib.sha256()
        while piece := record.raw_stream.read(_PIECE):
            digest.update(piece)
        yield _bare(record.rec_headers.get_header("WARC-Record-ID")), digest.hexdigest()


def _bare(record_id: str | None) -> str | None:
    return record_id.strip().removeprefix("<").removesuffix(">") if record_id else None


def _finding(path: Path, offset: int, record_id: str | None, message: str) -> Finding:
    return Finding(
        severity="warning", file=str(path), offset=offset, record_id=record_id, rule="second-reader", section="", message=message
    )  # fmt: skip
