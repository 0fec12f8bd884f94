"""Looks at a site that nobody has configured yet: robots.txt, home page, feeds, sitemaps, sections, and some articles.

Politely and in few requests, each archived as ever; what was found goes into ``findings``, from which a command drafts the YAML. Goes
phase by phase: the next begins when nothing of the last is under way. Never decides what is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.ledger import Entry
from crawler.urls import same_site
from crawler.warc.exchange import Provenance
from spiders.base import SiteSpider
from spiders.discovery.front import Front, read_front
from spiders.discovery.reading import SourceKind, read_source
from spiders.discovery.shapes import covered, shapes_of
from spiders.discovery.sitemaps import robots_sitemaps
from spiders.findings import Findings, Listing

if TYPE_CHECKING:
    from twisted.python.failure import Failure

FEEDS = ("/feed/", "/rss/", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
"""Where feeds stand on most sites that do not advertise theirs."""
SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml", "/sitemap-news.xml")
"""Where sitemaps stand on most sites whose robots.txt names none."""
_MAX_ADVERTISED = 4
_MAX_NAMED = 4
_MAX_CHILDREN = 2
_MAX_SECTIONS = 5
"""So many of each are looked at that all of it takes a minute at the usual delay."""


class ProbeSpider(SiteSpider):
    """Probes one site, and archives ``samples`` of its articles."""

    name = "probe"
    command = "probe"

    def __init__(self, findings: Findings | None = None, samples: int | str = 3, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings = findings or Findings()
        self._samples = int(samples)
        self._chosen: list[str] = []
        self._seen: set[str] = set()
        self._front: Front | None = None
        self._phases: list[Callable[[], Iterable[Request]]] = [
            self._ask_sources,
            self._ask_children,
            self._ask_sections,
            self._ask_samples,
        ]

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the home page; robots.txt comes before it."""
        yield self._request(self.site.home, "section", self.parse_home)

    def robots_read(self, url: str, body: bytes) -> None:
        """A robots.txt has come."""
        if self.archive.on_site(url):
            self.findings.robots = body
            self.findings.robots_sitemaps = robots_sitemaps(body, url)

    def on_idle(self) -> None:
        """Nothing is under way: the next phase begins."""
        while self._phases:
            requests = list(self._phases.pop(0)())
            if requests:
                for request in requests:
                    self.crawler.engine.crawl(request)
                break
        super().on_idle()

    def next_entries(self, room: int) -> list[Entry]:
        """The samples that were not asked for yet; what else the ledger holds is left to a crawl."""
        todo = [key for key in self._chosen if key not in self._asked][:room]
        return [entry for key in todo if (entry := self.archive.ledger.get(key))]

    def _request(self, url: str, role: SourceKind, callback: Any, **more: Any) -> Request:
        self._seen.add(self.archive.key(url))
        provenance = Provenance(site=self.site.site, run_id=self.archive.run_id, role=role, requested_url=url)
        return Request(
            url,
            callback=callback,
            errback=self.source_failed,
            dont_filter=True,
            cb_kwargs=more,
            meta={"provenance": provenance, "asked": (role, url)},
        )

    def source_failed(self, failure: Failure) -> None:
        """Something could not be had."""
        reason, detail = self.reason_of(failure.value)
        _, url = failure.request.meta["asked"]  # type: ignore[attr-defined]
        self.findings.failed[url] = f"{reason}: {detail}"

    # --- the phases

    async def parse_home(self, response: Response) -> None:
        """The home page: who the site is, what it advertises, where its navigation leads."""
        if reason := self.reason_of_status(response.status):
            self.findings.failed[response.url] = f"{reason}: status {response.status}"
            return
        if not self.archive.on_site(response.url):
            self.findings.failed[self.site.home] = f"it redirects to {response.url}: name that address"
            return
        content_type = _header(response, "Content-Type")
        self._front = await asyncio.to_thread(read_front, response.body, content_type, response.url)
        self.findings.home = response.url
        self.findings.front = self._front

    def _ask_sources(self) -> Iterator[Request]:
        if self._front is None:
            return
        every = [url for url in self._front.feeds if same_site(url, self._hosts())]
        advertised, self.findings.unread_feeds = every[:_MAX_ADVERTISED], every[_MAX_ADVERTISED:]
        for url in advertised or self._here(FEEDS):
            yield from self._source(
                "feed", url, "the home page names it" if advertised else "found where feeds often are"
            )
        named = [url for url in self.findings.robots_sitemaps if same_site(url, self._hosts())][:_MAX_NAMED]
        for url in named or self._here(SITEMAPS):
            yield from self._source(
                "sitemap", url, "robots.txt names it" if named else "found where sitemaps often are"
            )

    def _ask_children(self) -> Iterator[Request]:
        """Some sitemaps of the indexes, so that their pages' addresses are known: news and the latest first."""
        for listing in [each for each in self.findings.sitemaps if each.children]:
            ordered = sorted(listing.children.items(), key=lambda item: (_newsy(item[0]), item[1] or ""), reverse=True)
            for url, _ in ordered[:_MAX_CHILDREN]:
                yield from self._source("sitemap", url, f"in {listing.url}", parent=listing.url)

    def _ask_sections(self) -> Iterator[Request]:
        """Pages that the navigation links and that are no articles."""
        if self._front is None:
            return
        shapes = self.findings.shapes = shapes_of(self.findings.article_urls)
        asked = 0
        for link in self._front.navigation:
            is_article = bool(shapes) and covered([link.url], shapes) == 1
            if asked == _MAX_SECTIONS or is_article or not same_site(link.url, self._hosts()):
                continue
            if self.archive.key(link.url) not in self._seen and self.archive.key(link.url) != self.archive.key(
                self.findings.home
            ):
                asked += 1
                yield self._request(link.url, "section", self.parse_section, title=link.text or link.url)

    def _ask_samples(self) -> Iterator[Request]:
        """The newest articles, as pages of the archive."""
        fitting = [
            link
            for link in self.findings.articles
            if not self.findings.shapes or covered([link.url], self.findings.shapes) == 1
        ]
        spread = fitting[:: max(1, min(len(fitting), 12) // max(1, self._samples))][: self._samples]
        for link in spread:
            key = self.archive.key(link.url)
            self.archive.offer(
                link.url,
                via=link.via,
                via_url=self.findings.source_of(link.url),
                title=link.title,
                published_raw=link.published_raw,
            )
            self.archive.ledger.ask_again(key)
            self._chosen.append(key)
        yield from self.next_pages()

    # --- what came

    def _source(self, kind: SourceKind, url: str, why: str, parent: str | None = None) -> Iterator[Request]:
        if self.archive.key(url) not in self._seen:
            yield self._request(url, kind, self.parse_source, kind=kind, why=why, parent=parent)

    async def parse_source(self, response: Response, kind: SourceKind, why: str, parent: str | None) -> None:
        """A feed's or sitemap's answer."""
        asked = response.meta["asked"][1]
        if reason := self.reason_of_status(response.status):
            self.findings.failed[asked] = f"{reason}: status {response.status}"
            return
        found = await asyncio.to_thread(
            read_source, response.body, _header(response, "Content-Type"), response.url, kind=kind
        )
        if not (found.links or found.sources):
            self.findings.failed[asked] = "; ".join(found.problems) or "nothing in it"
            return
        via = found.links[0].via if found.links else "sitemap"
        listing = Listing(
            url=response.url, asked=asked, kind=via, why=why, parent=parent, links=found.links[:500], number=len(found.links),
            children={url: dict(found.source_dates).get(url) for url in found.sources},
        )  # fmt: skip
        (self.findings.feeds if via == "feed" else self.findings.sitemaps).append(listing)

    async def parse_section(self, response: Response, title: str) -> None:
        """A page of the navigation: a section, if it lists articles."""
        if self.reason_of_status(response.status):
            return
        found = await asyncio.to_thread(
            read_source, response.body, _header(response, "Content-Type"), response.url, kind="section"
        )
        links = [link for link in found.links if same_site(link.url, self._hosts())]
        shapes = self.findings.shapes
        articles = [link.url for link in links if shapes and covered([link.url], shapes) == 1]
        self.findings.sections.append((title, response.url, len(articles), bool(found.next_page)))

    def _hosts(self) -> tuple[str, ...]:
        return self.site.hosts

    def _here(self, paths: Iterable[str]) -> Iterator[str]:
        parts = urlsplit(self.findings.home or self.site.home)
        return (urljoin(f"{parts.scheme}://{parts.netloc}/", path) for path in paths)


def _newsy(url: str) -> int:
    """How much a child sitemap's address promises articles."""
    path = urlsplit(url).path.lower()
    if any(word in path for word in ("author", "tag", "categor", "page", "image", "video", "user", "topic")):
        return 0
    return 3 if "news" in path else 2 if any(word in path for word in ("post", "article", "stor")) else 1


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
