"""The faults of FAULTS.md's section 3 that robots.txt, sitemaps, feeds and links can have. Each is a site of its own, with articles to be found."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.fault import article, endless, head, say, whole
from tests.faults.server import Line, Route

ROBOTS = "3 robots: 5xx, stall, endless, bomb, BOM, CR, ReDoS, 20k sitemaps, absurd delays"
SITEMAPS = "3 sitemap 200k URLs / 20 MB / loops / nest / gz bomb / XXE / foreign locs / broken half"
FEEDS = "3 RSS/Atom garbage, bad dates, relative base, DTD"
TRAPS = "3 traps (calendar, session ids, paths, facets, maze), URL variants"
XML = '<?xml version="1.0" encoding="utf-8"?>'
GOOD = ("one", "two", "three")
"""Articles that each site has."""


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A site with a bad source."""

    row: str
    routes: Mapping[str, Route]
    discover: Mapping[str, Any] = field(default_factory=lambda: {"feeds": [{"url": "/feed"}]})
    articles: tuple[str, ...] = GOOD
    """Articles that must be in the archive."""
    problem: str = ""
    """What the report says of a source, among others."""
    code: int = 0
    """How its run ends; 4, degraded, is as good as 7 where nothing was found at all."""
    most: int = 100
    """Requests that are made, at most."""
    politeness: Mapping[str, Any] = field(default_factory=dict)
    scope: Mapping[str, Any] = field(default_factory=lambda: {"allow": [r"^/news/the-story-of-"]})


def path(name: str) -> str:
    """Path of an article."""
    return f"/news/the-story-of-{name}"


def pages() -> dict[str, Route]:
    """The articles' own routes."""
    return {path(name): say(whole(article(name))) for name in GOOD}


def items(*names: str) -> str:
    return "".join(f"<item><title>{name}</title><link>{path(name)}</link></item>" for name in names)


def feed(inside: str | None = None, *, before: str = XML) -> bytes:
    """A feed of the articles."""
    return f"{before}<rss version='2.0'><channel><title>t</title>{items(*GOOD) if inside is None else inside}</channel></rss>".encode()


def urls(*locs: str) -> str:
    return "".join(f"<url><loc>{loc}</loc></url>" for loc in locs)


def sitemap(prefix: str, inside: str | None = None, *, before: str = XML, root: str = "urlset") -> bytes:
    """A sitemap of the articles, whose addresses must be whole."""
    body = urls(*(prefix + path(name) for name in GOOD)) if inside is None else inside
    return f"{before}<{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{body}</{root}>".encode()


def _robots(answer: Route, **more: Any) -> Bad:
    return Bad(row=ROBOTS, routes={"/robots.txt": answer, "/feed": say(whole(feed(), "application/rss+xml"))}, **more)


def _text(body: bytes) -> Route:
    return say(whole(body, "text/plain"))


def _feed(body: bytes, problem: str = "", **more: Any) -> Bad:
    return Bad(
        row=FEEDS,
        routes={"/feed": say(whole(body, "application/rss+xml"))},
        problem=problem,
        code=7 if problem else 0,
        **more,
    )


def _sitemap(routes: Mapping[str, Route], problem: str = "", **more: Any) -> Bad:
    discover = {"sitemaps": [{"url": "/sitemap.xml"}]}
    return Bad(row=SITEMAPS, routes=routes, discover=discover, problem=problem, code=7 if problem else 0, **more)


def _maze(line: Line) -> None:
    """A page that links on, for ever, and to the articles."""
    deep = line.request.split(b" ")[1].decode().split("?")[0].rstrip("/")
    links = "".join(f'<a href="{path(name)}">The story of {name} and of all that came of it</a>' for name in GOOD)
    more = "".join(f'<a href="{deep}/{way}">{way}</a>' for way in ("left", "right", "back"))
    more += "".join(
        f'<a href="{path("one")}?sid={n:032x}">again</a><a href="/calendar/{2000 + n}/01">m</a>' for n in range(50)
    )
    line.send(whole(f"<!doctype html><title>Maze</title><body>{more}{links}</body>"))


