"""Section pages, home pages and other lists: their links in order of appearance, with anchor texts, and the way to the next page.

Bytes in, links out; bounded, and never raises. Which links are articles is for the site's scope, or spiders.discovery.likeness, to say.
"""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from cssselect import HTMLTranslator, SelectorError
from lxml import etree, html
from lxml.html import HtmlElement

from crawler.urls import host
from spiders.discovery.gather import Gatherer
from spiders.discovery.link import Found, Link
from spiders.discovery.text import decode, gunzip, line

MAX_BYTES = 8 * 1024 * 1024
"""Largest page that is read, in bytes; the rest is cut off."""
MAX_LINKS = 10_000
"""Most links taken of one page."""
MAX_ELEMENTS = 50_000
"""Most links looked at, doubles and foreign ones included."""
MAX_ATTRIBUTES = 500
"""Most attributes of one tag: libxml2 takes quadratic time over them, 37 s for 200,000."""
MAX_TEXT_NODES = 100
"""Most text nodes read of one anchor, which can hold half a page."""

_REFUSED = frozenset({"nofollow", "ugc", "sponsored"})
_FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_NUMBER = re.compile(
    r"[?&](?:page|paged|pg|pagina|seite)=(\d{1,5})(?=&|$)|/(?:page|pagina|seite)[/-](\d{1,5})(?=/|$)", re.I
)
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# a start tag by the tokenizer's rules (HTML, 13.2.5.6 to 13.2.5.39); possessive, so that it takes linear time
_ATTRIBUTE = re.compile(r"""[\s/]++(?:[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)?+""")
_START_TAG = re.compile(rf"<[A-Za-z][^\s/>]*+(?:{_ATTRIBUTE.pattern})*+>?")


def parse_section(body: bytes | str, content_type: str | None, url: str, next_css: str | None = None) -> Found:
    """Read the page that ``url`` served.

    Links marked nofollow, ugc or sponsored are left out, and so are links to the page itself. ``sources`` are the feeds that the page
    advertises. ``next_page`` is, in this order: what ``next_css`` selects (an element with ``href``, or one inside), ``rel=next``, or the
    link that differs from ``url`` only by a page number one higher; never a page of another host.
    """
    gather = Gatherer(url, MAX_LINKS)
    text = body if isinstance(body, str) else _text(body, content_type, gather)
    if len(text) > MAX_BYTES:
        text = text[:MAX_BYTES]
        gather.problem("too-large", "the rest of the page was not read")
    tree = _tree(text)
    if tree is None:
        gather.problem("empty", "no element in it")
        return gather.found()
    base = gather.absolute(next((e.get("href") for e in tree.iter("base") if e.get("href")), None)) or url
    own = gather.absolute(url)
    next_links: list[str] = []
    for element in islice(tree.iter("a", "area", "link", "meta"), MAX_ELEMENTS):
        if element.tag == "meta":
            if (element.get("name") or "").lower() == "robots" and "nofollow" in (element.get("content") or "").lower():
                gather.problem("meta-nofollow", "the page asks robots not to follow its links")
            continue
        rel = frozenset((element.get("rel") or "").lower().split())
        target = gather.absolute(element.get("href"), base)
        if target is None:
            continue  # mailto:, javascript:, a fragment of nothing: no page
        if "next" in rel:
            next_links.append(target)
        if element.tag == "link":
            if "alternate" in rel and (element.get("type") or "").partition(";")[0].strip().lower() in _FEEDS:
                gather.source(target)
        elif target != own and not rel & _REFUSED:
            gather.link(target, "section", text=_anchor_text(element))
    found = gather.found()
    if next_css:
        chosen = [gather.absolute(href, base) for href in _selected(tree, next_css, gather)]
    else:
        chosen = [*next_links, *_next_by_number(own or url, found.links)]
    gather.next_page = next((c for c in chosen if c and c != own and host(c) == host(url)), None)
    return gather.found()


def read_tree(body: bytes, content_type: str | None) -> HtmlElement | None:
    """The tree of a page, within the same bounds; None if there is no element in it."""
    return _tree(decode(gunzip(body, MAX_BYTES)[0][:MAX_BYTES], content_type)[0])


def _text(body: bytes, content_type: str | None, gather: Gatherer) -> str:
    body, problem = gunzip(body, MAX_BYTES)
    if problem:
        gather.problem(problem, "the rest of the page was not read")
    return decode(body[: MAX_BYTES + 1], content_type)[0]


def _tree(text: str) -> HtmlElement | None:
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    tame = _START_TAG.sub(_few_attributes, _ILLEGAL.sub("", text))
    try:
        return html.document_fromstring(tame.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _few_attributes(match: re.Match[str]) -> str:
    tag = match[0]
    if len(tag) < 2 * MAX_ATTRIBUTES or sum(1 for _ in _ATTRIBUTE.finditer(tag)) <= MAX_ATTRIBUTES:
        return tag
    return "<div>"


def _anchor_text(element: HtmlElement) -> str | None:
    """What a reader sees of a link: its text, else the text alternative of its picture, else its label."""
    inner = line("".join(islice(element.itertext(), MAX_TEXT_NODES)))
    if inner:
        return inner
    pictures = [image.get("alt") for image in islice(element.iter("img"), 5)]
    labels = (*pictures, element.get("alt"), element.get("title"), element.get("aria-label"))
    return next(filter(None, (line(label) for label in labels if label)), None)


def _selected(tree: HtmlElement, css: str, gather: Gatherer) -> list[str]:
    try:
        chosen = tree.xpath(HTMLTranslator().css_to_xpath(css))
    except (SelectorError, etree.XPathError, ValueError):  # ValueError: characters that XPath cannot hold
        gather.problem("bad-selector", f"{css!r} is not a CSS selector")
        return []
    links = [a for e in chosen for a in ([e] if e.get("href") else list(e.iter("a"))) if a.get("href")]
    return [str(a.get("href")) for a in links]


def _next_by_number(url: str, links: tuple[Link, ...]) -> list[str]:
    """The links whose page number is one higher than that of ``url``, all else being equal.

    Some sites count from 0, so that ``?page=1`` is the second page: on a first page the anchor that reads "2" is surer.
    """
    here, number = _paged(url)
    numbered = [(link, n) for link in links for skeleton, n in [_paged(link.url)] if skeleton == here and n is not None]
    if number is None:
        named = [link.url for link, _ in numbered if link.text == "2"]
        return named or [link.url for link, n in numbered if n == 2]
    return [link.url for link, n in numbered if n == number + 1]


def _paged(url: str) -> tuple[str, int | None]:
    """``url`` without its page number, and the number."""
    match = _NUMBER.search(url)
    number = int(match[1] or match[2]) if match else None
    parts = urlsplit(url[: match.start()] + url[match.end() :] if match else url)
    path, query = parts.path, parts.query
    if match and not parts.query and "&" in path:  # the number was the first of several parameters
        path, _, query = path.partition("&")
    return f"{parts.netloc}{path.rstrip('/')}?{query}", number
