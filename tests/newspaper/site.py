"""From a request's target to what stands there. Knows every address of the paper; knows nothing of HTTP's framing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import parse_qs, quote, unquote

from . import feeds, listing, style
from .edition import Edition
from .markup import Figure
from .model import Article
from .page import compose
from .paper import PEOPLE, SECTIONS
from .parts import slug

HTML = "text/html; charset=utf-8"
_TIDES = re.compile(r"/tides/(\d{4})/(\d\d)/(?:(\d\d)/)?")


@dataclass(frozen=True, kw_only=True)
class Resource:
    """What stands at an address."""

    body: bytes
    content_type: str = HTML
    modified: datetime
    """Last-Modified."""
    status: int = 200
    location: str | None = None
    """Where a redirect leads."""
    number: int | None = None
    """The article's number, where it is an article's page."""


class Site:
    """The paper's addresses. Each page is made when it is first asked for, and kept."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.touched = max((edition.touched(a) for a in edition.articles), default=edition.when)
        """When anything last changed."""
        self._made: dict[str, Resource] = {}
        self._routes: dict[str, Callable[[], Resource]] = {}
        self._lay_articles()
        self._lay_lists()
        self._lay_files()

    def paths(self) -> list[str]:
        """Every address that is there in its own right: all but the tide tables, searches and redirects."""
        return list(self._routes)

    def find(self, target: str) -> Resource:
        """What stands at a target (path and query); what is not there is a resource too, with status 404."""
        path, _, query = target.partition("?")
        path = quote(unquote(path), safe="/~")
        if path in self._routes:
            page = (parse_qs(query).get("page") or [""])[0]
            key = f"{path}?page={page}" if page and page != "1" and f"{path}?page=2" in self._routes else path
            return self._make(key) if key in self._routes else self._missing()
        if path == "/search/":
            words = (parse_qs(query).get("q") or [""])[0][:100]
            return self._html(listing.search(self.edition, words))
        return self._tides(path) or self._redirect(path) or self._missing()

    def _make(self, key: str) -> Resource:
        if key not in self._made:
            self._made[key] = self._routes[key]()
        return self._made[key]

    def _html(self, html: str) -> Resource:
        return Resource(body=html.encode(), modified=self.touched)

    def _missing(self) -> Resource:
        return Resource(body=listing.not_found(self.edition).encode(), modified=self.touched, status=404)

    def _tides(self, path: str) -> Resource | None:
        match = _TIDES.fullmatch(path)
        if not match or not 1 <= int(match[1]) <= 9998 or not 1 <= int(match[2]) <= 12:
            return None
        day = int(match[3]) if match[3] else None
        return self._html(listing.tides(self.edition, int(match[1]), int(match[2]), day))

    def _redirect(self, path: str) -> Resource | None:
        """``/go/7`` leads on to ``/r/7`` for good, ``/r/7`` to the article for now; a missing final slash is added."""
        status, location = 0, ""
        if match := re.fullmatch(r"/(go|r)/(\d{1,4})", path):
            targets = {str(self.edition.number(a)): self.edition.path(a) for a in self.edition.articles}
            if match[2] in targets:
                status, location = (301, f"/r/{match[2]}") if match[1] == "go" else (302, targets[match[2]])
        elif path + "/" in self._routes:
            status, location = 301, path + "/"
        if not status:
            return None
        return Resource(
            body=f'<a href="{location}">This way</a>\n'.encode(),
            modified=self.touched,
            status=status,
            location=self.edition.base + location,
        )

    def _article(self, article: Article) -> Resource:
        html = compose(self.edition, article).html
        return Resource(body=html.encode(), modified=self.edition.touched(article), number=self.edition.number(article))

    def _lay_articles(self) -> None:
        for article in self.edition.articles:
            for path in (self.edition.path(article), self.edition.twin_path(article)):
                if path:
                    self._routes[path] = partial(self._article, article)

    def _lay_lists(self) -> None:
        edition = self.edition
        pages: dict[str, Callable[[], str]] = {
            "/": partial(listing.home, edition),
            "/about/": partial(listing.about, edition),
        }
        for section in SECTIONS:
            for number in range(1, listing.pages_of(edition, section) + 1):
                path = f"/{section.key}/" + (f"?page={number}" if number > 1 else "")
                pages[path] = partial(listing.section_page, edition, section, number)
        for tag in {tag for article in edition.articles for tag in article.tags}:
            pages[quote(f"/tag/{slug(tag)}/")] = partial(listing.tag_page, edition, tag)
        for person in PEOPLE:
            pages[f"/author/{person.key}/"] = partial(listing.author_page, edition, person)
        for path, make in pages.items():
            self._routes[path] = partial(self._list, make)

    def _list(self, make: Callable[[], str]) -> Resource:
        return self._html(make())

    def _file(self, body: Callable[[], bytes], content_type: str) -> Resource:
        return Resource(body=body(), content_type=content_type, modified=self.touched)

    def _lay_files(self) -> None:
        edition = self.edition
        files: dict[str, tuple[Callable[[], bytes], str]] = {
            "/feed.xml": (partial(feeds.rss, edition), "application/rss+xml; charset=utf-8"),
            "/feed.json": (partial(feeds.json_feed, edition), "application/feed+json"),
            "/robots.txt": (partial(feeds.robots, edition), "text/plain; charset=utf-8"),
            "/clean.css": (partial(style.stylesheet, "clean"), "text/css"),
            "/meaningless.css": (partial(style.stylesheet, "meaningless"), "text/css"),
        }
        for section in SECTIONS:
            files[f"/{section.key}/atom.xml"] = (
                partial(feeds.atom, edition, section),
                "application/atom+xml; charset=utf-8",
            )
        for path, content in feeds.sitemaps(edition).items():
            files[path] = (partial(bytes, content), _sitemap_type(path))
        names = {"gate-film", "favicon"}
        for article in edition.articles:
            pictures = [b.picture for b in edition.blocks(article) if isinstance(b, Figure)]
            names |= {picture.name for picture in (*pictures, *([article.picture] if article.picture else []))}
        for name in sorted(names):
            files[f"/images/{name}.svg"] = (partial(style.picture, name), "image/svg+xml")
        files["/favicon.ico"] = (partial(style.picture, "favicon"), "image/svg+xml")
        for path, (body, content_type) in files.items():
            self._routes[path] = partial(self._file, body, content_type)


def _sitemap_type(path: str) -> str:
    """Media type of a sitemap."""
    return "application/gzip" if path.endswith(".gz") else "application/xml"
