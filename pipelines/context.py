"""What the rest of a page says of a block: whether it comes again, shares the page's words, and how many links part it from prose.

Owns these measures; ``evidence`` lists them with the others. None depends on the language of the page: words are what white space parts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from math import log1p
from typing import TYPE_CHECKING

from pipelines.density import HEADINGS

if TYPE_CHECKING:
    from pipelines.blocks import Frame, Segment

TOPIC_CHARS = 4
"""A word that says what a page is about has at least so many characters,"""
TOPIC_BLOCKS = 2
"""and stands in so many blocks of prose."""
PROSE_CHARS = 60
"""Prose of more characters ends a run of links."""
MAX_RUN = 3_000
"""Characters of links from which on more say nothing more."""
_LOOKED_AT = 40
_DIGIT = re.compile(r"\d")

NAMES: tuple[str, ...] = (
    "comes-again", "comes-as-heading", "jumps", "capitals", "digits", "topic", "in-title", "links-before", "links-after", "densest-place",
    "after-picture", "before-picture",
)  # fmt: skip
"""The measures, in order."""


class Context:
    """The measures of one page; what blocks share is worked out once."""

    def __init__(self, segments: Sequence[Segment], good: Sequence[bool], *, title: str, densest: Frame | None) -> None:
        """``good`` says which blocks are prose by their looks, ``title`` what the page calls itself."""
        self._segments = segments
        self._last = {s.text: i for i, s in enumerate(segments)}
        self._last_heading = {s.text: i for i, s in enumerate(segments) if s.tag in HEADINGS}
        self._words = {i: _words(s.text) for i, (s, prose) in enumerate(zip(segments, good, strict=True)) if prose}
        counts = Counter(chain.from_iterable(self._words.values()))
        self._topic = {word for word, n in counts.items() if n >= TOPIC_BLOCKS}
        self._title = _words(title)
        self._densest = densest
        ends = [prose and s.chars > PROSE_CHARS for s, prose in zip(segments, good, strict=True)]
        links = [s.link_chars for s in segments]
        self._before = _runs(zip(links, ends, strict=True))
        self._after = _runs(zip(reversed(links), reversed(ends), strict=True))[::-1]

    def of(self, i: int) -> list[float]:
        """The measures of block ``i``."""
        segment, words, title, densest = self._segments[i], self._words.get(i), self._title, self._densest
        text = segment.text
        if words is None:
            words = _words(text)
        first, begun = text.split(None, _LOOKED_AT)[:_LOOKED_AT], text[:300]
        return [
            self._last[text] > i,
            self._last_heading.get(text, -1) > i,
            segment.jumps / max(1, segment.links),
            sum(word[:1].isupper() for word in first) / len(first),
            len(_DIGIT.findall(begun)) / len(begun),
            len(words & self._topic) / len(words) if words else -0.1,
            len(words & title) / len(title) if title else -0.1,
            self._before[i],
            self._after[i],
            (i - densest.start) / max(1, densest.end - densest.start) if densest else -1.0,
            min(3, segment.pictures),
            min(3, self._segments[i + 1].pictures) if i + 1 < len(self._segments) else 0,
        ]


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in text.casefold().split() if len(word) >= TOPIC_CHARS)


def _runs(blocks: Iterable[tuple[int, bool]]) -> list[float]:
    """For each block, in the logarithm, the characters of links between it and the last prose before it."""
    found, run = [], 0
    for links, ends in blocks:
        found.append(log1p(min(run, MAX_RUN)))
        run = 0 if ends else run + links
    return found
