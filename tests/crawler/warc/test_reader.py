import dataclasses
import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.errors import StorageError
from crawler.warc import capture
from crawler.warc.exchange import Capture, Exchange, Provenance, RevisitTarget
from crawler.warc.gzipmember import compress
from crawler.warc.reader import read_capture_at, read_captures, read_captures_from, read_raw
from crawler.warc.scan import Damage
from crawler.warc.writer import WarcWriter

Make = Callable[..., Exchange]
HTML = b"<!doctype html><title>t</title><p>hello</p>"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def make(*exchanges: Exchange) -> Path:
        with WarcWriter(tmp_path, prefix="demo", info={}) as writer:
            for exchange in exchanges:
                writer.write(exchange)
        return next(p for p in tmp_path.iterdir() if p.name.endswith(".warc.gz.open"))

    return make


def foreign(tmp_path: Path, *answers: tuple[str, bytes], gz: bool = True, metadata: bool = False) -> Path:
    """A file as warcio's own writer makes it: request after response, no notes."""
    path = tmp_path / ("f.warc.gz" if gz else "f.warc")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gz)
        writer.write_record(writer.create_warcinfo_record("f", {"software": "other"}))
        for url, answer in answers:
            response = writer.create_warc_record(url, "response", payload=io.BytesIO(answer))
            http = StatusAndHeaders("GET / HTTP/1.1", [("Host", "e.com")], is_http_request=True)
            request = writer.create_warc_record(url, "request", http_headers=http)
            writer.write_request_response_pair(request, response)
            if metadata:
                tied = {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
                note = writer.create_warc_record(
                    url, "metadata", payload=io.BytesIO(b"fetchTimeMs: 5\r\n"), warc_headers_dict=tied
                )
                writer.write_record(note)
    return path


def damage_list() -> list[Damage]:
    return []


def test_odd_messages_come_back(
    write: Callable[..., Path], exchange: Make, odd: tuple[bytes, bytes, bytes, bytes]
) -> None:
    sent, received, entity, body = odd
    (found,) = read_captures(write(exchange(received, sent=sent)))
    assert found.body == body
    assert found.pointer.payload_digest == "sha256:" + sha256(entity).hexdigest()
    assert found.status == int(received.split()[1])
    assert (found.url, found.date) == ("https://e.com/a", exchange().started)
    assert (found.damaged, found.fidelity, found.provenance) == (None, "wire", exchange().provenance)


def test_headers_come_back_in_order(write: Callable[..., Path], exchange: Make) -> None:
    received = b"HTTP/1.1 200 OK\r\nb: 1\r\nA: \xe9\r\nB: 2\r\n\r\n"
    (found,) = read_captures(write(exchange(received)))
    assert found.headers == (("b", "1"), ("A", "\xe9"), ("B", "2"))
    assert found.header("B") == "1"


def test_random_access_gives_the_same_capture(write: Callable[..., Path], exchange: Make) -> None:
    path = write(*(exchange(url=f"https://e.com/{i}", provenance=Provenance(site=str(i))) for i in range(5)))
    captures = list(read_captures(path))
    assert [c.provenance.site for c in captures] == list("01234")
    for each in captures:
        assert each.pointer.offset is not None
        assert read_capture_at(path, each.pointer.offset) == each
    assert list(read_captures_from(path, captures[2].pointer.offset or 0)) == captures[2:]


def test_the_file_name_is_that_of_the_closed_file(write: Callable[..., Path], exchange: Make) -> None:
    path = write(exchange())
    (found,) = read_captures(path)
    assert found.pointer.filename == path.name.removesuffix(".open")


def test_a_pipe_has_no_place(write: Callable[..., Path], exchange: Make) -> None:
    class Pipe:
        def __init__(self, data: bytes) -> None:
            self.read = io.BytesIO(data).read

    path = write(exchange(), exchange())
    piped = list(read_captures(Pipe(path.read_bytes())))
    assert [(c.pointer.filename, c.pointer.offset, c.pointer.length) for c in piped] == [(None, None, None)] * 2
    assert [c.provenance.site for c in piped] == ["demo", "demo"]


def test_fidelity_and_interim_answers(write: Callable[..., Path], exchange: Make) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    (found,) = read_captures(write(exchange(early + exchange().received, fidelity="reconstructed")))
    assert (found.fidelity, found.status, found.body) == ("reconstructed", 200, HTML)


@pytest.mark.parametrize(
    ("received", "truncated", "body", "damaged"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", "disconnect", b"short", "truncated-disconnect"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", None, b"short", "truncated-unspecified"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort", "time", b"short", "truncated-time"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(HTML, mtime=0)[:-4],
            None,
            HTML,
            "cut-gzip",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + HTML, None, HTML, "not-coded"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: utf-8\r\n\r\n" + HTML, None, HTML, "unknown-coding"),
        (b"HTTP/1.1 200 OK\r\nContent-", "disconnect", b"", "truncated-disconnect"),
    ],
)
def test_what_is_not_whole_says_so(
    write: Callable[..., Path], exchange: Make, received: bytes, truncated: str | None, body: bytes, damaged: str
) -> None:
    (found,) = read_captures(write(exchange(received, truncated=truncated)))
    assert (found.status, found.body, found.damaged) == (200, body, damaged)


def test_what_is_no_http_is_not_lost(write: Callable[..., Path], exchange: Make) -> None:
    (found,) = read_captures(write(exchange(b"SSH-2.0-OpenSSH\r\n")))
    assert (found.status, found.body, found.damaged) == (0, b"SSH-2.0-OpenSSH\r\n", "truncated-unspecified")
    assert found.pointer.payload_digest == "sha256:" + sha256(b"SSH-2.0-OpenSSH\r\n").hexdigest()


def test_body_limit(write: Callable[..., Path], exchange: Make) -> None:
    whole = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 500_000
    (found,) = read_captures(write(exchange(whole)), body_limit=1000)
    assert (len(found.body), found.damaged) == (1000, "too-large")
    assert found.pointer.payload_digest == "sha256:" + sha256(b"x" * 500_000).hexdigest()


def test_no_answer_gives_no_capture(write: Callable[..., Path], exchange: Make) -> None:
    assert list(read_captures(write(exchange(b""), exchange()))) == list(read_captures(write()))[-1:]


def revisit(url: str, of: Capture) -> RevisitTarget:
    return RevisitTarget(
        record_id=of.pointer.record_id, url=of.url, date=of.date, payload_digest=of.pointer.payload_digest
    )


def test_revisits(tmp_path: Path, exchange: Make) -> None:
    with WarcWriter(tmp_path, prefix="demo", info={}) as writer:
        pointer = writer.write(exchange())
        target = RevisitTarget(
            record_id=pointer.record_id,
            url="https://e.com/a",
            date=exchange().started,
            payload_digest=pointer.payload_digest,
        )
        again = b"HTTP/1.1 200 OK\r\nX: again\r\nContent-Length: 43\r\n\r\n" + HTML
        writer.write(exchange(again, url="https://e.com/b"), revisit_of=target)
        writer.write(exchange(b"HTTP/1.1 304 Not Modified\r\n\r\n"), revisit_of=target)
    (path,) = tmp_path.iterdir()
    first, same, unchanged = read_captures(path)
    assert (same.url, same.body, same.header("X"), same.damaged) == ("https://e.com/b", HTML, "again", None)
    assert same.pointer.payload_digest == first.pointer.payload_digest
    assert same.pointer.offset != first.pointer.offset
    assert (unchanged.status, unchanged.body, unchanged.damaged) == (304, b"", None)
    (_, piped, _) = read_captures(io.BytesIO(path.read_bytes()))
    assert (piped.body, piped.damaged, piped.pointer.payload_digest) == (
        b"",
        "revisit-unresolved",
        first.pointer.payload_digest,
    )


CODED = gzip.compress(HTML * 9, mtime=0)


@pytest.mark.fault(
    "5 WARC: digest of what bytes, revisit, truncated, > 4 GiB, one member per record, unique ids",
    "a revisit under another coding",
)
@pytest.mark.parametrize("first", ["gzip", "", "br"])
@pytest.mark.parametrize("then", ["gzip", "", "br"])
def test_a_revisit_reads_as_the_response_would_that_it_stands_for(
    tmp_path: Path, exchange: Make, first: str, then: str
) -> None:
    """The same bytes, said to be coded now and not to be coded then."""

    def answer(coding: str) -> bytes:
        named = f"Content-Encoding: {coding}\r\n" if coding else ""
        return f"HTTP/1.1 200 OK\r\n{named}Content-Length: {len(CODED)}\r\n\r\n".encode() + CODED

    with WarcWriter(tmp_path, prefix="demo", info={}) as writer:
        original = writer.write(exchange(answer(first), url="https://e.com/1")).origin
        writer.write(exchange(answer(then), url="https://e.com/2"))
        writer.write(exchange(answer(then), url="https://e.com/3"), revisit_of=original)
    (path,) = tmp_path.iterdir()
    _, whole, again = read_captures(path)
    assert b"WARC-Type: revisit" in read_raw(path, again.pointer.offset or 0)
    assert (again.body, again.damaged, again.headers) == (whole.body, whole.damaged, whole.headers)
    assert again.pointer.payload_digest == whole.pointer.payload_digest
    assert again.body == (HTML * 9 if then == "gzip" else again.body)


def test_a_revisit_without_a_head_is_decoded_as_its_original(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    named = (
        "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\nWARC-Refers-To: <urn:x>\r\n"
    )
    again = plain("revisit", DATE + named, b"").replace(b"Record-ID: <urn:x>", b"Record-ID: <urn:y>")
    path = tmp_path / "other.warc"
    path.write_bytes(plain("response", DATE, head + CODED) + again)
    _, found = read_captures(path)
    assert (found.body, found.status, found.damaged) == (HTML * 9, 200, None)


@pytest.mark.parametrize("gz", [True, False])
@pytest.mark.parametrize("metadata", [True, False])
def test_other_tools_files(tmp_path: Path, gz: bool, metadata: bool) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML
    path = foreign(tmp_path, ("http://e.com/1", answer), ("http://e.com/2", answer), gz=gz, metadata=metadata)
    captures = list(read_captures(path))
    assert [c.url for c in captures] == ["http://e.com/1", "http://e.com/2"]
    for each in captures:
        assert (each.fidelity, each.provenance, each.body, each.damaged) == ("imported", Provenance(), HTML, None)
        assert each.pointer.offset is not None
        assert read_capture_at(path, each.pointer.offset) == each
        raw = read_raw(path, each.pointer.offset, each.pointer.length)
        assert raw.startswith(b"WARC/1.")
        assert raw.endswith(answer)


@pytest.mark.parametrize(
    "lines",
    [b"Content-Encoding: gzip", b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked\r\nContent-Encoding: br"],
)
def test_bodies_stored_decoded_under_their_old_head(tmp_path: Path, lines: bytes) -> None:
    path = foreign(tmp_path, ("http://e.com/", b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n\r\n" + HTML))
    (found,) = read_captures(path)
    assert (found.body, found.damaged) == (HTML, None)


def test_foreign_body_that_is_too_short(tmp_path: Path) -> None:
    (found,) = read_captures(foreign(tmp_path, ("http://e.com/", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx")))
    assert found.damaged == "short-body"


def plain(kind: str, extra: str, block: bytes, url: str = "http://e.com/") -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:x>\r\nWARC-Target-URI: {url}\r\n{extra}"
    return head.encode() + b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)


DATE = "WARC-Date: 2026-11-23T10:00:00Z\r\n"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (plain("resource", DATE + "Content-Type: text/html; charset=utf-8\r\n", HTML), [(200, HTML, None)]),
        (plain("resource", DATE + "Content-Type: image/png\r\n", HTML), []),
        (plain("resource", DATE + "Content-Type: text/html\r\n", HTML, "urn:text:http://e.com/"), []),
        (plain("response", DATE + "Content-Type: text/dns\r\n", b"x", "dns:e.com"), []),
        (plain("response", DATE, b"HTTP/1.0 200 OK\r\n\r\n" + HTML, "<http://e.com/>"), [(200, HTML, None)]),
        (
            plain("response", DATE + "WARC-Truncated: length\r\n", b"HTTP/1.0 200 OK\r\n\r\nx"),
            [(200, b"x", "truncated-length")],
        ),
        (plain("response", DATE + "WARC-Truncated: \r\n", b"HTTP/1.0 200 OK\r\n\r\nx"), [(200, b"x", None)]),
        (
            plain("response", DATE + "WARC-Truncated: aliens\r\n", b"HTTP/1.0 200 OK\r\n\r\nx"),
            [(200, b"x", "truncated-unspecified")],
        ),
        (
            plain("response", DATE + "WARC-Segment-Number: 1\r\n", b"HTTP/1.0 200 OK\r\n\r\nx"),
            [(200, b"x", "segmented")],
        ),
        (plain("response", DATE, b""), [(0, b"", None)]),
        (
            plain(
                "revisit", DATE + "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/server-not-modified\r\n", b""
            ),
            [(304, b"", None)],
        ),
        (plain("revisit", DATE, b"HTTP/1.0 200 OK\r\n\r\n"), [(200, b"", "revisit-unresolved")]),
        (plain("conversion", DATE + "Content-Type: text/html\r\n", HTML), []),
    ],
)
def test_kinds_of_records(record: bytes, expected: list[tuple[int, bytes, str | None]]) -> None:
    found = list(read_captures(io.BytesIO(record)))
    assert [(c.status, c.body, c.damaged) for c in found] == expected
    assert all(c.url == "http://e.com/" for c in found)


def test_record_without_date_is_reported() -> None:
    damages = damage_list()
    good = plain("response", DATE, b"HTTP/1.0 200 OK\r\n\r\n")
    assert (
        len(
            list(
                read_captures(
                    io.BytesIO(plain("response", "", b"HTTP/1.0 200 OK\r\n\r\n") + good), on_damage=damages.append
                )
            )
        )
        == 1
    )
    assert [(d.reason, d.record_id) for d in damages] == [("bad-header", "urn:x")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-11-23T10:20Z", datetime(2026, 11, 23, 10, 20, tzinfo=UTC)),
        ("2026-11-23T10:20:30Z", datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)),
        ("2026-11-23T10:20:30.5Z", datetime(2026, 11, 23, 10, 20, 30, 500_000, UTC)),
        ("2026-11-23T10:20:30.123456789Z", datetime(2026, 11, 23, 10, 20, 30, 123456, UTC)),
    ],
)
def test_parse_date(text: str, expected: datetime) -> None:
    assert capture.parse_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-11-23T10:20:30",
        "2026-11-23T10:20:30+01:00",
        "2026-13-01",
        "20261123102030",
        "2026-11-23T25:00:00Z",
    ],
)
def test_parse_date_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"WARC-Date|must be in|month"):
        capture.parse_date(text)


