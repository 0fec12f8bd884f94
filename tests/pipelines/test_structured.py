from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page import Draft
from pipelines.schemaorg import address_of, items, same_page, text_of, types
from pipelines.structured import MAX_NODES, MAX_SCRIPT, read_jsonld

Read = Callable[..., Draft]


def ld(*scripts: str, kind: str = "application/ld+json") -> str:
    return (
        "<html><head>"
        + "".join(f'<script type="{kind}">{s}</script>' for s in scripts)
        + "</head><body>x</body></html>"
    )


HERE = "https://harbour-gazette.example/city/2025/ferry-returns/"
ARTICLE = {"@type": "NewsArticle", "headline": "Ferry returns"}


@pytest.mark.parametrize(
    "value",
    [
        ARTICLE,
        [ARTICLE],
        [[ARTICLE]],
        {"@graph": [ARTICLE]},
        {"@graph": {"@graph": [ARTICLE]}},
        [{"@graph": [{"@type": "WebSite"}, ARTICLE]}],
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {"@type": "WebPage", "mainEntity": [ARTICLE]},
        {"@type": "WebPage", "mainEntityOfPage": ARTICLE},
        ARTICLE | {"@type": ["NewsArticle", "BlogPosting"]},
        ARTICLE | {"@type": "http://schema.org/NewsArticle"},
        ARTICLE | {"@type": "schema:NewsArticle"},
    ],
)
def test_every_graph_shape_gives_the_article(read_page: Read, value: Any) -> None:
    draft = read_page(ld(json.dumps(value)))
    assert [(source, node["headline"]) for source, node in draft.works] == [("jsonld", "Ferry returns")]


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ('<!-- {"@type":"Article","headline":"a"} -->', "a"),
        ('<![CDATA[ {"@type":"Article","headline":"a"} ]]>', "a"),
        ('//<![CDATA[\n{"@type":"Article","headline":"a"}\n//]]>', "a"),
        ('/*<![CDATA[*/{"@type":"Article","headline":"a"}/*]]>*/', "a"),
        ('{"@type":"Article","headline":"a",}', "a"),
        ('{"@type":"Article","keywords":["x",],"headline":"a" , }', "a"),
        ('{"@type":"Article","headline":"a, ]"}', "a, ]"),
        ('{"@type":"Article","headline":"two\nlines\tand a tab"}', "two\nlines\tand a tab"),
        ('{"@type":"Article","headline":"bell\x07"}', "bell"),
        ('{"@type":"Article","headline":"it\\\'s"}', "it\\'s"),
        ('{"@type":"Article",// why\n"headline":"a"}', "a"),
        ('{"@type":"Article",/* why */"headline":"http://a"}', "http://a"),
        ('{"@type":"Article","headline":"a"};', "a"),
        ("{&quot;@type&quot;:&quot;Article&quot;,&quot;headline&quot;:&quot;a&quot;}", "a"),
        ('\ufeff{"@type":"Article","headline":"a"}', "a"),
        ('{"@type":"Person"}\n{"@type":"Article","headline":"a"}', "a"),
        ('{"@type":"Article","headline":"a","score":NaN,"max":Infinity,"low":-Infinity}', "a"),
        ('{"@type":"Article","headline":"a","wordCount":' + "9" * 5000 + "}", "a"),
        ('{"@type":"Article","headline":"a","wordCount":1e999}', "a"),
        ('{"@type":"Article","headline":"' + "\\ud83d" + 'a"}', "\ud83da"),
    ],
)
def test_damaged_blocks_are_read(read_page: Read, text: str, headline: str) -> None:
    draft = read_page(ld(text))
    assert draft.works
    # what cannot be in a page (a bell) is gone before the stage sees it
    assert draft.works[0][1]["headline"] == headline
    assert "jsonld-broken" not in draft.flags


def test_numbers_that_json_forbids_become_none() -> None:
    assert read_jsonld("[NaN, Infinity, 1e999, 123456789012345678901234567890]") == [[None, None, None, None]]


@pytest.mark.parametrize("text", ["{", '{"a"', "not json", "[" * 100_000, '{"a":' * 50_000, '"' + '\\"' * 100_000])
def test_a_hopeless_block_costs_a_flag_and_not_its_neighbour(read_page: Read, text: str) -> None:
    draft = read_page(ld(text, json.dumps(ARTICLE)))
    assert "jsonld-broken" in draft.flags
    assert draft.works[0][1]["headline"] == "Ferry returns"


def test_a_huge_block_is_left_out(read_page: Read) -> None:
    draft = read_page(ld(json.dumps(ARTICLE | {"articleBody": "x" * MAX_SCRIPT}), json.dumps(ARTICLE)))
    assert len(draft.jsonld) == 1
    assert "jsonld-cut" in draft.flags


def test_a_wide_bomb_is_cut(read_page: Read) -> None:
    draft = read_page(ld(json.dumps([{"@type": "Thing"}] * (MAX_NODES + 10))))
    assert len(draft.jsonld) == MAX_NODES
    assert "jsonld-cut" in draft.flags


@pytest.mark.parametrize(
    "value",
    [None, 3, "text", [], {}, [None, 1, "a"], {"@graph": None}, {"@graph": "x"}, {"@type": 5}, {"@type": [None]}],
)
def test_wrong_types_are_ignored(read_page: Read, value: Any) -> None:
    assert read_page(ld(json.dumps(value))).works == ()


def test_other_scripts_are_not_read(read_page: Read) -> None:
    assert read_page(ld(json.dumps(ARTICLE), kind="application/json")).jsonld == ()
    assert read_page(ld(json.dumps(ARTICLE), kind="application/LD+JSON; charset=utf-8")).jsonld


