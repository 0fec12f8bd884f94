"""The stage that judges the result: a score between 0 and 1, flags that say why, and the verdict when a page gives no row.

Owns ``quality`` and ``verdict``. Never changes a fact or the text.

The score is an estimate of the page's F1 (4-word shingles, as article-extraction-benchmark measures it), made of what ``body`` thinks of
each block: characters that are kept and likely the article are hits, kept and unlikely are false, left out and likely are missed. A
logistic function with two parameters (Platt 1999) brings that expectation to what was measured on pages of sites that the weighing had not
learnt from; docs/facts.md has the table, tests/bench/bench_quality.py makes it.

A verdict needs strong evidence, because it costs a row: a challenge page, a consent wall, an error page that says 200, a list of other
pages, something that is no HTML, or no text at all.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from crawler.errors import Reason
from pipelines import walls
from pipelines.page import Draft, Page
from pipelines.plain import key, plain
from pipelines.schemaorg import text_of
from pipelines.words import count_words

SHORT_WORDS = 60
"""Below so many words a text is ``short``."""
TEASER_SCORE = 0.3
"""Most that a page can score whose text is not the whole article."""
OFFSET, SLOPE = -0.076, 1.262
"""What brings the expectation to the F1 that was measured."""
TYPICAL = 0.94
"""F1 of an average page: what is expected where nothing was weighed."""
NOISE = 0.05
"""Share of characters that could not be decoded or shown, above which what names no element of HTML is none."""
SAMPLES, SAMPLE_CHARS = 20, 25
"""How ``articleBody`` is compared with the text."""
WITNESS_CHARS = 600
"""A shorter ``articleBody`` is a teaser, and proves nothing."""

_HTML = re.compile(rb"<(?:!doctype|html|head|body|title|meta|div|p|script|table|article|a|h1)\b", re.I)
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x00\x00\x00",
    b"OggS",
    b"ID3",
    b"BM",
    b"wOF",
)
_NOT_HTML_TYPES = re.compile(
    r"^(?:image|audio|video|font)/|^application/(?:pdf|zip|octet-stream|json|javascript|.*\bzip)\b|^text/(?:css|csv|javascript|calendar)",
    re.I,
)
_JSON_TYPE = re.compile(r"^application/(?:[\w.-]+\+)?json\b", re.I)
_LEADS_ON = re.compile(r"[0-9]\s*[;,]\s*url\s*=", re.I)
"""A refresh within ten seconds that leads to another address (HTML, 4.2.5.3, refresh state)."""
_SPACE = re.compile(r"\s+")


def quality(page: Page, draft: Draft) -> Draft:
    """Fill ``quality`` and, where there is no article, ``verdict``; flag what a reader should know."""
    if draft.tree is None:
        return replace(draft, verdict=draft.verdict or Reason.NOT_HTML.value)
    words = count_words(draft.text)
    verdict, flags = _verdict(page, draft, words)
    if words and words < SHORT_WORDS:
        flags.append("short")
    if draft.title is None:
        flags.append("no-title")
    if _lacks_what_is_stated(draft):
        flags.append("text-incomplete")
    score = calibrated(expected_f1(draft))
    if draft.access in ("paywalled", "consent_wall", "blocked"):
        score = min(score, TEASER_SCORE)
    return replace(
        draft,
        quality=0.0 if verdict else round(score, 3),
        verdict=draft.verdict or verdict,
        flags=draft.flagged(*flags),
    )


def expected_f1(draft: Draft) -> float:
    """F1 of the text, in characters, if each block is the article's with the likelihood that ``body`` gave it; TYPICAL if it gave none."""
    hits = false = missed = 0.0
    for block in draft.blocks:
        if block.likelihood is None:
            continue
        likely = len(block.text) * block.likelihood
        if block.kept:
            hits += likely
            false += len(block.text) - likely
        else:
            missed += likely
    weight = 2 * hits + false + missed
    return 2 * hits / weight if weight else TYPICAL


def calibrated(expected: float) -> float:
    """The F1 that was measured on pages with this expectation."""
    inside = min(0.999, max(0.001, expected))
    return 1 / (1 + math.exp(-(OFFSET + SLOPE * math.log(inside / (1 - inside)))))


def _lacks_what_is_stated(draft: Draft) -> bool:
    """Whether the text holds less than half of a long ``articleBody``, in samples."""
    for _, node in draft.works:
        body = text_of(node.get("articleBody"))
        if body and len(body) >= WITNESS_CHARS:
            said = _SPACE.sub("", plain(body, 100_000) or "")
            text = _SPACE.sub("", draft.text)
            step = max(1, len(said) // SAMPLES)
            samples = [said[i : i + SAMPLE_CHARS] for i in range(0, len(said) - SAMPLE_CHARS, step)]
            return sum(sample in text for sample in samples) < len(samples) / 2
    return False


def _verdict(page: Page, draft: Draft, words: int) -> tuple[str | None, list[str]]:
    if draft.verdict:
        return draft.verdict, []
    if not _is_html(page) or _is_noise(page, draft):
        return Reason.NOT_HTML.value, []
    if draft.access == "blocked":
        return Reason.BLOCKED.value, ["challenge-page"]
    if draft.access == "consent_wall":
        return Reason.BLOCKED.value, ["consent-wall"]
    if words < 2 * SHORT_WORDS and not draft.works and _is_missing(draft):
        return Reason.NOT_ARTICLE.value, ["soft-404"]
    if words < SHORT_WORDS and not draft.works and any(n == "refresh" and _LEADS_ON.match(v) for n, v in draft.meta):
        return Reason.NOT_ARTICLE.value, ["redirect-page"]
    if draft.page_type == "section":
        return Reason.NOT_ARTICLE.value, ["listing"]
    if not draft.text.strip():
        return Reason.EMPTY.value, []
    return None, []


def _is_html(page: Page) -> bool:
    head = page.body[:4096]
    declared = page.header("Content-Type") or ""
    if head.startswith(_BINARY) or (_JSON_TYPE.match(declared) and head.lstrip().startswith((b"{", b"["))):
        return False
    if _HTML.search(head):
        return True
    if _NOT_HTML_TYPES.match(declared):
        return False
    return not head.lstrip().startswith((b"{", b"[")) and (
        b"<" in head or b"<\x00" in head or b"\x00<" in head or not page.body.strip()
    )


def _is_noise(page: Page, draft: Draft) -> bool:
    """Whether these are bytes of something else, in which a ``<`` stands by chance."""
    return draft.replaced_chars > NOISE * len(draft.html) and not _HTML.search(page.body[:4096])


def _is_missing(draft: Draft) -> bool:
    if draft.title and walls.says_missing(draft.title):
        return True
    assert draft.tree is not None
    element = next(draft.tree.iter("title"), None)
    return (
        element is not None
        and key(draft.title) != key(element.text)
        and walls.says_missing(plain(element.text, 300) or "")
    )
