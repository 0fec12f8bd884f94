"""The bytes of one attempt as they pass, and all attempts made for one request. Pure: no sockets, no Scrapy.

A request may need more than one attempt: when a kept connection turns out to be dead, Twisted's pool sends again on a new one
without telling anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crawler.clock import Clock, utc_now
from crawler.warc.exchange import Exchange, Provenance, Truncated


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSession:
    """One TLS connection."""

    version: str
    """OpenSSL's name of the protocol version, as ``TLSv1.3``."""
    cipher_suite: str | None = None
    """Registered name of the cipher suite."""
    certificates: tuple[bytes, ...] = ()
    """X.509 certificates as DER, in the order in which they were shown: the server's own first."""
    problem: str | None = None
    """Why they did not verify; None if they did."""


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One request on one connection, and what came back."""

    started: datetime
    """When it began."""
    peer_ip: str | None = None
    """Address of the other end; None if that is a proxy."""
    secure: bool = False
    """Whether the connection is to be a TLS one."""
    tls: TlsSession | None = None
    """The TLS connection, once its handshake is done."""
    http2: bool = False
    """Whether HTTP/2 is spoken below, so that what is recorded is its HTTP/1.1 rendering."""
    sent: list[bytes] = field(default_factory=list)
    """What was given to the transport, in order."""
    received: list[bytes] = field(default_factory=list)
    """What came, in order."""
    size: int = 0
    """Bytes in ``received``."""
    complete: bool = False
    """Whether the parser found the end of the answer."""
    problem: Exception | None = None
    """The limit that was broken."""
    closed: bool = False
    """Whether nothing more is recorded."""

    @property
    def happened(self) -> bool:
        """Whether anything crossed the wire: what was sent waits for the end of the TLS handshake."""
        return bool(self.received) or (bool(self.sent) and (not self.secure or self.tls is not None))

    @property
    def answered_in_http2(self) -> bool:
        """Whether the server spoke HTTP/2 unasked: what came begins with a SETTINGS frame of the connection (RFC 9113, 3.4)."""
        begin = b"".join(self.received[:9])[:9]
        return self.tls is not None and len(begin) == 9 and begin[:2] == b"\0\0" and begin[3:] == b"\4\0\0\0\0\0"

    def take(self, data: bytes) -> None:
        """Record bytes that came."""
        self.received.append(data)
        self.size += len(data)

    def finish(self, trailing: int) -> None:
        """The answer is over; the last ``trailing`` bytes that came do not belong to it."""
        self.size -= trailing
        while trailing and self.received:
            last = self.received.pop()
            if len(last) > trailing:
                self.received.append(last[:-trailing])
            trailing = max(0, trailing - len(last))
        self.complete = self.closed = True

    def exchange(self, *, url: str, provenance: Provenance, truncated: Truncated | None) -> Exchange:
        """What is handed to the archive."""
        received = b"".join(self.received)
        http = "h2" if self.http2 else "http/1.0" if received.startswith(b"HTTP/1.0") else "http/1.1"
        return Exchange(
            url=url, started=self.started, sent=b"".join(self.sent), received=received, peer_ip=self.peer_ip,
            protocols=(http, tls_name(self.tls.version)) if self.tls else (http,),
            cipher_suite=self.tls.cipher_suite if self.tls else None,
            certificates=self.tls.certificates if self.tls else (),
            tls_problem=self.tls.problem if self.tls else None,
            fidelity="reconstructed" if self.http2 else "wire", truncated=truncated, provenance=provenance,
        )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Recording:
    """All attempts made for one request, in order."""

    clock: Clock = utc_now
    """Gives the start of each attempt."""
    host: str = ""
    """Host of the request's URL, whose certificates the other end must show."""
    http2: bool = False
    """Whether the server is to be asked over HTTP/2, since it refuses HTTP/1.1."""
    proxied: bool = False
    """Whether the other end is a proxy, whose address is not the server's."""
    attempts: list[Attempt] = field(default_factory=list)
    """The attempts; the last one made the response or the failure."""

    def begin(self, peer_ip: str) -> Attempt:
        """Begin an attempt on a connection to ``peer_ip``."""
        attempt = Attempt(started=self.clock(), peer_ip=None if self.proxied else peer_ip)
        self.attempts.append(attempt)
        return attempt

    def close(self) -> Attempt | None:
        """Record nothing more; return the last attempt, None if there was none."""
        for attempt in self.attempts:
            attempt.closed = True
        return self.attempts[-1] if self.attempts else None


def tls_name(openssl: str) -> str:
    """Value of WARC-Protocol for OpenSSL's name of a protocol version: ``TLSv1.3`` is ``tls/1.3``, ``TLSv1`` is ``tls/1.0``."""
    version = openssl.lower().removeprefix("tlsv")
    return f"tls/{version if '.' in version else version + '.0'}"
