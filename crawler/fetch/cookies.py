"""Cookies: kept along the redirects of one request, and forgotten with it.

A downloader middleware over Scrapy's. A wall that sets a cookie and sends the reader back lets us through; beyond that each page is
fetched as by a reader who comes for the first time, so that no capture depends on what was fetched before it, no meter counts our
pages, and nobody's visit can be told from the archive. Cookies go only where RFC 6265 lets them, by the public suffix list that
tldextract brings along: Scrapy's own middleware would download one.
"""

from __future__ import annotations

from collections.abc import Iterable
from http.cookiejar import Cookie
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares import cookies
from scrapy.http.cookies import CookieJar
from scrapy.utils.httpobj import urlparse_cached
from tldextract import TLDExtract

_split = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


class _Jars(dict[Any, CookieJar]):
    """Jars by their key, which is the jar itself: a jar lives in the meta of its request and ends with it."""

    def __missing__(self, key: CookieJar) -> CookieJar:
        return key


class CookiesMiddleware(cookies.CookiesMiddleware):
    """In the place of Scrapy's own."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self.jars: Any = _Jars()

    def process_request(self, request: Request) -> Any:  # type: ignore[override]
        """Add the cookies that the hops before this one were given."""
        request.meta.setdefault("cookiejar", CookieJar())
        return super().process_request(request)

    def _process_cookies(self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request) -> None:
        """Take what the server sets, as Scrapy does: a cookie for a public suffix is one for the host alone, or none."""
        host = (urlparse_cached(request).hostname or "").lower()
        for cookie in cookies:
            domain = cookie.domain.removeprefix(".")
            if domain and not _split(domain).domain:
                if domain != host:
                    continue
                cookie.domain = host
            jar.set_cookie_if_ok(cookie, request)
