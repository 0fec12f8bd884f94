"""The stage that finds who wrote the article: people, agencies beside them, and the paper itself only where nobody else is named.

Owns ``authors`` and the order of its sources. How a byline's words become names is ``pipelines.names``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipelines.names import BY, is_group, looks_like_person, names_in
from pipelines.page import Draft, Page, Source
from pipelines.plain import key
from pipelines.schemaorg import ORGANISATIONS, items, text_of, types
from pipelines.site_names import site_names

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_AUTHORS = 50
"""Most authors of an article."""

_META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "cxenseparse:author",
         "og:article:author", "byl", "og:author", "article.author", "citation_author", "authors", "articleauthor")  # fmt: skip
_MARKED: Any = etree.XPath(
    "//*[@class or @rel or @itemprop or @href][contains(@rel,'author') or contains(@itemprop,'author') or contains(@class,'author')"
    " or contains(@class,'Author') or contains(@class,'byline') or contains(@class,'Byline')"
    " or (self::a and (contains(@href,'/author') or contains(@href,'/autor') or contains(@href,'/auteur')))]"
)
_MOST_MARKED = 30
_LONGEST_BYLINE = 150
_MOST_LINES = 40
_FOREIGN = re.compile(r"comment|related|recommend|sidebar|trending|most-read|newsletter|teaser|card-list|widget", re.I)
_NO_NAMES = ("category-", "tag-", "elementor-")
"""What class names begin with that say what an article is about, or nothing: every part of some sites is a widget."""
_WRITTEN_BY = re.compile(
    r"(?:written|posted) by:?|verfasst von|geschrieben von|écrit par|rédigé par|escrito por|escrit per|scritto da|geschreven door|"
    r"skrevet a[fv]|skriven av|kirjoittanut|napisane przez|autor|scris de|szerző|yazan|написано автором|автор|נכתב על יד|"
    r"كتب بواسطة|كُتب بواسطة|執筆者|作者|글쓴이|ditulis oleh|được viết bởi",
    re.I,
)
_MISC = "twitter:misc:"
_PERSON_PAGE = re.compile(
    r"/(?:authors?|autor\w*|auteurs?|people|person|profiles?|profil|staff|by|team|writers?|journalist\w*|reporters?|contributors?|users?)"
    r"[/-][^/?]",
    re.I,
)


def people(page: Page, draft: Draft) -> Draft:
    """Fill ``authors``."""
    if draft.tree is None:
        return draft
    site = site_names(page, draft)
    fallback: tuple[list[str], Source] | None = None
    for source, found in _sources(draft):
        if any(not group and not is_group(name, site) for name, group in found):
            # an agency that is named beside a person wrote too; the paper itself is no news
            return _filled(draft, [name for name, _ in found if key(name) not in site], source)
        if found and fallback is None:
            fallback = ([name for name, _ in found], source)
    return _filled(draft, *fallback) if fallback else draft


def _filled(draft: Draft, names: list[str], source: Source) -> Draft:
    unique = {key(name): name for name in reversed(names)}
    ordered = tuple(name for name in dict.fromkeys(names) if unique[key(name)] == name)[:MAX_AUTHORS]
    return replace(draft, authors=ordered, sources=replace(draft.sources, authors=source))


def _sources(draft: Draft) -> Iterator[tuple[Source, list[tuple[str, bool]]]]:
    """Each source's names, and whether the source itself says that a name is an organisation's."""
    for source, node in draft.works:
        for name in ("author", "creator"):
            if node.get(name):
                yield source, list(_stated(node[name]))
    for name in _META:
        values = [v for k, v in draft.meta if k == name and not v.startswith(("http", "/"))]
        yield "meta", [(n, False) for v in values for n in (_turned(v) if name == "citation_author" else names_in(v))]
    yield "meta", [(name, False) for value in _labelled(draft) for name in names_in(value)]
    yield "html", [(name, False) for name in _printed(draft)]


def _labelled(draft: Draft) -> Iterator[str]:
    """What a card for a messenger says under "Written by", as SEO plugins and publishing systems write it in the site's language."""
    meta = dict(reversed(draft.meta))
    for name, value in meta.items():
        if name.startswith(_MISC) and _WRITTEN_BY.fullmatch(name[len(_MISC) :]):
            yield value
    for number in "12":
        if _WRITTEN_BY.fullmatch(meta.get(f"twitter:label{number}", "")):
            yield meta.get(f"twitter:data{number}", "")


