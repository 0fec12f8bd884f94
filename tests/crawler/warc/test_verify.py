"""Each broken file is flagged by the rule it breaks, and by no other; files of several writers pass."""

import base64
import gzip
import hashlib
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fastwarc.warc import WarcRecord, WarcRecordType
from hypothesis import example, given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.errors import StorageError
from crawler.warc.exchange import Exchange
from crawler.warc.gzipmember import compress
from crawler.warc.scan import scan
from crawler.warc.verify import Finding, verify_file, verify_files, verify_stream, verifying
from crawler.warc.writer import WarcWriter

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Make = Callable[..., Exchange]
BODY = b"<p>hello</p>"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n" + BODY
GET = b"GET / HTTP/1.1\r\nHost: e.com\r\n\r\n"
ID = "<urn:uuid:00000000-0000-4000-8000-00000000000{}>"
DATE = "2026-11-23T10:00:00Z"
URL = "http://e.com/"


def sha(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def record(fields: dict[str, str | None], block: bytes, end: bytes = b"\r\n\r\n", version: str = "WARC/1.1") -> bytes:
    lines = [version, *(f"{name}: {value}" for name, value in fields.items() if value is not None)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + end


def info(**changes: str | None) -> dict[str, str | None]:
    return fields("warcinfo", 1, b"software: x\r\n", {"Content-Type": "application/warc-fields", **changes}, url=None)


def fields(
    kind: str, number: int, block: bytes, changes: dict[str, str | None], url: str | None = URL
) -> dict[str, str | None]:
    base = {
        "WARC-Type": kind,
        "WARC-Record-ID": ID.format(number),
        "WARC-Date": DATE,
        "WARC-Target-URI": url,
        "WARC-Block-Digest": sha(block),
        "Content-Type": f"application/http; msgtype={kind}",
        "Content-Length": str(len(block)),
    }
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


INFO = record(info(), b"software: x\r\n")


def one(
    changes: dict[str, str | None] | None = None,
    block: bytes = HTTP,
    kind: str = "response",
    number: int = 2,
    end: bytes = b"\r\n\r\n",
    version: str = "WARC/1.1",
) -> bytes:
    """A file of a warcinfo and one record that differs from a right one by ``changes``."""
    return compress(INFO) + compress(record(fields(kind, number, block, changes or {}), block, end, version))


def pair(
    response: dict[str, str | None], request: dict[str, str | None], block: bytes = HTTP, sent: bytes = GET
) -> bytes:
    tied = {"WARC-Concurrent-To": ID.format(2)}
    second = record(fields("request", 3, sent, {**tied, **request}), sent)
    return one(response, block) + compress(second)


REVISIT = {
    "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    "WARC-Payload-Digest": sha(BODY),
    "WARC-Refers-To": ID.format(2),
    "WARC-Refers-To-Target-URI": URL,
    "WARC-Refers-To-Date": DATE,
    "WARC-Truncated": "length",
}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n" + BODY + b"\r\n0\r\n\r\n"


def revisit(changes: dict[str, str | None], first: bytes = b"") -> bytes:
    return (first or one()) + compress(
        record(fields("revisit", 4, HEAD, {"Content-Type": "application/http", **REVISIT, **changes}), HEAD)
    )


def findings(data: bytes) -> list[Finding]:
    with verifying() as verifier:
        return [*verifier.verify(io.BytesIO(data), "x.warc.gz"), *verifier.finish()]


def rules(data: bytes) -> list[tuple[str, str]]:
    return [(finding.severity, finding.rule) for finding in findings(data)]


def frame(data: bytes) -> bytes:
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})


