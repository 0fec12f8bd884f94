import pytest

from crawler.warc.sniff import identify


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"", None),
        (b"<!DOCTYPE html><html>", "text/html"),
        (b"\n\t <HTML lang=en>", "text/html"),
        (b"<!-- x --><p>", "text/html"),
        (b"\xef\xbb\xbf<html>", "text/html"),
        ("\ufeff<html>".encode("utf-16-le"), "text/html"),
        ("\ufeff<html>".encode("utf-16-be"), "text/html"),
        (b"<p>caf\xe9</p>", "text/html"),
        (b"<pre >", "text/plain"),
        (b"<?xml version='1.0'?><urlset>", "application/xml"),
        (b"<?xml version='1.0'?>\n<!-- c -->\n<rss version='2.0'>", "application/rss+xml"),
        (
            b"<?xml version='1.0'?><?xml-stylesheet href='a'?><feed xmlns='http://www.w3.org/2005/Atom'>",
            "application/atom+xml",
        ),
        (b"<?xml version='1.0'?><rdf:RDF>", "application/rss+xml"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C'><html>", "application/xhtml+xml"),
        (b"<?xml version='1.0'?><svg>", "image/svg+xml"),
        (b"<rss version='2.0'>", "application/rss+xml"),
        (b'{"a": 1}', "application/json"),
        (b"{}", "application/json"),
        (b"[1, 2]", "application/json"),
        (b"{curly text", "text/plain"),
        (b"User-agent: *\nDisallow:\n", "text/plain"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x1f\x8b\x08\x00", "application/x-gzip"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
        (b"BMW sells cars", "text/plain"),
    ],
)
def test_identify(payload: bytes, expected: str | None) -> None:
    assert identify(payload) == expected


def test_only_the_beginning_is_looked_at() -> None:
    assert identify(b"a" * 5000 + b"\x00") == "text/plain"
