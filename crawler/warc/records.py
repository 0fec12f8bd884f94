"""WARC records, built by hand from an exchange so that no byte of it changes (WARC 1.1, 5 and 6).

Owns which record holds what and which fields it bears. Pure: ids come from a factory, times from the exchange. warcio's own
builder parses and re-writes the HTTP head, so it is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from crawler.warc import certificates, coding, message, sniff
from crawler.warc.conversions import MEDIA_TYPE, Conversion
from crawler.warc.exchange import Exchange, Provenance, RevisitTarget, Truncated
from crawler.warc.fields import Fields, to_block, to_header, uri
from crawler.warc.notes import MARK, Notes
from crawler.warc.notes import to_block as notes_to_block

NewId = Callable[[], str]
"""Gives a new ``urn:uuid:…``."""

PROFILES = {
    "identical-payload-digest": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    "server-not-modified": "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
}


@dataclass(frozen=True, slots=True)
class Record:
    """A record to be written."""

    record_id: str
    fields: Fields
    block: bytes

    def to_bytes(self) -> bytes:
        """The record as it stands in a file, before compression."""
        return b"".join((to_header(self.fields), self.block, b"\r\n\r\n"))


@dataclass(frozen=True, slots=True)
class Bundle:
    """The records of one capture event, to be written one after the other."""

    records: tuple[Record, ...]
    main: int
    """Index of the record that a row points to: the response or revisit, or the metadata record where no answer came."""
    payload_digest: str
    """``sha256:…`` of the entity body."""
    origin: RevisitTarget | None = None
    """What later revisits of this payload may stand for; its place is not known yet where it is ``main`` itself."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What decides whether an answer may be stored as a revisit."""

    status: int
    whole: bool
    """Whether all of the answer came."""
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """An exchange's answer, taken apart."""

    interim: tuple[bytes, ...]
    head: message.Head
    raw_head: bytes
    body: bytes
    entity: bytes
    chunked: bool
    truncated: Truncated | None

    @property
    def block(self) -> bytes:
        return self.raw_head + self.body


def digest(data: bytes) -> str:
    """Labelled digest: ``sha256:`` and base16, lower case."""
    return "sha256:" + sha256(data).hexdigest()


def payload(exchange: Exchange) -> Payload:
    """The answer's entity body, to look for an earlier capture of the same: transfer coding removed, content coding kept."""
    answer = _answer(exchange)
    return Payload(answer.head.status, answer.truncated is None, digest(answer.entity), len(answer.entity))


def from_exchange(
    exchange: Exchange, *, warcinfo_id: str, new_id: NewId, revisit_of: RevisitTarget | None = None
) -> Bundle:
    """Build request, response (or revisit) and metadata records of one exchange.

    Args:
        exchange: what crossed the wire. Without request bytes there is no request record, without an answer no response record.
        warcinfo_id: record id of the file's warcinfo.
        new_id: gives record ids.
        revisit_of: the earlier capture of the same payload. It is made use of if the server answered 304, or if the whole answer
            has the same payload digest; otherwise the answer is written in full.

    """
    answer = _answer(exchange)
    ids = {"request": new_id(), "response": new_id(), "metadata": new_id()}
    if not exchange.sent:
        del ids["request"]
    if not answer.block:
        del ids["response"]

    def build(
        kind: str, own: list[tuple[str, str]], media_type: str, block: bytes, record_type: str | None = None
    ) -> Record:
        tied = [
            ("WARC-Concurrent-To", f"<{ids[k]}>") for k in ("response", "request", "metadata") if k in ids and k != kind
        ]
        wire = [] if kind == "metadata" else _wire(exchange)
        common = _common(record_type or kind, ids[kind], exchange.started, warcinfo_id)
        fields = (*common, ("WARC-Target-URI", uri(exchange.url)), *tied, *wire, *own, *_content(media_type, block))
        return Record(ids[kind], fields, block)

    records = []
    record_type = None
    if "request" in ids:
        records.append(
            build("request", _request_fields(exchange.sent), "application/http; msgtype=request", exchange.sent)
        )
    if "response" in ids:
        record_type, own, block = _response(answer, revisit_of)
        records.append(build("response", own, "application/http; msgtype=response", block, record_type))
    notes = Notes(
        provenance=exchange.provenance,
        fidelity=exchange.fidelity,
        interim=answer.interim,
        tls_certificate=digest(exchange.certificates[0]) if exchange.certificates else None,
        tls_chain=digest(certificates.to_pem(exchange.certificates)) if exchange.certificates else None,
        tls_problem=exchange.tls_problem,
    )
    records.append(build("metadata", [], "application/warc-fields", notes_to_block(notes)))
    main = len(records) - (2 if "response" in ids else 1)
    origin = None
    if "response" in ids and answer.truncated is None and answer.head.status in (200, 304):
        origin = revisit_of if record_type == "revisit" else _origin(answer, exchange, ids["response"])
    return Bundle(tuple(records), main, digest(answer.entity), origin)


