"""Content codings taken off for whoever looks at a live response, by the same code that reads the archive.

A downloader middleware in the place of Scrapy's HttpCompressionMiddleware, which fails a page whose coding is damaged. Here what can
be read is given, and ``response.flags`` names the damage (``cut-gzip``, ``bomb`` …, see crawler.warc.coding). The archive has the
coded bytes already. Decoded bodies end at DOWNLOAD_MAXSIZE.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from crawler.warc import coding


class DecodingMiddleware:
    """In the place of Scrapy's own."""

    def __init__(self, crawler: Crawler) -> None:
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DecodingMiddleware:
        """Make the middleware of a crawler."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response with its content coding removed, its class chosen anew by what came out."""
        names = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
        codings = [name.strip() for name in names.split(",") if name.strip()]
        if not codings or not response.body:
            return response
        decoded = coding.decode([response.body], codings, limit=self._limit)
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=decoded.body)
        flags = [*response.flags, decoded.damaged] if decoded.damaged else response.flags
        return response.replace(cls=kind, headers=headers, body=decoded.body, flags=flags)
