"""One parse, whatever the page: what libxml2 would lose or choke on is mended before it sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import html

from pipelines.page import Draft, Page
from pipelines.parse import MAX_ATTRIBUTES, MAX_DEPTH, MAX_TAGS, parse


def parsed(text: str) -> Draft:
    return parse(Page(url="https://a.example/", status=200, headers=(), body=b""), Draft(html=text))


def words(draft: Draft) -> str:
    assert draft.tree is not None
    return " ".join(" ".join(draft.tree.itertext()).split())


@pytest.mark.parametrize("end", ["</html>", "</body></html>", "</BODY >\n</HTML\n>", "</body>"])
def test_what_stands_below_the_end_of_the_document_is_in_its_body(end: str) -> None:
    draft = parsed(f"<html><body><div>menu</div>{end} <div>story <p>words</p></div></body></html>after")
    assert words(draft) == "menu story words after"
    assert draft.tree is not None
    assert [child.tag for child in draft.tree] == ["body"]


@pytest.mark.parametrize("depth", [300, 3_000, 400_000])
def test_text_survives_nesting(depth: int) -> None:
    draft = parsed(
        "<html><body>" + "<div>" * depth + "deep <p>words</p>" + "</div>" * depth + "<p>after</p></body></html>"
    )
    assert words(draft) == "deep words after"
    assert ("deep-nesting" in draft.flags) == (depth > 500)


@pytest.mark.parametrize(
    "piece", ["<ul><li>item", "<table><tr><td>cell", "<div><span>words", "<b><i><u>x", "<blockquote><p>said"]
)
def test_no_tree_is_deeper_than_the_walk_can_go(piece: str) -> None:
    draft = parsed("<body>" + piece * 3_000)
    assert draft.tree is not None
    assert max(sum(1 for _ in e.iterancestors()) for e in draft.tree.iter()) < MAX_DEPTH
    assert words(draft).split() == [piece.rpartition(">")[2]] * 3_000


def test_unclosed_paragraphs_do_not_nest() -> None:
    draft = parsed("<body>" + "<p>one " * 2_000)
    assert draft.tree is not None
    assert len(draft.tree.findall(".//p")) == 2_000
    assert draft.flags == ()


def test_a_text_of_ten_million_characters_is_whole() -> None:
    assert len(words(parsed("<p>" + "word " * 2_200_000 + "</p><p>end</p>"))) == 5 * 2_200_000 + 3


def test_attributes_are_cut_where_they_would_cost_minutes() -> None:
    draft = parsed("<p " + " ".join(f"a{i}=1" for i in range(MAX_ATTRIBUTES * 5)) + ">kept</p>")
    assert words(draft) == "kept"
    assert draft.flags == ("attributes-cut",)
    draft = parsed("<p " + " ".join(f"a{i}=1" for i in range(500)) + ">kept</p>")
    assert draft.tree is not None
    assert len(draft.tree.find(".//p").attrib) == 500


def test_names_that_cannot_be_written_again_become_spans() -> None:
    draft = parsed("<p>one</p><pre>a <urn:uuid:0-0> b</pre><o:p>two</o:p><my-tag>three</my-tag>")
    assert draft.tree is not None
    assert {e.tag for e in draft.tree.iter()} == {"html", "body", "p", "pre", "span", "my-tag"}
    assert words(draft) == "one a b two three"


def test_xhtml_with_an_xml_declaration_of_another_encoding() -> None:
    draft = parsed(
        '<?xml version="1.0" encoding="iso-8859-1"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>жито</p></body></html>'
    )
    assert words(draft) == "жито"


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html><title>T</title><meta name=a><article><p>one</p></article><p>two",
        "<!doctype html><html lang=en><head><title>T</title><main>one</main> two",
        "<head><title>T</title><svg></svg></head><body>one <p>two</p></body>",
        "<head><title>T</title><section>one</section><body> <p>two</p>",
    ],
)
def test_what_is_no_metadata_stands_in_the_body_whatever_tags_are_left_out(page: str) -> None:
    tree = parsed(page).tree
    assert tree is not None
    assert [child.tag for child in tree] == ["head", "body"]
    assert {child.tag for child in tree.find("head")} <= {"title", "meta"}
    assert " ".join(tree.find("body").itertext()).split() == ["one", "two"]


@pytest.mark.parametrize("text", ["", "  \n", "<!-- nothing -->", "<", "</p>", "\ufeff"])
def test_there_is_always_a_tree(text: str) -> None:
    draft = parsed(text)
    assert draft.tree is not None
    assert draft.verdict == ("empty" if not text.strip() else None)


def test_a_page_larger_than_memory_gives_a_verdict() -> None:
    assert parsed("<b>x</b>" * (MAX_TAGS // 2 + 1)).verdict == "too-large"


def test_a_plain_page_is_parsed_as_lxml_parses_it(read_page: Callable[..., Draft]) -> None:
    source = "<html><head><title>T</title></head><body><p>Ferry &amp; <b>quay</b></p></body></html>"
    tree = read_page(source).tree
    assert tree is not None
    assert html.tostring(tree, encoding="unicode") == source
