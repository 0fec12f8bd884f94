"""From the wire to the disk: with the real archiver and writer, each record's block equals what the server logged."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

PAGE = b"<html><p>" + b"words and words " * 99
ANSWERS = {
    "/odd": b"HTTP/1.1 200\r\nx-ODD: 1\r\nSet-Cookie: a\r\nset-cookie: b\r\nContent-length: 3\r\n\r\nabc",
    "/gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    % len(gzip.compress(PAGE, mtime=0))
    + gzip.compress(PAGE, mtime=0),
    "/chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\n",
    "/lf": b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc",
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc",
    "/latin1": b"HTTP/1.1 200 Tr\xe8s bien\r\nX: caf\xe9\r\nContent-Length: 3\r\n\r\nabc",
    "/moved": b"HTTP/1.1 301 Moved\r\nLocation: /odd?moved\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("tls", [False, True])
def test_blocks_are_what_crossed_the_wire(
    odd: Any, route: Any, crawl: Callable[..., Any], certificates: Any, tmp_path: Path, tls: bool
) -> None:
    port = odd.listen(certificates.context() if tls else None)
    prefix = f"http{'s' if tls else ''}://localhost:{port}"
    for path, answer in ANSWERS.items():
        odd.routes[path] = route(answer, end="drop" if path == "/cut" else "")
    odd.log.clear()
    result = crawl(*(prefix + path for path in ANSWERS), prefix + "/none", warc=tmp_path)
    assert all(page.captured for page in result.pages.values())
    blocks: dict[str, list[bytes]] = {"request": [], "response": []}
    truncated = []
    for file in tmp_path.iterdir():
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                if record.rec_type in blocks:
                    blocks[record.rec_type].append(record.raw_stream.read())
                    assert record.rec_headers.get_header("WARC-IP-Address") == "127.0.0.1"
                    if record.rec_headers.get_header("WARC-Truncated"):
                        truncated.append(record.rec_headers.get_header("WARC-Target-URI"))
    assert len(odd.log) == len(ANSWERS) + 3  # robots.txt, the page that is not there, and the redirect's target
    assert sorted(blocks["request"]) == sorted(each.request for each in odd.log)
    assert sorted(blocks["response"]) == sorted(each.response for each in odd.log)
    assert truncated == [prefix + "/cut"]
