"""What the newspaper is made of: people, sections, pictures, articles. Plain data, no HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

PageType = Literal["article", "liveblog", "opinion", "video", "gallery"]
Access = Literal["free", "paywalled"]
Reach = Literal["everywhere", "section", "sitemap", "feed", "private"]
"""What links an article: all lists; only its section's pages; only the sitemap; only the main feed; or a link that robots.txt forbids."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the paper."""

    key: str
    """Its name in addresses."""
    name: str
    """Its name as printed."""
    about: str
    """One sentence that stands on its front page."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who writes for the paper."""

    name: str
    """As printed."""
    key: str
    """In addresses."""
    bio: str
    """The line under the article."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture with what is printed under it."""

    name: str
    """Name of the image file, without suffix."""
    caption: str
    """A sentence, or more."""
    credit: str
    """Who took it."""
    alt: str
    """Text alternative."""

    @property
    def printed(self) -> str:
        """Caption and credit in one line, as the paper prints them."""
        return f"{self.caption} ({self.credit})"


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article. ``body`` and ``update`` are written in the small markup that ``markup.py`` reads."""

    slug: str
    section: str
    """Key of the section."""
    title: str
    description: str
    """Summary: in the page's head, in feeds and lists, never on the article's own page."""
    published: str
    """``YYYY-MM-DDTHH:MM:SSZ``."""
    tags: tuple[str, ...]
    body: str
    authors: tuple[str, ...] = ()
    """Names, in order; empty where nobody signs."""
    modified: str | None = None
    """When ``update`` was added, or a word was changed."""
    update: str = ""
    """What was added at the end at ``modified``; not there in an edition before that."""
    language: str = "en"
    picture: Picture | None = None
    """The picture above the text."""
    page_type: PageType = "article"
    access: Access = "free"
    reach: Reach = "everywhere"
    twin: bool = False
    """Whether a second address serves it too, and names the first as canonical."""
    seed: bool = False
    """Whether its page carries exactly the furniture of the page that the project was asked for, and no more."""


def moment(text: str) -> datetime:
    """Read ISO 8601 as an aware datetime in UTC; without an offset it is UTC already."""
    when = datetime.fromisoformat(text)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def stamp(when: datetime) -> str:
    """Write an aware datetime as ``YYYY-MM-DDTHH:MM:SSZ``."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
