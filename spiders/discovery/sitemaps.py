"""Sitemaps: urlset, sitemap index, news sitemap, text, gzip, and feeds served as such (sitemaps.org 0.9; Google's news namespace).

Bytes in, links out; lenient about names, spaces and broken ends, streaming, bounded, and never raises. Whether an address belongs to
the site is for the scope to say.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import islice

from lxml import etree

from spiders.discovery.feeds import parse_feed
from spiders.discovery.gather import Gatherer
from spiders.discovery.link import Found
from spiders.discovery.sniff import kind_of
from spiders.discovery.text import decode, gunzip
from spiders.discovery.xmltext import cut, first_fault, local, parser_options, root, tidy

MAX_BYTES = 50 * 1024 * 1024
"""Largest sitemap that is read, in bytes after decompression (sitemaps.org); the rest is cut off."""
MAX_URLS = 50_000
"""Most addresses taken of one sitemap (sitemaps.org)."""
MAX_TAGS = 3_000_000
"""Most tags read of one sitemap."""
MAX_ROBOTS_BYTES = 512 * 1024
"""How much of a robots.txt is read (RFC 9309, 2.5, asks for at least 500 KiB)."""
MAX_ROBOTS_SITEMAPS = 500
"""Most sitemaps taken of a robots.txt."""

_KNOWN_ROOT = re.compile(r"<(?:[\w-]{1,20}:)?(?:urlset|sitemapindex)(?=[\s>])", re.I)
_ENTRY = tuple(
    f"{space}{name}" for space in ("{*}", "") for name in ("url", "sitemap", "URL", "SITEMAP", "Url", "Sitemap")
)
_NAMES = frozenset({
    "urlset", "sitemapindex", "url", "sitemap", "loc", "lastmod", "news", "title", "publication_date", "publication", "image", "video",
})  # fmt: skip
_ROBOTS_LINE = re.compile(r"[^\r\n]+")
_SITEMAP = re.compile(r"\s*site-?map\s*:\s*(\S+)", re.I)


def parse_sitemap(body: bytes, url: str) -> Found:
    """Read the sitemap that ``url`` served.

    Pages have ``via`` news_sitemap if they bear a ``news:`` element, else sitemap. The children of an index are ``sources``. A feed is
    read as one, and the problem ``is-a-feed`` says so.
    """
    gather = Gatherer(url, MAX_URLS)
    body, problem = gunzip(body, MAX_BYTES)
    if problem:
        gather.problem(problem, "the rest of the sitemap was not read")
    kind = kind_of(body)
    if kind == "feed":
        found = parse_feed(body, None, url)
        return replace(found, problems=("is-a-feed: a feed came where a sitemap was expected", *found.problems))
    text, replaced = decode(body)
    if replaced:
        gather.problem("bad-encoding", "bytes that are not of its encoding")
    first = root(text)
    if kind == "html" or not text.strip():
        gather.problem(*(("not-a-sitemap", "an HTML page came") if kind == "html" else ("empty", "nothing came")))
    elif first is None or kind == "other":
        _lines(text.rpartition("\n")[0] if problem else text, gather)
    else:
        known = _KNOWN_ROOT.search(text)
        _xml(text, known.start() if known else first[1], gather)
    found = gather.found()
    if not (found.links or found.sources or found.problems):
        gather.problem("empty", "a sitemap without addresses")
        found = gather.found()
    return found


def robots_sitemaps(body: bytes, url: str | None = None) -> list[str]:
    """Addresses of the ``Sitemap:`` lines of a robots.txt, in order, each once, at most MAX_ROBOTS_SITEMAPS.

    Args:
        url: address of the robots.txt, for lines that name no host; without it they are left out.
    """
    gather = Gatherer(url or "", MAX_ROBOTS_SITEMAPS)
    for line in _ROBOTS_LINE.finditer(decode(body[:MAX_ROBOTS_BYTES])[0]):
        if match := _SITEMAP.match(line[0].partition("#")[0]):
            gather.source(match[1])
        if gather.full:
            break
    return list(gather.found().sources)


def _lines(text: str, gather: Gatherer) -> None:
    lines = re.finditer(r"\S[^\r\n]*", text)
    for match in islice(lines, 2 * MAX_URLS):
        line = match[0].strip()
        if line.lower().startswith(("http://", "https://")):
            gather.link(line, "sitemap")
        else:
            gather.problem("not-a-sitemap", f"a line that is no address: {line[:60]!r}")
        if gather.full:
            return
    if next(lines, None):
        gather.problem("too-large", f"only its first {2 * MAX_URLS} lines were read")


def _xml(text: str, start: int, gather: Gatherer) -> None:
    text, shortened = cut(text, start, MAX_TAGS)
    if shortened:
        gather.problem("too-large", f"only its first {MAX_TAGS} tags were read")
    fault = _read(tidy(text, start), gather)
    if fault:
        gather.problem("broken-xml", fault)
        _read(tidy(text, start, _NAMES), gather)


def _read(document: bytes, gather: Gatherer) -> str | None:
    """Read the entries one by one, forgetting each, so that memory does not grow with their number. Return the first fault."""
    events = etree.iterparse(io.BytesIO(document), events=("end",), tag=_ENTRY, **parser_options())
    try:
        for _, element in events:
            _entry(element, gather)
            element.clear()
            parent = element.getparent()
            # within an entry whose end tag is missing, what stands before is still to be read
            while parent is not None and local(parent) not in ("url", "sitemap") and element.getprevious() is not None:
                del parent[0]
            if gather.full:
                return None
    except etree.XMLSyntaxError as error:
        return str(error)
    return first_fault(events.error_log)


def _entry(element: etree._Element, gather: Gatherer) -> None:
    found: dict[str, str | None] = {}
    news = False
    for child in element:
        name = local(child)
        if name == "news":
            news = True
            found |= {f"news:{local(fact)}": fact.text for fact in child}
        elif name in ("loc", "lastmod"):
            found.setdefault(name, child.text)
    if local(element) == "sitemap":
        gather.source(found.get("loc"), found.get("lastmod"))
    elif found or not len(element):
        gather.link(
            found.get("loc"),
            "news_sitemap" if news else "sitemap",
            title=found.get("news:title"),
            published=found.get("news:publication_date"),
            modified=found.get("lastmod"),
        )
