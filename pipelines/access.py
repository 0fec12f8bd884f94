"""The stage that says whether the whole text was there: what the page declares, and what can be seen of a wall.

Owns ``access`` and the signs of pay walls, consent walls and challenge pages. A declaration alone decides little: pages declared paid
are often sent whole, and pages that declare nothing stop after three sentences.

Source: schema.org ``isAccessibleForFree`` and ``hasPart`` (Google, structured data for subscription and paywalled content);
Open Graph ``article:content_tier``.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.record import Access
from pipelines import walls
from pipelines.page import Draft, Page, Source
from pipelines.schemaorg import items, text_of
from pipelines.words import count_words

TEASER_WORDS = 250
"""Words up to which a text over a wall that can be seen is a teaser."""
SURE_TEASER_WORDS = 100
"""Words up to which a text is one if the page only declares itself paid: short news is sent whole."""
WALL_WORDS = 150
"""Words up to which a page can be nothing but a wall."""
TEASER_SHARE = 0.6
"""Share of the declared word count below which a text is a teaser."""

_FREE = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
_PAID = frozenset({"locked", "premium", "paid", "subscriber"})
_LONGEST_SIGN = 400
_CUT = ("...", "…", "‥")
"""How a text ends that is cut off, in any language: over a wall that can be seen, it is a teaser however many words it has."""


def access(page: Page, draft: Draft) -> Draft:
    """Fill ``access``; flag ``paywall-seen``, ``paywall-declared`` and ``teaser``."""
    if draft.tree is None:
        return draft
    words = count_words(draft.text)
    if is_challenge(page, draft, words):
        return _filled(draft, "blocked", "html")
    if words < WALL_WORDS and _is_consent_wall(page, draft):
        return _filled(draft, "consent_wall", "html")
    declared, source = _declared(draft)
    seen = _seen(draft) or (declared == "paywalled" and any(block.kind == "paywall" for block in draft.blocks))
    short = words < (TEASER_WORDS if seen else SURE_TEASER_WORDS) or words < TEASER_SHARE * _stated_words(draft)
    short = short or (seen and draft.text.endswith(_CUT))
    flags = []
    if seen:
        flags.append("paywall-seen")
    if declared == "paywalled":
        flags.append("paywall-declared")
    if declared == "paywalled" or (seen and declared != "free"):
        result: Access = "paywalled" if short else "metered"
        if short:
            flags.append("teaser")
        return replace(_filled(draft, result, source if declared else "html"), flags=draft.flagged(*flags))
    if declared:
        return replace(_filled(draft, declared, source), flags=draft.flagged(*flags))
    return replace(_filled(draft, "free", "guess"), flags=draft.flagged(*flags)) if words >= WALL_WORDS else draft


def is_challenge(page: Page, draft: Draft, words: int) -> bool:
    """Whether the page asks for proof of a human instead of showing anything."""
    if words >= WALL_WORDS or draft.works:
        return False
    title = (draft.title or "").strip()
    return bool(walls.CHALLENGE_TITLE.match(title)) or (
        words < WALL_WORDS // 3 and bool(walls.CHALLENGE_MARK.search(draft.html[:200_000]))
    )


def _is_consent_wall(page: Page, draft: Draft) -> bool:
    if walls.CONSENT_HOST.search(page.url):
        return True
    if draft.works:
        return False
    return bool(walls.CONSENT.search(" ".join(b.text for b in draft.blocks[:80])[:8_000]))


def _filled(draft: Draft, found: Access, source: Source) -> Draft:
    return replace(draft, access=found, sources=replace(draft.sources, access=source))


def _declared(draft: Draft) -> tuple[Access | None, Source]:
    for source, node in draft.works:
        for value in items(node.get("isAccessibleForFree")):
            free = (
                value
                if isinstance(value, bool)
                else _FREE.get((text_of(value) or "").rpartition("/")[2].strip().lower())
            )
            if free is not None:
                return "free" if free else "paywalled", source
    for name, value in draft.meta:
        if name in ("article:content_tier", "og:article:content_tier"):
            tier = value.lower()
            if tier == "free":
                return "free", "meta"
            if tier == "metered":
                return "metered", "meta"
            if tier in _PAID:
                return "paywalled", "meta"
    return None, "guess"


def _seen(draft: Draft) -> bool:
    """Whether a block that is not the article asks for a subscription to go on, or the article's own last words do."""
    last = max((b.index for b in draft.blocks if b.kept), default=-1)
    for block in draft.blocks:
        # menus above an article ask for subscriptions on every page of a site: a wall stands where the text stops
        near = block.kind == "paywall" or last < 0 or last - 2 <= block.index <= last + 8
        if (
            near
            and len(block.text) <= _LONGEST_SIGN
            and (not block.kept or block.index >= last - 1)
            and walls.asks_to_pay(block.text)
        ):
            return True
    return False


def _stated_words(draft: Draft) -> int:
    """Length of the article as its structured data gives it: ``wordCount``, or the words of ``articleBody``."""
    for _, node in draft.works[:1]:
        count = node.get("wordCount")
        if isinstance(count, str) and count.strip().isdigit() and len(count) < 8:
            count = int(count)
        if isinstance(count, int) and 0 < count < 100_000:
            return count
    return 0