def _stated(value: Any) -> Iterator[tuple[str, bool]]:
    for item in items(value):
        group = bool(types(item) & ORGANISATIONS)
        names = item.get("name") if isinstance(item, dict) else item
        for name in items(names):
            text = text_of(name)
            if group and text:
                yield text, True
            else:
                yield from ((found, False) for found in names_in(text))


def _turned(value: str) -> list[str]:
    """``Last, First`` as citation tags write it."""
    last, comma, first = value.partition(",")
    return list(names_in(f"{first} {last}" if comma and "," not in first else value))


def _printed(draft: Draft) -> list[str]:
    """Names in what the page marks as the article's author: its links to people first, then its own words."""
    assert draft.tree is not None
    spoken: list[str] = []
    for element in _MARKED(draft.tree)[:_MOST_MARKED]:
        text = " ".join(" ".join(element.itertext()).split())
        if not 3 <= len(text) <= _LONGEST_BYLINE or _is_foreign(element):
            continue
        if element.tag == "a":
            links = [element] if element.get("rel") or element.get("itemprop") or _leads_to_person(element) else []
        else:
            links = [link for link in element.iter("a") if _leads_to_person(link)]
        linked = [name for link in links for name in names_in(" ".join(link.itertext()))]
        if linked and all(map(looks_like_person, linked)):
            return linked
        spoken = spoken or [name for name in names_in(text) if " " in name and looks_like_person(name)]
    return spoken or _spoken(draft)


def _leads_to_person(link: HtmlElement) -> bool:
    return _PERSON_PAGE.search(link.get("href") or "") is not None


def _is_foreign(element: HtmlElement) -> bool:
    """Whether it stands among comments, other articles or links of the whole site."""
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in ("main", "body"):
            # a page with a sidebar is called so as a whole
            return False
        names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if ancestor.tag in ("aside", "nav", "footer") or _is_foreign_name(names):
            return True
    return False


@lru_cache(maxsize=20_000)
def _is_foreign_name(names: str) -> bool:
    return any(_FOREIGN.search(name) for name in names.split() if not name.startswith(_NO_NAMES))


def _spoken(draft: Draft) -> list[str]:
    """Names after a by-word in the first lines below the headline."""
    assert draft.tree is not None
    count = -1
    for element in draft.tree.iter("h1", "p", "div", "span", "address", "li", "small", "time"):
        if element.tag == "h1":
            count = max(count, 0)
        elif count >= 0:
            count += 1
            if count > _MOST_LINES:
                break
            first = next(iter(element), None)
            text = element.text or (first.text if first is not None else "") or ""
            if found := _after_by(text, element):
                return found
        # a line that begins with a date or stands beside the headline
        if count >= 0 and element.tail and (found := _after_by(element.tail, None)):
            return found
    return []


def _after_by(begun: str, element: HtmlElement | None) -> list[str]:
    """Names in a line that begins with a by-word: all of ``element`` if that is short, or else what ``begun`` says of them."""
    text = " ".join(begun.split())
    if not BY.match(f"{text} ") or len(text) > _LONGEST_BYLINE:
        return []
    whole = " ".join(" ".join(element.itertext()).split()) if element is not None else text
    names = list(names_in(whole if len(whole) <= _LONGEST_BYLINE else text))
    return names if all(map(looks_like_person, names)) else []
