"""spiders/discovery/likeness.py: traps, and addresses that look like articles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.discovery.likeness import MAX_PARAMS, MAX_SEGMENTS, article_likeness, is_probably_article, looks_like_trap


@pytest.mark.parametrize(
    "path",
    [
        "/the-bridge-opens-at-last-after-nine-years/",
        "/2026/11/03/bridge-opens",
        "/news/2026-11-03/bridge.html",
        "/2026/nov/03/bridge-opens",
        "/politics/archive/2026/11/bridge-opens/676912/",
        "/tag-along-children-and-what-they-learn",
        "/news/local/82671903",
        "/bridge-opens-at-last/82671903",
        "/articles/bridge-opens-c12345",
        "/story.php?id=12345",
        "/?p=4711",
        "/a/Bridge,meteor146.html",
        "/news/articles/cx2kd9m4v1zo",
        "/%D0%BC%D1%96%D1%81%D1%82-%D0%B2%D1%96%D0%B4%D0%BA%D1%80%D0%B8%D1%82%D0%BE-%D0%BF%D1%96%D1%81%D0%BB%D1%8F-%D1%80%D0%B5%D0%BC",
        "/bridge-opens-at-last/index.html",
        "/doc/7715044",
    ],
)
def test_articles(path: str) -> None:
    assert is_probably_article(f"https://paper.example{path}")


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/news/", "/world", "/sport/football/", "/tag/the-bridge-that-never-opened/", "/author/maria-van-der-berg/",
        "/category/news-from-the-town/", "/search?q=the-bridge-opens-at-last", "/topics/war-and-peace-and-more", "/page/2/", "/news/page/3",
        "/about-us", "/contact", "/privacy-policy/", "/login?next=/2026/11/03/bridge-opens-at-last", "/2026/11/03/", "/2026/11/",
        "/archive/2026/11/", "/uploads/2026/11/the-bridge-opens-at-last.jpg", "/reports/the-whole-long-annual-report.pdf",
        "/static/2026/11/bundle-of-many-words.html", "/feed/", "/sitemap.xml", "/newsletters/the-morning-of-the-town/", "/?page=2",
        "/index.html", "/2026/", "/7/", "/wp-content/themes/the-town-paper-theme/x.html",
    ],
)  # fmt: skip
def test_other_pages(path: str) -> None:
    assert not is_probably_article(f"https://paper.example{path}")


@given(st.text(max_size=80), st.sampled_from(["", "https://paper.example/", "https://paper.example/2026/"]))
def test_likeness_is_between_0_and_1_for_any_text(text: str, before: str) -> None:
    assert 0.0 <= article_likeness(before + text) <= 1.0
    assert looks_like_trap(before + text) in (None, "too-deep", "too-long", "repeated-path", "too-many-params")


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/a/b/a/b/a/b/", "repeated-path"),
        ("/x/x/x", "repeated-path"),
        ("/en/news/news/news/bridge", "repeated-path"),
        ("/a/b/a/b/", None),
        ("/2011/11/11/11/bridge", None),
        ("/x/y/x/z/x", None),
        ("/" + "/".join(map(str, range(MAX_SEGMENTS))), None),
        ("/" + "/".join(map(str, range(MAX_SEGMENTS + 1))), "too-deep"),
        ("/" + "a" * 3000, "too-long"),
        ("/?" + "&".join(f"f{n}=1" for n in range(MAX_PARAMS)), None),
        ("/?" + "&".join(f"f{n}=1" for n in range(MAX_PARAMS + 1)), "too-many-params"),
        ("/?c=1&c=2&c=3", None),
        ("/?c=1&c=2&c=3&c=4", "too-many-params"),
        ("/the-bridge-opens/", None),
        ("", None),
    ],
)
def test_traps(path: str, slug: str | None) -> None:
    assert looks_like_trap(f"https://paper.example{path}") == slug
