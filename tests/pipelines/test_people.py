from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.names import is_group, looks_like_person, names_in
from pipelines.page import Draft
from pipelines.people import MAX_AUTHORS, people

Read = Callable[..., Draft]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ada Berg", ["Ada Berg"]),
        ("By Ada Berg", ["Ada Berg"]),
        ("BY ADA BERG", ["ADA BERG"]),
        ("Written by: Ada Berg", ["Ada Berg"]),
        ("Von Ada Berg und Ben Dahl", ["Ada Berg", "Ben Dahl"]),
        ("A. Berg, B. Dahl und C. Falk", ["A. Berg", "B. Dahl", "C. Falk"]),
        ("Ada Berg, Ben Dahl and Cy Falk", ["Ada Berg", "Ben Dahl", "Cy Falk"]),
        ("Ada Berg & Ben Dahl", ["Ada Berg", "Ben Dahl"]),
        ("Par Ada Berg et Ben Dahl", ["Ada Berg", "Ben Dahl"]),
        ("Por Ada Berg y Ben Dahl", ["Ada Berg", "Ben Dahl"]),
        ("Ada Berg och Ben Dahl", ["Ada Berg", "Ben Dahl"]),
        ("Ada Berg; Ben Dahl | Cy Falk", ["Ada Berg", "Ben Dahl", "Cy Falk"]),
        ("Автор: Ада Берг", ["Ада Берг"]),
        ("记者：王小明、李雷", ["王小明", "李雷"]),
        ("배윤경 기자", ["배윤경"]),
        ("Ada Berg, Senior Political Reporter", ["Ada Berg"]),
        ("Ada Berg, Chief Officer and Head of Reality", ["Ada Berg"]),
        ("Ada Berg, Ph.D.", ["Ada Berg"]),
        ("Ada Berg MS, RDN, LD", ["Ada Berg"]),
        ("Martin Luther King, Jr.", ["Martin Luther King"]),
        ("Ada Berg (Reuters)", ["Ada Berg"]),
        ("Ada Berg in Berlin", ["Ada Berg"]),
        ("Ada Berg, Berlin", ["Ada Berg"]),
        ("Ada Berg und Ben Dahl, dpa", ["Ada Berg", "Ben Dahl", "dpa"]),
        ("Ada Berg ada@paper.example", ["Ada Berg"]),
        ("Ada Berg @adaberg", ["Ada Berg"]),
        ("https://www.facebook.com/paper", []),
        ("@adaberg", []),
        ("Ada Berg Published: May 3", ["Ada Berg"]),
        ("Ada Berg Ada Berg", ["Ada Berg"]),
        ("by Ada Berg February 25, 2025 12:57 AM 2 min read", ["Ada Berg"]),
        ("April Falk", ["April Falk"]),
        ("Seán Ó'Brien-Smith", ["Seán Ó'Brien-Smith"]),
        ("ANDREA DI MARCO", ["ANDREA DI MARCO"]),
        ("admin", []),
        ("ada.berg.1232", []),
        ("Photo provided by Ada Berg", []),
        ("paper.example", ["paper.example"]),
        ("December", []),
        ("123", []),
        ("", []),
        (None, []),
        (["Ada"], []),
        ("Who wrote this?", []),
        ("x" * 10_000, []),
    ],
)
def test_names_in(line: Any, expected: list[str]) -> None:
    assert list(names_in(line)) == expected


@given(st.text(max_size=300))
def test_no_byline_breaks_the_reader(line: str) -> None:
    for name in names_in(line):
        assert name == name.strip()
        assert 2 <= len(name) <= 70


@pytest.mark.parametrize(
    "name", ["Reuters", "dpa", "The Bay Post", "News Desk", "Redaktion", "bay.com", "Anadolu Ajansı"]
)
def test_groups(name: str) -> None:
    assert is_group(name)


@pytest.mark.parametrize("name", ["Ada Berg", "Napoleon Dap"])
def test_people_are_no_groups(name: str) -> None:
    assert not is_group(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ada Berg", True), ("Ursula von der Leyen", True), ("王小明", True), ("ada berg", False), ("Autoren", False), ("Published on", False),
     ("Source: Ada Berg", False), ("Staff Writer", False), ("Read all of the stories from here", False),
     ("6 min read", False)],
)  # fmt: skip
def test_looks_like_person(name: str, expected: bool) -> None:
    assert looks_like_person(name) is expected


def ld(author: Any, **more: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "x", "author": author} | more)}</script>'


PERSON = {"@type": "Person", "name": "Ada Berg"}


