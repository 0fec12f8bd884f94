from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.page import Draft
from pipelines.rights import rights

Read = Callable[..., Draft]

HTML = ("Content-Type", "text/html")


def test_robots_of_page_and_header_are_joined(read_page: Read) -> None:
    html = '<meta name="robots" content="noindex, noarchive"><meta name="Googlebot-News" content="nosnippet">'
    draft = read_page(html, rights, headers=(HTML, ("X-Robots-Tag", "noai"), ("x-robots-tag", "otherbot: none")))
    assert draft.meta_robots == "noindex, noarchive, googlebot-news: nosnippet, noai, otherbot: none"


def test_no_robots_is_null(read_page: Read) -> None:
    assert read_page("<p>x</p>", rights).meta_robots is None


@pytest.mark.parametrize(
    ("html", "headers", "expected"),
    [
        ('<meta name="tdm-reservation" content="1">', (), True),
        ('<meta name="TDM-Reservation" content="0">', (), False),
        ("", (("TDM-Reservation", "1"),), True),
        ('<meta name="tdm-reservation" content="0">', (("tdm-reservation", "1"),), True),
        ('<meta name="tdm-reservation" content="yes">', (), None),
        ("", (), None),
    ],
)
def test_tdm_reservation(
    read_page: Read, html: str, headers: tuple[tuple[str, str], ...], expected: bool | None
) -> None:
    assert read_page(f"<p>x</p>{html}", rights, headers=(HTML, *headers)).tdm_reservation is expected


@pytest.mark.parametrize(
    ("html", "headers", "expected"),
    [
        ('<meta name="tdm-policy" content="https://a.example/tdm.json">', (), "https://a.example/tdm.json"),
        ('<meta name="tdm-policy" content="/tdm.json">', (), "https://www.harbour-gazette.example/tdm.json"),
        ("", (("tdm-policy", "https://b.example/p"),), "https://b.example/p"),
        ('<meta name="tdm-policy" content="javascript:x">', (), None),
        ('<meta name="tdm-policy" content="http://[bad">', (), None),
        ("", (), None),
    ],
)
def test_tdm_policy(read_page: Read, html: str, headers: tuple[tuple[str, str], ...], expected: str | None) -> None:
    assert read_page(f"<p>x</p>{html}", rights, headers=(HTML, *headers)).tdm_policy == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<link rel="license" href="https://creativecommons.example/by/4.0/">', "https://creativecommons.example/by/4.0/"),
        ('<a rel="license noopener" href="/terms">CC</a>', "https://www.harbour-gazette.example/terms"),
        ('<script type="application/ld+json">{"@type":"Article","headline":"x","license":"https://a.example/l"}</script>', "https://a.example/l"),
        ('<script type="application/ld+json">{"@type":"Article","headline":"x","license":{"url":"https://a.example/l"}}</script>',
         "https://a.example/l"),
        ('<script type="application/ld+json">{"@type":"Article","headline":"x","license":[5]}</script>', None),
        ("<p>All rights reserved</p>", None),
    ],
)  # fmt: skip
def test_license(read_page: Read, html: str, expected: str | None) -> None:
    assert read_page(html, rights).license_url == expected
