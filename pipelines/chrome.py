"""The stage that names what is not the article: a kind and a reason for each block that ``body`` left out.

Owns the naming, surest evidence first: the site's own rule, what the block says, what its frames are called, the heading it stands under,
the blocks beside it, and at last where on the page it stands. Never changes the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from crawler.record import BlockKind
from pipelines.density import HEADINGS
from pipelines.evidence import bare
from pipelines.hints import Hint
from pipelines.page import Draft, Page, TextBlock
from pipelines.phrases import DATE, kinds, spoken

if TYPE_CHECKING:
    from pipelines.blocks import Frame, Layout, Segment

Name = tuple[BlockKind, str]

_NAMES: tuple[tuple[int, BlockKind], ...] = (
    (Hint.CONSENT, "consent"),
    (Hint.NEWSLETTER, "newsletter"),
    (Hint.COMMENTS, "comments"),
    (Hint.SHARE, "share"),
    (Hint.AD, "ad"),
    (Hint.PAYWALL, "paywall"),
    (Hint.CAPTION, "caption"),
    (Hint.DISCLOSURE, "disclosure"),
    (Hint.RELATED, "related"),
    (Hint.FEED, "feed"),
    (Hint.AUTHOR, "author_bio"),
    (Hint.BYLINE, "byline"),
    (Hint.PROMO, "promo"),
    (Hint.NAV, "nav"),
    (Hint.FOOTER, "footer"),
    (Hint.TAGS, "nav"),
    (Hint.TEASER, "related"),
)
"""What the names of frames hint at, the surest first."""
_NAMED = reduce(or_, (hint for hint, _ in _NAMES))
"""All these hints."""
_SPREADING: frozenset[BlockKind] = frozenset(
    {"related", "feed", "newsletter", "comments", "consent", "promo", "author_bio", "paywall", "ad"}
)
"""Kinds that a heading gives to all that stands under it."""
BYLINE_CHARS = 160
"""A byline has at most so many characters."""
CAPTION_CHARS = 500
"""A caption has at most so many characters."""
NEAR_HEADLINE = 12
"""A byline stands at most so many blocks from the headline."""
BESIDE = 80
"""Frames with more blocks say nothing of a single one in them."""


def chrome(page: Page, draft: Draft) -> Draft:
    """Fill ``kind`` and ``reason`` of the blocks that are not kept."""
    if draft.layout is None or not draft.blocks:
        return draft
    names = _Namer(draft, draft.layout).names()
    named = tuple(
        block
        if block.kept or name is None
        else block._replace(kind=block.kind or name[0], reason=block.reason or name[1])
        for block, name in zip(draft.blocks, names, strict=True)
    )
    return replace(draft, blocks=named)


class _Namer:
    """The names of one page's blocks while they are being found."""

    def __init__(self, draft: Draft, layout: Layout) -> None:
        self.blocks = draft.blocks
        self.segments = layout.segments
        self.frames = layout.frames
        self.title = bare(draft.title)
        self.authors = [name for author in draft.authors if len(name := bare(author)) > 3]
        kept = [block.index for block in self.blocks if block.kept]
        self.first, self.last = (kept[0], kept[-1]) if kept else (len(self.blocks), -1)
        self.headline = self._headline()
        self.kept_before = [0]
        for block in self.blocks:
            self.kept_before.append(self.kept_before[-1] + block.kept)
        self.found: list[Name | None] = [None] * len(self.blocks)

    def names(self) -> Sequence[Name | None]:
        """The name of each block, None for those kept."""
        todo = [block.index for block in self.blocks if not block.kept]
        for i in todo:
            self.found[i] = self._said(i) or self._called(self.segments[i])
        self._under_headings()
        for i in todo:
            self.found[i] = self.found[i] or self._picture(i)
        for i in todo:
            self.found[i] = self.found[i] or self._beside(i)
        for i in todo:
            self.found[i] = self.found[i] or self._placed(i, self.blocks[i])
        return self.found

    def _headline(self) -> int:
        same = [
            i
            for i, s in enumerate(self.segments)
            if s.chars < 400 and not self.blocks[i].kept and self.title and bare(s.text) == self.title
        ]
        return next((i for i in same if self.segments[i].tag == "h1"), same[0] if same else -1)

    def _said(self, i: int) -> Name | None:
        """What the block says of itself."""
        segment = self.segments[i]
        here = bare(segment.text)
        if self.title and here == self.title:
            return "other", "headline"
        near = self.headline - 4 <= i <= max(self.headline, 0) + NEAR_HEADLINE or self.headline < 0
        if (
            segment.chars <= BYLINE_CHARS
            and near
            and not self._picture(i)
            and (any(author in here for author in self.authors) or (i < self.first and DATE.search(segment.text)))
        ):
            return "byline", "author" if any(author in here for author in self.authors) else "date"
        if segment.text.startswith("©") and i > self.last:
            return "footer", "copyright"
        bits = spoken(segment.text)
        if self.first < i < self.last and segment.link_chars > 0.8 * segment.chars and segment.chars > 30:
            return "related", "link-in-text"
        for kind in kinds(bits):
            if kind == "byline" and not (near or segment.chars <= BYLINE_CHARS):
                continue
            return kind, f"says-{kind.replace('_', '-')}"
        return None

    def _called(self, segment: Segment) -> Name | None:
        """What its frames are called, the innermost first; frames that hold kept blocks are called after the article."""
        hints = segment.hints
        frame: Frame | None = segment.frame
        while frame is not None:
            hints |= frame.hints if not self._holds_article(frame) else 0
            if hints & _NAMED:
                kind = next(kind for hint, kind in _NAMES if hints & hint)
                return kind, f"named-{kind.replace('_', '-')}"
            frame = frame.parent
        return None

    def _holds_article(self, frame: Frame) -> bool:
        return self.kept_before[frame.end] > self.kept_before[frame.start]

    def _under_headings(self) -> None:
        """Give the kind of a heading to all blocks of the largest frame that it opens and that holds no kept block."""
        for i, name in enumerate(self.found):
            segment = self.segments[i]
            if name is None or name[0] not in _SPREADING or not name[1].startswith("says-") or segment.chars > 60:
                continue
            frame: Frame | None = segment.frame
            widest = frame
            while frame is not None and frame.start == i and not self._holds_article(frame):
                widest = frame
                frame = frame.parent
            if widest is None:
                continue
            for j in range(widest.start, widest.end):
                other = self.found[j]
                if not self.blocks[j].kept and (
                    other is None
                    or not other[1].startswith("says-")
                    or other[0] in ("related", "feed", "byline", "nav")
                ):
                    self.found[j] = (name[0], f"under-{name[0].replace('_', '-')}") if j != i else name

    def _picture(self, i: int) -> Name | None:
        """A caption by its place: few words in a frame with a picture."""
        segment = self.segments[i]
        frame: Frame | None = segment.frame
        for _ in range(3):
            if frame is None or frame.chars > CAPTION_CHARS or self._holds_article(frame):
                return None
            if (
                frame.images
                and segment.link_chars < 0.5 * segment.chars
                and segment.tag not in HEADINGS
                and frame.end - frame.start <= 3
            ):
                return "caption", "picture"
            frame = frame.parent
        return None

    def _beside(self, i: int) -> Name | None:
        """The kind that most named blocks of the smallest frame around it have."""
        frame: Frame | None = self.segments[i].frame.parent
        while frame is not None and frame.end - frame.start <= BESIDE and not self._holds_article(frame):
            near = Counter(
                name[0] for name in self.found[frame.start : frame.end] if name is not None and name[0] in _SPREADING
            )
            if near:
                kind = min(near, key=lambda kind: (-near[kind], kind))
                return kind, f"beside-{kind.replace('_', '-')}"
            frame = frame.parent
        return None

    def _placed(self, i: int, block: TextBlock) -> Name:
        """The kind by the place on the page alone."""
        segment = self.segments[i]
        hints = 0
        frame: Frame | None = segment.frame
        while frame is not None:
            hints |= frame.hints
            frame = frame.parent
        link = segment.link_chars > 0.6 * segment.chars
        around = segment.frame.parent or segment.frame
        links = link or around.link_chars > 0.5 * around.chars
        if i < self.first and (i < self.headline or self.headline < 0) and (links or segment.chars < 40):
            return "nav", "before-headline"
        if links and (i > self.headline >= 0 or i > self.first):
            return "related", "links"
        if hints & Hint.ASIDE:
            return "related", "aside"
        if i > self.last and i > len(self.blocks) * 0.9 and segment.chars < 200:
            return "footer", "page-end"
        return ("repeated", "repeated") if block.pages_sharing else ("other", "not-article")
