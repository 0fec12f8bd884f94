"""One edition: which articles are out at a moment, in which template each is set, and at which address it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from .articles import ARTICLES
from .markup import Block, read
from .model import Article, Reach, moment
from .paper import SECTION, ZONE
from .skin import Template

Mode = Literal["clean", "meaningless", "both"]

DEFAULT_DATE = "2026-11-20T09:00:00Z"


@dataclass(frozen=True)
class Edition:
    """What is printed. Depends on nothing but its own fields; no clock is read."""

    base: str
    """Scheme and authority of all addresses, without a final slash."""
    when: datetime = moment(DEFAULT_DATE)  # noqa: RUF009 - a constant
    """Now, as far as the paper is concerned: later articles and later changes are not out yet."""
    mode: Mode = "clean"
    """Template of the articles; ``both`` sets every second one in the other template."""
    count: int | None = None
    """How many articles at most, the newest first; None for all."""

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """The articles that are out, newest first."""
        return tuple(a for a in ARTICLES if moment(a.published) <= self.when)[: self.count]

    @cached_property
    def by_slug(self) -> dict[str, Article]:
        """The articles that are out, by slug."""
        return {article.slug: article for article in self.articles}

    @property
    def house(self) -> Template:
        """Template of the pages that are no articles."""
        return "meaningless" if self.mode == "meaningless" else "clean"

    def template(self, article: Article) -> Template:
        """Template that an article is set in. It does not depend on the date or on how many there are."""
        if self.mode == "both":
            return "meaningless" if ARTICLES.index(article) % 2 else "clean"
        return self.house

    def path(self, article: Article) -> str:
        """Path of an article: ``/2026/11/19/slug/`` in the clean template, ``/slug/`` in the meaningless one."""
        if article.reach == "private":
            return f"/private/{article.slug}/"
        if self.template(article) == "meaningless":
            return f"/{article.slug}/"
        return f"{moment(article.published).astimezone(ZONE):/%Y/%m/%d}/{article.slug}/"

    def twin_path(self, article: Article) -> str | None:
        """Second path of an article that has one: ``/section/slug/``."""
        return f"/{article.section}/{article.slug}/" if article.twin else None

    def url(self, article: Article) -> str:
        """Canonical address of an article."""
        return self.base + self.path(article)

    def number(self, article: Article) -> int:
        """The number of its short link, ``/go/NUMBER``: counted from the oldest, so that it never changes."""
        return len(ARTICLES) - ARTICLES.index(article)

    def reachable(self, *by: Reach) -> tuple[Article, ...]:
        """The articles that every list has, and those that only a list of that kind has."""
        return tuple(a for a in self.articles if a.reach == "everywhere" or a.reach in by)

    def in_section(self, key: str) -> tuple[Article, ...]:
        """The articles that a section's pages link."""
        return tuple(a for a in self.reachable("section") if a.section == key)

    def blocks(self, article: Article) -> tuple[Block, ...]:
        """An article's blocks as they stand in this edition."""
        return read(article.body + ("\n\n" + article.update if self.modified(article) else ""))

    def modified(self, article: Article) -> datetime | None:
        """When an article was last changed, if that was before this edition."""
        when = moment(article.modified) if article.modified else None
        return when if when and when <= self.when else None

    def touched(self, article: Article) -> datetime:
        """When an article was published or last changed."""
        return self.modified(article) or moment(article.published)

    def recent(self, days: int) -> tuple[Article, ...]:
        """The articles of the last days that the news sitemap names."""
        since = self.when - timedelta(days=days)
        return tuple(a for a in self.reachable("sitemap") if moment(a.published) >= since)

    @staticmethod
    def section_name(article: Article) -> str:
        """Name of an article's section as printed."""
        return SECTION[article.section].name
