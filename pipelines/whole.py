"""What makes an article whole: rules over the blocks that are already kept, for what no block shows by itself.

A paragraph between the article's, in a container like theirs, is the article's, and so is a table, all of it; a pull quote says again what
the text says. Pure: gives indices, changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from pipelines.density import HEADINGS
from pipelines.evidence import bare

if TYPE_CHECKING:
    from pipelines.blocks import Frame, Segment

LINKED = 0.2
"""Share of a container's text in links from which it is a list, not a part of the body."""
QUOTE_CHARS = 25
"""A block of fewer characters may well stand in a longer one by chance."""
MAX_QUOTE_CHARS = 300
"""A pull quote has fewer characters."""
BOX_BLOCKS = 2
"""Most blocks in the box of a pull quote: its words, and who said them."""
PART_ODDS = 0.15
"""Mean likelihood from which the prose of a part is the article's."""
RUN_ODDS = 0.3
"""Likelihood from which a block in a run of kept blocks is kept too."""
RUN_BLOCKS = 3
"""Kept blocks in a container that make a run."""
NOTICE_CHARS = 120
"""A notice has fewer characters."""
_NOTICE = re.compile(
    r"(?:posts?|updates?|entries)\b.*\b(?:added|appears?|shown|newest|latest)\b.*\b(?:top|first)\b|"
    r"this (?:page|blog) (?:updates|refreshes)\b|"
    r"neueste (?:beitr[aä]ge|eintr[aä]ge) (?:zuerst|oben)|les plus r[eé]cents? (?:en haut|d.abord)",
    re.I,
)
"""How a live blog says in which order it is to be read."""
_LISTED = re.compile(r"\s[*•·|▪–—]\s|\n")


Twins = tuple[int, str, str]
"""What containers of one kind have in common: parent, tag and class."""


def enclosed(segments: Sequence[Segment], kept: Sequence[bool]) -> Iterator[int]:
    """Yield paragraphs between the article's first and last in one kind of container: a body that adverts cut into sibling containers."""
    spans: dict[Twins, tuple[int, int]] = {}
    left: list[tuple[int, Twins]] = []
    for i, around, twins in _in_containers(segments):
        if kept[i]:
            spans[twins] = (spans.get(twins, (i, i))[0], i)
        elif around.link_chars < LINKED * around.chars:
            left.append((i, twins))
    for i, twins in left:
        first, last = spans.get(twins, (i, i))
        if first < i < last:
            yield i


def continued(segments: Sequence[Segment], kept: Sequence[bool], odds: Sequence[float]) -> Iterator[int]:
    """Yield the prose of containers that follow one of the article's, are of its kind and hold no links: the rest of a body in parts.

    trafilatura often takes the first part alone, and the judge, who hears it, is then in doubt of the others.
    """
    last: dict[Twins, int] = {}
    parts: dict[int, tuple[Twins, list[int]]] = {}
    for i, around, twins in _in_containers(segments):
        parts.setdefault(around.serial, (twins, []))[1].append(i)
        if kept[i]:
            last[twins] = i
    for twins, prose in parts.values():
        after = prose[0] > last.get(twins, len(segments))
        if (
            after
            and not any(segments[i].links for i in prose)
            and sum(odds[i] for i in prose) >= PART_ODDS * len(prose)
        ):
            yield from prose


def _in_containers(segments: Sequence[Segment]) -> Iterator[tuple[int, Frame, Twins]]:
    """The prose that stands in a container of a kind: its index, the container, and what that has in common with others."""
    for i, segment in enumerate(segments):
        around = segment.frame.parent
        twins = _twins(around)
        if around is not None and twins is not None and segment.tag not in HEADINGS and segment.is_prose:
            yield i, around, twins


def _twins(frame: Frame | None) -> Twins | None:
    if frame is None or frame.parent is None or frame.hidden:
        return None
    name = " ".join((frame.element.get("class") or "").split())
    return (frame.parent.serial, frame.tag, name) if name else None