def test_references_are_resolved_one_level_deep(read_page: Read) -> None:
    graph = {"@graph": [
        ARTICLE | {"author": [{"@id": "#p"}, {"@id": "#q"}], "publisher": {"@id": "#nobody"}},
        {"@type": "Person", "@id": "#p", "name": "Ada", "knows": {"@id": "#p"}},
        {"@type": "Person", "@id": "#q", "name": "Ben"},
    ]}  # fmt: skip
    node = read_page(ld(json.dumps(graph))).works[0][1]
    assert [author["name"] for author in node["author"]] == ["Ada", "Ben"]
    assert node["publisher"] == {"@id": "#nobody"}


def test_the_article_of_the_page_leads_and_teasers_stay_out(read_page: Read) -> None:
    nodes = [
        {"@type": "VideoObject", "name": "A clip"},
        {"@type": "NewsArticle", "headline": "Another", "url": "https://www.harbour-gazette.example/other"},
        {
            "@type": "NewsArticle",
            "headline": "This",
            "mainEntityOfPage": {"@id": "https://harbour-gazette.example/city/2025/ferry-returns/"},
        },
    ]
    draft = read_page(ld(json.dumps(nodes)))
    assert [node.get("headline", node.get("name")) for _, node in draft.works] == ["This", "A clip"]


def test_updates_of_a_live_blog_are_not_articles_of_the_page(read_page: Read) -> None:
    value = {
        "@type": "LiveBlogPosting",
        "headline": "Live",
        "liveBlogUpdate": [{"@type": "BlogPosting", "headline": "Update"}],
    }
    assert len(read_page(ld(json.dumps(value))).works) == 1


def test_meta_and_links_in_order_with_names_in_lower_case(read_page: Read) -> None:
    draft = read_page(
        '<head><meta NAME="Author" content=" Ada "><meta property="og:title" content="T"><meta itemprop="datePublished" content="2025-1-1">'
        '<meta name="empty" content=""><meta http-equiv="Content-Language" content="en"><meta name="a" property="b" content="c">'
        '<link rel="Canonical" href=" /x "><link rel="stylesheet"></head><body></body>'
    )
    assert draft.meta == (
        ("author", "Ada"), ("og:title", "T"), ("datepublished", "2025-1-1"), ("content-language", "en"), ("a", "c"), ("b", "c"),
    )  # fmt: skip
    assert draft.links == (("canonical", "/x"),)


def test_microdata_has_the_shape_of_jsonld(read_page: Read) -> None:
    draft = read_page(
        '<body itemscope itemtype="https://schema.org/WebPage">'
        '<article itemprop="mainEntity" itemscope itemtype="https://schema.org/NewsArticle">'
        '<h1 itemprop="headline">Ferry <b>returns</b></h1><time itemprop="datePublished" datetime="2025-03-02T10:00Z">today</time>'
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        '<a itemprop="name url" href="/ada">Ada Berg</a></span>'
        '<img itemprop="image" src="/a.jpg"><div itemprop="articleBody"><p>Text.</p></div>'
        '<meta itemprop="keywords" content="a, b"></article></body>'
    )
    ((source, node),) = draft.works
    assert source == "microdata"
    assert types(node) == {"NewsArticle"}
    assert node["headline"] == ["Ferry returns"]
    assert node["datePublished"] == ["2025-03-02T10:00Z"]
    assert types(node["author"][0]) == {"Person"}
    assert node["image"] == ["/a.jpg"]
    assert node["keywords"] == ["a, b"]
    assert "articleBody" not in node


def test_jsonld_speaks_before_microdata(read_page: Read) -> None:
    draft = read_page(
        f'<script type="application/ld+json">{json.dumps(ARTICLE)}</script>'
        '<div itemscope itemtype="http://schema.org/Article"><p itemprop="headline">Other</p></div>'
    )
    assert [source for source, _ in draft.works] == ["jsonld", "microdata"]


def test_a_page_without_a_tree_passes() -> None:
    from pipelines.page import Page
    from pipelines.structured import structured

    assert structured(Page(url="http://a.example/", status=200, headers=(), body=b""), Draft()) == Draft()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "@graph", "name", "mainEntity", "author", "headline", "url"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_reading_any_json_gives_that_json_without_its_bad_numbers(value: Any) -> None:
    (found,) = read_jsonld(" " + json.dumps(value) + " ")
    json.dumps(found, allow_nan=False)
    if "NaN" not in (text := json.dumps(value)) and "Infinity" not in text and not any(c.isdigit() for c in text):
        assert found == value


@given(st.text(alphabet='{}[]",:\\/*<>!-@abtype \n', max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        values = read_jsonld(text)
    except ValueError:
        return
    assert isinstance(values, list)


@given(json_values)
def test_no_node_breaks_the_readers_of_nodes(value: Any) -> None:
    types(value)
    list(items(value))
    assert text_of(value) is None or isinstance(text_of(value), str)
    assert address_of(value) is None or isinstance(address_of(value), str)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x/y", "http://www.a.example/x/y/?utm=1#top", True),
        ("https://a.example/x/%C3%A9", "https://a.example/x/é", True),
        ("https://a.example/x", "https://a.example/y", False),
        ("https://a.example/", "https://a.example/", False),
        (None, "https://a.example/x", False),
        ("http://[bad", "http://[bad", False),
    ],
)
def test_same_page(one: str | None, other: str, same: bool) -> None:
    assert same_page(one, other) is same
