"""What later revisits may stand for: the whole answers of a WARC file whose record bears its payload's digest (WARC 1.1, 6.7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crawler.layout import OPEN
from crawler.warc import capture, fields, message
from crawler.warc.exchange import RevisitTarget
from crawler.warc.scan import scan
from crawler.warc.source import Broken


def read_originals(path: Path) -> Iterator[RevisitTarget]:
    """Yield each whole 200 answer of a WARC file that can be referred to; damage is passed over.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        for entry in scan(file):
            declared = entry.get("WARC-Payload-Digest")
            if entry.get("WARC-Type") != "response" or not declared or entry.get("WARC-Truncated"):
                continue
            try:
                parts, body = message.split_stream(entry.pieces())
                size = sum(len(piece) for piece in body)
                entry.finish()
                if message.parse_head(parts.head).status != 200 or entry.record_id is None:
                    continue
                yield RevisitTarget(
                    record_id=entry.record_id,
                    url=fields.bare(entry.get("WARC-Target-URI") or ""),
                    date=capture.parse_date(entry.get("WARC-Date") or ""),
                    payload_digest=declared,
                    filename=path.name.removesuffix(OPEN),
                    offset=entry.offset,
                    size=size,
                )
            except (Broken, ValueError):
                continue
