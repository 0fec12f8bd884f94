"""Gathers what one source names: resolves addresses, drops doubles, counts problems. The one place where a Found is made.

Never follows anything, and never raises.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from urllib.parse import urljoin

from crawler.errors import PolicyError
from crawler.record import Via
from crawler.urls import check
from spiders.discovery.link import Found, Link
from spiders.discovery.text import plain

MAX_DATE = 100
"""Longest date kept, in characters."""


class Gatherer:
    """Collects links and problems of the source at ``url``; at most ``limit`` links and as many sources, of twice as many mentions."""

    def __init__(self, url: str, limit: int) -> None:
        self._url = url
        self._limit = limit
        self._links: dict[str, Link] = {}
        self._sources: dict[str, str | None] = {}
        self._problems: Counter[str] = Counter()
        self._details: dict[str, str] = {}
        self._mentions = 0
        self.next_page: str | None = None
        self.full = False
        """Whether something was left out because the limit is reached: reading can stop."""

    def absolute(self, address: object, base: str | None = None) -> str | None:
        """``address`` made absolute and checked; None if it cannot be requested."""
        if not isinstance(address, str) or not address.strip():
            return None
        try:
            return check(urljoin(base or self._url, address.strip()))
        except (PolicyError, ValueError):
            return None

    def link(
        self,
        address: object,
        via: Via,
        *,
        title: object = None,
        published: object = None,
        modified: object = None,
        text: str | None = None,
        base: str | None = None,
    ) -> None:
        """Add a page. A double fills what its first mention left out; of two anchor texts the longer one stays."""
        url = self._mentioned(address, base)
        if url is None:
            return
        new = Link(
            url=url,
            via=via,
            title=plain(title),
            published_raw=_date(published),
            modified_raw=_date(modified),
            text=text,
        )
        old = self._links.get(url)
        if old is not None:
            self._links[url] = replace(
                old,
                title=old.title or new.title,
                published_raw=old.published_raw or new.published_raw,
                modified_raw=old.modified_raw or new.modified_raw,
                text=max((old.text, text), key=lambda t: len(t or "")),
            )
        elif len(self._links) < self._limit:
            self._links[url] = new
        else:
            self._overflow()

    def source(self, address: object, lastmod: object = None, base: str | None = None) -> None:
        """Add a further source."""
        url = self._mentioned(address, base)
        if url == self._url:
            self.problem("names-itself", "it lists its own address")
        elif url is not None and len(self._sources) < self._limit:
            self._sources.setdefault(url, _date(lastmod))
        elif url is not None and url not in self._sources:
            self._overflow()

    def problem(self, slug: str, detail: str) -> None:
        """Note what is wrong. The first detail of a slug is kept, and how often it came."""
        self._problems[slug] += 1
        self._details.setdefault(slug, detail)

    def _mentioned(self, address: object, base: str | None) -> str | None:
        """The address of one more mention; None if it cannot be requested, or if there were too many."""
        self._mentions += 1
        if self._mentions > 2 * self._limit:
            self._overflow()
        if self.full:
            return None
        url = self.absolute(address, base)
        if url is None:
            self.problem(
                "bad-url", f"{str(address)[:200]!r} cannot be requested" if address else "an entry has no address"
            )
        return url

    def _overflow(self) -> None:
        if not self.full:
            self.full = True
            self.problem("too-many-links", f"only the first {max(len(self._links), len(self._sources))} were taken")

    def found(self) -> Found:
        """All that was gathered."""
        return Found(
            links=tuple(self._links.values()),
            sources=tuple(self._sources),
            source_dates=tuple((url, date) for url, date in self._sources.items() if date),
            next_page=self.next_page,
            problems=tuple(
                f"{slug}: {self._details[slug]}" + (f" ({n} times)" if n > 1 else "")
                for slug, n in self._problems.items()
            ),
        )


def _date(value: object) -> str | None:
    return plain(value, MAX_DATE) if isinstance(value, str) else None
