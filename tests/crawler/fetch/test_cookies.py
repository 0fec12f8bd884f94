"""Cookies live as long as their request's chain of redirects, and go only where they may."""

from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.fetch.cookies import CookiesMiddleware


def chain(*hops: tuple[str, str | None]) -> list[str | None]:
    """The Cookie header of each hop's request; each hop is a URL and the Set-Cookie that it answers with."""
    middleware: Any = CookiesMiddleware()
    sent: list[str | None] = []
    meta: dict[str, Any] = {}
    for url, cookie in hops:
        request = Request(url, meta=dict(meta))
        middleware.process_request(request)
        value = request.headers.get("Cookie")
        sent.append(value.decode() if value else None)
        middleware.process_response(request, Response(url, headers={"Set-Cookie": cookie} if cookie else None))
        meta = request.meta
    assert len(middleware.jars) == 0
    return sent


@pytest.mark.fault(
    "1 cookie / credential / Referer / proxy leak", "cookies of hosts, paths, schemes and public suffixes"
)
@pytest.mark.parametrize(
    ("first", "cookie", "second", "sent"),
    [
        ("http://a.test/", "x=1", "http://a.test/b", "x=1"),
        ("http://a.test/", "x=1", "http://b.test/", None),
        ("http://a.test/", "x=1; Path=/c", "http://a.test/b", None),
        ("https://a.test/", "x=1; Secure", "http://a.test/", None),
        ("http://www.news.example/", "x=1; Domain=news.example", "http://news.example/", "x=1"),
        ("http://www.news.example/", "x=1; Domain=example", "http://other.example/", None),
        ("http://www.news.co.uk/", "x=1; Domain=co.uk", "http://other.co.uk/", None),
        ("http://www.news.co.uk/", "x=1; Domain=.co.uk", "http://www.news.co.uk/", None),
        ("http://a.github.io/", "x=1; Domain=github.io", "http://b.github.io/", None),
        ("http://a.test/", "x=1; Domain=b.test", "http://b.test/", None),
        ("http://a.test/", "x=1; Max-Age=0", "http://a.test/", None),
    ],
)
def test_where_a_cookie_goes(first: str, cookie: str, second: str, sent: str | None) -> None:
    assert chain((first, cookie), (second, None)) == [None, sent]


def test_two_requests_share_nothing() -> None:
    middleware: Any = CookiesMiddleware()
    first, second = Request("http://a.test/"), Request("http://a.test/")
    middleware.process_request(first)
    middleware.process_response(first, Response("http://a.test/", headers={"Set-Cookie": "x=1"}))
    middleware.process_request(second)
    assert "Cookie" not in second.headers
