"""One-off: the addresses that a person names, now, whatever the ledger knows of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

from scrapy import Request

from spiders.base import SiteSpider


class UrlSpider(SiteSpider):
    """Archives the given URLs, all of one host."""

    name = "url"
    command = "archive"

    def __init__(self, urls: Iterable[str] | str = (), *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.urls = urls.split() if isinstance(urls, str) else list(urls)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each URL, known or not."""
        for url in self.urls:
            self.archive.offer(url, via="user", via_url=None)
            self.archive.ledger.ask_again(self.archive.key(url))
        for request in self.next_pages():
            yield request
