"""The stage that names what is not the article: a kind and a reason for each block that ``body`` left out.

Owns the names; never changes the text.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.record import BlockKind
from pipelines.blocks import Frame, Segment
from pipelines.hints import Hint
from pipelines.page import Draft, Page

_KINDS: tuple[tuple[int, BlockKind, str], ...] = (
    (Hint.CONSENT, "consent", "name-consent"),
    (Hint.NEWSLETTER, "newsletter", "name-newsletter"),
    (Hint.COMMENTS, "comments", "name-comments"),
    (Hint.SHARE, "share", "name-share"),
    (Hint.AD, "ad", "name-ad"),
    (Hint.PAYWALL, "paywall", "name-paywall"),
    (Hint.CAPTION, "caption", "name-caption"),
    (Hint.RELATED, "related", "name-related"),
    (Hint.FEED, "feed", "name-feed"),
    (Hint.AUTHOR, "author_bio", "name-author"),
    (Hint.BYLINE, "byline", "name-byline"),
    (Hint.DISCLOSURE, "disclosure", "name-disclosure"),
    (Hint.NAV, "nav", "name-nav"),
    (Hint.FOOTER, "footer", "name-footer"),
    (Hint.PROMO, "promo", "name-promo"),
    (Hint.TEASER, "related", "name-teaser"),
    (Hint.ASIDE, "related", "name-aside"),
)


def chrome(page: Page, draft: Draft) -> Draft:
    """Fill ``kind``, ``reason`` and ``pages_sharing`` of the blocks that are not kept."""
    if draft.layout is None:
        return draft
    named = []
    for block, segment in zip(draft.blocks, draft.layout.segments, strict=True):
        if block.kept:
            named.append(block)
            continue
        kind, reason = _named(segment)
        sharing = page.profile.others(block.text) if page.profile else None
        if kind == "other" and sharing:
            kind, reason = "repeated", "repeated"
        named.append(replace(block, kind=kind, reason=reason, pages_sharing=sharing))
    return replace(draft, blocks=tuple(named))


def _named(segment: Segment) -> tuple[BlockKind, str]:
    frame: Frame | None = segment.frame
    hints = segment.hints
    while frame is not None:
        hints |= frame.hints
        for hint, kind, reason in _KINDS:
            if hints & hint:
                return kind, reason
        frame = frame.parent
    return "other", "not-kept"
