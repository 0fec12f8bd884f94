"""Archives in the forms of other tools. What really ran and wrote files is compared by tests/bench/bench_foreign.py; here are their forms by hand."""

import base64
import gzip
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.warc.reader import read_captures
from crawler.warc.verify import verify_file

ROOT = Path(__file__).parents[3]
DATE = "2026-11-23T10:00:00Z"
PAGE = b"""<!doctype html><html lang="en"><head><title>Harbour bridge closes for the winter - The Paper</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Harbour bridge closes for the winter</h1>
<p>The harbour bridge will be closed to all traffic from Monday, the council said on Thursday, after engineers found rust in two of
its four main cables during an inspection that had been put off twice.</p><p>Buses will go round by the mill road, which adds twelve
minutes to the journey, and the ferry will run every half hour until the work is done, which nobody expects before the spring.</p>
<p>\xe2\x80\x9cIt is better to close it now than to find out later,\xe2\x80\x9d said the harbour master, who has crossed it every day for
thirty years and who will now have to row.</p></article><footer>All rights reserved</footer></body></html>"""
CHUNKS = b"%x\r\n%s\r\n%x;ext=1\r\n%s\r\n0\r\n\r\n" % (300, PAGE[:300], len(PAGE) - 300, PAGE[300:])
GZIP = gzip.compress(PAGE, mtime=0)
TYPE = b"Content-Type: text/html; charset=utf-8\r\n"


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Writer:
    """Puts records together as a tool does: version, order of the fields and compression are the tool's."""

    def __init__(self, version: str, *, gz: bool = True, name: Callable[[bytes], str] = sha1) -> None:
        self.version, self.gz, self.digest, self.data, self.count = version, gz, name, b"", 0

    def add(self, kind: str, url: str | None, block: bytes, **more: str | None) -> str:
        """Add a record; field names are given with ``_`` for ``-``. Returns its id."""
        self.count += 1
        record_id = f"<urn:uuid:00000000-0000-4000-8000-{self.count:012d}>"
        media_type = {"response": "application/http; msgtype=response", "revisit": "application/http; msgtype=response",
                      "request": "application/http; msgtype=request"}.get(kind, "application/warc-fields")  # fmt: skip
        fields: dict[str, str | None] = {
            "WARC-Type": kind,
            "WARC-Target-URI": url,
            "WARC-Date": DATE,
            "WARC-Record-ID": record_id,
        }
        fields |= {"Content-Type": media_type} | {name.replace("_", "-"): value for name, value in more.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
        record = f"{self.version}\r\n{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"
        self.data += gzip.compress(record, mtime=0) if self.gz else record
        return record_id

    def digests(self, block: bytes) -> dict[str, str | None]:
        return {
            "WARC_Block_Digest": self.digest(block),
            "WARC_Payload_Digest": self.digest(block.partition(b"\r\n\r\n")[2]),
        }


GET = b"GET / HTTP/1.1\r\nHost: e.com\r\nUser-Agent: x\r\n\r\n"


def heritrix() -> bytes:
    """Heritrix 3: WARC 1.0, DNS answers, chunks kept, metadata with hops and outlinks, revisits with a digest only of the payload."""
    w = Writer("WARC/1.0")
    w.add(
        "warcinfo",
        None,
        b"software: Heritrix/3.4.0\r\nformat: WARC File Format 1.0\r\nrobots: obey\r\n",
        WARC_Filename="h.warc.gz",
    )
    w.add(
        "response",
        "dns:e.com",
        b"20261123100000\ne.com.\t300\tIN\tA\t192.0.2.1\n",
        Content_Type="text/dns",
        WARC_IP_Address="192.0.2.53",
    )
    block = b"HTTP/1.1 200 OK\r\n" + TYPE + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS
    first = w.add("response", "http://e.com/a", block, WARC_IP_Address="192.0.2.1", WARC_Payload_Digest=sha1(PAGE))
    w.add("request", "http://e.com/a", GET, WARC_Concurrent_To=first)
    w.add(
        "metadata",
        "http://e.com/a",
        b"via: http://e.com/\r\nhopsFromSeed: L\r\noutlink: http://e.com/ L a/@href\r\n",
        WARC_Concurrent_To=first,
    )
    again: dict[str, str | None] = {"WARC_Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
             "WARC_Refers_To_Target_URI": "http://e.com/a", "WARC_Refers_To_Date": DATE, "WARC_Refers_To": first}  # fmt: skip
    head = b"HTTP/1.1 200 OK\r\n" + TYPE + b"\r\n"
    w.add("revisit", "http://e.com/b", head, WARC_Payload_Digest=sha1(PAGE), WARC_Truncated="length", **again)
    return w.data


def common_crawl() -> bytes:
    """Common Crawl: WARC 1.0, bodies decoded and heads re-written with X-Crawl-, requests first, long pages cut with a reason."""
    w = Writer("WARC/1.0")
    w.add(
        "warcinfo",
        None,
        b"isPartOf: CC-NEWS\r\nsoftware: StormCrawler\r\nformat: WARC File Format 1.0\r\n",
        WARC_Filename="CC-NEWS.warc.gz",
    )
    for url, body, cut in (("https://e.com/a", PAGE, None), ("https://e.com/b", PAGE[:1200], "length")):
        request = w.add("request", url, GET, WARC_IP_Address="192.0.2.1")
        head = (
            b"HTTP/1.1 200 \r\n"
            + TYPE
            + b"X-Crawl-Content-Encoding: gzip\r\nX-Crawl-Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n"
            % len(body)
        )
        response = w.add("response", url, head + body, WARC_Concurrent_To=request, WARC_Truncated=cut, **w.digests(head + body),
                         WARC_Identified_Payload_Type="text/html")  # fmt: skip
        w.add(
            "metadata", url, b'fetchTimeMs: 211\r\nlanguages-cld2: {"reliable":true}\r\n', WARC_Concurrent_To=response
        )
    return w.data


def browsertrix() -> bytes:
    """Browsertrix: HTTP/1.1 heads for what came as h2, codings renamed since the browser took them off, its own fields, page records."""
    w = Writer("WARC/1.1", name=sha256)
    w.add(
        "warcinfo",
        None,
        b"software: Browsertrix-Crawler 1.8.0 (with warcio.js 2.4.7)\r\nformat: WARC File Format 1.1\r\n",
        WARC_Filename="b.warc.gz",
    )
    url, own = (
        "https://e.com/a",
        {"WARC_Page_ID": "f3b1", "WARC_Resource_Type": "document", "WARC_JSON_Metadata": '{"ipType":"Public"}'},
    )
    block = b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nx-orig-content-encoding: br\r\n\r\n" + PAGE
    protocols = {"WARC_Protocol": "h2\r\nWARC-Protocol: tls/1.3", "WARC_Cipher_Suite": "TLS_AES_128_GCM_SHA256"}
    response = w.add("response", url, block, **w.digests(block), **own, **protocols)
    w.add("request", url, GET, WARC_Concurrent_To=response, **own)
    w.add("resource", f"urn:pageinfo:{url}", b'{"pageid":"f3b1","urls":{}}', Content_Type="application/json")
    w.add("resource", f"urn:text:{url}", b"Harbour bridge closes for the winter", Content_Type="text/plain")
    w.add("resource", f"urn:view:{url}", b"\x89PNG\r\n", Content_Type="image/png")
    return w.data


def warcprox() -> bytes:
    """warcprox: WARC 1.0, the response first, hexadecimal SHA-1, bodies as they came."""
    w = Writer("WARC/1.0", name=lambda data: "sha1:" + hashlib.sha1(data).hexdigest())
    w.add("warcinfo", None, b"software: warcprox 2.6\r\nformat: WARC File Format 1.0\r\n", WARC_Filename="p.warc.gz")
    block = b"HTTP/1.1 200 OK\r\n" + TYPE + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(GZIP) + GZIP
    response = w.add("response", "http://e.com/a", block, WARC_IP_Address="192.0.2.1", **w.digests(block))
    w.add("request", "http://e.com/a", GET, WARC_Concurrent_To=response, WARC_Block_Digest=w.digest(GET))
    return w.data


def wget() -> bytes:
    """wget: one plain file, addresses in angle brackets as in WARC 1.0's grammar, its own log as resources."""
    w = Writer("WARC/1.0", gz=False)
    w.add(
        "warcinfo",
        None,
        b"software: Wget/1.21.3 (linux-gnu)\r\nformat: WARC File Format 1.0\r\n",
        WARC_Filename="w.warc",
    )
    request = w.add("request", "<http://e.com/a>", GET, WARC_IP_Address="192.0.2.1", WARC_Block_Digest=sha1(GET))
    block = b"HTTP/1.1 200 OK\r\n" + TYPE + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE
    w.add("response", "<http://e.com/a>", block, WARC_Concurrent_To=request, **w.digests(block))
    w.add(
        "resource", "<metadata://gnu.org/software/wget/warc/wget.log>", b"--2026-11-23--\n", Content_Type="text/plain"
    )
    return w.data


def decoded_in_place() -> bytes:
    """Recorders behind a client (pywb's, wpull's, capture tools on top of libraries): the body decoded, its old head kept."""
    w = Writer("WARC/1.1")
    w.add("warcinfo", None, b"software: recorder\r\n", WARC_Filename="d.warc.gz")
    for name, lines in (
        ("a", b"Transfer-Encoding: chunked\r\n"),
        ("b", b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
    ):
        block = b"HTTP/1.1 200 OK\r\n" + TYPE + lines + b"\r\n" + PAGE
        w.add("response", f"http://e.com/{name}", block, **w.digests(block))
    return w.data


FORMS = {
    "heritrix.warc.gz": (heritrix, ["a", "b"]),
    "common-crawl.warc.gz": (common_crawl, ["a", "b"]),
    "browsertrix.warc.gz": (browsertrix, ["a"]),
    "warcprox.warc.gz": (warcprox, ["a"]),
    "wget.warc": (wget, ["a"]),
    "decoded.warc.gz": (decoded_in_place, ["a", "b"]),
}


@pytest.mark.parametrize("name", FORMS)
def test_pages_of_every_form_are_read(name: str, tmp_path: Path) -> None:
    make, pages = FORMS[name]
    (tmp_path / name).write_bytes(make())
    found = list(read_captures(tmp_path / name))
    assert [c.url.rpartition("/")[2] for c in found] == pages
    for each in found:
        assert (each.status, each.fidelity, each.header("content-type")) == (
            200,
            "imported",
            "text/html; charset=utf-8",
        )
        cut = each.damaged == "truncated-length"
        assert each.body == (PAGE[:1200] if cut else PAGE), each.damaged
        assert cut == (name.startswith("common-crawl") and each.url.endswith("b"))
    assert [f for f in verify_file(tmp_path / name) if f.severity == "error"] == []


def test_rows_of_every_form_are_the_same_article(tmp_path: Path) -> None:
    for name, (make, _) in FORMS.items():
        (tmp_path / name).write_bytes(make())
    with zipfile.ZipFile(tmp_path / "browsertrix.wacz", "w") as wacz:
        wacz.writestr("archive/rec-0001.warc.gz", browsertrix())
    words = [
        sys.executable,
        str(ROOT / "pressmark.py"),
        "extract",
        "--no-memory",
        *map(str, sorted(tmp_path.iterdir())),
    ]
    done = subprocess.run(
        words, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    whole = [row for row in rows if "truncated" not in "".join(row["flags"])]
    assert (len(rows), len(whole)) == (10, 9)
    assert {row["capture_fidelity"] for row in rows} == {"imported"}
    assert len({(row["title"], row["text"], row["language"]) for row in whole}) == 1
    assert whole[0]["title"] == "Harbour bridge closes for the winter"
    assert whole[0]["text"].endswith("who will now have to row.")
    assert "All rights" not in whole[0]["text"]
