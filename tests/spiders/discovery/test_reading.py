"""What came is read as what it is; a page in the place of a feed or a sitemap gives nothing, and says so."""

import pytest

from spiders.discovery.reading import read_source

URL = "https://a.example/x"
FEED = b"<rss version='2.0'><channel><item><link>https://a.example/one</link></item></channel></rss>"
SITEMAP = (
    b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/one</loc></url></urlset>"
)
PAGE = b"<!doctype html><title>x</title><a href='/one'>One</a><link rel=alternate type=application/rss+xml href=/rss>"


@pytest.mark.parametrize("kind", ["feed", "sitemap", "section"])
@pytest.mark.parametrize(("body", "via"), [(FEED, "feed"), (SITEMAP, "sitemap")])
def test_a_source_is_read_as_what_it_is(kind, body, via):
    found = read_source(body, None, URL, kind=kind)
    assert [(link.url, link.via) for link in found.links] == [("https://a.example/one", via)]


def test_a_page_is_read_where_one_was_expected():
    found = read_source(PAGE, "text/html", URL, kind="section")
    assert [link.url for link in found.links] == ["https://a.example/one"]
    assert not found.problems


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_nothing_is_taken_of_a_page_in_the_place_of_a_feed_or_sitemap(kind):
    found = read_source(PAGE, "text/html", URL, kind=kind)
    assert (found.links, found.sources, found.next_page) == ((), (), None)
    assert found.problems == (f"wrong-kind: a {kind} was expected, an HTML page came",)


def test_what_is_wrong_with_no_feed_at_all_is_told():
    found = read_source(b"\x00\x01", None, URL, kind="feed")
    assert found.problems[0].startswith("wrong-kind: a feed was expected, something unknown came")
    assert len(found.problems) > 1
