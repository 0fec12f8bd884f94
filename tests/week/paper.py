"""A paper as it stands at a moment: its articles, lists, feed and sitemap, and what befalls them. Pure: a moment and a path in, a page out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from .text import Report, report

LISTED = 28
"""Articles that feed, sitemap and front page name: those of two days."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper and its fate. Times of events are when they happen; None for never."""

    name: str
    begins: datetime
    """When its first article came out."""
    every: timedelta = timedelta(hours=12) / 7
    """Time between two articles."""
    feed_moves: datetime | None = None
    """From then on /feed.xml answers 301 to /rss/news.xml."""
    feed_goes: datetime | None = None
    """From then on /feed.xml answers 404."""
    redesigned: datetime | None = None
    """From then on articles are set in another template, which names no author and no date and loads most of the text by script."""
    walls: tuple[datetime, datetime] | None = None
    """From and until when a challenge stands before every article."""
    sitemap_stops: datetime | None = None
    """From then on the sitemap names nothing new."""
    edits: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    """Articles that are changed: when, and ``words``, ``title`` or ``typography``."""
    gone: dict[int, tuple[datetime, int]] = field(default_factory=dict)
    """Articles that are taken down: when, and 404, 410 or 302 (to the front page)."""

    def published(self, number: int) -> datetime:
        """When an article came out."""
        return self.begins + number * self.every

    def articles(self, now: datetime) -> range:
        """Numbers of the articles that are out."""
        return range((now - self.begins) // self.every + 1)

    @staticmethod
    def path(number: int) -> str:
        """Path of an article."""
        return f"/news/{number:04d}-report-from-the-town"

    def text(self, number: int, now: datetime) -> Report:
        """An article as it stands."""
        found = report(self.name, number)
        when, what = self.edits.get(number, (None, ""))
        if when is None or now < when:
            return found
        first, *rest = found.paragraphs
        if what == "title":
            return Report(number, found.title + " again", found.author, found.paragraphs)
        changed = (
            first.replace(" the ", " the very ", 1) + " Corrected."
            if what == "words"
            else "\u201c" + first.replace(".", " \u2013") + "\u201d"
        )
        return Report(number, found.title, found.author, (changed, *rest))

    # --- what stands at a path

    def answer(self, path: str, base: str, now: datetime) -> tuple[int, str, str]:
        """Status, media type and content; of a redirect its target as the content."""
        if path == "/robots.txt":
            return 200, "text/plain", "User-agent: *\nDisallow:\n"
        if path == "/feed.xml" and self.feed_goes and now >= self.feed_goes:
            return 404, "text/html", _page("Not found", "<h1>Page not found</h1>")
        if path == "/feed.xml" and self.feed_moves and now >= self.feed_moves:
            return 301, "text/html", base + "/rss/news.xml"
        if path == "/feed.xml" or (path == "/rss/news.xml" and self.feed_moves and now >= self.feed_moves):
            return 200, "application/rss+xml", self._feed(base, now)
        if path == "/sitemap.xml":
            return 200, "application/xml", self._sitemap(base, now)
        if path == "/":
            return 200, "text/html", self._front(now)
        number = next((n for n in self.articles(now) if path == self.path(n)), None)
        return (
            self._article(number, base, now)
            if number is not None
            else (404, "text/html", _page("Not found", "<h1>Page not found</h1>"))
        )

    def listed(self, now: datetime) -> list[int]:
        """Numbers of the articles that its lists name, the newest first."""
        out = [n for n in self.articles(now) if n not in self.gone or now < self.gone[n][0]]
        return out[-LISTED:][::-1]

    def _feed(self, base: str, now: datetime) -> str:
        items = "".join(
            f"<item><title>{escape(self.text(n, now).title)}</title><link>{base}{self.path(n)}</link>"
            f"<guid>{base}{self.path(n)}</guid><pubDate>{format_datetime(self.published(n))}</pubDate></item>"
            for n in self.listed(now)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{self.name}</title><link>{base}/</link>{items}</channel></rss>'

    def _sitemap(self, base: str, now: datetime) -> str:
        at = min(now, self.sitemap_stops) if self.sitemap_stops else now
        urls = "".join(
            f"<url><loc>{base}{self.path(n)}</loc><lastmod>{self.published(n).isoformat()}</lastmod></url>"
            for n in self.listed(at)
        )
        return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'

    def _front(self, now: datetime) -> str:
        links = "".join(
            f'<li><a href="{self.path(n)}">{escape(self.text(n, now).title)}</a></li>' for n in self.listed(now)
        )
        return _page(self.name, f"<h1>{self.name}</h1><ul>{links}</ul>")

    def _article(self, number: int, base: str, now: datetime) -> tuple[int, str, str]:
        if self.walls and self.walls[0] <= now < self.walls[1]:
            return (
                200,
                "text/html",
                _page("Just a moment...", '<p>Checking your browser</p><div id="challenge-running"></div>'),
            )
        when, status = self.gone.get(number, (None, 0))
        if when and now >= when:
            return (
                (status, "text/html", base + "/")
                if status == 302
                else (status, "text/html", _page("Gone", "<h1>Page not found</h1>"))
            )
        if self.redesigned and now >= self.redesigned:
            return 200, "text/html", self._new_template(number, now)
        return 200, "text/html", self._old_template(number, base, now)

    def _old_template(self, number: int, base: str, now: datetime) -> str:
        told, at = self.text(number, now), self.published(number).isoformat()
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in told.paragraphs)
        data = (
            f'{{"@context":"https://schema.org","@type":"NewsArticle","headline":"{told.title}","datePublished":"{at}",'
        )
        data += f'"author":{{"@type":"Person","name":"{told.author}"}}}}'
        return _page(
            told.title,
            f'<header><nav><a href="/">Home</a> <a href="/news/">News</a> <a href="/sport/">Sport</a></nav></header><main><article>'
            f'<h1>{escape(told.title)}</h1><p class="byline">By {told.author}</p><time datetime="{at}">{at[:10]}</time>{body}'
            f"</article>{self._around(number, now)}</main><footer><p>{self.name}. All rights reserved.</p></footer>",
            head=f'<link rel="canonical" href="{base}{self.path(number)}"><script type="application/ld+json">{data}</script>',
        )

    def _around(self, number: int, now: datetime) -> str:
        """Chrome that is another one each time somebody looks."""
        hours = int(now.timestamp() // 3600)
        latest = "".join(
            f'<li><a href="{self.path(n)}">{report(self.name, n).title}</a></li>' for n in self.listed(now)[:6]
        )
        read = "".join(f"<li>{report('most read', hours + i).title}</li>" for i in range(5))
        return (
            f"<aside><h2>Latest</h2><ul>{latest}</ul></aside><aside><h2>Most read</h2><ol>{read}</ol></aside>"
            f'<section class="comments"><h2>{(hours + number) % 90} comments</h2></section><p class="now">Now: {now:%H:%M}, {hours % 30} degrees</p>'
        )

    def _new_template(self, number: int, now: datetime) -> str:
        told = self.text(number, now)
        body = f"<div>{escape(told.paragraphs[0])}</div><div>Loading the rest of this report</div>"
        return _page(
            told.title,
            f'<div class="x1"><div class="x2"><h1>{escape(told.title)}</h1>{body}</div></div><div class="x9">Menu</div>',
        )


def _page(title: str, body: str, *, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head><title>{escape(title)}</title>{head}</head><body>{body}</body></html>'
