"""Content codings of live responses: taken off leniently, and named in the flags where they were damaged."""

import gzip
import zlib
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response, XmlResponse
from scrapy.settings import Settings

from crawler.fetch.decoding import DecodingMiddleware

PAGE = b"<html><body>" + b"<p>A page of plain words." * 50
HTML = {"Content-Type": "text/html"}


def decoded(body: bytes, coding: str | list[str], headers: dict[str, str] = HTML, limit: int = 10**6) -> Any:
    crawler: Any = SimpleNamespace(settings=Settings({"DOWNLOAD_MAXSIZE": limit}))
    request = Request("http://a.test/")
    response = Response("http://a.test/", headers={**headers, "Content-Encoding": coding}, body=body, flags=["partial"])
    return DecodingMiddleware.from_crawler(crawler).process_response(request, response)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(PAGE, mtime=0), "gzip"),
        (gzip.compress(PAGE, mtime=0), "X-GZIP"),
        (zlib.compress(PAGE), "deflate"),
        (zlib.compress(PAGE)[2:-4], "deflate"),
        (brotli.compress(PAGE), "br"),
        (brotli.compress(gzip.compress(PAGE, mtime=0)), "gzip, br"),
        (brotli.compress(gzip.compress(PAGE, mtime=0)), ["gzip", "br"]),
    ],
)
def test_a_coding_is_removed(body: bytes, coding: str | list[str]) -> None:
    response = decoded(body, coding)
    assert isinstance(response, HtmlResponse)
    assert response.body == PAGE
    assert response.flags == ["partial"]
    assert "Content-Encoding" not in response.headers
    assert response.headers["Content-Type"] == b"text/html"


@pytest.mark.parametrize(
    ("body", "coding", "begins", "flag"),
    [
        (gzip.compress(PAGE, mtime=0)[:-8], "gzip", PAGE[:100], "cut-gzip"),
        (PAGE, "gzip", PAGE, "not-coded"),
        (PAGE, "utf-8", PAGE, "unknown-coding"),
        (gzip.compress(b"x" * 2_000_000, mtime=0), "gzip", b"x" * 1_000_000, "too-large"),
    ],
)
def test_a_damaged_coding_gives_what_can_be_read_and_a_flag(body: bytes, coding: str, begins: bytes, flag: str) -> None:
    response = decoded(body, coding)
    assert response.body.startswith(begins)
    assert len(response.body) <= 1_000_000
    assert response.flags == ["partial", flag]


def test_the_class_is_chosen_by_what_comes_out() -> None:
    assert isinstance(
        decoded(gzip.compress(b"<?xml version='1.0'?><rss/>"), "gzip", {"Content-Type": "text/xml"}), XmlResponse
    )


@pytest.mark.parametrize(("body", "coding"), [(b"", "gzip"), (PAGE, ""), (PAGE, " , ")])
def test_nothing_to_do(body: bytes, coding: str) -> None:
    response = decoded(body, coding)
    assert type(response) is Response
    assert response.body == body