def test_wacz(tmp_path: Path, write: Callable[..., Path], exchange: Make) -> None:
    data = write(exchange(), exchange(url="https://e.com/b")).read_bytes()
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w") as wacz:
        wacz.writestr("archive/b.warc.gz", data)
        wacz.writestr("archive/a.warc.gz", data, compress_type=zipfile.ZIP_DEFLATED)
        wacz.writestr("pages/pages.jsonl", b"{}")
    captures = list(read_captures(path))
    assert [(c.pointer.filename, c.url[-1], c.fidelity) for c in captures] == [
        (f"{name}.warc.gz", letter, "wire") for name in "ab" for letter in "ab"
    ]


def test_zip_that_is_no_wacz(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.wacz", "w") as wacz:
        wacz.writestr("a", b"")
    with pytest.raises(StorageError, match="no WACZ"):
        list(read_captures(tmp_path / "x.wacz"))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        list(read_captures(tmp_path / "none.warc.gz"))
    with pytest.raises(StorageError, match="cannot be read"):
        read_raw(tmp_path / "none.warc.gz", 0)


def test_random_access_to_what_is_no_capture(write: Callable[..., Path], exchange: Make) -> None:
    path = write(exchange(), exchange())
    for offset in (0, 5, 10_000_000):
        with pytest.raises(StorageError, match="no whole capture"):
            read_capture_at(path, offset)
    with pytest.raises(StorageError, match="no record"):
        read_raw(path, 5)


def test_damaged_capture_is_left_out_and_reported(write: Callable[..., Path], exchange: Make) -> None:
    path = write(*(exchange(url=f"https://e.com/{i}") for i in range(3)))
    second = list(read_captures(path))[1].pointer
    assert second.offset is not None
    assert second.length is not None
    data = bytearray(path.read_bytes())
    data[second.offset + second.length - 6] ^= 1
    path.write_bytes(data)
    damages = damage_list()
    assert [c.url[-1] for c in read_captures(path, on_damage=damages.append)] == ["0", "2"]
    assert [(d.offset, d.reason, d.record_id) for d in damages] == [(second.offset, "bad-checksum", second.record_id)]
    with pytest.raises(StorageError, match="no whole capture"):
        read_capture_at(path, second.offset)
    with pytest.raises(StorageError, match="damaged"):
        read_raw(path, second.offset, second.length)


@settings(max_examples=200)
@given(at=st.integers(0, 1 << 20), flip=st.integers(1, 255))
def test_one_changed_byte_never_changes_another_capture(small_file: bytes, at: int, flip: int) -> None:
    before = {c.url: c for c in read_captures(io.BytesIO(small_file))}
    changed = bytearray(small_file)
    changed[at % len(small_file)] ^= flip
    found = {c.url: c for c in read_captures(io.BytesIO(bytes(changed)))}
    assert len(found) >= len(before) - 1
    for url, each in found.items():
        assert (each.body, each.headers, each.date) == (before[url].body, before[url].headers, before[url].date)


def test_a_damaged_header_that_shortens_the_block_does_not_give_a_capture() -> None:
    good = compress(plain("response", DATE, b"HTTP/1.0 200 OK\r\n\r\nab\r\ncd"))
    short = compress(plain("response", DATE, b"HTTP/1.0 200 OK\r\n\r\nab\r\ncd").replace(b"Length: 25", b"Length: 21"))
    wrong = short[:-8] + bytes(8)
    assert len(list(read_captures(io.BytesIO(good + wrong)))) == 1


@pytest.fixture
def two_files(tmp_path: Path, exchange: Make) -> Callable[..., tuple[Path, int]]:
    """A revisit whose original is in another file of the folder, with what it says of it changed; where the revisit stands."""

    def make(**changed: object) -> tuple[Path, int]:
        with WarcWriter(tmp_path, prefix="demo", info={}) as writer:
            first = writer.write(exchange(url="https://e.com/first"))
            other = writer.write(exchange(b"HTTP/1.1 200 OK\r\n\r\nother", url="https://e.com/other"))
            writer.seal()
            assert first.origin
            places = {"offset": other.offset} if changed.pop("of_other", False) else changed
            target = dataclasses.replace(first.origin, **places)
            again = writer.write(exchange(url="https://e.com/again"), revisit_of=target)
        assert again.offset is not None
        return next(tmp_path.glob("*.open")), again.offset

    return make


def test_a_revisit_finds_its_original_in_the_file_beside(two_files: Callable[..., tuple[Path, int]]) -> None:
    path, offset = two_files()
    found = read_capture_at(path, offset)
    assert (found.url, found.body, found.damaged) == ("https://e.com/again", HTML, None)
    assert [c.body for c in read_captures(path)] == [HTML]
    path.rename(path.with_suffix(""))
    assert read_capture_at(path.with_suffix(""), offset).body == HTML


@pytest.mark.parametrize(
    "changed",
    [
        {"filename": "gone.warc.gz"},
        {"filename": "../demo.warc.gz"},
        {"filename": "/etc/passwd"},
        {"filename": "ledger.sqlite"},
        {"offset": 10**12},
        {"of_other": True},
    ],
)
def test_a_revisit_that_names_a_wrong_place_is_unresolved(
    two_files: Callable[..., tuple[Path, int]], changed: dict[str, object]
) -> None:
    path, offset = two_files(**changed)
    found = read_capture_at(path, offset)
    assert (found.body, found.damaged) == (b"", "revisit-unresolved")


def test_a_folder_that_a_revisit_names_is_never_left(
    tmp_path: Path, two_files: Callable[..., tuple[Path, int]]
) -> None:
    path, offset = two_files(filename="../outside.warc.gz")
    closed = next(tmp_path.glob("*.warc.gz"))
    closed.rename(tmp_path.parent / "outside.warc.gz")
    assert read_capture_at(path, offset).damaged == "revisit-unresolved"


@pytest.mark.fault(
    "5 WARC: digest of what bytes, revisit, truncated, > 4 GiB, one member per record, unique ids",
    "a record beyond 4 GiB",
)
def test_a_record_beyond_4_gib_is_found_by_its_offset(tmp_path: Path) -> None:
    """Of a file that has room for nothing but its end: no disk is filled."""
    path, offset = tmp_path / "large.warc.gz", (4 << 30) + 1
    record = compress(plain("response", DATE, b"HTTP/1.1 200 OK\r\n\r\n" + HTML))
    with path.open("wb") as file:
        file.seek(offset)
        file.write(record)
    found = read_capture_at(path, offset)
    assert (found.body, found.pointer.offset, found.pointer.length) == (HTML, offset, len(record))
    assert b"HTTP/1.1 200 OK" in read_raw(path, offset, len(record))