RIGHT = one()
PLAIN = record(fields("response", 2, HTTP, {}), HTTP)
LAST = len(compress(INFO))
BROKEN: dict[str, tuple[bytes, str, str]] = {
    "torn by one byte": (RIGHT[:-1], "error", "torn"),
    "torn in the trailer": (RIGHT[:-8], "error", "torn"),
    "torn in the header": (RIGHT[: LAST + 30], "error", "torn"),
    "torn after ten bytes": (RIGHT[: LAST + 10], "error", "torn"),
    "wrong checksum": (RIGHT[:-8] + bytes(4) + RIGHT[-4:], "error", "bad-checksum"),
    "wrong size": (RIGHT[:-4] + bytes(4), "error", "bad-checksum"),
    "trailing garbage": (RIGHT + b"garbage", "error", "garbage"),
    "trailing zeros": (RIGHT + bytes(512), "error", "garbage"),
    "garbage between": (compress(INFO) + b"xx" + RIGHT[LAST:], "error", "garbage"),
    "one member for all": (compress(INFO + record(fields("response", 2, HTTP, {}), HTTP)), "warning", "member-alignment"),
    "no version line": (compress(INFO) + compress(b"GARC/1.1\r\n\r\n\r\n\r\n"), "error", "bad-header"),
    "member without record": (RIGHT + compress(b"hello"), "error", "bad-header"),
    "microseconds in WARC 1.0": (one({"WARC-Date": "2026-11-23T10:00:00.5Z"}, version="WARC/1.0"), "warning", "date-precision"),
    "Zstandard, a byte changed": (frame(INFO) + frame(PLAIN)[:-9] + b"?" + frame(PLAIN)[-8:], "error", "bad-zstd"),
    "Zstandard, one frame for all": (frame(INFO + PLAIN), "warning", "member-alignment"),
    "Zstandard, no checksum": (frame(INFO) + zstd.compress(PLAIN), "warning", "frame-unsure"),
    "Zstandard, no dictionary that can be used": (b"\x5d\x2a\x4d\x18\x04\0\0\0no!!" + frame(INFO), "error", "bad-zstd"),
    "unknown version": (one(version="WARC/9.0"), "warning", "version-unknown"),
    "Content-Length too large": (one({"Content-Length": "999"}), "error", "bad-length"),
    "Content-Length too small": (one({"Content-Length": "9"}), "error", "bad-length"),
    "no Content-Length": (one({"Content-Length": None}), "error", "bad-length"),
    "Content-Length no number": (one({"Content-Length": "12x"}), "error", "bad-length"),
    "Content-Length negative": (one({"Content-Length": "-1"}), "error", "bad-length"),
    "one line end after the block": (one(end=b"\r\n"), "error", "record-end"),
    "three line ends after the block": (one(end=b"\r\n\r\n\r\n"), "error", "record-end"),
    "bare LF in the header": (one({"X": "a\nY: b"}), "error", "line-end"),
    "control character": (one({"X": "a\x01b"}), "error", "control-character"),
    "line without colon": (one({"X": "a\r\nno field"}), "error", "no-field"),
    "name with a blank": (one({"X Y": "a"}), "error", "no-field"),
    "folded line": (one({"X": "a\r\n b"}), "warning", "folded-line"),
    "no type": (one({"WARC-Type": None}), "error", "field-missing"),
    "unknown type": (one({"WARC-Type": "picture"}), "warning", "type-unknown"),
    "no id": (one({"WARC-Record-ID": None}), "error", "field-missing"),
    "id without brackets": (one({"WARC-Record-ID": "urn:uuid:1"}), "error", "id-syntax"),
    "id that is no URI": (one({"WARC-Record-ID": "<x>"}), "error", "id-syntax"),
    "id twice": (one() + RIGHT[LAST:], "error", "id-doubled"),
    "no date": (one({"WARC-Date": None}), "error", "field-missing"),
    "date of 14 digits": (one({"WARC-Date": "20261123100000"}), "error", "date-syntax"),
    "date with zone": (one({"WARC-Date": "2026-11-23T10:00:00+01:00"}), "error", "date-syntax"),
    "date that does not exist": (one({"WARC-Date": "2026-02-30T10:00:00Z"}), "error", "date-syntax"),
    "no target": (one({"WARC-Target-URI": None}), "error", "field-missing"),
    "target with blanks": (one({"WARC-Target-URI": "http://e.com/a b"}), "error", "uri-syntax"),
    "target relative": (one({"WARC-Target-URI": "/a"}, kind="conversion"), "error", "uri-syntax"),
    "target in brackets": (one({"WARC-Target-URI": f"<{URL}>"}), "warning", "uri-brackets"),
    "target of warcinfo": (compress(record(info(**{"WARC-Target-URI": URL}), b"software: x\r\n")), "error", "field-forbidden"),
    "file name of a response": (one({"WARC-Filename": "x"}), "error", "field-forbidden"),
    "refers-to of a response": (one({"WARC-Refers-To": ID.format(1)}), "error", "field-forbidden"),
    "profile of a response": (one({"WARC-Profile": "http://x/"}), "error", "field-forbidden"),
    "type doubled": (one({"X": f"a\r\nWARC-Date: {DATE}"}), "error", "field-doubled"),
    "date doubled in other case": (one({"warc-date": DATE}), "error", "field-doubled"),
    "length doubled": (one({"content-length": str(len(HTTP))}), "error", "field-doubled"),
    "no content type": (one({"Content-Type": None}), "warning", "content-type-missing"),
    "address no address": (one({"WARC-IP-Address": "e.com"}), "error", "address-syntax"),
    "truncated for no known reason": (one({"WARC-Truncated": "yes"}), "warning", "truncated-reason"),
    "block digest wrong": (one({"WARC-Block-Digest": sha(b"x")}), "error", "block-digest"),
    "block digest without label": (one({"WARC-Block-Digest": sha(HTTP)[7:]}), "error", "digest-syntax"),
    "block digest too short": (one({"WARC-Block-Digest": sha(HTTP)[:-2]}), "error", "digest-syntax"),
    "block digest of unknown kind": (one({"WARC-Block-Digest": "tiger:ABC"}), "warning", "digest-unknown"),
    "payload digest wrong": (one({"WARC-Payload-Digest": sha(b"x")}), "error", "payload-digest"),
    "payload digest of the block": (one({"WARC-Payload-Digest": sha(HTTP)}), "error", "payload-digest"),
    "payload digest of the chunks": (one({"WARC-Payload-Digest": sha(CHUNKS[47:])}, CHUNKS), "warning", "payload-digest-of-chunks"),
    "payload digest of a resource": (
        one({"WARC-Payload-Digest": sha(b"x"), "Content-Type": "text/html"}, BODY, "resource"),
        "error",
        "payload-digest",
    ),
    "payload digest of warcinfo": (
        compress(record(info(**{"WARC-Payload-Digest": sha(b"")}), b"software: x\r\n")),
        "warning",
        "payload-digest-without-payload",
    ),
    "no status line": (one(block=b"<html></html>\r\n\r\n"), "error", "status-line"),
    "head without end": (one(block=b"HTTP/1.1 200 OK\r\nA: b\r\n"), "error", "head-not-whole"),
    "interim answer first": (one(block=b"HTTP/1.1 100 Continue\r\n\r\n" + HTTP), "warning", "interim-answer"),
    "body short": (one(block=HTTP[:-1]), "error", "body-not-whole"),
    "body missing": (one(block=HEAD), "error", "body-not-whole"),
    "body longer": (one(block=HTTP + b"x"), "warning", "surplus"),
    "last chunk missing": (one(block=CHUNKS[:-5]), "error", "body-not-whole"),
    "chunked in name only": (one(block=CHUNKS[:47] + BODY), "warning", "transfer-coding-removed"),
    "two lengths": (one(block=b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"), "warning", "http-framing"),
    "request of no method": (pair({}, {}, sent=b"\x16\x03\x01"), "warning", "request-line"),
    "request of another date": (pair({}, {"WARC-Date": "2026-11-23T10:00:01Z"}), "error", "date-of-capture"),
    "concurrent to nothing": (pair({}, {"WARC-Concurrent-To": ID.format(9)}), "warning", "concurrent-to"),
    "warcinfo id of nothing": (one({"WARC-Warcinfo-ID": ID.format(9)}), "warning", "warcinfo-id"),
    "warcinfo id of a response": (one({"WARC-Warcinfo-ID": ID.format(2)}), "warning", "warcinfo-id"),
    "no warcinfo first": (RIGHT[LAST:], "warning", "warcinfo-first"),
    "revisit without profile": (revisit({"WARC-Profile": None}), "error", "field-missing"),
    "revisit of unknown profile": (revisit({"WARC-Profile": "http://x/"}), "warning", "profile-unknown"),
    "revisit without digest": (revisit({"WARC-Payload-Digest": None}), "error", "field-missing"),
    "revisit without date": (revisit({"WARC-Refers-To-Date": None}), "warning", "revisit-reference"),
    "revisit of nothing": (
        revisit({"WARC-Refers-To": None, "WARC-Refers-To-Target-URI": "http://e.com/other"}),
        "warning",
        "revisit-target",
    ),
    "revisit of a warcinfo": (revisit({"WARC-Refers-To": ID.format(1)}), "error", "revisit-target"),
    "empty file": (b"", "error", "no-record"),
    "another format": (b"%PDF-1.7\n" + bytes(100), "error", "garbage"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files(name: str) -> None:
    data, severity, rule = BROKEN[name]
    assert (severity, rule) in rules(data)
    others = {r for s, r in rules(data) if s == "error" and r != rule}
    assert others <= {"no-record"}


def test_the_table_is_large_enough() -> None:
    assert len(BROKEN) >= 40


def test_finding_names_file_offset_record_rule_and_section() -> None:
    (finding,) = findings(one({"WARC-Block-Digest": sha(b"x")}))
    assert finding == Finding(
        severity="error",
        file="x.warc.gz",
        offset=LAST,
        record_id=ID.format(2)[1:-1],
        rule="block-digest",
        section="WARC 1.1, 5.8",
        message="the block is not what WARC-Block-Digest says",
    )


def base32(algorithm: str, data: bytes) -> str:
    return f"{algorithm}:" + base64.b32encode(hashlib.new(algorithm, data).digest()).decode().rstrip("=")


@pytest.mark.parametrize(
    "data",
    [
        RIGHT,
        INFO + record(fields("response", 2, HTTP, {}), HTTP),
        pair({}, {}),
        pair({}, {}, HEAD, b"HEAD / HTTP/1.1\r\n\r\n"),
        pair({"WARC-Concurrent-To": ID.format(3)}, {"WARC-Concurrent-To": None}, HEAD, b"HEAD / HTTP/1.1\r\n\r\n"),
        revisit({}),
        revisit({"WARC-Refers-To": None}),
        one({"WARC-Date": "2026-11-23T10:00:00.123456Z"}),
        one({"WARC-Date": "2026-11"}),
        one(version="WARC/1.0"),
        one({"WARC-Target-URI": "<http://e.com/>"}, version="WARC/1.0"),
        one({}, b"HTTP/1.0 200 OK\r\n\r\n" + BODY),
        one({}, b"HTTP/1.1 200\r\n\r\n" + BODY),
        one({"WARC-Cipher-Suite": "TLS_AES_128_GCM_SHA256", "WARC-Protocol": "h2\r\nWARC-Protocol: tls/1.3"}),
        one({"WARC-Concurrent-To": None, "X-Own": "anything"}),
        one({"Content-Type": "text/html"}, BODY, "resource"),
        gzip.decompress(RIGHT),
        RIGHT + compress(INFO.replace(b"000000001", b"000000009")),
        one({"WARC-Truncated": "disconnect"}, HTTP[:-3]),
        one({"WARC-Truncated": "length"}, b"HTTP/1.1 200 O"),
        one({"WARC-Payload-Digest": sha(BODY)}),
        one({"WARC-Payload-Digest": sha(BODY)}, CHUNKS),
        one({"WARC-Block-Digest": base32("sha1", HTTP)}),
        one({"WARC-Block-Digest": base32("sha1", HTTP).lower()}),
        one({"WARC-Block-Digest": base32("md5", HTTP)}),
        one({"WARC-Block-Digest": None, "WARC-Payload-Digest": "sha1:" + hashlib.sha1(BODY).hexdigest()}),
        one({"WARC-Payload-Digest": sha(b"")}, b"HTTP/1.1 204 No Content\r\n\r\n"),
        one({}, b"HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n"),
        one({"WARC-Protocol": "http/1.1\r\nWARC-Protocol: tls/1.3"}),
        one({"Content-Type": "text/dns", "WARC-Target-URI": "dns:e.com"}, b"20261123100000\n"),
        one({"Content-Type": "text/plain", "WARC-Refers-To": ID.format(1)}, b"text", "conversion"),
        one({"Content-Type": None, "WARC-Target-URI": None}, b"", "metadata"),
        one({"WARC-Segment-Number": "1", "WARC-Payload-Digest": sha(b"of the whole")}, HTTP[:-1]),
    ],
)
def test_valid_files_pass(data: bytes) -> None:
    assert rules(data) == []


def test_a_revisit_may_have_its_original_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(one({"WARC-Target-URI": "http://e.com/other"}))
    (tmp_path / "b.warc.gz").write_bytes(
        revisit({"WARC-Refers-To": None, "WARC-Refers-To-Target-URI": "http://e.com/other"}, compress(INFO))
    )
    assert [f.rule for f in verify_file(tmp_path / "b.warc.gz")] == ["revisit-target"]
    assert list(verify_files([tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"])) == []


def test_our_own_files_pass(
    tmp_path: Path, exchange: Make, all_odd: dict[str, tuple[bytes, bytes, bytes, bytes]]
) -> None:
    with WarcWriter(tmp_path, prefix="x", info={}) as writer:
        for sent, received, *_ in all_odd.values():
            writer.write(exchange(received, sent=sent))
        writer.write(exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", truncated="time"))
        writer.write(exchange(b""))
    (path,) = tmp_path.iterdir()
    assert list(verify_file(path)) == []


def warcio_file(path: Path, *, gz: bool) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gz, warc_version="1.1")
        writer.write_record(writer.create_warcinfo_record("f", {"software": "warcio"}))
        response = writer.create_warc_record(URL, "response", payload=io.BytesIO(HTTP))
        http = StatusAndHeaders("GET / HTTP/1.1", [("Host", "e.com")], is_http_request=True)
        writer.write_request_response_pair(writer.create_warc_record(URL, "request", http_headers=http), response)
        digest = response.rec_headers.get_header("WARC-Payload-Digest")
        head = StatusAndHeaders("200 OK", [], protocol="HTTP/1.1")
        date = response.rec_headers.get_header("WARC-Date")
        writer.write_record(writer.create_revisit_record(URL, digest, URL, date, http_headers=head))
        writer.write_record(
            writer.create_warc_record("urn:x:1", "resource", payload=io.BytesIO(b"x"), warc_content_type="text/plain")
        )


def fastwarc_file(path: Path) -> None:
    with path.open("wb") as file:
        for kind, block in ((WarcRecordType.warcinfo, b"software: x\r\n"), (WarcRecordType.response, HTTP)):
            made = WarcRecord()
            made.init_headers(kind)
            name = (
                "application/warc-fields" if kind == WarcRecordType.warcinfo else "application/http; msgtype=response"
            )
            made.headers["Content-Type"] = name
            if kind == WarcRecordType.response:
                made.headers["WARC-Target-URI"] = URL
            made.set_bytes_content(block)
            buffer = io.BytesIO()
            made.write(buffer, checksum_data=True)
            file.write(gzip.compress(buffer.getvalue()))


@pytest.mark.parametrize(
    "write", [lambda p: warcio_file(p, gz=True), lambda p: warcio_file(p, gz=False), fastwarc_file]
)
def test_other_writers_files_have_no_errors(tmp_path: Path, write: Callable[[Path], None]) -> None:
    write(tmp_path / "f.warc.gz")
    assert [f for f in verify_file(tmp_path / "f.warc.gz") if f.severity == "error"] == []


def blocks(data: bytes) -> list[bytes]:
    return [b"".join((entry.header, *entry.pieces())) for entry in scan(io.BytesIO(data))]


@settings(max_examples=400, deadline=None)
@example(at=0, flip=0x1F ^ 0x0A)
@given(at=st.integers(0, 1 << 20), flip=st.integers(1, 255))
def test_any_changed_byte_gives_an_error_at_its_record(small_file: bytes, at: int, flip: int) -> None:
    at %= len(small_file)
    changed = bytearray(small_file)
    changed[at] ^= flip
    errors = [f for f in findings(bytes(changed)) if f.severity == "error"]
    if not errors:  # a bit that means nothing: deflate fills up bytes with some
        assert blocks(bytes(changed)) == blocks(small_file)
        return
    members = [entry.offset for entry in scan(io.BytesIO(small_file))]

    def member(offset: int) -> int:  # a byte that became a line end is passed over: the damage begins behind it
        return max(each for each in members if each <= offset)

    assert member(at) in {member(finding.offset or 0) for finding in errors}


@pytest.mark.fault(
    "5 WARC: digest of what bytes, revisit, truncated, > 4 GiB, one member per record, unique ids", "any inverted byte"
)
@pytest.mark.parametrize("offset", [0, 3, 4, 7, 8, 9, 100, 500, -1, -5, -9, -100])
def test_an_inverted_byte_is_always_found(small_file: bytes, offset: int) -> None:
    changed = bytearray(small_file)
    changed[offset] ^= 0xFF
    assert any(f.severity == "error" for f in findings(bytes(changed)))


@pytest.mark.fault(
    "5 WARC: digest of what bytes, revisit, truncated, > 4 GiB, one member per record, unique ids", "every torn tail"
)
@pytest.mark.parametrize("cut", [1, 8, 50, 200])
def test_every_torn_tail_is_found(small_file: bytes, cut: int) -> None:
    assert ("error", "torn") in rules(small_file[:-cut])


def test_findings_are_for_people(small_file: bytes) -> None:
    for data, *_ in BROKEN.values():
        for finding in findings(data):
            assert re.fullmatch(r"[a-z0-9-]+", finding.rule)
            assert re.match(r"(WARC 1\.[01]|WARC-zstd 1\.0|RFC \d+), ", finding.section)
            assert "\n" not in finding.message


def test_a_pipe_is_verified(small_file: bytes) -> None:
    assert list(verify_stream(io.BytesIO(small_file))) == []
    assert ("-", "torn") in {(f.file, f.rule) for f in verify_stream(io.BytesIO(small_file[:-1]))}


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        list(verify_file(tmp_path / "none"))
