"""One-off: the addresses that a person names, now, whatever the ledger knows of them, and no others.

Asked for siblings, it also archives a few pages that the first one links on its site: they give no rows, but teach the site's chrome.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response

from crawler.collection import Sibling
from crawler.errors import Reason
from crawler.warc.exchange import Provenance
from spiders.base import SiteSpider
from spiders.discovery.likeness import is_probably_article, looks_like_trap
from spiders.discovery.pages import parse_section

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from crawler.ledger import Entry


class UrlSpider(SiteSpider):
    """Archives the given URLs, all of one host, and looks at ``siblings`` further pages of the site."""

    name = "url"
    command = "archive"

    def __init__(self, urls: Iterable[str] | str = (), siblings: int | str = 0, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.urls = urls.split() if isinstance(urls, str) else list(urls)
        self._siblings = int(siblings)
        self._keys: list[str] = []

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each URL, known or not."""
        for url in self.urls:
            self.archive.offer(url, via="user", via_url=None)
            key = self.archive.key(url)
            if self.archive.withdrawn(url):
                self.archive.skipped(key, Reason.WITHDRAWN)
                continue
            self.archive.ledger.ask_again(key)
            self._keys.append(key)
        for request in self.next_pages():
            yield request

    def next_entries(self, room: int) -> list[Entry]:
        """The named addresses that were not asked for yet: what else the ledger holds is left to a crawl."""
        todo = [key for key in self._keys if key not in self._asked][:room]
        return [entry for key in todo if (entry := self.archive.ledger.get(key))]

    def _moved(self, key: str, final: str, response: Response) -> str | None:
        """A person wants the page as it is now, whatever the archive holds of where the address leads: only what this run has captured is
        not captured twice."""
        known = self.archive.ledger.get(final)
        of_run = known is not None and known.run_id == self.archive.run_id
        return super()._moved(key, final, response) if of_run else key

    def parse_page(self, response: Response, key: str) -> Iterator[Any]:
        """A page's last answer; its links lead to siblings."""
        yield from super().parse_page(response, key)
        if self._siblings > 0 and 200 <= response.status < 300:
            yield from self._look_around(response)

    def _look_around(self, response: Response) -> Iterator[Request]:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        for link in parse_section(response.body, content_type, response.url).links:
            key = self.archive.key(link.url)
            if self._siblings == 0:
                return
            if (
                key in self._keys
                or self.archive.withdrawn(link.url)
                or not self.archive.on_site(link.url)
                or not is_probably_article(link.url)
                or looks_like_trap(link.url)
            ):
                continue
            self._siblings -= 1
            self._keys.append(key)
            self._asked.add(key)
            yield Request(
                link.url,
                callback=self.parse_sibling,
                errback=self.sibling_failed,
                dont_filter=True,
                meta={
                    "provenance": Provenance(
                        site=self.site.site,
                        run_id=self.archive.run_id,
                        role="sibling",
                        requested_url=link.url,
                        discovered_via="link",
                        discovered_url=response.url,
                        discovered_at=self.archive.now(),
                    )
                },
            )

    def parse_sibling(self, response: Response) -> Iterator[Sibling]:
        """A sibling's answer, already archived."""
        if 200 <= response.status < 300:
            yield Sibling(response.meta["capture"])

    def sibling_failed(self, failure: Failure) -> None:
        """A sibling that cannot be had teaches nothing; its failure is in the archive."""
        self.logger.info("a sibling could not be had: %s", failure.value)