@pytest.mark.parametrize(
    ("html", "expected", "source"),
    [
        pytest.param(ld(PERSON), ["Ada Berg"], "jsonld", id="object"),
        pytest.param(ld([PERSON, {"name": "Ben Dahl"}]), ["Ada Berg", "Ben Dahl"], "jsonld", id="list"),
        pytest.param(ld("Ada Berg"), ["Ada Berg"], "jsonld", id="string"),
        pytest.param(ld(["Ada Berg", "Ben Dahl"]), ["Ada Berg", "Ben Dahl"], "jsonld", id="strings"),
        pytest.param(ld({"@type": "Person", "name": ["Ada Berg", "Ben Dahl"]}), ["Ada Berg", "Ben Dahl"], "jsonld", id="list of names"),
        pytest.param(ld({"@list": [PERSON]}), ["Ada Berg"], "jsonld", id="@list"),
        pytest.param(ld([PERSON, PERSON, {"name": "ADA BERG"}]), ["Ada Berg"], "jsonld", id="each once"),
        pytest.param(ld([None, 3, {}, {"name": None}, {"name": {"@value": "Ada Berg"}}]), ["Ada Berg"], "jsonld", id="wrong types"),
        pytest.param(ld(None, creator="Ada Berg"), ["Ada Berg"], "jsonld", id="creator"),
        pytest.param(ld([PERSON, {"@type": "Organization", "name": "Reuters"}]), ["Ada Berg", "Reuters"], "jsonld", id="agency beside her"),
        pytest.param(ld([PERSON, {"@type": "Organization", "name": "Harbour Gazette"}]), ["Ada Berg"], "jsonld", id="paper beside her"),
        pytest.param(
            ld({"@type": "Organization", "name": "Harbour Gazette"}) + '<p class="byline">By <a href="/author/ada">Ada Berg</a></p>',
            ["Ada Berg"], "html", id="the page names the person",
        ),
        pytest.param(ld({"@type": "Organization", "name": "Harbour Gazette"}), ["Harbour Gazette"], "jsonld", id="only the paper"),
        pytest.param('<meta name="author" content="Ada Berg and Ben Dahl">', ["Ada Berg", "Ben Dahl"], "meta", id="meta"),
        pytest.param('<meta property="article:author" content="https://www.facebook.com/ada">', [], None, id="address"),
        pytest.param('<meta name="citation_author" content="Berg, Ada"><meta name="citation_author" content="Dahl, Ben">',
                     ["Ada Berg", "Ben Dahl"], "meta", id="citation"),
        pytest.param('<h1>T</h1><a rel="author" href="/x">Ada Berg</a>', ["Ada Berg"], "html", id="rel=author"),
        pytest.param('<h1>T</h1><div class="article-byline">By Ada Berg, Reporter</div>', ["Ada Berg"], "html", id="byline"),
        pytest.param("<h1>T</h1><div><p>Von Ada Berg</p></div>", ["Ada Berg"], "html", id="words below the headline"),
        pytest.param('<h1>T</h1><p>von <a href="/x">Ada Berg</a></p>', ["Ada Berg"], "html", id="by-word and link"),
        pytest.param('<div class="comment"><span class="author">Troll King</span></div>', [], None, id="comments"),
        pytest.param('<nav><a href="/authors/all">All Authors</a></nav>', [], None, id="menus"),
        pytest.param("<h1>T</h1><p>By the time the ferry came, everybody had left.</p>", [], None, id="a sentence is no byline"),
        pytest.param('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada Berg">', ["Ada Berg"], "meta",
                     id="card for a messenger"),
        pytest.param('<meta name="twitter:label2" content="Verfasst von"><meta name="twitter:data2" content="Ada Berg">', ["Ada Berg"], "meta",
                     id="card in another language"),
        pytest.param('<meta name="twitter:label1" content="Time to read"><meta name="twitter:data1" content="Ada Minutes">', [], None,
                     id="card that says something else"),
        pytest.param('<meta property="twitter:misc:Written by" content="Ada Berg">', ["Ada Berg"], "meta", id="publishing system's card"),
        pytest.param('<body class="right-sidebar"><h1>T</h1><p><a href="/author/ada">Ada Berg</a></p></body>', ["Ada Berg"], "html",
                     id="a page with a sidebar"),
        pytest.param('<h1>T</h1><div class="elementor-widget"><a href="/author/ada">Ada Berg</a></div>', ["Ada Berg"], "html",
                     id="a site of which every part is a widget"),
        pytest.param('<h1>T</h1><article class="category-trending"><a href="/author/ada">Ada Berg</a></article>', ["Ada Berg"], "html",
                     id="an article on what is trending"),
        pytest.param('<h1>T</h1><div class="widget"><a href="/author/ada">Ada Berg</a></div>', [], None, id="a widget"),
        pytest.param("<div><h1>T</h1><small>posted <time>2026-11-20</time></small> by Ada Berg</div>", ["Ada Berg"], "html",
                     id="words after the date"),
        pytest.param("<p>x</p>", [], None, id="nothing"),
    ],
)  # fmt: skip
def test_authors(read_page: Read, html: str, expected: list[str], source: str | None) -> None:
    draft = read_page(html, people)
    assert list(draft.authors) == expected
    assert draft.sources.authors == source


def test_authors_are_capped(read_page: Read) -> None:
    names = [{"name": f"Ada {chr(65 + i // 26)}{chr(97 + i % 26)}rg"} for i in range(300)]
    assert len(read_page(ld(names), people).authors) == MAX_AUTHORS
