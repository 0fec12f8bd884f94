"""What the stages work on: ``Page`` goes in and never changes, ``Draft`` is what has been found out so far.

Plain data. A stage is a pure function ``(Page, Draft) -> Draft``: it returns ``dataclasses.replace(draft, …)``, reads no clock, no
file and no network, and leaves the tree as it found it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.record import Access, BlockKind, FieldSources, Image, PageType, Robots, Source

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from crawler.config import ExtractRules
    from pipelines.blocks import Layout
    from pipelines.profile import SiteProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One captured page and all that extraction may know of it: the input of the pure function."""

    url: str
    """Address it was served from."""
    status: int
    """Status code."""
    headers: tuple[tuple[str, str], ...]
    """Header fields in order, names as sent."""
    body: bytes
    """Entity body, all codings removed."""
    feed_title: str | None = None
    """Title that discovery gives."""
    feed_published: str | None = None
    """Date that discovery gives, as it stands there."""
    discovered_via: str | None = None
    """How it was found."""
    robots: Robots = "unknown"
    """Verdict of robots.txt."""
    rules: ExtractRules | None = None
    """The site's own rules; None for the defaults."""
    profile: SiteProfile | None = None
    """What is known of the site's chrome; None if nothing is."""

    def header(self, name: str) -> str | None:
        """Values of the header called ``name`` (any case), joined by ``, ``; None if there is none."""
        lower = name.lower()
        values = [v for n, v in self.headers if n.lower() == lower]
        return ", ".join(values) if values else None


class TextBlock(NamedTuple):
    """A block of the page's visible text: a paragraph, a heading, a list item, a caption, a link list's entry …

    A tuple, because a page has hundreds of them and a frozen dataclass costs four times as much to make.
    """

    index: int  # type: ignore[assignment]  # tuple has a method of this name, which nobody needs
    """Place in document order, from 0."""
    path: str
    """CSS path of the element."""
    tag: str
    """Name of the element."""
    text: str
    """Its text, white space folded."""
    kept: bool
    """Whether it belongs to the article's text."""
    kind: BlockKind | None = None
    """What it is, if it does not belong."""
    reason: str | None = None
    """Slug of the rule or witness that decided (also for kept blocks)."""
    pages_sharing: int | None = None
    """On how many other pages of the site it was seen."""
    likelihood: float | None = None
    """How likely it belongs to the article, 0 to 1, as ``body`` weighed it; None if it was not weighed. ``quality`` is made of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the stages have found so far. Each field names the stage that fills it."""

    # decode
    html: str = ""
    """The page as text, by the WHATWG encoding rules."""
    replaced_chars: int = 0
    """Characters that could not be decoded or that no tree can hold, and were replaced or left out."""
    # parse
    tree: HtmlElement | None = None
    """The one parse that feeds all stages; nobody changes it."""
    # structured
    jsonld: tuple[dict[str, Any], ...] = ()
    """All JSON-LD nodes of the page, graphs flattened."""
    meta: tuple[tuple[str, str], ...] = ()
    """``<meta>`` name, property, itemprop or http-equiv (lower case) and content, in order."""
    links: tuple[tuple[str, str], ...] = ()
    """``<link>`` rel (lower case) and href, in order."""
    microdata: tuple[dict[str, Any], ...] = ()
    """Microdata items in the shape of JSON-LD nodes; values are lists."""
    works: tuple[tuple[Source, dict[str, Any]], ...] = ()
    """The nodes of both that speak of the page's article, best first, each with its source; references in them resolved."""
    # blocks
    layout: Layout | None = None
    """The blocks of the page's text and the frames they stand in, before anybody has judged them."""
    # facts
    title: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    published_at: str | None = None
    published_raw: str | None = None
    modified_at: str | None = None
    canonical_url: str | None = None
    images: tuple[Image, ...] = ()
    page_type: PageType = "other"
    access: Access = "unknown"
    meta_robots: str | None = None
    tdm_reservation: bool | None = None
    tdm_policy: str | None = None
    license_url: str | None = None
    # body, chrome
    text: str = ""
    """The article: paragraphs parted by a blank line."""
    method: str = ""
    """Way the body was found."""
    blocks: tuple[TextBlock, ...] = ()
    """All blocks of the page's visible text, kept and not kept, in document order."""
    # quality
    quality: float = 0.0
    flags: tuple[str, ...] = ()
    """Slugs; each stage may add some."""
    sources: FieldSources = field(default_factory=FieldSources)
    """Where each fact came from."""
    verdict: str | None = None
    """Slug of crawler.errors.Reason if the page gives no row (not-html, not-article, empty); None if it does."""

    def flagged(self, *slugs: str) -> tuple[str, ...]:
        """The flags with ``slugs`` added, each once, in order."""
        return tuple(dict.fromkeys((*self.flags, *slugs)))


Stage = Callable[[Page, Draft], Draft]

__all__ = ["Draft", "Page", "Source", "Stage", "TextBlock"]
