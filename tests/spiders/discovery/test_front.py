"""A front page: the site's name, its language, its feeds, and where its navigation leads."""

import pytest

from spiders.discovery.front import read_front

URL = "https://www.daily-paper.example/"
PAGE = """<!doctype html><html lang="uk-UA"><head><title>{title}</title>{head}
<link rel=alternate type=application/rss+xml href=/rss></head><body>
<header><a href="/">The Daily Paper</a><nav><a href=/world/>World</a><a href=/culture/film>Film</a><a href=/login>Log in</a>
<a href=/author/jane/>Jane</a><a href=/2026/11/25/a-story-of-some-words/>A story</a><a href=/shop.pdf>PDF</a></nav></header>
<main><a href=/2026/11/25/a-story-of-some-words/>A story of some words</a><a href=/elsewhere/>Elsewhere</a></main></body></html>"""


def front(title="x", head=""):
    return read_front(PAGE.format(title=title, head=head).encode(), "text/html; charset=utf-8", URL)


def test_what_it_says():
    found = front()
    assert (found.language, found.feeds) == ("uk-UA", (URL + "rss",))
    assert [(link.url.removeprefix(URL), link.text) for link in found.navigation] == [
        ("world/", "World"),
        ("culture/film", "Film"),
    ]
    assert [link.url.removeprefix(URL) for link in found.articles] == ["2026/11/25/a-story-of-some-words/"]


@pytest.mark.parametrize(
    ("title", "head", "name"),
    [
        ("News from all over | The Daily Paper", "", "The Daily Paper"),  # a link to the page itself says so
        ("Daily Paper – news", "", "Daily Paper"),  # its host resembles it
        ("Latest: all of it", "", "Latest"),
        ("x", "<meta property=og:site_name content='The Paper'>", "The Paper"),
        ("x", "<meta name=application-name content='Paper App'>", "Paper App"),
    ],
)
def test_its_name(title, head, name):
    assert front(title, head).name == name


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"<html lang='<script>'>", b"<title></title>"])
def test_nonsense_gives_nothing_and_never_raises(body):
    found = read_front(body, None, URL)
    assert (found.name, found.language, found.navigation) == (None, None, ())
