"""One HTTP exchange as it crossed the wire, and what is known of it. Plain data: no sockets, no files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from crawler.record import Fidelity, Robots, Via

Truncated = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Why and how a URL was asked for: all that extraction must know beside the bytes.

    Goes into the exchange's ``metadata`` record (WARC 1.1, 6.6), so that the rows can be made again from the WARC alone.
    """

    site: str | None = None
    """Key of the site."""
    run_id: str | None = None
    """Run that asked for it."""
    role: Literal["page", "sibling", "robots", "feed", "sitemap", "section", "other"] = "other"
    """What it was for. Only ``page`` gives rows; a ``sibling`` teaches its site's chrome. A hop of a redirect has its request's role."""
    requested_url: str | None = None
    """Address first asked for, before redirects."""
    discovered_via: Via | None = None
    """How it was found."""
    discovered_url: str | None = None
    """What named it."""
    discovered_at: datetime | None = None
    """When it was found."""
    article_id: str | None = None
    """Of a known article that was looked at again; None for all else. A look that finds nothing new gives no row."""
    title: str | None = None
    """Title that the feed or sitemap gives."""
    published_raw: str | None = None
    """Date that the feed or sitemap gives, as it stands there."""
    robots: Robots = "unknown"
    """Verdict of robots.txt."""


@dataclass(slots=True, kw_only=True)
class Exchange:
    """The exact bytes of one request and its answer on one connection."""

    url: str
    """Absolute URI that was asked for, without fragment."""
    started: datetime
    """When the capture began (aware, microseconds): WARC-Date of all its records."""
    sent: bytes = b""
    """The request as it left: request line, headers, body."""
    received: bytes = b""
    """The answer as it came: interim answers, head, body with its transfer coding."""
    peer_ip: str | None = None
    """Address of the other end of the connection."""
    protocols: tuple[str, ...] = ("http/1.1",)
    """Values of WARC-Protocol, for example ``("http/1.1", "tls/1.3")``."""
    cipher_suite: str | None = None
    """Name of the TLS cipher suite."""
    certificates: tuple[bytes, ...] = ()
    """X.509 certificates that the other end showed, as DER, in its order: its own first. Empty without TLS."""
    tls_problem: str | None = None
    """Why these certificates did not verify; None if they did, or without TLS."""
    truncated: Truncated | None = None
    """Why the answer is not whole; None if it is."""
    fidelity: Fidelity = "wire"
    """``wire``, or ``reconstructed`` where the protocol has no HTTP/1.1 bytes."""
    provenance: Provenance = field(default_factory=Provenance)
    """Why it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where a record stands."""

    record_id: str
    """``urn:uuid:…``, without angle brackets."""
    filename: str | None
    """Name of the WARC file without ``.open``; None for a pipe."""
    offset: int | None
    """Offset of the record's gzip member in bytes (of the record, where the file is not compressed); None for a pipe."""
    length: int | None
    """Length of that member in bytes; None for a pipe."""
    payload_digest: str
    """``sha256:`` and base16 of the entity body: transfer coding removed, content coding kept."""
    origin: RevisitTarget | None = field(default=None, compare=False)
    """Set by the writer: what a later revisit of the same payload may stand for, this record or the one that it stands for itself.
    None where there is no whole 200 answer behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A response record as it is read back: where it stands, what the server said, and the exchange's provenance."""

    pointer: Pointer
    """Where the record stands."""
    url: str
    """WARC-Target-URI."""
    date: datetime
    """WARC-Date (aware, UTC)."""
    status: int
    """Status code."""
    headers: tuple[tuple[str, str], ...]
    """Header fields in order, names as sent, decoded as Latin-1."""
    body: bytes
    """Entity body with transfer coding and content coding removed, up to the reader's limit."""
    damaged: str | None
    """Why ``body`` is not whole or not sure (a slug such as ``truncated-disconnect``, ``bad-gzip``, ``too-large``); None if it is."""
    fidelity: Fidelity
    """Whose bytes they are."""
    provenance: Provenance
    """The metadata record's content; empty for other tools' files."""

    def header(self, name: str) -> str | None:
        """First value of the header called ``name`` (any case); None if there is none."""
        lower = name.lower()
        return next((v for n, v in self.headers if n.lower() == lower), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisitTarget:
    """The earlier capture that a revisit record stands for: what a ledger has to know to save bytes (WARC 1.1, 6.7)."""

    record_id: str
    """``urn:uuid:…`` of the earlier response record."""
    url: str
    """Its WARC-Target-URI."""
    date: datetime
    """Its WARC-Date (aware)."""
    payload_digest: str
    """Digest of its payload, as ``Pointer.payload_digest`` gives it."""
    declared: bool = True
    """Whether its record bears that digest. Replay tools look originals up by it; a chunked answer's record has none."""
    filename: str | None = None
    """Name of the WARC file that holds it, without ``.open``; None if it is not known."""
    offset: int | None = None
    """Offset of its member in that file."""
    size: int = 0
    """Bytes of its payload."""
