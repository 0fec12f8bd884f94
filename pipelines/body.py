"""The stage that decides which blocks are the article, and sets its text.

Owns the decision and the text's form: the site's own rules first, then the judge over the evidence, then what no weighing can know (nothing
twice, no other article, what sibling pages share). Leaves the naming of the rest to ``chrome``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.evidence import HEADINGS, Evidence, Known, bare, gather
from pipelines.judge import probability
from pipelines.page import Draft, Page, TextBlock
from pipelines.paths import Paths
from pipelines.plain import plain
from pipelines.schemaorg import types
from pipelines.witness import agreement, trafilatura_says

if TYPE_CHECKING:
    from pipelines.blocks import Segment

KEEP = 0.5
"""Likelihood from which a block is part of the article."""
FILL = 0.2
"""Likelihood from which a heading is, if what stands around it is."""
REPEATED_CHARS = 20
"""A block of fewer characters may stand twice in an article: "Yes." in an interview."""
SURE_CHARS = 30
"""A block of at least so many characters that a page repeats and no witness knows is furniture."""
MAX_ARTICLE_BODY = 400_000
"""Characters of JSON-LD's articleBody that are looked at."""
_DATES = frozenset({"article:published_time", "og:article:published_time", "date", "datepublished"})


def body(page: Page, draft: Draft) -> Draft:
    """Fill ``blocks``, ``text`` and ``method``."""
    if draft.tree is None or draft.layout is None:
        return draft
    segments = draft.layout.segments
    said = agreement(segments, trafilatura_says(draft.tree))
    evidence = gather(draft.layout, known(draft, said))
    verdicts = _Verdicts(page, segments, evidence, said)
    verdicts.judge()
    verdicts.remember()
    verdicts.once()
    verdicts.fill_headings()
    method = "judge"
    if not any(verdicts.kept):
        verdicts.fall_back()
        method = "fallback"
    paths = Paths()
    found = tuple(
        TextBlock(
            index=i,
            path=paths.of(segment.frame.element),
            tag=segment.tag,
            text=segment.text,
            kept=verdicts.kept[i],
            reason=verdicts.reasons[i],
            pages_sharing=verdicts.sharing[i],
        )
        for i, segment in enumerate(segments)
    )
    text = "\n\n".join(segments[b.index].marker + b.text for b in found if b.kept)
    return replace(draft, blocks=found, text=text, method=method)


def known(draft: Draft, said: Sequence[float]) -> Known:
    """What the page's data and the witnesses say of its blocks."""
    segments = draft.layout.segments if draft.layout else []
    bodies = [plain(node.get("articleBody"), MAX_ARTICLE_BODY) for _, node in draft.works]
    jsonld = agreement(segments, [text for text in bodies if text]) if any(bodies) else None
    meta = dict(reversed(draft.meta))
    kinds = {name for _, node in draft.works for name in types(node)}
    return Known(
        said=said,
        jsonld=jsonld,
        title=draft.title or meta.get("og:title") or "",
        description=meta.get("og:description") or meta.get("description") or "",
        news=any("News" in kind or "LiveBlog" in kind for kind in kinds),
        article=bool(kinds & {"Article", "BlogPosting"}) or meta.get("og:type") == "article",
        dated=not _DATES.isdisjoint(meta) or any("datePublished" in node for _, node in draft.works),
    )


class _Verdicts:
    """The verdict on each block of a page, with its reason, while they are being reached."""

    def __init__(self, page: Page, segments: Sequence[Segment], evidence: Evidence, said: Sequence[float]) -> None:
        self.page = page
        self.segments = segments
        self.evidence = evidence
        self.said = said
        self.odds = [0.0] * len(segments)
        self.kept = [False] * len(segments)
        self.reasons: list[str | None] = [None] * len(segments)
        self.sharing: list[int | None] = [None] * len(segments)

    def judge(self) -> None:
        """Weigh the evidence."""
        for i, row in self.evidence.rows.items():
            self.odds[i] = probability(row)
            self.kept[i] = self.odds[i] > KEEP
            if self.kept[i]:
                self.reasons[i] = "trafilatura" if self.said[i] > 0.5 else "judge"

    def remember(self) -> None:
        """Leave out what the site's other pages show too."""
        if self.page.profile is None:
            return
        for i, segment in enumerate(self.segments):
            self.sharing[i] = others = self.page.profile.others(segment.text)
            if others and self.kept[i] and segment.chars >= REPEATED_CHARS:
                self._drop(i, "repeated")

    def once(self) -> None:
        """Leave out what the page repeats: the less likely copy, or all copies if no witness knows any."""
        keys = [bare(segment.text) if self.kept[i] else "" for i, segment in enumerate(self.segments)]
        texts = Counter(segment.text for segment in self.segments)
        best: dict[str, int] = {}
        for i, key in enumerate(keys):
            if not self.kept[i]:
                continue
            segment = self.segments[i]
            if texts[segment.text] > 1 and self.said[i] < 0.5 and segment.chars > SURE_CHARS:
                self._drop(i, "copies")
            elif len(key) > REPEATED_CHARS and key in best:
                other = best[key]
                if self.odds[i] > self.odds[other] + 0.15:
                    self._drop(other, "copy")
                    best[key] = i
                else:
                    self._drop(i, "copy")
            else:
                best[key] = i

    def fill_headings(self) -> None:
        """Keep a heading that stands between kept blocks."""
        for i in range(1, len(self.segments) - 1):
            if (
                not self.kept[i]
                and self.segments[i].tag in HEADINGS
                and self.odds[i] > FILL
                and self.reasons[i] is None
            ):
                if self.kept[i + 1] and any(self.kept[max(0, i - 2) : i]):
                    self.kept[i] = True
                    self.reasons[i] = "between"

    def fall_back(self) -> None:
        """Keep what one witness alone takes for the article, if together they find none."""
        densest = self.evidence.densest
        for i in range(len(self.segments)):
            if self.said[i] > 0.5:
                self.kept[i], self.reasons[i] = True, "trafilatura"
        if not any(self.kept) and densest is not None:
            for i in range(densest.start, densest.end):
                if self.evidence.good[i]:
                    self.kept[i], self.reasons[i] = True, "densest"

    def _drop(self, i: int, reason: str) -> None:
        self.kept[i] = False
        self.reasons[i] = reason
