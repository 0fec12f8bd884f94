from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from crawler.record import Image
from pipelines.kind import kind
from pipelines.page import Draft, TextBlock

Read = Callable[..., Draft]

TEXT = "The night ferry is back in the old harbour. " * 20
PAPER = "https://a.example"


def ld(*kinds: str, **node: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": list(kinds), "headline": "x"} | node)}</script>'


def kept(*texts: str) -> tuple[TextBlock, ...]:
    return tuple(TextBlock(index=i, path="body > p", tag="p", text=text, kept=True) for i, text in enumerate(texts))


TIMES = "<time>10:05</time>" * 8
UPDATES = [{"@type": "BlogPosting"}] * 5
LIST = "".join(f'<h3><a href="/a/{i}">Headline number {i}</a></h3>' for i in range(20))


@pytest.mark.parametrize(
    ("html", "url", "text", "expected"),
    [
        pytest.param(ld("NewsArticle"), "/city/x", TEXT, "article", id="NewsArticle"),
        pytest.param(ld("BlogPosting"), "/x", TEXT, "article", id="BlogPosting"),
        pytest.param("<p>x</p>", "/x", TEXT, "article", id="nothing but text"),
        pytest.param('<meta property="og:type" content="article">', "/x", "Short.", "article", id="og:type"),
        pytest.param(ld("LiveBlogPosting"), "/x", TEXT, "liveblog", id="LiveBlogPosting"),
        pytest.param(ld("NewsArticle", liveBlogUpdate=UPDATES), "/x", TEXT, "liveblog", id="updates"),
        pytest.param(ld("NewsArticle") + TIMES, "/live/storm-day-2", TEXT, "liveblog", id="live address and times"),
        pytest.param(ld("NewsArticle"), "/live/storm-day-2", TEXT, "article", id="live address alone"),
        pytest.param(ld("NewsArticle") + TIMES, "/city/delivery-live-up", TEXT, "article", id="not every live is live"),
        pytest.param(ld("OpinionNewsArticle"), "/x", TEXT, "opinion", id="OpinionNewsArticle"),
        pytest.param(ld("NewsArticle"), "/opinion/why-ferries", TEXT, "opinion", id="opinion address"),
        pytest.param(ld("NewsArticle"), "/meinung/kommentar-x", TEXT, "opinion", id="Meinung"),
        pytest.param(ld("NewsArticle"), "/city/opinion-poll-shows", TEXT, "article", id="an opinion poll is news"),
        pytest.param('<meta property="article:opinion" content="true">', "/x", TEXT, "opinion", id="article:opinion"),
        pytest.param('<meta property="og:type" content="video.other">', "/x", "", "video", id="og video"),
        pytest.param(ld("VideoObject"), "/x", "Short.", "video", id="VideoObject"),
        pytest.param(ld("NewsArticle"), "/video/ferry", TEXT, "video", id="video address"),
        pytest.param(ld("ImageGallery"), "/x", TEXT, "gallery", id="ImageGallery"),
        pytest.param(ld("NewsArticle"), "/gallery/ferries", TEXT, "gallery", id="gallery address"),
        pytest.param(ld("PodcastEpisode"), "/x", TEXT, "podcast", id="PodcastEpisode"),
        pytest.param("<p>x</p>", "/podcasts/ferry", TEXT, "podcast", id="podcast address"),
        pytest.param(LIST, "/city", "Headline", "section", id="a list of headlines"),
        pytest.param(ld("CollectionPage"), "/city", "Few words.", "section", id="CollectionPage"),
        pytest.param("<p>x</p>", "/x", "Short.", "other", id="a few words"),
        pytest.param("<p>x</p>", "/x", "", "other", id="nothing"),
        pytest.param(LIST + ld("NewsArticle"), "/city/x", "Short.", "article", id="an article among headlines"),
    ],
)  # fmt: skip
def test_page_type(read_page: Read, html: str, url: str, text: str, expected: str) -> None:
    draft = read_page(html, kind, url=PAPER + url, draft={"text": text})
    assert draft.page_type == expected
    assert draft.sources.page_type is not None


def test_a_live_blog_without_data_is_told_by_its_times(read_page: Read) -> None:
    posts = kept(*(f"{hour}:15 PM The river is higher than an hour ago" for hour in range(2, 8)))
    assert (
        read_page("<p>x</p>", kind, draft={"title": "Live: the flood", "text": TEXT, "blocks": posts}).page_type
        == "liveblog"
    )
    assert (
        read_page("<p>x</p>", kind, draft={"title": "The flood", "text": TEXT, "blocks": posts}).page_type == "article"
    )


@pytest.mark.parametrize(
    ("title", "captions", "expected"),
    [
        ("In pictures: the flood", 5, "gallery"),
        ("In pictures: the flood", 2, "article"),
        ("The flood in pictures", 5, "article"),
    ],
)
def test_a_gallery_without_data_is_told_by_title_and_pictures(
    read_page: Read, title: str, captions: int, expected: str
) -> None:
    shown = tuple(Image(url=f"{PAPER}/{n}.jpg", caption="The river", alt=None) for n in range(captions))
    assert read_page("<p>x</p>", kind, draft={"title": title, "text": TEXT, "images": shown}).page_type == expected


def test_a_long_text_among_many_headlines_is_an_article(read_page: Read) -> None:
    text = TEXT + "\n\n" + TEXT
    assert read_page(LIST, kind, draft={"text": text, "blocks": kept(TEXT, TEXT)}).page_type == "article"
    teasers = ["A teaser of a few words."] * 20
    assert read_page(LIST, kind, draft={"text": "\n\n".join(teasers), "blocks": kept(*teasers)}).page_type == "section"