def from_failure(
    url: str,
    started: datetime,
    provenance: Provenance,
    reason: str,
    detail: str | None,
    *,
    warcinfo_id: str,
    new_id: NewId,
) -> Record:
    """Build the metadata record of a fetch that got no answer: what was tried, and what happened."""
    record_id = new_id()
    block = notes_to_block(Notes(provenance=provenance, failure=reason, detail=detail))
    common = _common("metadata", record_id, started, warcinfo_id)
    return Record(
        record_id, (*common, ("WARC-Target-URI", uri(url)), *_content("application/warc-fields", block)), block
    )


def of_certificates(exchange: Exchange, *, warcinfo_id: str, new_id: NewId) -> Record | None:
    """Build the record that keeps the certificates which the server showed; None without TLS.

    A ``resource``, because what carried them is not kept (WARC 1.1, 6.4). Its address names its content, so that it stands for all
    exchanges with that chain, and in no index beside the pages. See docs/decisions/0007.
    """
    if not exchange.certificates:
        return None
    record_id = new_id()
    block = certificates.to_pem(exchange.certificates)
    fields = (
        *_common("resource", record_id, exchange.started, warcinfo_id),
        ("WARC-Target-URI", certificates.uri(digest(block))),
        *([("WARC-IP-Address", exchange.peer_ip)] if exchange.peer_ip else []),
        ("WARC-Payload-Digest", digest(block)),
        *_content(certificates.MEDIA_TYPE, block),
    )
    return Record(record_id, fields, block)


def from_conversion(conversion: Conversion, date: datetime, *, warcinfo_id: str, new_id: NewId) -> Record:
    """Build the record that keeps an article's extracted text (WARC 1.1, 6.8). ``date`` is when it was extracted."""
    record_id = new_id()
    fields = (
        *_common("conversion", record_id, date, warcinfo_id),
        ("WARC-Target-URI", uri(conversion.url)),
        ("WARC-Refers-To", f"<{conversion.refers_to}>"),
        *_content(MEDIA_TYPE, conversion.block),
    )
    return Record(record_id, fields, conversion.block)


