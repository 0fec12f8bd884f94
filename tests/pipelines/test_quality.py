from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pipelines.order import run_stages
from pipelines.page import Draft, Page, TextBlock
from pipelines.quality import TYPICAL, calibrated, expected_f1, quality

Read = Callable[..., Draft]

SENTENCE = "The night ferry is back in the old harbour today. "
LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry"}</script>'


def paragraphs(count: int, **more: Any) -> dict[str, Any]:
    blocks = tuple(
        TextBlock(index=i, path="body > article > p", tag="p", text=SENTENCE * 4, kept=True) for i in range(count)
    )
    return {"blocks": blocks, "text": "\n\n".join(b.text for b in blocks), "title": "Ferry"} | more


@pytest.mark.parametrize(
    ("html", "draft", "verdict", "flag"),
    [
        pytest.param(LD, paragraphs(10), None, None, id="article"),
        pytest.param("<p>x</p>", paragraphs(0), "empty", None, id="no text"),
        pytest.param("<p>x</p>", paragraphs(1, access="blocked"), "blocked", "challenge-page", id="challenge"),
        pytest.param("<p>x</p>", paragraphs(1, access="consent_wall"), "blocked", "consent-wall", id="consent wall"),
        pytest.param("<p>x</p>", paragraphs(1, page_type="section"), "not-article", "listing", id="listing"),
        pytest.param("<p>x</p>", paragraphs(1, title="Page not found"), "not-article", "soft-404", id="soft 404"),
        pytest.param("<p>x</p>", paragraphs(1, title="Seite nicht gefunden"), "not-article", "soft-404", id="soft 404, German"),
        pytest.param("<p>x</p>", paragraphs(1, title="Error 404: not found"), "not-article", "soft-404", id="soft 404, by number"),
        pytest.param("<p>x</p>", paragraphs(1, title="The Bay - Not found"), "not-article", "soft-404", id="soft 404 after the site's name"),
        pytest.param("<title>404 | Bay</title><p>x</p>", paragraphs(1, title="Sorry"), "not-article", "soft-404", id="soft 404 in title"),
        pytest.param("<p>x</p>", paragraphs(1, title="Flight 404 lands in the bay"), None, "short", id="news with the number in it"),
        pytest.param("<p>x</p>", paragraphs(1, title="Anchor not found, say divers"), None, "short", id="news of what is not found"),
        pytest.param("<p>x</p>", paragraphs(20, title="Black box not found"), None, None, id="an article about what is not found"),
        pytest.param(LD, paragraphs(1, title="Oops! Ferry hits the quay"), None, "short", id="an article with data of its own"),
        pytest.param(LD, paragraphs(1), None, "short", id="short"),
        pytest.param(LD, paragraphs(10, title=None), None, "no-title", id="no title"),
        pytest.param("<p>x</p>", paragraphs(0, verdict="too-large"), "too-large", None, id="an earlier verdict stands"),
    ],
)  # fmt: skip
def test_verdict(read_page: Read, html: str, draft: dict[str, Any], verdict: str | None, flag: str | None) -> None:
    found = read_page(html, quality, draft=draft)
    assert found.verdict == verdict
    assert flag is None or flag in found.flags
    assert (found.quality == 0.0) is (verdict is not None)


@pytest.mark.parametrize(
    ("body", "content_type", "html"),
    [
        (b"%PDF-1.7 ...", "text/html", False),
        (b"\x89PNG\r\n\x1a\n", "text/html", False),
        (b'{"a": "<b>"}', "application/json", False),
        (b' {"a": "<!doctype html><p>x"}', "application/feed+json; charset=utf-8", False),
        (b"plain words", "text/plain", False),
        (b"body { color: red }", "text/css", False),
        (b"<!DOCTYPE html><p>x", "application/octet-stream", True),
        (b"  <article>x</article>", "text/html", True),
        (b"<?xml version='1.0'?><html xmlns='x'><p>x</p></html>", "application/xhtml+xml", True),
    ],
)
def test_what_is_html(read_page: Read, body: bytes, content_type: str, html: bool) -> None:
    page = Page(url="https://a.example/", status=200, headers=(("Content-Type", content_type),), body=body)
    found = quality(page, read_page("<p>x</p>", draft=paragraphs(10)))
    assert (found.verdict == "not-html") is not html


def test_bytes_of_something_else_are_no_page_although_a_bracket_stands_in_them() -> None:
    noise = bytes(range(128, 256)) + b"<" + bytes(range(1, 32)) + b" words and words " * 9
    headers = (("Content-Type", "text/html"),)
    assert run_stages(Page(url="https://a.example/", status=200, headers=headers, body=noise)).verdict == "not-html"


def test_the_score_is_between_0_and_1_and_a_teaser_scores_low(read_page: Read) -> None:
    whole = read_page(LD, quality, draft=paragraphs(10)).quality
    assert 0 < whole <= 1
    assert read_page(LD, quality, draft=paragraphs(10, access="paywalled")).quality <= 0.3


def test_a_text_that_lacks_what_the_page_states_is_flagged(read_page: Read) -> None:
    def state(body: str) -> str:
        return f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Ferry","articleBody":"{body}"}}</script>'

    same = read_page(state(SENTENCE * 40), quality, draft=paragraphs(10))
    other = read_page(
        state("Something that was never printed on this page at all, whatever. " * 30), quality, draft=paragraphs(10)
    )
    assert "text-incomplete" in other.flags
    assert "text-incomplete" not in same.flags


def weighed(*blocks: tuple[bool, float]) -> Draft:
    return Draft(
        blocks=tuple(
            TextBlock(index=i, path="body > p", tag="p", text=SENTENCE, kept=kept, likelihood=likely)
            for i, (kept, likely) in enumerate(blocks)
        )
    )


def test_the_score_expects_what_the_weighing_says() -> None:
    assert expected_f1(weighed((True, 1.0), (False, 0.0))) == 1.0
    assert expected_f1(weighed((True, 1.0), (False, 1.0))) == pytest.approx(2 / 3)
    assert expected_f1(weighed((True, 1.0), (True, 0.0))) == pytest.approx(2 / 3)
    assert expected_f1(weighed((True, 0.5))) == pytest.approx(2 / 3)
    assert expected_f1(weighed((False, 0.4))) == 0.0
    assert expected_f1(Draft()) == TYPICAL


def test_a_surer_text_scores_higher() -> None:
    scores = [calibrated(step / 20) for step in range(21)]
    assert scores == sorted(scores)
    assert 0 < scores[0] < 0.05
    assert 0.95 < scores[-1] < 1