def tabled(segments: Sequence[Segment], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the rows of tables that stand between paragraphs of the article."""
    tables: dict[int, tuple[Frame, list[int]]] = {}
    for i, segment in enumerate(segments):
        table = _table(segment.frame) if segment.tag == "tr" else None
        if table is not None:
            tables.setdefault(table.serial, (table, []))[1].append(i)
    for table, rows in tables.values():
        around = table.parent
        if around is None or table.link_chars >= LINKED * max(1, table.chars):
            continue
        before = any(kept[i] and segments[i].is_prose for i in range(around.start, rows[0]))
        after = any(kept[i] and segments[i].is_prose for i in range(rows[-1] + 1, around.end))
        if before and after:
            yield from (i for i in rows if not kept[i])


def _table(frame: Frame) -> Frame | None:
    up: Frame | None = frame
    for _ in range(4):
        if up is None or up.tag == "table":
            return up
        up = up.parent
    return None


def in_the_run(segments: Sequence[Segment], kept: Sequence[bool], odds: Sequence[float]) -> Iterator[int]:
    """Yield blocks that the judge was not sure of in the midst, or at an end, of a run of kept blocks of one container."""
    sure = Counter(
        s.frame.parent.serial for s, k in zip(segments, kept, strict=True) if k and s.frame.parent is not None
    )
    for i, segment in enumerate(segments):
        around = segment.frame.parent
        if kept[i] or around is None or odds[i] < RUN_ODDS or segment.link_chars or sure[around.serial] < RUN_BLOCKS:
            continue
        if segment.tag in HEADINGS:
            continue  # a heading is told by what follows it
        beside = [j for j in (i - 1, i + 1) if 0 <= j < len(segments) and segments[j].frame.parent is around]
        if any(kept[j] for j in beside):
            yield i


def headed(segments: Sequence[Segment], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the short line above a container's first paragraph if other short lines of it, set alike, are kept: headings by their place."""
    lines = Counter(
        (s.frame.parent.serial, s.tag)
        for s, k in zip(segments, kept, strict=True)
        if k and not s.is_prose and s.frame.parent is not None
    )
    for i, segment in enumerate(segments[:-1]):
        around, after = segment.frame.parent, segments[i + 1]
        if kept[i] or around is None or around.start != i or segment.is_prose or segment.link_chars:
            continue
        if kept[i + 1] and after.is_prose and after.frame.parent is around and lines[around.serial, segment.tag] > 1:
            yield i


def of_headlines(segments: Sequence[Segment], kept: Sequence[bool], knows: Callable[[str], bool]) -> Iterator[int]:
    """Yield kept blocks that list headlines of the site's other articles: "In brief: * one * another"."""
    for i, segment in enumerate(segments):
        if kept[i]:
            parts = [part.strip() for part in _LISTED.split(segment.text)]
            if sum(knows(part) for part in parts if part) > 1:
                yield i


def notices(segments: Sequence[Segment], kept: Sequence[bool]) -> Iterator[int]:
    """Yield kept blocks that only say how the page is to be read."""
    for i, segment in enumerate(segments):
        if kept[i] and segment.chars < NOTICE_CHARS and segment.tag not in HEADINGS and _NOTICE.search(segment.text):
            yield i


def quoted(segments: Sequence[Segment], kept: Sequence[bool]) -> Iterator[int]:
    """Yield kept blocks that stand in a box of their own and whose words stand within a longer kept block."""
    words = {i: bare(segment.text) for i, segment in enumerate(segments) if kept[i]}
    everything = "\n".join(words.values())
    for i, text in words.items():
        segment = segments[i]
        if segment.tag in HEADINGS or segment.tag == "tr" or segment.marker:
            continue
        around = segment.frame.parent
        alone = around is not None and around.end - around.start <= BOX_BLOCKS
        if alone and QUOTE_CHARS <= len(text) < MAX_QUOTE_CHARS and everything.count(text) > 1:
            yield i
