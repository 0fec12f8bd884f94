from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from crawler.warc import fields, notes, records
from crawler.warc.exchange import Exchange, Provenance, RevisitTarget
from crawler.warc.records import Bundle, Record

Make = Callable[..., Exchange]
NewId = Callable[[], str]
INFO = "urn:uuid:info"


@pytest.fixture
def build(new_id: NewId) -> Callable[..., Bundle]:
    return lambda exchange, revisit_of=None: records.from_exchange(
        exchange, warcinfo_id=INFO, new_id=new_id, revisit_of=revisit_of
    )


def of_type(bundle: Bundle, kind: str) -> Record:
    return next(r for r in bundle.records if fields.get(r.fields, "WARC-Type") == kind)


def types(bundle: Bundle) -> list[str | None]:
    return [fields.get(r.fields, "WARC-Type") for r in bundle.records]


def test_blocks_are_the_bytes_of_the_wire(
    build: Callable[..., Bundle], exchange: Make, odd: tuple[bytes, bytes, bytes, bytes]
) -> None:
    sent, received, entity, _ = odd
    bundle = build(exchange(received, sent=sent))
    assert types(bundle) == ["request", "response", "metadata"]
    assert of_type(bundle, "request").block == sent
    assert of_type(bundle, "response").block == received
    assert bundle.payload_digest == "sha256:" + sha256(entity).hexdigest()
    assert bundle.main == 1
    for record in bundle.records:
        assert fields.get(record.fields, "Content-Length") == str(len(record.block))
        assert fields.get(record.fields, "WARC-Block-Digest") == "sha256:" + sha256(record.block).hexdigest()
        assert fields.get(record.fields, "WARC-Truncated") is None


def test_every_field_of_a_response(build: Callable[..., Bundle], exchange: Make) -> None:
    bundle = build(exchange())
    request, response, metadata = (r.record_id for r in bundle.records)
    body = exchange().received.partition(b"\r\n\r\n")[2]
    assert of_type(bundle, "response").fields == (
        ("WARC-Type", "response"),
        ("WARC-Record-ID", f"<{response}>"),
        ("WARC-Date", "2026-11-23T10:00:00.123456Z"),
        ("WARC-Warcinfo-ID", f"<{INFO}>"),
        ("WARC-Target-URI", "https://e.com/a"),
        ("WARC-Concurrent-To", f"<{request}>"),
        ("WARC-Concurrent-To", f"<{metadata}>"),
        ("WARC-IP-Address", "192.0.2.1"),
        ("WARC-Protocol", "http/1.1"),
        ("WARC-Protocol", "tls/1.3"),
        ("WARC-Cipher-Suite", "TLS_AES_128_GCM_SHA256"),
        ("WARC-Payload-Digest", "sha256:" + sha256(body).hexdigest()),
        ("WARC-Identified-Payload-Type", "text/html"),
        ("WARC-Block-Digest", "sha256:" + sha256(exchange().received).hexdigest()),
        ("Content-Type", "application/http; msgtype=response"),
        ("Content-Length", str(len(exchange().received))),
    )


def test_records_of_a_capture_share_date_and_name_each_other(build: Callable[..., Bundle], exchange: Make) -> None:
    bundle = build(exchange(started=datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=2)))))
    ids = {r.record_id for r in bundle.records}
    for record in bundle.records:
        assert fields.get(record.fields, "WARC-Date") == "2025-12-31T23:00:00.000000Z"
        named = {fields.bare(v) for v in fields.get_all(record.fields, "WARC-Concurrent-To")}
        assert named == ids - {record.record_id}


