"""The witnesses of the body: what other ways of finding an article say of each block of the page.

Owns how trafilatura is asked, on a copy of the one parse, and how its answer is laid over the page's own blocks; and what JSON-LD's
``articleBody`` says of them. A witness votes; ``body`` decides. The text itself is always the page's own.

trafilatura's metadata, comments, fallbacks and duplicate filter are left out: other stages do it better, and its filter remembers pages.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from copy import copy
from typing import TYPE_CHECKING

from trafilatura.htmlprocessing import convert_tags, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.settings import Extractor

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipelines.blocks import Segment

MAX_ELEMENTS = 12_000
"""Trafilatura is asked about pages of up to so many elements: some of its steps are quadratic."""
SHORT = 40
"""A block of fewer characters, white space not counted, must be a whole element of the answer; a longer one may be a part of one."""

_SPACE = re.compile(r"\s+")
_LOG = logging.getLogger("trafilatura")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False


def trafilatura_says(tree: HtmlElement) -> list[str]:
    """Return the texts of the elements that trafilatura takes for the article, in order; [] if it finds none or cannot be asked."""
    options = Extractor(fast=True, comments=False)
    try:
        cleaned = convert_tags(tree_cleaning(copy(tree), options), options, None)
        body, _ = extract_content(cleaned, options)
    except Exception:
        # its handlers are many and the pages are hostile: a witness that falls over has seen nothing
        return []
    return ["".join(str(text) for text in element.itertext()) for element in body]


def agreement(segments: Sequence[Segment], texts: Iterable[str]) -> list[float]:
    """Return for each block how much of it a witness's ``texts`` hold, 0 to 1."""
    said = [_SPACE.sub("", text) for text in texts]
    whole = set(said)
    joined = "\n".join(said)
    votes = []
    for segment in segments:
        text = _SPACE.sub("", segment.text)
        if len(text) < SHORT:
            votes.append(1.0 if text in whole or (len(text) > SHORT // 2 and text in joined) else 0.0)
        elif text in joined:
            votes.append(1.0)
        else:
            pieces = [text[i : i + SHORT // 2] for i in range(0, len(text) - SHORT // 2 + 1, SHORT // 2)]
            votes.append(sum(piece in joined for piece in pieces) / len(pieces))
    return votes
