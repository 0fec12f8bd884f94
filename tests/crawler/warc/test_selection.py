"""Packing few of many captures: where the index leads is where reading everything would have led."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.warc import capture
from crawler.warc.cdxj import index_entries
from crawler.warc.conversions import Conversion
from crawler.warc.exchange import Provenance
from crawler.warc.scan import Entry, scan
from crawler.warc.wacz import pack
from crawler.warc.writer import WarcWriter

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOP = b"HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nThe words of page %02d"


@pytest.fixture
def warcs(tmp_path, exchange):
    """Two runs of twelve pages in several files: behind redirects, with certificates, as revisits, with conversions, or none of these."""
    known = {}
    for count in range(24):
        run, number = divmod(count, 12)
        asked = Provenance(run_id=str(run), role="page", requested_url=f"https://e.com/go/{number}")
        told = {"provenance": asked, "started": AT + timedelta(days=run, seconds=number)}
        told |= {"certificates": (b"chain %d" % (number % 2),)} if number % 4 else {}
        with WarcWriter(tmp_path / "warc", prefix="p", info={}, host="h", max_bytes=9_000) as writer:
            for again in range(2):  # the second time with the warcinfo of the first
                if number % 3 == 0:
                    writer.write(exchange(HOP % number, url=f"https://e.com/go/{number}", **told))
                place = writer.write(
                    exchange(PAGE % number, url=f"https://e.com/{number}/{again}", **told), known.get(number)
                )
                if number % 2:
                    known[number] = place.origin
                if number % 5 == 0:
                    writer.write_conversion(
                        Conversion(refers_to=place.record_id, url="https://e.com/", text="The words")
                    )
    found = sorted((tmp_path / "warc").iterdir())
    assert len(found) > 2
    return found


@pytest.fixture
def lines(warcs):
    return [entry for path in warcs for entry in index_entries(path)]


@pytest.fixture
def packed(warcs, tmp_path):
    """What is in a package of the captures that ``wanted`` is true for."""

    def pack_them(wanted, passed=()):
        path = tmp_path / "x.wacz"
        done = pack(
            path, warcs, pages=[], title="T", software="s", created=AT, wanted=wanted,
            passed=[line for line in passed if not wanted(line)],
        )  # fmt: skip
        with zipfile.ZipFile(path) as archive:
            return done.missing_originals, {name: archive.read(name) for name in archive.namelist()}

    return pack_them


def wishes(lines):
    """Each page by itself, and some together."""
    places = [(line.filename, line.offset) for line in lines if "/go/" not in line.url and line.url.startswith("http")]
    return [{place} for place in places[::3]] + [set(places[4::7])]


def test_what_the_index_lets_pass_is_not_missed(packed, lines):
    kinds = set()
    for places in wishes(lines):

        def wanted(line, places=places):
            return (line.filename, line.offset) in places

        whole = packed(wanted)
        assert packed(wanted, lines) == whole
        for name, data in whole[1].items():
            if name.startswith("archive/"):
                kinds |= {entry.get("WARC-Type") for entry in scan(io.BytesIO(data))}
                kinds |= {
                    "redirect" for entry in scan(io.BytesIO(data)) if "/go/" in (entry.get("WARC-Target-URI") or "")
                }
    assert kinds >= {"warcinfo", "resource", "request", "response", "redirect", "revisit", "metadata", "conversion"}


def target(entry):
    return entry.get("WARC-Target-URI") or ""


def test_only_what_is_needed_is_read(packed, lines, monkeypatch):
    read = []
    real = capture.read_content
    monkeypatch.setattr(
        capture, "read_content", lambda entry, limit: read.append(entry.get("WARC-Target-URI")) or real(entry, limit)
    )
    headers = []
    whole = Entry.read_header
    monkeypatch.setattr(Entry, "read_header", lambda entry: whole(entry) or headers.append(entry))
    packed(lambda line: line.url.endswith("/7/1"), lines)
    tied = {target(entry) for entry in headers if entry.get("WARC-Type") in ("request", "metadata", "conversion")}
    assert {url for url in tied if "/go/" not in url} == {"https://e.com/7/0", "https://e.com/7/1"}
    assert {url for url in read if url.startswith("https://e.com/") and "/go/" not in url} == {
        "https://e.com/7/0",
        "https://e.com/7/1",
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda line: replace(line, length=line.length + 1),
        lambda line: replace(line, length=line.length - 30),
        lambda line: replace(line, length=1 << 40),
        lambda line: replace(line, length=0),
        lambda line: replace(line, length=-5),
        lambda line: replace(line, offset=line.offset + 1),
        lambda line: replace(line, filename="another.warc.gz"),
        lambda line: replace(line, url="https://e.com/nowhere"),
        lambda line: replace(line, timestamp="20010101000000"),
    ],
    ids=[
        "too long",
        "too short",
        "behind the end",
        "empty",
        "negative",
        "beside",
        "unknown file",
        "other address",
        "other time",
    ],
)
def test_an_index_that_leads_astray_does_no_harm(packed, lines, change):
    def wanted(line):
        return line.url.endswith(("/7/1", "/9/1", "/5/0"))

    assert packed(wanted, [change(line) for line in lines if not wanted(line)]) == packed(wanted)


def test_an_original_that_is_nowhere_is_counted_as_before(packed, lines, warcs):
    def wanted(line):
        return line.url.endswith("/7/1") and line.timestamp.startswith("20261124")

    (found, *_) = [line for line in lines if line.url.endswith("/7/0")]
    path = next(path for path in warcs if path.name.startswith(found.filename))
    data = bytearray(path.read_bytes())
    data[found.offset + 40] ^= 0xFF
    path.write_bytes(data)
    missing, files = packed(wanted, lines)
    assert (missing, files) == packed(wanted)
    assert missing == 1
