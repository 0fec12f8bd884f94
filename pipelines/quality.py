"""The stage that judges the result: a score between 0 and 1, flags that say why, and the verdict when a page gives no row.

Owns ``quality`` and ``verdict``. The score is an estimate of the page's F1 (4-word shingles, as article-extraction-benchmark measures
it): a logistic function of what the stages before have seen, fitted on half of each of three corpora and checked on the other half
(docs/facts.md, tests/bench/bench_quality.py). Never changes a fact or the text.

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
_SPACE = re.compile(r"\s+")


def quality(page: Page, draft: Draft) -> Draft:
    """Fill ``quality`` and, where there is no article, ``verdict``; flag what a reader should know."""
    if draft.tree is None:
        return replace(draft, verdict=draft.verdict or Reason.NOT_HTML.value)
    words = count_words(draft.text)
    verdict, flags = _verdict(page, draft, words)
    seen = features(draft, words)
    if words and words < SHORT_WORDS:
        flags.append("short")
    if draft.title is None:
        flags.append("no-title")
    if seen["witness"] and seen["coverage"] < 0.5:
        flags.append("text-incomplete")
    score = 1 / (1 + math.exp(-_BIAS - sum(_WEIGHTS[name] * value for name, value in seen.items())))
    if draft.access in ("paywalled", "consent_wall", "blocked"):
        score = min(score, 0.3)
    return replace(
        draft,
        quality=0.0 if verdict else round(score, 3),
        verdict=draft.verdict or verdict,
        flags=draft.flagged(*flags),
    )


def features(draft: Draft, words: int) -> dict[str, float]:
    """What the score is made of, each about 0 to 1."""
    kept = [block for block in draft.blocks if block.kept]
    chars = sum(len(block.text) for block in kept) or 1
    span = draft.blocks[kept[0].index : kept[-1].index + 1] if kept else ()
    holes = sum(len(block.text) for block in span if not block.kept)
    short = sum(1 for block in kept if len(block.text) < 60)
    parents = [block.path.rpartition(" > ")[0] for block in kept]
    main = max((parents.count(path) for path in set(parents)), default=0)
    coverage, witness = _witnessed(draft)
    return {
        "length": min(1.0, math.log1p(words) / math.log1p(800)),
        "very_long": min(1.0, max(0.0, words - 2000) / 4000),
        "holes": min(1.0, holes / chars),
        "short_blocks": short / max(1, len(kept)),
        "one_place": main / max(1, len(kept)),
        "paragraphs": min(1.0, sum(1 for block in kept if block.tag == "p") / max(1, len(kept))),
        "stated": 1.0 if draft.works else 0.0,
        "dated": 1.0 if draft.published_at else 0.0,
        "signed": 1.0 if draft.authors else 0.0,
        "titled": 0.0 if draft.title is None or "title-unconfirmed" in draft.flags else 1.0,
        "live": 1.0 if draft.page_type == "liveblog" else 0.0,
        "witness": witness,
        "coverage": coverage,
    }


_BIAS = 1.0
_WEIGHTS = dict.fromkeys(
    ("length", "very_long", "holes", "short_blocks", "one_place", "paragraphs", "stated", "dated", "signed", "titled", "live", "witness",
     "coverage"), 0.0
)  # fmt: skip


def _witnessed(draft: Draft) -> tuple[float, float]:
    """How much of a long ``articleBody`` the text holds, in twenty samples, and 1 if there is such a witness."""
    for _, node in draft.works:
        body = text_of(node.get("articleBody"))
        if body and len(body) >= WITNESS_CHARS:
            said = _SPACE.sub("", plain(body, 100_000) or "")
            text = _SPACE.sub("", draft.text)
            step = max(1, len(said) // 20)
            samples = [said[i : i + 25] for i in range(0, len(said) - 25, step)]
            return (sum(sample in text for sample in samples) / len(samples), 1.0) if samples else (0.0, 0.0)
    return 0.0, 0.0


def _verdict(page: Page, draft: Draft, words: int) -> tuple[str | None, list[str]]:
    if draft.verdict:
        return draft.verdict, []
    if not _is_html(page):
        return Reason.NOT_HTML.value, []
    if draft.access == "blocked":
        return Reason.BLOCKED.value, ["challenge-page"]
    if draft.access == "consent_wall":
        return Reason.NOT_ARTICLE.value, ["consent-wall"]
    if words < 2 * SHORT_WORDS and not draft.works and _is_missing(draft):
        return Reason.NOT_ARTICLE.value, ["soft-404"]
    if draft.page_type == "section":
        return Reason.NOT_ARTICLE.value, ["listing"]
    if not draft.text.strip():
        return Reason.EMPTY.value, []
    return None, []


def _is_html(page: Page) -> bool:
    head = page.body[:4096]
    declared = page.header("Content-Type") or ""
    if head.startswith(_BINARY):
        return False
    if _HTML.search(head):
        return True
    if _NOT_HTML_TYPES.match(declared):
        return False
    return not head.lstrip().startswith((b"{", b"[")) and (
        b"<" in head or b"<\x00" in head or b"\x00<" in head or not page.body.strip()
    )


def _is_missing(draft: Draft) -> bool:
    if draft.title and walls.MISSING.search(draft.title):
        return True
    assert draft.tree is not None
    element = next(draft.tree.iter("title"), None)
    return (
        element is not None
        and key(draft.title) != key(element.text)
        and bool(walls.MISSING.search(plain(element.text, 300) or ""))
    )
