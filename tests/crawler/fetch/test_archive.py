"""From the wire to the disk: with the real archiver and writer, each record's block equals what the server logged, byte for byte.

``pytest -v tests/crawler/fetch/test_archive.py`` prints the table: one line for each answer, over plain and over TLS.
"""

import gzip
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.warc import notes
from crawler.warc.verify import verify_file

OK = b"HTTP/1.1 200 OK\r\n"
ABC = b"Content-Length: 3\r\n\r\nabc"
PAGE = b"<html><p>" + b"words and words " * 99
GZ = gzip.compress(PAGE, mtime=0)
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Odd</title></channel></rss>'
SITEMAP = b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'


@dataclass(frozen=True)
class Answer:
    """What a server says, and what has to be in the archive beside the same bytes."""

    says: bytes
    end: str = ""
    """How the connection ends: close, drop, reset, hang; by itself if empty."""
    truncated: str | None = None
    interim: int = 0
    """Heads before the final one, which go into the metadata record."""
    trailing: int = 0
    """Bytes at the end that belong to no answer."""
    asked: dict[str, Any] = field(default_factory=dict)
    """Arguments of the request."""


def length(body: bytes, media_type: bytes = b"text/html") -> bytes:
    return b"Content-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (media_type, len(body), body)


ANSWERS = {
    "http-1.1": Answer(OK + length(PAGE)),
    "http-1.0": Answer(b"HTTP/1.0 200 OK\r\n" + ABC, end="close"),
    "http-1.0-keep-alive": Answer(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + ABC),
    "head": Answer(OK + b"Content-Length: 12345\r\nX: 1\r\n\r\n", asked={"method": "HEAD"}),
    "post": Answer(OK + ABC, asked={"method": "POST", "body": "some=body"}),
    "204": Answer(b"HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n"),
    "304": Answer(b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 99\r\n\r\n'),
    "404": Answer(b"HTTP/1.1 404 Nope\r\n" + length(b"gone")),
    "451": Answer(b"HTTP/1.1 451 Unavailable For Legal Reasons\r\n" + length(b"no")),
    "100-continue": Answer(b"HTTP/1.1 100 Continue\r\n\r\n" + OK + ABC, interim=1),
    "103-early-hints": Answer(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK + ABC, interim=1),
    "three-interim-answers": Answer(b"HTTP/1.1 102 Processing\r\nX: y\r\n\r\n" * 3 + OK + ABC, interim=3),
    "no-reason-phrase": Answer(b"HTTP/1.1 200\r\n" + ABC),
    "empty-reason-phrase": Answer(b"HTTP/1.1 200 \r\n" + ABC),
    "latin-1-reason-phrase": Answer(b"HTTP/1.1 200 Tr\xe8s bien\r\n" + ABC),
    "bare-lf": Answer(b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc"),
    "mixed-line-ends": Answer(b"HTTP/1.1 200 OK\nX: 1\r\nContent-Length: 3\n\r\nabc"),
    "latin-1-header": Answer(OK + b"X: caf\xe9 \xff\x80\r\n" + ABC),
    "utf-8-header": Answer(OK + "X: café\r\n".encode() + ABC),
    "control-character-in-header": Answer(OK + b"X: a\x01b\x7fc\r\n" + ABC),
    "folded-header": Answer(OK + b"X: one\r\n  two\r\n\tthree\r\n" + ABC),
    "header-without-colon": Answer(OK + b"this line has none\r\n" + ABC),
    "header-without-name": Answer(OK + b": none\r\n" + ABC),
    "space-before-colon": Answer(OK + b"X-Space :  much   \r\n" + ABC),
    "header-case-and-order": Answer(OK + b"x-ODD: 1\r\nServer: o\r\nX-odd: 2\r\nCONTENT-length: 3\r\n\r\nabc"),
    "doubled-headers": Answer(OK + b"Set-Cookie: a=1\r\nset-cookie: b=2\r\nSet-Cookie: a=1\r\n" + ABC),
    "long-header": Answer(OK + b"Content-Security-Policy: " + b"x" * 20_000 + b"\r\n" + ABC),
    "gzip": Answer(OK + b"Content-Encoding: gzip\r\n" + length(GZ)),
    "false-gzip": Answer(OK + b"Content-Encoding: gzip\r\n" + length(PAGE)),
    "chunked": Answer(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
    "chunked-gzip": Answer(
        OK + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(GZ), GZ)
    ),
    "chunk-extension": Answer(OK + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\n\r\n"),
    "trailer": Answer(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Late: 1\r\n\r\n"),
    "close-delimited": Answer(OK + b"\r\nuntil the end", end="close"),
    "close-delimited-1.0": Answer(b"HTTP/1.0 200 OK\r\n\r\nuntil the end", end="close"),
    "connection-close": Answer(OK + b"Connection: close\r\n" + ABC, end="close"),
    "empty-body": Answer(OK + b"Content-Length: 0\r\n\r\n"),
    "binary": Answer(OK + length(bytes(range(256)) * 300, b"image/png")),
    "bytes-after-the-answer": Answer(OK + ABC + b"HTTP/1.1 200 OK\r\n\r\npoison", trailing=25),
    "feed": Answer(OK + length(FEED, b"application/rss+xml")),
    "sitemap": Answer(OK + length(SITEMAP, b"application/xml")),
    "sitemap.xml.gz": Answer(OK + length(gzip.compress(SITEMAP, mtime=0), b"application/gzip")),
    "redirect-to-nowhere": Answer(b"HTTP/1.1 302 Found\r\nLocation: mailto:a@b.test\r\nContent-Length: 0\r\n\r\n"),
    "cut-in-the-body": Answer(OK + b"Content-Length: 99\r\n\r\nabc", end="drop", truncated="disconnect"),
    "cut-in-a-chunk": Answer(OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc", end="drop", truncated="disconnect"),
    "cut-before-the-last-chunk": Answer(
        OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", end="drop", truncated="disconnect"
    ),
    "cut-in-the-head": Answer(OK + b"Content-Ty", end="drop", truncated="disconnect"),
    "reset": Answer(OK + b"Content-Length: 99\r\n\r\nabc", end="reset", truncated="disconnect"),
    "stalled": Answer(OK + b"Content-Length: 99\r\n\r\nabc", end="hang", truncated="time"),
    "no-http": Answer(b"\x00\x01 this is no HTTP\r\n\r\n", end="hang", truncated="unspecified"),
    "bad-chunk": Answer(
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc", end="hang", truncated="unspecified"
    ),
    "too-large": Answer(OK + length(b"x" * 400_000), truncated="length"),
}  # fmt: skip
HOPS = ("301", "302", "303", "307", "308")


@dataclass
class Kept:
    """One exchange as it stands in a WARC."""

    request: bytes = b""
    response: bytes = b""
    truncated: str | None = None
    interim: tuple[bytes, ...] = ()


@dataclass
class Crawl:
    """One crawl of all answers."""

    prefix: str
    server: Any
    result: Any
    files: list[Path]
    kept: dict[str, list[Kept]]
    """Exchanges in the order of the archive, by the path of the URL."""


def read(path: Path, prefix: str) -> Iterator[tuple[str, Kept]]:
    """Path of the URL, and the exchange: its records follow each other, the metadata last."""
    exchange = Kept()
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, no_record_parse=True):
            block, header = record.raw_stream.read(), record.rec_headers.get_header
            if record.rec_type == "request":
                exchange.request = block
            elif record.rec_type == "response":
                exchange.response, exchange.truncated = block, header("WARC-Truncated")
                assert header("WARC-IP-Address") == "127.0.0.1"
            elif record.rec_type == "metadata" and (exchange.request or exchange.response):
                said = notes.from_block(block)
                assert said is not None
                exchange.interim = said.interim
                yield header("WARC-Target-URI").removeprefix(prefix), exchange
                exchange = Kept()


def serve(server: Any, route: Callable[..., Any]) -> None:
    """Give the server all routes."""
    for name, answer in ANSWERS.items():
        server.routes[f"/{name}"] = route(answer.says, end=answer.end)
    for number, status in enumerate(HOPS):
        head = f"HTTP/1.1 {status} Moved\r\nLocation: /hop{number + 1}\r\nContent-Length: 0\r\n\r\n"
        server.routes[f"/hop{number}"] = route(head.encode())
    server.routes[f"/hop{len(HOPS)}"] = route(OK + ABC)
    server.routes["/robots.txt"] = route(OK + length(b"User-agent: *\nDisallow: /never\n", b"text/plain"))
    server.routes["/tried-again"] = lambda line: line.send(
        OK + ABC if len(server.answers("/tried-again")) > 2 else b"HTTP/1.1 503 Later\r\n" + length(b"wait")
    )
    server.routes["/counted"] = lambda line: line.send(OK + b"X-Number: %d\r\n" % line.number + ABC)


@pytest.fixture(scope="module", params=["plain", "tls"])
def crawled(
    request: Any, odd: Any, route: Any, crawl: Any, certificates: Any, tmp_path_factory: pytest.TempPathFactory
) -> Crawl:
    tls = request.param == "tls"
    prefix = f"http{'s' if tls else ''}://localhost:{odd.listen(certificates.context() if tls else None)}"
    folder = tmp_path_factory.mktemp("warc")
    serve(odd, route)
    odd.log.clear()
    result = crawl(
        *({"url": f"{prefix}/{name}", **answer.asked} for name, answer in ANSWERS.items()),
        *(f"{prefix}/{name}" for name in ("hop0", "tried-again", "never", "not-there")),
        warc=folder, RETRY_TIMES=2, PRESSMARK_MAX_RAW_BYTES=200_000,
    )  # fmt: skip
    kept = defaultdict(list)
    for path in sorted(folder.iterdir()):
        for url, exchange in read(path, prefix):
            kept[url].append(exchange)
    return Crawl(prefix, odd, result, sorted(folder.iterdir()), dict(kept))


@pytest.mark.parametrize("name", ANSWERS)
def test_blocks_are_what_crossed_the_wire(crawled: Crawl, name: str) -> None:
    answer = ANSWERS[name]
    logged = crawled.server.answers(f"/{name}")
    kept = crawled.kept[f"/{name}"]
    assert len(kept) == len(logged) == (3 if answer.truncated in ("disconnect", "time") else 1)  # each try is one
    for one, other in zip(kept, logged, strict=True):
        assert one.request == other.request
        assert one.truncated == answer.truncated
        whole = other.response[: len(other.response) - answer.trailing]
        if answer.truncated == "length":
            assert 200_000 < len(one.response) < len(answer.says)
            assert whole.startswith(one.response)
        else:
            assert b"".join(one.interim) + one.response == whole == answer.says[: len(whole)]
        assert len(one.interim) == answer.interim
        assert not one.response.startswith(b"HTTP/1.1 1")
    page = crawled.result.pages[f"{crawled.prefix}/{name}"]
    assert page.captured
    assert (page.status is None) == bool(answer.truncated or name == "redirect-to-nowhere")


def test_each_hop_of_a_redirect_is_an_exchange(crawled: Crawl) -> None:
    paths = [f"/hop{number}" for number in range(len(HOPS) + 1)]
    for path, status in zip(paths, (*HOPS, "200"), strict=True):
        (kept,), (logged,) = crawled.kept[path], crawled.server.answers(path)
        assert (kept.request, kept.response) == (logged.request, logged.response)
        assert kept.response.split()[1].decode() == status
    assert crawled.result.pages[crawled.prefix + "/hop0"].final_url == crawled.prefix + paths[-1]


def test_each_try_is_an_exchange(crawled: Crawl) -> None:
    kept = crawled.kept["/tried-again"]
    assert [each.response.split()[1] for each in kept] == [b"503", b"503", b"200"]
    assert [each.response for each in kept] == [each.response for each in crawled.server.answers("/tried-again")]


def test_robots_txt_is_an_exchange_and_what_it_forbids_is_none(crawled: Crawl) -> None:
    (kept,), (logged,) = crawled.kept["/robots.txt"], crawled.server.answers("/robots.txt")
    assert (kept.request, kept.response) == (logged.request, logged.response)
    assert crawled.result.pages[crawled.prefix + "/never"].reason == "robots-disallowed"
    assert "/never" not in crawled.kept
    assert not crawled.server.answers("/never")


def test_nothing_is_missing_and_nothing_is_more(crawled: Crawl) -> None:
    kept = [each for exchanges in crawled.kept.values() for each in exchanges]
    assert sorted(each.request for each in kept) == sorted(each.request for each in crawled.server.log)
    assert len(ANSWERS) >= 50
    assert [finding for path in crawled.files for finding in verify_file(path) if finding.severity == "error"] == []


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_exchanges_on_one_connection_are_kept_apart(
    odd: Any, route: Any, crawl: Any, certificates: Any, tmp_path: Path, tls: bool
) -> None:
    serve(odd, route)
    prefix = f"http{'s' if tls else ''}://localhost:{odd.listen(certificates.context() if tls else None)}"
    odd.log.clear()
    crawl(
        *(f"{prefix}/counted?{each}" for each in range(8)),
        warc=tmp_path,
        CONCURRENT_REQUESTS_PER_DOMAIN=1,
        DOWNLOAD_DELAY=0.001,
    )
    (path,) = tmp_path.iterdir()
    kept = [exchange for _, exchange in read(path, prefix)]
    assert [(each.request, each.response) for each in kept] == [(each.request, each.response) for each in odd.log]
    assert [b"X-Number: %d\r\n" % number in kept[number].response for number in range(1, 9)] == [True] * 8
