"""The witnesses of the body: what other ways of finding an article say of each block of the page.

Owns how trafilatura is asked, on a copy of the one parse, and how its answer is laid over the page's own blocks; and what JSON-LD's
``articleBody`` says of them. A witness votes; ``body`` decides. The text itself is always the page's own.

trafilatura's metadata, comments, fallbacks and duplicate filter are left out: other stages do it better, and its filter remembers pages.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree
from trafilatura.htmlprocessing import convert_tags, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.settings import Extractor

from pipelines.density import densities

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipelines.blocks import Frame, Layout, Segment

MAX_BLOCKS = 3_000
"""Trafilatura is asked about pages of up to so many blocks: some of its steps are quadratic."""
MAX_FRAMES = 12_000
"""And of up to so many frames."""
SHORT = 40
"""A block of fewer characters, white space not counted, must be a whole element of the answer; a longer one may be a part of one."""
PIECE = 20
"""A block that is not whole in the answer is looked for in pieces of so many characters,"""
PIECES = 16
"""and in so many of them, spread over the block."""

LINKED = 0.5
"""A frame without prose whose text is links to so great a part is not shown to trafilatura."""
_BOXES = frozenset(
    {"div", "section", "article", "nav", "aside", "header", "footer", "form", "ul", "ol", "dl", "menu", "table"}
)

_LOG = logging.getLogger("trafilatura")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False


def trafilatura_says(layout: Layout) -> list[str]:
    """Return the texts of the elements that trafilatura takes for the article, in order; [] if it finds none.

    It is shown the smallest frame that holds all prose of the page: less to prune, and less to be led astray by. Where a page is too large
    for it, or where it finds nothing (short pages without one ``<p>``, in scripts that say much in few characters), the frame that holds
    most prose closest to itself speaks in its place.
    """
    large = len(layout.segments) > MAX_BLOCKS or len(layout.frames) > MAX_FRAMES
    found = [] if large else _extracted(layout)
    if any(text.strip() for text in found):
        return found
    densest, _ = densities(layout)
    return [s.text for s in layout.segments[densest.start : densest.end] if s.is_prose] if densest else []


def _extracted(layout: Layout) -> list[str]:
    """What trafilatura itself makes of the page."""
    options = Extractor(fast=True, comments=False)
    frame = _holder(layout)
    holder = frame.element
    # made by the parser of the page, whose elements cost less to touch than lxml.html's
    root, page = holder.makeelement("html"), holder.makeelement("body")
    root.append(page)
    page.append(deepcopy(holder))
    page[0].tail = None
    # all are found before the first goes, for a place is told by numbers of children
    for box in [_at(page[0], place) for place in _silent(layout, frame)]:
        box.drop_tree()
    # most of its time goes into patterns that it tries on the names of each element, and spans part no blocks
    etree.strip_tags(root, "span", "font")
    try:
        found, _ = extract_content(convert_tags(tree_cleaning(root, options), options, None), options)
    except Exception:
        # its handlers are many and the pages are hostile: a witness that falls over has seen nothing
        return []
    return ["".join(str(text) for text in element.itertext()) for element in found]


def _silent(layout: Layout, holder: Frame) -> Iterator[list[int]]:
    """Places of the largest frames in ``holder`` that hold no prose, and nothing much but links: half of a page's elements stand in them.

    A place is the numbers of the children to go down by.
    """
    prose = [0]
    for segment in layout.segments:
        prose.append(prose[-1] + segment.is_prose)
    inside = {holder.serial: True}  # frames in the holder, and whether what stands in them is still looked at
    for frame in layout.frames[holder.serial + 1 :]:
        up = frame.parent
        if up is None or up.serial not in inside:
            break
        silent = (
            frame.tag in _BOXES and prose[frame.end] == prose[frame.start] and frame.link_chars >= LINKED * frame.chars
        )
        if silent and inside[up.serial]:
            place, element = [], frame.element
            while element is not holder.element and (above := element.getparent()) is not None:
                place.append(above.index(element))
                element = above
            yield place[::-1]
        inside[frame.serial] = inside[up.serial] and not silent


def _at(element: HtmlElement, place: Iterable[int]) -> HtmlElement:
    for number in place:
        element = element[number]
    return element


def _holder(layout: Layout) -> Frame:
    """The smallest frame that holds all prose of the page."""
    prose = [i for i, segment in enumerate(layout.segments) if segment.is_prose]
    frame: Frame | None = layout.segments[prose[0]].frame if prose else None
    while frame is not None and not (frame.start <= prose[0] and prose[-1] < frame.end):
        frame = frame.parent
    # a holder that is the paragraph itself would leave trafilatura nothing to find it in
    return frame.parent if frame is not None and frame.parent is not None else layout.frames[0]


def agreement(segments: Sequence[Segment], texts: Iterable[str]) -> list[float]:
    """Return for each block how much of it a witness's ``texts`` hold, 0 to 1."""
    said = ["".join(text.split()) for text in texts]
    whole = set(said)
    joined = "\n".join(said)
    votes = []
    for segment in segments:
        text = "".join(segment.text.split())
        if len(text) < SHORT:
            votes.append(1.0 if text in whole or (len(text) > PIECE and text in joined) else 0.0)
        elif text in joined:
            votes.append(1.0)
        else:
            step = max(PIECE, len(text) // PIECES)
            pieces = [text[i : i + PIECE] for i in range(0, len(text) - PIECE + 1, step)]
            votes.append(sum(piece in joined for piece in pieces) / len(pieces))
    return votes
