"""What a source leads to: so deep and no deeper, and only where the configuration follows."""

from dataclasses import replace

from spiders.discovery.link import Found, Link
from spiders.sources import MAX_SITEMAP_DEPTH, Source, fingerprint, named_sources, problem_of

INDEX = Source("sitemap", "https://a.example/index.xml", "https://a.example/index.xml")
SECTION = Source("section", "https://a.example/news/", "https://a.example/news/", pages=3)


def test_indexes_lead_to_one_another_three_times_at_most():
    depth, source = 0, INDEX
    while children := list(source.children(("https://a.example/more.xml",), {})):
        [source] = children
        depth += 1
        assert source.root == INDEX.url
    assert depth == MAX_SITEMAP_DEPTH == 3


def test_children_are_followed_where_the_configuration_says_so_with_their_dates():
    urls = ("https://a.example/posts-1.xml", "https://a.example/tags.xml")
    [child] = replace(INDEX, follow="/posts-").children(urls, {urls[0]: "2026-11-25"})
    assert (child.url, child.listed) == (urls[0], "2026-11-25")


def test_a_list_leads_to_its_next_page_as_often_as_the_configuration_says():
    found = Found(next_page="https://a.example/news/?page=2", sources=("https://a.example/rss",))
    named = named_sources(found, SECTION)
    assert named == ("https://a.example/news/?page=2", "https://a.example/rss")
    [second] = SECTION.children(named, {})
    [third] = second.children(named, {})
    assert list(third.children(named, {})) == []
    assert list(SECTION.children(named_sources(Found(sources=("https://a.example/rss",)), SECTION), {})) == []


def test_a_fingerprint_changes_with_what_is_named_and_not_with_its_order():
    one, two = (Link(url=f"https://a.example/{name}", via="feed") for name in "ab")
    assert fingerprint(Found(links=(one, two))) == fingerprint(Found(links=(two, one)))
    assert fingerprint(Found(links=(one,))) != fingerprint(Found(links=(one, two)))
    dated = [Found(sources=("u",), source_dates=(("u", date),)) for date in ("2026-11-24", "2026-11-25")]
    assert fingerprint(dated[0]) != fingerprint(dated[1])


def test_what_costs_nothing_is_no_problem_where_links_were_found():
    link = Link(url="https://a.example/a", via="feed")
    assert problem_of(Found(links=(link,), problems=("bad-url: x",))) is None
    assert problem_of(Found(problems=("bad-url: x",))) == "bad-url: x"
    assert problem_of(Found(links=(link,), problems=("bad-url: x", "broken-xml: y"))) == "broken-xml: y"
