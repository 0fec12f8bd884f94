"""The stage that decides which blocks are the article, and sets its text.

Owns the decision and the text's form; asks the witnesses, never lists blocks itself, and leaves the naming of the rest to ``chrome``.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.page import Draft, Page, TextBlock
from pipelines.paths import Paths
from pipelines.witness import agreement, trafilatura_says


def body(page: Page, draft: Draft) -> Draft:
    """Fill ``blocks``, ``text`` and ``method``."""
    if draft.tree is None or draft.layout is None:
        return draft
    segments = draft.layout.segments
    votes = agreement(segments, trafilatura_says(draft.tree))
    paths = Paths()
    found = tuple(
        TextBlock(
            index=i,
            path=paths.of(segment.frame.element),
            tag=segment.tag,
            text=segment.text,
            kept=vote > 0.5,
            reason="trafilatura" if vote > 0.5 else None,
        )
        for i, (segment, vote) in enumerate(zip(segments, votes, strict=True))
    )
    text = "\n\n".join(segments[b.index].marker + b.text for b in found if b.kept)
    return replace(draft, blocks=found, text=text, method="trafilatura")