def bad_sites(prefix: str, inside: str) -> dict[str, Bad]:
    """All sites; ``prefix`` is the one of the site itself, ``inside`` an address that must not be reached."""
    entity = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd"><!ENTITY e SYSTEM "INSIDE">]>'
    entity = XML + entity.replace("INSIDE", f"http://{inside}/")
    many = urls(*(f"{prefix}/other/page-{number}" for number in range(1_500)))
    loop = f"<sitemap><loc>{prefix}/sitemap.xml</loc></sitemap><sitemap><loc>{prefix}/b.xml</loc></sitemap><sitemap><loc>{prefix}/good.xml</loc></sitemap>"
    good = {"/good.xml": say(whole(sitemap(prefix), "text/xml"))}
    back = f"<sitemap><loc>{prefix}/sitemap.xml</loc></sitemap>"
    return {
        "robots-500": _robots(say(head("500 Oops", Content_Length=0)), articles=(), code=7, problem="robots-unavailable"),
        "robots-503": _robots(say(head("503 Later", Content_Length=0)), articles=(), code=7, problem="robots-unavailable"),
        "robots-429": _robots(say(head("429 Slow", Content_Length=0)), articles=(), code=7, problem="robots-unavailable"),
        "robots-stall": _robots(
            say(head(Content_Length=99)[:-2], end="hang"), articles=(), code=7, problem="robots-unavailable",
            politeness={"idle_timeout": "2s"},
        ),
        "robots-404": _robots(say(head("404 None", Content_Length=0))),
        "robots-403": _robots(say(head("403 No", Content_Length=0))),
        "robots-endless": _robots(endless(head(Content_Type="text/plain"), b"Allow: /a\n" * 2000)),
        "robots-endless-line": _robots(endless(head(Content_Type="text/plain") + b"User-agent: *\nDisallow: /", b"x" * 20_000)),
        "robots-bomb": _robots(say(whole(gzip.compress(b"User-agent: *\n" + b"#" * (64 << 20), mtime=0), "text/plain", Content_Encoding="gzip"))),
        "robots-with-a-mark": _robots(_text(b"\xef\xbb\xbfUser-agent: *\nDisallow: " + path("two").encode()), articles=("one", "three")),
        "robots-of-cr": _robots(_text(b"User-agent: *\rDisallow: " + path("two").encode() + b"\r"), articles=("one", "three")),
        "robots-of-stars": _robots(_text(b"User-agent: *\nDisallow: /" + b"*a" * 5_000 + b"$\n" + b"Disallow: /*a*b*c*d*e*f*g*h$\n" * 2_000)),
        "robots-of-20000-sitemaps": _robots(
            _text(b"User-agent: *\n" + b"".join(b"Sitemap: http://%b/map-%d.xml\n" % (inside.encode(), n) for n in range(20_000)))
        ),
        "robots-of-an-absurd-delay": _robots(
            _text(b"User-agent: *\nCrawl-delay: 86400\n"), problem='"delay": 0.5, "crawl_delay_asked": 86400.0', politeness={"max_delay": "500ms"}
        ),
        "robots-as-html": _robots(say(whole("<!doctype html><title>Not found</title><p>Disallow: /"))),
        "robots-of-noise": _robots(_text(bytes(range(256)) * 200)),
        "robots-disallow-all": _robots(_text(b"User-agent: *\nDisallow: /\n"), articles=(), code=7, problem="robots-disallowed"),
        "sitemap-of-1500-others": _sitemap({"/sitemap.xml": say(whole(sitemap(prefix, urls(*(prefix + path(n) for n in GOOD)) + many), "text/xml"))}),
        "sitemap-of-200000-mentions": _sitemap({
            "/sitemap.xml": say(whole(sitemap(prefix, urls(*(prefix + path(n) for n in GOOD)) + 100 * urls(*(f"http://{inside}/{n}" for n in range(2_000)))), "text/xml")),
        }, "too-many-links"),
        "sitemap-of-700-sitemaps": _sitemap({
            "/sitemap.xml": say(whole(sitemap(prefix, "".join(f"<sitemap><loc>{prefix}/good.xml?{n}</loc></sitemap>" for n in range(700)), root="sitemapindex"), "text/xml")),
            **good,
        }, most=520),
        "sitemap-loop": _sitemap({
            "/sitemap.xml": say(whole(sitemap(prefix, loop, root="sitemapindex"), "text/xml")),
            "/b.xml": say(whole(sitemap(prefix, back, root="sitemapindex"), "text/xml")), **good,
        }),
        "sitemap-nest-without-end": _sitemap({
            "/sitemap.xml": lambda line: line.send(whole(sitemap(
                prefix, f"<sitemap><loc>{prefix}/sitemap.xml?{len(line.request)}{line.request.count(b'x')}x{line.request.split()[1].decode()[-30:]}x</loc></sitemap>"
                f"<sitemap><loc>{prefix}/good.xml</loc></sitemap>", root="sitemapindex"), "text/xml")), **good,
        }),
        "sitemap-gzip-bomb": _sitemap({
            "/sitemap.xml": say(whole(gzip.compress(sitemap(prefix)[:-9] + b" " * (80 << 20) + b"</urlset>", mtime=0), "application/gzip")),
        }, "too-large"),
        "sitemap-with-entities": _sitemap({"/sitemap.xml": say(whole(sitemap(prefix, urls(*(prefix + path(n) for n in GOOD)) + "<url><loc>&d;</loc></url><url><loc>&e;</loc></url>&c;", before=entity), "text/xml"))}),
        "sitemap-of-foreign-addresses": _sitemap({"/sitemap.xml": say(whole(sitemap(prefix, urls(
            f"http://{inside}/a", "http://169.254.169.254/latest", "file:///etc/passwd", "javascript:alert(1)", *(prefix + path(n) for n in GOOD))), "text/xml"))}),
        "sitemap-with-a-broken-half": _sitemap({"/sitemap.xml": say(whole(sitemap(prefix)[:-9] + b"<url><loc>" + prefix.encode() + b"/news/the-sto", "text/xml"))}, "broken-xml"),
        "sitemap-as-html": _sitemap({"/sitemap.xml": say(whole("<!doctype html><title>No</title>"))}, "wrong-kind", articles=()),
        "feed-of-noise": _feed(bytes(range(256)) * 99, "wrong-kind", articles=()),
        "feed-with-bad-dates": _feed(feed(items(*GOOD).replace("</title>", f"</title><pubDate>{'9' * 3000} Smarch 99:99</pubDate>"))),
        "feed-with-a-dtd": _feed(feed(items(*GOOD) + "<item><link>&d;</link></item>&c;", before=entity)),
        "feed-cut-in-half": _feed(feed()[:-30], "broken-xml", articles=GOOD[:2]),
        "feed-behind-a-warning": _feed(b"<b>Warning</b>: mysql_connect()<br>\n" + feed()),
        "feed-of-100000-tags": _feed(feed(items(*GOOD) + "<item><b>" * 50_000), "broken-xml"),
        "feed-with-a-relative-base": _feed(
            f"{XML}<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/news/'>{''.join('<entry><link href=' + chr(34) + f'the-story-of-{n}' + chr(34) + '/></entry>' for n in GOOD)}</feed>".encode()
        ),
        "maze-with-sessions-and-calendars": Bad(
            row=TRAPS, routes={"/": _maze}, discover={"home": True}, most=80, scope={}, politeness={},
        ),
    }  # fmt: skip
