"""The front page of a site nobody knows yet: its name, language, feeds, and where its navigation leads. Bytes in, facts out; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawler.urls import domain
from spiders.discovery.likeness import is_list, is_probably_article
from spiders.discovery.link import Link
from spiders.discovery.pages import parse_section, read_tree
from spiders.discovery.text import line

_MAX_NAV = 60
_NAV = re.compile(r"nav|menu", re.I)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What a front page says."""

    name: str | None = None
    """The site's name: ``og:site_name``, else the page's title."""
    language: str | None = None
    """``lang`` of the page, as it stands there."""
    feeds: tuple[str, ...] = ()
    """Feeds that it advertises."""
    navigation: tuple[Link, ...] = ()
    """Links of its navigation that are no articles and no service pages."""
    articles: tuple[Link, ...] = ()
    """Links that look like articles."""


def read_front(body: bytes, content_type: str | None, url: str) -> Front:
    """Read a front page."""
    found = parse_section(body, content_type, url)
    tree = read_tree(body, content_type)
    if tree is None:
        return Front()
    by_url = {link.url: link for link in found.links}
    inside = {link.url for part in _navigation(tree) for link in parse_section(_html(part), None, url).links}
    links = [by_url[link] for link in by_url if link in inside and not is_probably_article(link) and is_list(link)]
    return Front(
        name=_name(tree, url),
        language=_language(tree),
        feeds=found.sources,
        navigation=tuple(links[:_MAX_NAV]),
        articles=tuple(link for link in found.links if is_probably_article(link.url)),
    )


def _navigation(tree: HtmlElement) -> list[HtmlElement]:
    marked = [e for e in tree.iter("nav", "header") if not any(a.tag in ("nav", "header") for a in e.iterancestors())]
    if marked:
        return marked
    return list(islice((e for e in tree.iter("div", "ul") if _NAV.search(f"{e.get('id')} {e.get('class')}")), 5))


def _html(part: HtmlElement) -> str:
    from lxml import html

    return str(html.tostring(part, encoding="unicode"))


def _name(tree: HtmlElement, url: str) -> str | None:
    """The name that the page gives its site; else the part of its title that a link to itself bears, or that its host resembles."""
    for meta in tree.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").lower() in ("og:site_name", "application-name"):
            return line(meta.get("content") or "", 100)
    title = next(tree.iter("title"), None)
    text = line(title.text or "", 200) if title is not None else None
    if not text:
        return None
    parts = re.split(r"\s+[|–—•·-]\s+|: ", text)
    home = {
        (line("".join(a.itertext())) or "").lower()
        for a in tree.iter("a")
        if a.get("href") in ("/", url, url.rstrip("/"))
    }
    letters = re.sub(r"[^a-z0-9]", "", domain(url))
    for part in parts:
        if part.lower() in home or (
            (short := re.sub(r"[^a-z0-9]", "", part.lower())) and short.removeprefix("the") in letters
        ):
            return part
    return parts[0]


def _language(tree: HtmlElement) -> str | None:
    language = next((e.get("lang") for e in tree.iter("html") if e.get("lang")), None)
    return language if language and _LANGUAGE.fullmatch(language) else None
