"""The exact bytes of each answer. Honest HTTP in a dozen forms, chosen by the address: nothing here is broken, only varied.

Sources: RFC 9110 (semantics), RFC 9112 (messages), RFC 8297 (103). No socket, no file, no clock.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from itertools import cycle
from typing import Literal
from zlib import crc32

from .site import Resource

_CHUNKS = (1, 7, 64, 509, 1024, 3000, 4096)


@dataclass(frozen=True, kw_only=True)
class Form:
    """One way to send a body."""

    name: str
    framing: Literal["length", "chunked", "close"] = "length"
    gzip: bool = False
    """Content-code the body, if the client takes gzip."""
    fancy: bool = False
    """Chunk extensions, zero-padded sizes in upper case, and a trailer."""
    odd_case: bool = False
    early: bool = False
    """Send 103 Early Hints before the answer: for articles only."""
    reason: str | None = None
    """Reason phrase; None for the usual one."""
    more: tuple[tuple[str, str], ...] = ()
    """Further header fields, in Latin-1."""


FORMS: tuple[Form, ...] = (
    Form(name="plain"),
    Form(name="gzip", gzip=True),
    Form(name="chunked", framing="chunked"),
    Form(name="gzip-chunked", framing="chunked", gzip=True),
    Form(name="chunk-extensions", framing="chunked", fancy=True, more=(("Trailer", "X-Tide-Mark"),)),
    Form(name="odd-case", odd_case=True, more=(("X-pOwered-by", "seawater"),)),
    Form(
        name="doubles",
        more=(
            ("Set-Cookie", "lamp=lit; Path=/"),
            ("Via", "1.1 weir"),
            ("Set-Cookie", "seen=1; Path=/; SameSite=Lax"),
            ("Via", "1.1 sluice"),
        ),
    ),
    Form(name="reason", reason="Hot Off The Press"),
    Form(name="no-reason", reason=""),
    Form(name="latin-1", more=(("X-Motto", "Toujours allumée, même à marée basse"),)),
    Form(name="early-hints", early=True),
    Form(name="close", framing="close", more=(("X-Pilot", "aboard"),)),
)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as it came."""

    raw: bytes
    method: str
    target: str
    """Path and query, of an absolute target too."""
    version: str
    headers: tuple[tuple[str, str], ...]
    """Names in lower case."""

    def header(self, name: str) -> str | None:
        """Values of a header, joined by ``, ``; None if there is none."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants to send another request on this connection (RFC 9112, 9.3)."""
        options = {option.strip().lower() for option in (self.header("connection") or "").split(",")}
        return "close" not in options if self.version == "HTTP/1.1" else "keep-alive" in options

    @property
    def takes_gzip(self) -> bool:
        """Whether Accept-Encoding names gzip, and not with weight 0."""
        for entry in (self.header("accept-encoding") or "").lower().split(","):
            coding, _, weight = entry.replace(" ", "").partition(";")
            if coding in {"gzip", "*"}:
                return weight not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
        return False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The bytes of an answer."""

    status: int
    interim: bytes
    """Interim answers, if any."""
    final: bytes
    close: bool
    """Whether the connection ends with it."""
    form: str
    """Name of the form."""

    @property
    def raw(self) -> bytes:
        """All bytes, interim answers first."""
        return self.interim + self.final


def form_of(target: str, resource: Resource) -> Form:
    """The form an address is always served in: articles go through all of them in turn, other pages through those without 103."""
    if resource.status != 200:
        return FORMS[0]
    if resource.number is not None:
        return FORMS[resource.number % len(FORMS)]
    form = FORMS[crc32(target.encode()) % len(FORMS)]
    return FORMS[0] if form.early else form


def etag(resource: Resource) -> str:
    """Entity tag: weak, because one body is sent in several codings."""
    return f'W/"{sha256(resource.body).hexdigest()[:20]}"'


def unchanged(request: Request, resource: Resource) -> bool:
    """Whether the client's copy still holds (RFC 9110, 13.2.2: If-None-Match goes before If-Modified-Since)."""
    if resource.status != 200:
        return False
    tags = request.header("if-none-match")
    if tags is not None:
        opaque = etag(resource).removeprefix("W/")
        return tags.strip() == "*" or opaque in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = request.header("if-modified-since")
    if since is None:
        return False
    try:
        return parsedate_to_datetime(since) >= resource.modified.replace(microsecond=0)
    except (ValueError, TypeError):
        return False


