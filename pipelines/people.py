"""The stage that finds who wrote the article: people, and an organisation only where no person is named.

Owns ``authors`` and the order of its sources. How a byline's words become names is ``pipelines.names``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from pipelines.names import is_group, names_in
from pipelines.page import Draft, Page, Source
from pipelines.plain import key
from pipelines.schemaorg import ORGANISATIONS, items, text_of, types
from pipelines.site_names import site_names

MAX_AUTHORS = 50
"""Most authors of an article."""

_META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "cxenseparse:author",
         "og:article:author", "byl", "og:author", "article.author", "citation_author", "authors")  # fmt: skip
_MARKED = etree.XPath(
    "//*[contains(@rel,'author') or contains(@itemprop,'author') or contains(@class,'author') or contains(@class,'Author')"
    " or contains(@class,'byline') or contains(@class,'Byline')]"
)
_MOST_MARKED = 30
_LONGEST_BYLINE = 150


def people(page: Page, draft: Draft) -> Draft:
    """Fill ``authors``."""
    if draft.tree is None:
        return draft
    site = site_names(page, draft)
    fallback: tuple[list[str], Source] | None = None
    for source, found in _sources(draft):
        persons, groups = [], []
        for name, group in found:
            (groups if group or is_group(name, site) else persons).append(name)
        if persons:
            return _filled(draft, persons, source)
        if groups and fallback is None:
            fallback = (groups, source)
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
    yield "html", [(name, False) for name in _printed(draft)]


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
    """Names in the first element that is marked as the article's author, links before whole bylines."""
    assert draft.tree is not None
    for element in _MARKED(draft.tree)[:_MOST_MARKED]:
        text = " ".join(" ".join(element.itertext()).split())
        if not 3 <= len(text) <= _LONGEST_BYLINE:
            continue
        names = list(names_in(text))
        if names:
            return names
    return []
