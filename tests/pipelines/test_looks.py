"""What a capture of a known article gives when it is looked at again: the whole way from bytes to a row or to none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.config import ExtractRules
from crawler.warc.exchange import Capture, Pointer, Provenance
from pipelines.basis import Basis
from pipelines.derive import Derived, derive, gives_rows, teaches

ASKED = "https://post.example/harbour/2026/ferry-returns"
BODY = "".join(
    f"<p>Sentence {n} of the report about the ferry, and it goes on for a while longer.</p>" for n in range(12)
)
ARTICLE = f"<html><title>Ferry returns</title><body><article><h1>Ferry returns</h1>{BODY}</article></body></html>"
LIST = "<html><title>Harbour</title><body><h1>Harbour</h1>" + "".join(
    f'<article><h2><a href="/harbour/2026/story-number-{n}">Story number {n} about the harbour</a></h2></article>'
    for n in range(30)
)
CHALLENGE = "<html><title>Just a moment...</title><body><p>Checking your browser</p></body></html>"
CONSENT = (
    "<html><title>Post</title><body><p>Before you continue: we value your privacy. Accept all cookies</p></body></html>"
)
MISSING = "<html><title>Page not found</title><body><h1>Page not found</h1><p>Sorry.</p></body></html>"


def look(html: str, *, status: int = 200, url: str = ASKED, article_id: str | None = "a_0123456789abcdef") -> Capture:
    return Capture(
        pointer=Pointer(record_id="urn:uuid:1", filename="w", offset=0, length=9, payload_digest="sha256:0"),
        url=url,
        date=datetime(2026, 11, 20, tzinfo=UTC),
        status=status,
        headers=(("Content-Type", "text/html"),),
        body=html.encode(),
        damaged=None,
        fidelity="wire",
        provenance=Provenance(site="post", role="page", requested_url=ASKED, article_id=article_id),
    )


def told(capture: Capture) -> tuple[Any, ...]:
    found: Derived = derive(capture, Basis(ExtractRules(), None))
    return (found.article.change, *found.article.flags[:2]) if found.article else (found.verdict, found.detail)


def test_the_article_keeps_its_id_whatever_address_it_calls_canonical_today() -> None:
    moved = ARTICLE.replace(
        "<title>", '<link rel="canonical" href="https://post.example/harbour/2026/new-name"><title>'
    )
    found = derive(look(moved), Basis(ExtractRules(), None))
    assert found.article is not None
    assert (found.article.article_id, found.look, found.moved) == ("a_0123456789abcdef", True, False)


@pytest.mark.parametrize("status", [404, 410])
def test_the_server_says_that_it_is_gone(status: int) -> None:
    assert told(look(MISSING, status=status)) == ("gone", "gone")
    assert not gives_rows(look(MISSING, status=status, article_id=None)), "what was never there cannot go"


@pytest.mark.parametrize(
    ("html", "url", "why"),
    [
        (MISSING, ASKED, "soft-404"),
        (LIST, "https://post.example/", "redirected"),
        (LIST, "https://post.example/harbour/", "redirected"),
        (LIST, "https://post.example/archive", "redirected"),
        (ARTICLE, "https://post.example/harbour/2026/", "redirected"),
    ],
)
def test_what_came_instead_says_that_it_is_gone(html: str, url: str, why: str) -> None:
    assert told(look(html, url=url)) == ("gone", "gone", why)


@pytest.mark.parametrize(
    ("html", "url"),
    [(CHALLENGE, ASKED), (CHALLENGE, "https://post.example/"), (CONSENT, "https://consent.post.example/x")],
)
def test_a_wall_says_nothing(html: str, url: str) -> None:
    assert told(look(html, url=url))[0] == "blocked"


def test_a_list_at_the_articles_own_address_says_nothing() -> None:
    assert told(look(LIST))[0] == "not-article"


def test_a_look_teaches_nothing_of_the_site() -> None:
    assert not teaches(look(ARTICLE))
    assert teaches(look(ARTICLE, article_id=None))
