"""Teasers: how much of a page's text stands beside the headlines of other pages, each in a small frame of its own.

Pure. Owns what a teaser looks like: a frame of few words in which the text follows a line that is a link and as long as a headline. An
article's paragraphs share one large frame, whatever its links; a front page's stand each with the headline that they belong to. No class
name, heading or language is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipelines.blocks import Frame, Layout, Segment
    from pipelines.page import TextBlock

TEASER_CHARS = 600
"""A teaser has at most so many characters: section, headline, date and two sentences."""
HEADLINE_CHARS = 30
"""A headline has at least so many; menus and tags have fewer."""
LINKED = 0.8
"""Share of a headline's characters that are part of a link."""


class Teasers(NamedTuple):
    """The teasers of a page."""

    whole: int
    """How many there are with a headline and a line of their own, whatever was kept."""
    kept: int
    """How many hold kept text, or stand whole beside one that does: the judge may keep some of a list and leave others like them."""
    share: float
    """Share of the kept characters that stands in teasers; 0.0 if none was kept."""


def teasers(layout: Layout, blocks: Sequence[TextBlock]) -> Teasers:
    """Find the teasers among ``blocks``, which are those of ``layout``."""
    before = [0, *accumulate(map(_is_headline, layout.segments))]
    kept: dict[int, int] = {}
    whole: dict[int, int] = {}
    inside = total = 0
    for i, (block, segment) in enumerate(zip(blocks, layout.segments, strict=True)):
        teaser = _teaser(i, segment.frame, before)
        if block.kept:
            total += segment.chars
        if teaser is None:
            continue
        around = teaser.parent.serial if teaser.parent else -1
        if block.kept:
            inside += segment.chars
            kept[teaser.serial] = around
        if segment.chars >= HEADLINE_CHARS and before[i + 1] == before[i]:
            whole[teaser.serial] = around
    beside = set(kept.values())
    count = len(kept) + sum(around in beside for serial, around in whole.items() if serial not in kept)
    return Teasers(len(whole), count, inside / total if total else 0.0)


def _teaser(i: int, frame: Frame | None, before: Sequence[int]) -> Frame | None:
    """The smallest frame around block ``i`` in which it is a headline or stands after one, if that has few characters."""
    while frame is not None and frame.chars <= TEASER_CHARS:
        if before[i + 1] > before[frame.start]:
            return frame
        frame = frame.parent
    return None


def _is_headline(segment: Segment) -> bool:
    return segment.link_chars >= LINKED * segment.chars and segment.chars >= HEADLINE_CHARS
