"""A newspaper of ten articles in the middle of endless address spaces: a calendar, session ids, a path that loops, facets, a maze."""

from __future__ import annotations

import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

ARTICLES = [f"/news/article-number-{number}-of-the-ten/" for number in range(10)]
TRAPS = ("/calendar", "/basket", "/loop", "/shop", "/maze")
_DOORS = [
    "/calendar/?month=2026-11", "/basket/?token=0a1", "/loop/again/", "/shop/?colour=red&size=1", "/maze/ab/cd-of-the-long-way/",
]  # fmt: skip


def words(seed: str, count: int) -> str:
    """Text that is the same for a seed and like no other."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("abdeiklmnorstu", k=chance.randint(2, 9))) for _ in range(count))


class TrapSite:
    """Serves the site on loopback; ``log`` holds the target of each request, in order."""

    def __init__(self) -> None:
        self.log: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.log.append(self.path)
                status, kind, body = site.page(self.path)
                data = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def page(self, target: str) -> tuple[int, str, str]:
        """Status, type and body of an answer."""
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return 200, "text/plain", f"Sitemap: {self.url}sitemap.xml\n"
        if parts.path == "/feed.xml":
            items = "".join(f"<item><link>{self.url[:-1]}{a}</link><title>{a}</title></item>" for a in ARTICLES[:6])
            return 200, "application/rss+xml", f"<rss version='2.0'><channel>{items}</channel></rss>"
        if parts.path == "/sitemap.xml":
            urls = "".join(f"<url><loc>{self.url[:-1]}{a}</loc></url>" for a in ARTICLES[4:])
            return (
                200,
                "application/xml",
                f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>",
            )
        if parts.path == "/":
            return 200, "text/html", self._html("Front", "", [*_DOORS, ARTICLES[0]])
        if parts.path in ARTICLES:
            text = "".join(f"<p>{words(f'{parts.path}{n}', 60)}.</p>" for n in range(6))
            return (
                200,
                "text/html",
                self._html(f"Article {parts.path}", f"<article><h1>{parts.path}</h1>{text}</article>", _DOORS),
            )
        return 200, "text/html", self._html("Trap", *self._trap(parts.path, dict(parse_qsl(parts.query))))

    def _trap(self, path: str, query: dict[str, str]) -> tuple[str, list[str]]:
        here = len(self.log)
        if path == "/calendar/":
            year, month = map(int, query["month"].split("-"))
            months = [f"{year + (month + n) // 12}-{(month + n) % 12 + 1:02}" for n in range(4)]
            return f"<p>No events in {month} {year}</p>", [f"/calendar/?month={each}" for each in months]
        if path == "/basket/":  # the same page under a new address each time
            return "<p>Your basket is empty</p>", [f"/basket/?token={here}{n}" for n in range(5)]
        if path.startswith("/loop/"):
            return "<p>Again</p>", [f"{path}again/", f"{path}and/again/"]
        if path == "/shop/":
            return f"<p>{query}</p>", [f"/shop/?colour={c}&size={here}{n}" for n in range(4) for c in ("red", "blue")]
        chance = random.Random(path)
        rooms = [f"/maze/{words(str(chance.random()), 4).replace(' ', '-')}/" for _ in range(6)]
        return f"<p>{words(path, 8)}</p>", rooms

    @staticmethod
    def _html(title: str, body: str, links: list[str]) -> str:
        nav = "".join(f"<li><a href='{each.replace('&', '&amp;')}'>more</a></li>" for each in links)
        return f"<!doctype html><html lang=en><title>{title}</title><body>{body}<ul>{nav}</ul></body></html>"
