from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.canonical import canonical
from pipelines.page import Draft

Read = Callable[..., Draft]

URL = "https://www.bay-gazette.example/city/ferry?utm_source=x"
HERE = "https://www.bay-gazette.example/city/ferry"


def link(href: str) -> str:
    return f'<link rel="canonical" href="{href}">'


@pytest.mark.parametrize(
    ("html", "expected", "source"),
    [
        (link(HERE), HERE, "html"),
        (link("/city/ferry"), HERE, "html"),
        (link("ferry"), HERE, "html"),
        (f'<base href="https://www.bay-gazette.example/city/"><p>{link("ferry")}</p>', HERE, "html"),
        (link(f" {HERE}#top "), HERE, "html"),
        (link(HERE + "?utm_medium=a"), HERE, "html"),
        (link("https://bay-gazette.example/city/ferry"), "https://bay-gazette.example/city/ferry", "html"),
        (link("https://m.bay-gazette.example/city/ferry"), "https://m.bay-gazette.example/city/ferry", "html"),
        (f'<meta property="og:url" content="{HERE}">', HERE, "meta"),
        (link(HERE) + link("/other"), None, None),
        (link("https://elsewhere.example/city/ferry") + f'<meta property="og:url" content="{HERE}">', HERE, "meta"),
        (link("https://elsewhere.example/city/ferry"), None, None),
        (link("https://www.bay-gazette.example/"), None, None),
        (link("javascript:alert(1)"), None, None),
        (link("file:///etc/passwd"), None, None),
        (link("http://user:secret@www.bay-gazette.example/x"), None, None),
        (link("http://[bad"), None, None),
        (link("http://10.0.0.1/x"), None, None),
        (link("https://www.bay-gazette.example/" + "a" * 10_000), None, None),
        (f'<script type="application/ld+json">{{"@type":"Article","headline":"x","url":"{HERE}"}}</script>', HERE, "jsonld"),
        ("<p>x</p>", None, None),
    ],
)  # fmt: skip
def test_canonical(read_page: Read, html: str, expected: str | None, source: str | None) -> None:
    draft = read_page(html, canonical, url=URL)
    assert (draft.canonical_url, draft.sources.canonical_url) == (expected, source)


@pytest.mark.parametrize(
    "href", ["https://elsewhere.example/x", "https://www.bay-gazette.example/", "https://evil-bay-gazette.example/x"]
)
def test_an_address_that_is_not_believed_is_flagged(read_page: Read, href: str) -> None:
    assert read_page(link(href), canonical, url=URL).flags == ("canonical-elsewhere",)


def test_sites_of_one_registry_are_not_one_site(read_page: Read) -> None:
    assert read_page(link("https://two.co.uk/a"), canonical, url="https://one.co.uk/a").canonical_url is None
    assert (
        read_page(link("https://two.paper.org/a"), canonical, url="https://one.paper.org/a").canonical_url is not None
    )
