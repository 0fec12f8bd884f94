"""spiders/discovery/sniff.py: what a body is, whatever it was asked for as."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.discovery.sniff import kind_of


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        ("<rss version='2.0'>", "text/html", "feed"),
        ("<?xml version='1.0'?><!-- <html> --><?xml-stylesheet x?><feed xmlns='x'>", None, "feed"),
        ("<rdf:RDF xmlns:rdf='x'>", "application/xml", "feed"),
        ("<atom:feed>", None, "feed"),
        ("<!DOCTYPE rss [<!ENTITY x '<html>'>\n] ><rss>", None, "feed"),
        ("Warning: something<br><rss version='2.0'>", "text/html", "feed"),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', "application/json", "feed"),
        ('{"version": "https:\\/\\/jsonfeed.org\\/version\\/1.1"}', None, "feed"),
        ('{"items": []}', "application/feed+json", "feed"),
        ("<urlset>", "text/html", "sitemap"),
        ("\n<sm:urlset xmlns:sm='x'>", None, "sitemap"),
        ("<sitemapindex xmlns='x'/>", None, "sitemap"),
        ("https://paper.example/1\nhttps://paper.example/2", "text/plain", "sitemap"),
        ("https://paper.example/1", None, "sitemap"),
        ("<!DOCTYPE html><p>x", None, "html"),
        ("<!doctype HTML SYSTEM 'about:legacy-compat'><rss>", None, "html"),
        ("<HTML><body>", None, "html"),
        ("<p>a fragment", "text/html; charset=utf-8", "html"),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", "application/xhtml+xml", "html"),
        ("<svg xmlns='x'>", "image/svg+xml", "other"),
        ("<p>a fragment", "text/xml", "other"),
        ('{"a": 1}', "application/json", "other"),
        ("%PDF-1.7", "application/pdf", "other"),
        ("just words", "text/html", "other"),
        ("", "text/html", "other"),
    ],
)
def test_kind(body: str, content_type: str | None, kind: str) -> None:
    assert kind_of(body.encode(), content_type) == kind


def test_other_encodings_and_gzip() -> None:
    assert kind_of("<rss>".encode("utf-16")) == "feed"
    assert kind_of("<urlset>".encode("utf-16-be")) == "sitemap"
    assert kind_of(gzip.compress(b"<urlset>" + b"x" * 1_000_000)) == "sitemap"
    assert kind_of(gzip.compress(gzip.compress(b"<rss>" + bytes(200_000)))) == "feed"


@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=40)))
def test_bytes_never_raise(body: bytes, content_type: str | None) -> None:
    assert kind_of(body, content_type) in ("feed", "sitemap", "html", "other")
