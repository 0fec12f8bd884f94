"""spiders/discovery/pages.py: links of a list, and the way to its next page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import check
from spiders.discovery.link import Found, Link
from spiders.discovery.pages import MAX_LINKS, parse_section

URL = "https://paper.example/news/"

PAGE = """<!doctype html><html><head><title>News</title>
<link rel="alternate" type="application/rss+xml; charset=utf-8" href="/feed/">
<link rel="alternate" type="application/feed+json" href="/feed.json"><link rel="alternate" hreflang="uk" href="/uk/">
<link rel="stylesheet" href="/style.css"></head><body>
<nav><a href="#main">Skip</a><a href="/news/">News</a><a href="/sport/">Sport</a></nav>
<article><a href="/a/1"><img src="p.jpg" alt="A bridge"></a><h2><a href="/a/1#top">Bridge <em>opens</em> at&nbsp;last</a></h2></article>
<article><a href="2?x=1&amp;y=2"><img alt="Only a picture"></a></article>
<a href="/ad" rel="sponsored noopener">Buy</a><a href="/x" rel=nofollow>x</a><a href="/c" rel="external UGC">c</a>
<a href="mailto:desk@paper.example">Write</a><a href="javascript:void(0)">Menu</a><a href="tel:1">Call</a><a>none</a><a href="">empty</a>
<a href="https://other.example/z">&lt;b&gt; R&amp;amp;D</a>
<map><area href="/map" alt="Map"></map><a href="/icon" aria-label="Icon"><svg/></a>
</body></html>"""


def section(
    body: str | bytes, next_css: str | None = None, url: str = URL, content_type: str | None = "text/html"
) -> Found:
    return parse_section(body, content_type, url, next_css)


def slugs(found: Found) -> set[str]:
    return {problem.partition(":")[0] for problem in found.problems}


def test_links_in_order_with_the_best_of_their_texts() -> None:
    assert section(PAGE) == Found(
        links=tuple(
            Link(url=f"https://{url}", via="section", text=text)
            for url, text in (
                ("paper.example/sport/", "Sport"),
                ("paper.example/a/1", "Bridge opens at last"),
                ("paper.example/news/2?x=1&y=2", "Only a picture"),
                ("other.example/z", "<b> R&amp;D"),
                ("paper.example/map", "Map"),
                ("paper.example/icon", "Icon"),
            )
        ),
        sources=("https://paper.example/feed/", "https://paper.example/feed.json"),
    )


def test_bytes_and_text_give_the_same() -> None:
    assert section(PAGE.encode()) == section(PAGE)


@pytest.mark.parametrize(
    ("base", "wanted"),
    [("/other/", "/other/1"), ("https://cdn.example/", None), ("javascript:x", "/news/1"), ("http://[", "/news/1")],
)
def test_base(base: str, wanted: str | None) -> None:
    (link,) = section(f'<base target=_top><base href="{base}"><base href="/no/"><a href="1">One</a>').links
    assert link.url == (f"https://paper.example{wanted}" if wanted else "https://cdn.example/1")


@pytest.mark.parametrize(
    ("url", "links", "wanted"),
    [
        ("/news/", ["/news/?page=2", "/news/?page=3"], "/news/?page=2"),
        ("/news/?page=2", ["/news/", "/news/?page=1", "/news/?page=3", "/news/?page=9"], "/news/?page=3"),
        ("/news", ["/news/page/2/", "/news/page/3/"], "/news/page/2/"),
        ("/news/page/2/", ["/news/", "/news/page/3"], "/news/page/3"),
        ("/news/page-2", ["/news/page-3"], "/news/page-3"),
        ("/news?page=1&sort=new", ["/news?page=2&sort=new"], "/news?page=2&sort=new"),
        ("/news?sort=new", ["/news?sort=new&page=2", "/news?page=2"], "/news?sort=new&page=2"),
        ("/news/", ["/sport/?page=2", "/sport/page/2/"], None),
        ("/news/?page=2", ["/news/?page=1", "/news/?page=4"], None),
        ("/news/", ["https://other.example/news/?page=2"], None),
        ("/news/", ["/news/?p=2", "/news/2"], None),
    ],
)
def test_the_next_page_by_its_number(url: str, links: list[str], wanted: str | None) -> None:
    body = "".join(f'<a href="{link}">x</a>' for link in links)
    found = section(body, url=f"https://paper.example{url}")
    assert found.next_page == (f"https://paper.example{wanted}" if wanted else None)


def test_the_next_page_of_a_site_that_counts_from_0() -> None:
    pager = '<a href="/news/?page=0">1</a><a href="/news/?page=1">2</a><a href="/news/?page=2">3</a>'
    assert section(pager).next_page == "https://paper.example/news/?page=1"
    assert section(pager, url="https://paper.example/news/?page=1").next_page == "https://paper.example/news/?page=2"


def test_rel_next_goes_before_numbers() -> None:
    body = '<link rel="next" href="/news/?after=77"><a href="?page=2">2</a>'
    assert section(body).next_page == "https://paper.example/news/?after=77"
    assert section('<a rel="nofollow next" href="?after=7">more</a>').next_page == "https://paper.example/news/?after=7"


def test_the_selector_goes_before_all_and_alone() -> None:
    body = (
        '<link rel="next" href="/a"><div class="more"><span><a href="/b">more</a></span></div><a id=m href="/c">c</a>'
    )
    assert section(body, ".more").next_page == "https://paper.example/b"
    assert section(body, "a#m").next_page == "https://paper.example/c"
    assert section(body, ".nothing").next_page is None


@pytest.mark.parametrize("css", ["a[", "", "::before", "a:foo(", ">", "\\1"])
def test_a_selector_that_is_none(css: str) -> None:
    found = section('<a href="/a">a</a>', css)
    assert found.next_page is None
    assert found.links
    assert slugs(found) == ({"bad-selector"} if css else set())


@pytest.mark.parametrize("href", ["/news/", "/news/#x", "https://other.example/2", "javascript:next()", "http://["])
def test_the_next_page_is_another_one_of_this_host(href: str) -> None:
    assert section(f'<link rel="next" href="{href}">').next_page is None


def test_a_page_that_asks_robots_not_to_follow_is_named() -> None:
    assert slugs(section('<meta name="ROBOTS" content="noindex, NoFollow"><a href="/a">a</a>')) == {"meta-nofollow"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('<meta charset="windows-1251"><a href="/1">Київ</a>'.encode("cp1251"), "text/html"),
        ('<a href="/1">Київ</a>'.encode("cp1251"), "text/html; charset=windows-1251"),
        ('<meta charset="iso-8859-1"><a href="/1">Київ</a>'.encode(), "text/html; charset=latin-1"),
        ('<a href="/1">Київ</a>'.encode("utf-16"), None),
        ('<meta charset="rot13"><a href="/1">Київ</a>'.encode(), "text/html; charset=unicode_escape"),
        ('<?xml version="1.0" encoding="koi8-u"?><html><a href="/1">Київ</a></html>'.encode("koi8-u"), None),
    ],
)
def test_encodings(body: bytes, content_type: str | None) -> None:
    assert [(link.url, link.text) for link in section(body, content_type=content_type).links] == [
        ("https://paper.example/1", "Київ")
    ]


def test_the_number_of_links_is_bounded_and_the_rest_named() -> None:
    found = section("".join(f'<a href="/{n}">x</a>' for n in range(MAX_LINKS + 10)))
    assert len(found.links) == MAX_LINKS
    assert slugs(found) == {"too-many-links"}


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"\x00\x00", b"<!-- -->", b"\x89PNG\r\n\x1a\n", b"plain text", b"<", b"\x1f\x8b\x08x"]
)
def test_what_is_no_page_gives_no_links(body: bytes) -> None:
    assert section(body).links == ()


def test_an_anchor_that_holds_half_the_page() -> None:
    found = section("<a href=/1>" + "<div>word " * 5000)
    assert found.links[0].text is not None
    assert len(found.links[0].text) <= 1000


HOSTILE = {
    "deep": "<div>" * 300_000 + "<a href=/1>x",
    "nested anchors": "<a href=/1><div>x" * 60_000,
    # quadratic in libxml2, if they reached it: minutes
    "attributes": "<a " + " ".join(f"a{n}=''" for n in range(200_000)) + ">",
    "attributes that hide their tag's end": "<a " + " ".join(f'a{n}=">"' for n in range(200_000)) + ">",
    "attributes without values": "<a " + "/".join(f"a{n}" for n in range(200_000)) + ">",
    "quotes": "<a b='" * 200_000,
    "less-than": "<" * 1_000_000,
    "one tag": "<a" * 500_000,
    "bad bases": '<base href="http://[">' * 10_000 + '<a href="http://[">x</a>' * 10_000,
    "one link": "<a href=/1>x</a>" * 60_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end(name: str) -> None:
    assert len(section(HOSTILE[name]).links) <= 1


def test_a_long_tag_of_few_attributes_is_left_alone() -> None:
    (link,) = section(f'<a data-text="{"word " * 2000}" href="/1">One</a>').links
    assert (link.url, link.text) == ("https://paper.example/1", "One")


MUTATION = st.tuples(st.integers(0, 2000), st.integers(0, 40), st.one_of(st.text(max_size=6), st.just(PAGE)))


@given(st.lists(MUTATION, max_size=6), st.sampled_from([None, "a.next", "a"]))
def test_a_mutated_page_never_raises(mutations: list[tuple[int, int, str]], css: str | None) -> None:
    body = PAGE
    for at, cut, new in mutations:
        body = body[:at] + new + body[at + cut :]
    found = section(body, css)
    for url in (*(link.url for link in found.links), *found.sources, *filter(None, [found.next_page])):
        assert check(url) == url


@given(st.binary(max_size=300), st.text(max_size=30), st.one_of(st.none(), st.text(max_size=8)))
def test_bytes_never_raise(body: bytes, url: str, css: str | None) -> None:
    parse_section(body, None, url, css)
    parse_section(b"<a href=" + body, "text/html; charset=utf-16", url, css)