@pytest.mark.parametrize("coding", [b"chunked", b"gzip, chunked", b"x"])
def test_no_payload_digest_under_a_transfer_coding(build: Callable[..., Bundle], exchange: Make, coding: bytes) -> None:
    response = of_type(
        build(exchange(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n0\r\n\r\n" % coding)), "response"
    )
    assert fields.get(response.fields, "WARC-Payload-Digest") is None


def test_payload_type_is_that_of_the_content_not_of_its_coding(
    build: Callable[..., Bundle], exchange: Make, all_odd: dict[str, tuple[bytes, bytes, bytes, bytes]]
) -> None:
    response = of_type(build(exchange(all_odd["chunked-gzip"][1])), "response")
    assert fields.get(response.fields, "WARC-Identified-Payload-Type") == "text/html"


def test_interim_answers_go_to_the_metadata(build: Callable[..., Bundle], exchange: Make) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: <\xe9>\r\n\r\n"
    bundle = build(exchange(early + exchange().received))
    assert of_type(bundle, "response").block == exchange().received
    assert notes.from_block(of_type(bundle, "metadata").block) == notes.Notes(
        provenance=exchange().provenance, interim=(early,)
    )


@pytest.mark.parametrize(
    ("received", "given", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", None, "unspecified"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "disconnect", "disconnect"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", None, "unspecified"),
        (b"HTTP/1.1 200 OK\r\nContent-", None, "unspecified"),
        (b"HTTP/1.1 200 OK\r\n\r\nbody", "time", "time"),
        (b"this is no HTTP", None, "unspecified"),
    ],
)
def test_what_is_cut_short_says_so(
    build: Callable[..., Bundle], exchange: Make, received: bytes, given: str | None, expected: str
) -> None:
    response = of_type(build(exchange(received, truncated=given)), "response")
    assert response.block == received
    assert fields.get(response.fields, "WARC-Truncated") == expected


@pytest.mark.parametrize("received", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_no_answer_leaves_request_and_metadata(build: Callable[..., Bundle], exchange: Make, received: bytes) -> None:
    bundle = build(exchange(received, truncated="time"))
    assert types(bundle) == ["request", "metadata"]
    assert bundle.main == 1


def test_nothing_sent_leaves_no_request(build: Callable[..., Bundle], exchange: Make) -> None:
    assert types(build(exchange(sent=b""))) == ["response", "metadata"]


def test_values_cannot_break_out(build: Callable[..., Bundle], exchange: Make) -> None:
    evil = "x\r\nWARC-Type: warcinfo\r\n\r\n\x00"
    bundle = build(exchange(url=f"https://e.com/{evil}", peer_ip=evil, protocols=(evil,), cipher_suite=evil))
    for record in bundle.records:
        header = record.to_bytes().partition(b"\r\n\r\n")[0]
        assert header.count(b"\n") == len(record.fields)
        assert b"\x00" not in header


def target(digest: str) -> RevisitTarget:
    return RevisitTarget(
        record_id="urn:uuid:old", url="https://e.com/old", date=datetime(2026, 1, 1, tzinfo=UTC), payload_digest=digest
    )


def test_revisit_of_an_identical_payload(build: Callable[..., Bundle], exchange: Make) -> None:
    same = records.payload(exchange()).digest
    bundle = build(exchange(), target(same))
    revisit = of_type(bundle, "revisit")
    assert revisit.block == b"HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n"
    assert bundle.payload_digest == same
    values = {name: fields.get(revisit.fields, name) for name in dict(revisit.fields)}
    assert values["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert values["WARC-Refers-To"] == "<urn:uuid:old>"
    assert values["WARC-Refers-To-Target-URI"] == "https://e.com/old"
    assert values["WARC-Refers-To-Date"] == "2026-01-01T00:00:00.000000Z"
    assert values["WARC-Payload-Digest"] == same
    assert values["WARC-Truncated"] == "length"


def test_revisit_of_what_the_server_says_is_unchanged(build: Callable[..., Bundle], exchange: Make) -> None:
    received = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
    revisit = of_type(build(exchange(received), target("sha256:00")), "revisit")
    assert revisit.block == received
    assert fields.get(revisit.fields, "WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert fields.get(revisit.fields, "WARC-Truncated") is None


def test_no_revisit_unless_the_bytes_are_the_same_and_whole(build: Callable[..., Bundle], exchange: Make) -> None:
    same = records.payload(exchange()).digest
    assert "revisit" not in types(build(exchange(), target("sha256:00")))
    assert "revisit" not in types(build(exchange(truncated="time"), target(same)))


def test_failure_says_what_was_tried(new_id: NewId) -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    record = records.from_failure(
        "https://e.com/", at, Provenance(site="s"), "dns-failed", "no such\nhost", warcinfo_id=INFO, new_id=new_id
    )
    assert fields.get(record.fields, "WARC-Type") == "metadata"
    assert fields.get(record.fields, "WARC-Target-URI") == "https://e.com/"
    assert notes.from_block(record.block) == notes.Notes(
        provenance=Provenance(site="s"), failure="dns-failed", detail="no such\nhost"
    )


def test_warcinfo(new_id: NewId) -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    record = records.warcinfo({"software": "x/1", "operator": "A\nB"}, filename="f.warc.gz", date=at, new_id=new_id)
    assert fields.get(record.fields, "WARC-Filename") == "f.warc.gz"
    assert fields.get(record.fields, "WARC-Target-URI") is None
    lines = fields.from_block(record.block)
    assert lines[-2:] == (("software", "x/1"), ("operator", "A\nB"))