def warcinfo(info: Mapping[str, str], *, filename: str, date: datetime, new_id: NewId) -> Record:
    """Build the record that describes those after it."""
    record_id = new_id()
    form = {
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
    block = to_block([MARK, *(form | dict(info)).items()])
    fields = (
        *_common("warcinfo", record_id, date, None),
        ("WARC-Filename", filename),
        *_content("application/warc-fields", block),
    )
    return Record(record_id, fields, block)


def _answer(exchange: Exchange) -> _Answer:
    parts = message.split(exchange.received)
    head = message.parse_head(parts.head)
    method = message.request_method(exchange.sent) or "GET"
    truncated = exchange.truncated
    if head.status and parts.whole_head:
        entity = message.entity(head, parts.body, method)
        whole, data = entity.complete, entity.data
    else:  # no HTTP, or not the whole head: there is no payload to speak of
        whole, data = False, b"" if head.status else parts.head + parts.body
    if not whole and parts.head and truncated is None:
        truncated = "unspecified"
    chunked = bool(head.tokens("Transfer-Encoding"))
    return _Answer(parts.interim, head, parts.head, parts.body, data, chunked, truncated)


def _origin(answer: _Answer, exchange: Exchange, record_id: str) -> RevisitTarget | None:
    """A whole answer of our own, as revisits may name it."""
    if answer.head.status != 200 or message.request_method(exchange.sent) != "GET":
        return None
    return RevisitTarget(
        record_id=record_id,
        url=exchange.url,
        date=exchange.started,
        payload_digest=digest(answer.entity),
        declared=not answer.chunked,
        size=len(answer.entity),
    )


def _response(answer: _Answer, target: RevisitTarget | None) -> tuple[str, list[tuple[str, str]], bytes]:
    """Type, own fields and block of the response or revisit record."""
    if target and answer.truncated is None:
        if answer.head.status == 304:
            return "revisit", _revisit_fields("server-not-modified", target), answer.block
        if answer.head.status and target.declared and digest(answer.entity) == target.payload_digest:
            # 6.7.2: the block is the response cut after its head, and says so.
            own = [*_revisit_fields("identical-payload-digest", target), ("WARC-Truncated", "length")]
            return "revisit", own, answer.raw_head
    own = []
    if answer.head.status and not answer.chunked:
        # Of a chunked answer, what the standard means (no transfer coding) and what checkers hash differ: iipc/warc-specifications#22.
        own.append(("WARC-Payload-Digest", digest(answer.entity)))
    content = coding.decode(
        [answer.entity[: sniff.PREFIX]], answer.head.tokens("Content-Encoding"), limit=sniff.PREFIX
    ).body
    if media_type := sniff.identify(content):
        own.append(("WARC-Identified-Payload-Type", media_type))
    if answer.truncated:
        own.append(("WARC-Truncated", answer.truncated))
    return "response", own, answer.block


def _revisit_fields(profile: str, target: RevisitTarget) -> list[tuple[str, str]]:
    own = [
        ("WARC-Profile", PROFILES[profile]),
        ("WARC-Refers-To", f"<{target.record_id}>"),
        ("WARC-Refers-To-Target-URI", uri(target.url)),
        ("WARC-Refers-To-Date", warc_date(target.date)),
    ]
    if target.filename is not None and target.offset is not None:
        # Beyond the standard, as Heritrix writes them: the original is found without an index.
        own += [("WARC-Refers-To-Filename", target.filename), ("WARC-Refers-To-File-Offset", str(target.offset))]
    return own + ([("WARC-Payload-Digest", target.payload_digest)] if target.declared else [])


def _request_fields(sent: bytes) -> list[tuple[str, str]]:
    pairs, body = message.request_fields(sent)
    coded = any(name.lower() == "transfer-encoding" for name, _ in pairs)
    return [("WARC-Payload-Digest", digest(body))] if body and not coded else []


def _wire(exchange: Exchange) -> list[tuple[str, str]]:
    own = [("WARC-IP-Address", exchange.peer_ip)] if exchange.peer_ip else []
    own += [("WARC-Protocol", protocol) for protocol in exchange.protocols]
    return own + ([("WARC-Cipher-Suite", exchange.cipher_suite)] if exchange.cipher_suite else [])


def _common(record_type: str, record_id: str, date: datetime, warcinfo_id: str | None) -> Fields:
    info = (("WARC-Warcinfo-ID", f"<{warcinfo_id}>"),) if warcinfo_id else ()
    return ("WARC-Type", record_type), ("WARC-Record-ID", f"<{record_id}>"), ("WARC-Date", warc_date(date)), *info


def _content(media_type: str, block: bytes) -> Fields:
    return ("WARC-Block-Digest", digest(block)), ("Content-Type", media_type), ("Content-Length", str(len(block)))


def warc_date(moment: datetime) -> str:
    """Format an aware datetime for WARC-Date: UTC, microseconds (WARC 1.1, 5.4)."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
