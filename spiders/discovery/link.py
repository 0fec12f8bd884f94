"""What discovery returns: addresses, and what their source says of them. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.record import Via


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that a source names."""

    url: str
    """Absolute, in the form that ``crawler.urls.check`` returns."""
    via: Via
    """Kind of source: feed, news_sitemap, sitemap or section."""
    title: str | None = None
    """Title that the source gives, as plain text."""
    published_raw: str | None = None
    """Date of publication, as it stands there. Nobody guesses one."""
    modified_raw: str | None = None
    """Date of the last change, as it stands there."""
    text: str | None = None
    """Text of the anchor, for links of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that one source named, in its order, each address once."""

    links: tuple[Link, ...] = ()
    """Pages."""
    sources: tuple[str, ...] = ()
    """Further sources: the sitemaps of an index, the feeds that a page advertises."""
    source_dates: tuple[tuple[str, str], ...] = ()
    """(address, ``lastmod`` as it stands there) of those of ``sources`` that have one."""
    next_page: str | None = None
    """The next page of a list or of a feed (RFC 5005); None on the last."""
    problems: tuple[str, ...] = ()
    """What was wrong, each a slug and, after ``: ``, words for people. Empty if the source was as it should be."""
