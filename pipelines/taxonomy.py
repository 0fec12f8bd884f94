"""The stage that finds how the paper files the article: section, tags and description.

Owns the order of their sources and what is a keyword. Never adds a word that the page does not print or state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from pipelines.page import Draft, Page, Source
from pipelines.plain import key, plain
from pipelines.schemaorg import items, text_of, types

MAX_TAGS = 100
"""Most tags of an article."""
MAX_TAG = 120
"""Longest tag and longest section, in characters."""
MAX_DESCRIPTION = 2000
"""Longest description, in characters."""

_SECTION = (
    "article:section",
    "og:article:section",
    "og:section",
    "articlesection",
    "parsely-section",
    "cxenseparse:recs:category",
    "section",
    "dc.type",
)
_TAGS = (
    "article:tag",
    "og:article:tag",
    "news_keywords",
    "keywords",
    "parsely-tags",
    "sailthru.tags",
    "cxenseparse:epi-tags",
    "dc.subject",
    "mrf:tags",
)
_DESCRIPTION = (
    "og:description",
    "description",
    "twitter:description",
    "dc.description",
    "dcterms.description",
    "sailthru.description",
)
_LISTED = frozenset({"article:tag", "og:article:tag", "cxenseparse:epi-tags", "dc.subject"})
_MACHINE = re.compile(r"^_|://|^\w+[:=|]\S*$|^[\w.-]+=|^\d+$|\|")
_HOME = frozenset(
    {
        "home",
        "homepage",
        "start",
        "startseite",
        "inicio",
        "accueil",
        "forside",
        "hjem",
        "strona główna",
        "главная",
        "hem",
        "anasayfa",
    }
)


def taxonomy(page: Page, draft: Draft) -> Draft:
    """Fill ``section``, ``tags`` and ``description``."""
    if draft.tree is None:
        return draft
    section, section_source = next(_sections(draft), (None, None))
    tags, tags_source = next(((t, s) for raw, s in _keywords(draft) if (t := _cleaned(raw))), ((), None))
    description, description_source = next(_descriptions(draft), (None, None))
    return replace(
        draft,
        section=section,
        tags=tags,
        description=description,
        sources=replace(draft.sources, section=section_source, tags=tags_source, description=description_source),
    )


def _sections(draft: Draft) -> Iterator[tuple[str, Source]]:
    for source, node in draft.works[:2]:
        if text := plain(text_of(node.get("articleSection")), MAX_TAG):
            yield text.split(" > ")[0], source
    seen = dict(reversed(draft.meta))
    for name in _SECTION:
        if (text := plain(seen.get(name), MAX_TAG)) and not _MACHINE.search(text):
            yield text, "meta"
    for node in draft.jsonld:
        if "BreadcrumbList" in types(node):
            for item in items(node.get("itemListElement")):
                label = text_of(item.get("name") or item.get("item")) if isinstance(item, dict) else None
                crumb = plain(label, MAX_TAG)
                if (
                    crumb
                    and crumb.casefold() not in _HOME
                    and key(crumb) != key(draft.title)
                    and not crumb.startswith("http")
                ):
                    yield crumb, "jsonld"
                    return


def _keywords(draft: Draft) -> Iterator[tuple[list[str], Source]]:
    for source, node in draft.works[:2]:
        yield list(_split(node.get("keywords"))), source
    for name in _TAGS:
        values = [value for k, value in draft.meta if k == name]
        if name in _LISTED and len(values) > 1:
            yield values, "meta"
        elif values:
            yield [tag for value in values for tag in _split(value)], "meta"
    for source, node in draft.works[:1]:
        about = [text_of(item.get("name")) for item in items(node.get("about")) if isinstance(item, dict)]
        yield [name for name in about if name], source
    assert draft.tree is not None
    linked = [element.text_content() for element in draft.tree.iter("a") if "tag" in (element.get("rel") or "").split()]
    yield linked, "html"


def _split(value: Any) -> Iterator[str]:
    """The keywords of a value: a list of words or of terms, or one string with separators."""
    for item in items(value):
        text = item if isinstance(item, str) else text_of(item)
        if text:
            yield from re.split(r"\s*[;\n]\s*" if ";" in text else r"\s*[,，、]\s*", text[:10_000])


def _cleaned(raw: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for value in raw:
        tag = (plain(value, MAX_TAG) or "").strip(" #\"'[]")
        if tag and not _MACHINE.search(tag) and (name := key(tag)):
            found.setdefault(name, tag)
            if len(found) == MAX_TAGS:
                break
    return tuple(found.values())


def _descriptions(draft: Draft) -> Iterator[tuple[str, Source]]:
    title = key(draft.title)
    seen = dict(reversed(draft.meta))
    stated: list[tuple[object, Source]] = [
        (text_of(node.get("description")), source) for source, node in draft.works[:1]
    ]
    stated += [(seen.get(name), "meta") for name in _DESCRIPTION]
    for value, source in stated:
        text = plain(value, MAX_DESCRIPTION)
        if text and len(text) > 10 and key(text) != title:
            yield text, source
