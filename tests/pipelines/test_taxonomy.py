from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.page import Draft
from pipelines.taxonomy import MAX_DESCRIPTION, MAX_TAGS, taxonomy

Read = Callable[..., Draft]


def ld(**node: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "x"} | node)}</script>'


def crumbs(*names: str) -> str:
    parts = [{"@type": "ListItem", "position": i, "name": name} for i, name in enumerate(names, 1)]
    return f'<script type="application/ld+json">{json.dumps({"@type": "BreadcrumbList", "itemListElement": parts})}</script>'


@pytest.mark.parametrize(
    ("html", "expected", "source"),
    [
        (ld(articleSection="City"), "City", "jsonld"),
        (ld(articleSection=["City", "Harbour"]), "City", "jsonld"),
        (ld(articleSection="City &amp; Harbour"), "City & Harbour", "jsonld"),
        ('<meta property="article:section" content="City">', "City", "meta"),
        ('<meta property="article:section" content="https://a.example/city">', None, None),
        (crumbs("Home", "City", "Night ferry"), "City", "jsonld"),
        (crumbs("Startseite"), None, None),
        (ld(articleSection=7), None, None),
        ("<p>x</p>", None, None),
    ],
)
def test_section(read_page: Read, html: str, expected: str | None, source: str | None) -> None:
    draft = read_page(html, taxonomy)
    assert (draft.section, draft.sources.section) == (expected, source)


@pytest.mark.parametrize(
    ("html", "expected", "source"),
    [
        (ld(keywords="ferry, harbour,  night "), ["ferry", "harbour", "night"], "jsonld"),
        (ld(keywords=["ferry", "harbour"]), ["ferry", "harbour"], "jsonld"),
        (ld(keywords=["ferry, harbour"]), ["ferry", "harbour"], "jsonld"),
        (ld(keywords="Berg, Ada; Dahl, Ben"), ["Berg, Ada", "Dahl, Ben"], "jsonld"),
        (ld(keywords=[{"@type": "DefinedTerm", "name": "ferry"}]), ["ferry"], "jsonld"),
        (ld(keywords=["Ferry", "ferry", "#FERRY"]), ["Ferry"], "jsonld"),
        (
            ld(keywords=["ferry", "_noshow", "type:article", "contentid=9", "12345", "a|b", "http://x"]),
            ["ferry"],
            "jsonld",
        ),
        (ld(about=[{"@type": "Place", "name": "Harbour"}]), ["Harbour"], "jsonld"),
        (
            '<meta property="article:tag" content="ferry"><meta property="article:tag" content="Berg, Ada">',
            ["ferry", "Berg, Ada"],
            "meta",
        ),
        ('<meta property="article:tag" content="ferry, harbour">', ["ferry", "harbour"], "meta"),
        ('<meta name="keywords" content="船、港，夜">', ["船", "港", "夜"], "meta"),
        ('<a rel="tag" href="/t">Ferry</a><a rel="category tag" href="/u">Harbour</a>', ["Ferry", "Harbour"], "html"),
        (ld(keywords=None), [], None),
        ('<meta name="keywords" content=" , ,">', [], None),
    ],
)
def test_tags(read_page: Read, html: str, expected: list[str], source: str | None) -> None:
    draft = read_page(html, taxonomy)
    assert (list(draft.tags), draft.sources.tags) == (expected, source)


def test_tags_are_capped(read_page: Read) -> None:
    assert len(read_page(ld(keywords=[f"tag {i}" for i in range(5000)]), taxonomy).tags) == MAX_TAGS


@pytest.mark.parametrize(
    ("html", "expected", "source"),
    [
        (ld(description="The night ferry is back."), "The night ferry is back.", "jsonld"),
        ('<meta property="og:description" content="The night ferry is back.">', "The night ferry is back.", "meta"),
        ('<meta name="description" content="The &amp;quot;night&amp;quot; ferry">', 'The "night" ferry', "meta"),
        (
            ld(description="Ferry returns today") + '<meta name="description" content="Why it does so now">',
            "Why it does so now",
            "meta",
        ),
        (ld(description="..."), None, None),
        ("<p>x</p>", None, None),
    ],
)
def test_description(read_page: Read, html: str, expected: str | None, source: str | None) -> None:
    draft = read_page(html, taxonomy, draft={"title": "Ferry returns today!"})
    assert (draft.description, draft.sources.description) == (expected, source)


def test_description_is_capped(read_page: Read) -> None:
    text = read_page(ld(description="word " * 100_000), taxonomy).description
    assert text is not None
    assert len(text) <= MAX_DESCRIPTION
