"""Offers what sources and pages name to the ledger: within scope, not too old, no trap; each address left out with its reason.

Owns the judgement of single links; never reads a source and never asks for anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from crawler.config import SiteConfig
from crawler.errors import Reason
from spiders.dates import read_date
from spiders.discovery.likeness import is_probably_article
from spiders.discovery.link import Found, Link
from spiders.discovery.traps import TrapBudget, form_of
from spiders.sources import Source

if TYPE_CHECKING:
    from crawler.collection import SiteArchive
    from crawler.ledger import Entry

BY_LINKS = ("section", "link")
"""How a page was found that a trap may have named."""
_OFFERED = 200
"""Links offered to the ledger in one transaction: a few milliseconds."""
_FRESH = 7 * 86400.0
"""Seconds after which what a sitemap dates is backlog: it comes after what lists show today."""
_LONG = 1000
"""Addresses above which a sitemap without dates is taken for a backlog."""


class Offering:
    """What a run offers to the ledger of its site; ``left_out`` hears of each address that is not taken, by key and reason."""

    def __init__(self, site: SiteConfig, archive: SiteArchive, left_out: Callable[[str, Reason], None]) -> None:
        self._site = site
        self._archive = archive
        self._left_out = left_out
        self.traps = TrapBudget(site.traps, lambda form: archive.ledger.pattern(form, at=archive.now()))

    async def offer(self, found: Found, source: Source, *, depth: int = 0) -> int:
        """Offer links, some at a time: the crawl goes on in between. Returns how many are new.

        ``depth`` counts the links inside pages that led to them; 0 for what lists, feeds and sitemaps name.
        """
        new, long = 0, len(found.links) > _LONG
        for start in range(0, len(found.links), _OFFERED):
            with self._archive.ledger.transaction():
                new += sum(
                    self._offer(link, source, long=long, depth=depth) for link in found.links[start : start + _OFFERED]
                )
            await asyncio.sleep(0)
        return new

    def is_trapped(self, entry: Entry) -> bool:
        """Whether a page that waits was named by links alone and has a form that repeats itself."""
        return entry.via in BY_LINKS and self.traps.is_closed(form_of(entry.url))

    def _offer(self, link: Link, source: Source, *, long: bool, depth: int) -> bool:
        if source.kind == "section" and not self._archive.on_site(link.url):
            return False  # a page links to all the world; what a feed or a sitemap names elsewhere is said to be out of scope
        reason = self._archive.judge(link.url)
        detail = None
        if reason is None and (reason := self._unlikely(link.url, source)):
            detail = (
                "named by a page only, and no address of an article by its looks; a pattern in scope.allow takes it"
            )
        reason = reason or self._too_old(link)
        if reason is None and link.via in BY_LINKS and not self._is_taken(link.url):
            listed = link.via == "section" and bool(self._site.scope.allow)
            reason, detail = self.traps.judge(link.url, listed=listed) or (None, None)
        if reason:
            self._left_out(self._archive.key(link.url), reason)
        return self._archive.offer(
            link.url,
            via=link.via,
            via_url=source.url,
            title=link.title,
            published_raw=link.published_raw,
            reason=reason,
            detail=detail,
            backlog=link.via == "sitemap" and self._is_backlog(link, long=long),
            depth=depth,
        )

    def _is_taken(self, url: str) -> bool:
        """Whether the ledger knows a URL, and not only as one that was left out."""
        entry = self._archive.ledger.get(self._archive.key(url))
        return entry is not None and entry.state != "skipped"

    def _is_backlog(self, link: Link, *, long: bool) -> bool:
        date = read_date(link.published_raw or link.modified_raw)
        return long if date is None else (self._archive.now() - date).total_seconds() > _FRESH

    def _unlikely(self, url: str, source: Source) -> Reason | None:
        """On a site whose scope says nothing, a page's links are told by their looks; what feeds and sitemaps name is wanted."""
        if source.kind != "section" or self._site.scope.allow:
            return None
        return None if is_probably_article(url) else Reason.OUT_OF_SCOPE

    def _too_old(self, link: Link) -> Reason | None:
        most = self._site.limits.max_age
        date = read_date(link.published_raw or link.modified_raw) if most is not None else None
        old = date is not None and most is not None and (self._archive.now() - date).total_seconds() > most
        return Reason.BUDGET if old else None
