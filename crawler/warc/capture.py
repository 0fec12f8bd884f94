"""One record read as a capture: the head parsed, the codings taken off, the payload hashed, what is damaged named.

Owns how other tools' habits are read: bodies stored decoded under heads that still name codings, missing content types, dates with
less precision. Never opens a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain

from crawler.warc import coding, fields, message
from crawler.warc.exchange import Capture, Pointer, Provenance
from crawler.warc.notes import Notes
from crawler.warc.scan import Entry

REVISITS = ("identical-payload-digest", "server-not-modified")
"""Ends of the profiles that are understood; WARC 1.0 and 1.1 differ in the version before them."""

_SHORT = "short-body"
_TRUNCATED = ("length", "time", "disconnect", "unspecified")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z)?)?)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Content:
    """What the block of a record says."""

    status: int
    headers: message.Pairs
    body: bytes
    digest: str
    damaged: tuple[str, ...]
    """Slugs, the gravest first."""


def parse_date(text: str) -> datetime:
    """Read a WARC-Date in any precision that WARC 1.1, 5.4 allows.

    Raises:
        ValueError: it is none.

    """
    match = _DATE.match(text.strip())
    if not match:
        raise ValueError(f"not a WARC-Date: {text!r}")
    year, month, day, hour, minute, second, fraction = match.groups()
    micro = int((fraction or "").ljust(6, "0")[:6])
    return datetime(
        int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), micro, UTC
    )


def is_capture(entry: Entry) -> bool:
    """Whether the record is an answer of a web server: a response, a revisit, or an HTML resource."""
    kind = (entry.get("WARC-Type") or "").lower()
    if not fields.bare(entry.get("WARC-Target-URI") or "").lower().startswith(("http://", "https://")):
        return False
    media_type = (entry.get("Content-Type") or "application/http").partition(";")[0].strip().lower()
    if kind == "resource":
        return media_type in ("text/html", "application/xhtml+xml")
    return kind in ("response", "revisit") and media_type == "application/http"


def profile(entry: Entry) -> str | None:
    """Which kind of revisit it is, if it is one that is understood."""
    end = (entry.get("WARC-Profile") or "").rstrip("/").rpartition("/")[2]
    return end if end in REVISITS else None


def codings(headers: message.Pairs) -> list[str]:
    """The content codings that a head names, in the order in which they were applied (RFC 9110, 8.4)."""
    return message.Head("", 0, "", headers).tokens("Content-Encoding")


def read_content(entry: Entry, limit: int, applied: list[str] | None = None) -> Content:
    """Read a record's block to its end, as a stream.

    Args:
        entry: a record for which ``is_capture`` holds.
        limit: bytes of body that are kept, at most.
        applied: content codings to be taken off instead of those that the record's own head names.

    Raises:
        Broken: the record is not whole.

    """
    revisit = (entry.get("WARC-Type") or "").lower() == "revisit"
    damaged = []
    if (truncated := entry.get("WARC-Truncated")) and not revisit:
        reason = truncated.strip().lower()
        damaged.append(f"truncated-{reason if reason in _TRUNCATED else 'unspecified'}")
    if entry.get("WARC-Segment-Number"):
        damaged.append("segmented")
    if (entry.get("WARC-Type") or "").lower() == "resource":
        head = message.Head("", 200, "", (("Content-Type", entry.get("Content-Type") or "text/html"),))
        stream = message.EntityStream(message.Framing("close"), entry.pieces())
    else:
        parts, body = message.split_stream(entry.pieces())
        head = message.parse_head(parts.head)
        if not head.status:
            damaged += ["bad-head"] if parts.head else []
            body = chain([parts.head], body)
        elif not parts.whole_head:
            damaged.append(_SHORT)
        stream = message.EntityStream(message.framing(head), body)
    seen = sha256()
    pieces = _watched(stream, seen.update)
    decoded = coding.decode(pieces, codings(head.fields) if applied is None else applied, limit=limit)
    for _ in pieces:
        pass
    entry.finish()
    if not stream.complete and not revisit:
        damaged.append(_SHORT)
    if decoded.damaged:
        damaged.append(decoded.damaged)
    return Content(head.status, head.fields, decoded.body, "sha256:" + seen.hexdigest(), tuple(damaged))


def to_capture(entry: Entry, content: Content, filename: str | None, notes: Notes | None) -> Capture:
    """Make the capture of a finished record.

    Args:
        entry: the record.
        content: what its block says.
        filename: name of the file, None for a pipe.
        notes: our metadata record of it; None for other tools' records.

    Raises:
        ValueError: it has no date.

    """
    # Others store bodies decoded under a head that names a coding: of theirs that is no damage, of ours it is a wrong label.
    # We mark what is short when we write it, and know then whether the request was HEAD.
    damaged = [slug for slug in content.damaged if slug != (_SHORT if notes else "not-coded")]
    placed = filename is not None and entry.length is not None
    return Capture(
        pointer=Pointer(
            record_id=entry.record_id or "",
            filename=filename,
            offset=entry.offset if placed else None,
            length=entry.length if placed else None,
            payload_digest=content.digest,
        ),
        url=fields.bare(entry.get("WARC-Target-URI") or "").replace(" ", "%20"),
        date=parse_date(entry.get("WARC-Date") or ""),
        status=content.status,
        headers=content.headers,
        body=content.body,
        damaged=damaged[0] if damaged else None,
        fidelity=notes.fidelity if notes else "imported",
        provenance=notes.provenance if notes else Provenance(),
    )


def _watched(pieces: Iterable[bytes], watch: Callable[[bytes], object]) -> Iterator[bytes]:
    for piece in pieces:
        watch(piece)
        yield piece