def http_date(when: datetime) -> str:
    """A date as HTTP writes it."""
    return format_datetime(when, usegmt=True)


def _chunked(body: bytes, seed: int, fancy: bool) -> Iterator[bytes]:
    """The body in chunks of changing size (RFC 9112, 7.1)."""
    sizes = cycle(_CHUNKS[seed % len(_CHUNKS) :] + _CHUNKS[: seed % len(_CHUNKS)])
    at = number = 0
    while at < len(body):
        piece = body[at : at + next(sizes)]
        at += len(piece)
        head = f'{len(piece):06X};n={number};mark="a b"' if fancy else f"{len(piece):x}"
        number += 1
        yield head.encode() + b"\r\n" + piece + b"\r\n"
    yield b"0\r\nX-Tide-Mark: 4.61\r\n\r\n" if fancy else b"0\r\n\r\n"


def _odd(name: str) -> str:
    """A header's name in a case that nobody expects."""
    first, dash, rest = name.partition("-")
    return first.lower() + dash + rest.upper() if dash else name.swapcase()


def _head(version: str, status: int, reason: str, fields: list[tuple[str, str]]) -> bytes:
    """Status line and header fields."""
    lines = [f"{version} {status} {reason}", *(f"{name}: {value}" for name, value in fields)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def answer(request: Request, resource: Resource, now: datetime) -> Answer:
    """Write the answer to a GET or HEAD for a resource; ``now`` goes into Date."""
    form = form_of(request.target, resource)
    old = request.version != "HTTP/1.1"
    framing = "close" if old and form.framing == "chunked" else form.framing
    close = framing == "close" or not request.keeps_alive
    fields = [("Server", "Lamp/1868"), ("Date", http_date(now))]
    if resource.status == 200:
        fields += [
            ("ETag", etag(resource)),
            ("Last-Modified", http_date(resource.modified)),
            ("Cache-Control", "max-age=60"),
        ]
        fields += [("Vary", "Accept-Encoding")] if form.gzip else []
    if unchanged(request, resource):
        fields += [("Connection", "close")] if close else []
        head = _head("HTTP/1.1", 304, HTTPStatus(304).phrase, fields)
        return Answer(status=304, interim=b"", final=head, close=close, form="not-modified")
    body = resource.body
    fields += [("Content-Type", resource.content_type), *form.more]
    fields += [("Location", resource.location)] if resource.location else []
    if form.gzip and request.takes_gzip:
        body = gzip.compress(body, mtime=0)
        fields.append(("Content-Encoding", "gzip"))
    seed = crc32(request.target.encode())
    if framing == "length":
        fields.append(("Content-Length", str(len(body))))
    elif framing == "chunked":
        fields.append(("Transfer-Encoding", "chunked"))
        body = b"".join(_chunked(body, seed, form.fancy))
    fields += [("Connection", "close")] if close else [("Connection", "keep-alive")] if old else []
    if form.odd_case:
        fields = [field if field in form.more else (_odd(field[0]), field[1]) for field in fields]
    version = "HTTP/1.0" if framing == "close" else "HTTP/1.1"
    reason = HTTPStatus(resource.status).phrase if form.reason is None else form.reason
    interim = b""
    if form.early and not old:
        interim = _head("HTTP/1.1", 103, "Early Hints", [("Link", "</clean.css>; rel=preload; as=style")])
    final = _head(version, resource.status, reason, fields) + (b"" if request.method == "HEAD" else body)
    return Answer(status=resource.status, interim=interim, final=final, close=close, form=form.name)


def refusal(status: int, now: datetime, *more: tuple[str, str]) -> Answer:
    """A short answer to what is not served; the connection ends."""
    phrase = HTTPStatus(status).phrase
    body = f"{status} {phrase}\n".encode()
    fields = [("Server", "Lamp/1868"), ("Date", http_date(now)), *more, ("Content-Type", "text/plain")]
    fields += [("Content-Length", str(len(body))), ("Connection", "close")]
    return Answer(
        status=status, interim=b"", final=_head("HTTP/1.1", status, phrase, fields) + body, close=True, form="refusal"
    )
