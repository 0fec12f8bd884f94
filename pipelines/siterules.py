"""A site's own rules, laid over the blocks of a page: which are the article, which are furniture, each with the rule's name as its reason.

Owns how selectors and patterns of the site's YAML are applied; what they may say is checked in ``crawler.config``. A rule that fits nothing
does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from lxml.cssselect import CSSSelector

from crawler.record import BlockKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from crawler.config import ExtractRules
    from pipelines.blocks import Frame, Segment


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule says of a block."""

    kept: bool
    """Whether it is part of the article."""
    reason: str
    """``include``, ``exclude``, ``outside``, or the id of a chrome rule."""
    kind: BlockKind | None = None
    """Kind that a chrome rule gives."""


def rulings(rules: ExtractRules | None, tree: HtmlElement, segments: Sequence[Segment]) -> list[Ruling | None]:
    """Return what the site's rules say of each block; None where they say nothing. Chrome rules win over exclude, exclude over include."""
    found: list[Ruling | None] = [None] * len(segments)
    if rules is None or not (rules.include or rules.exclude or rules.chrome):
        return found
    included = _matched(tree, rules.include)
    excluded = _matched(tree, rules.exclude)
    chrome = [
        (rule, _matched(tree, [rule.css]) if rule.css else None, _pattern(rule.text) if rule.text else None)
        for rule in rules.chrome
    ]
    for i, segment in enumerate(segments):
        around = _around(segment.frame)
        if included:
            found[i] = Ruling(True, "include") if not included.isdisjoint(around) else Ruling(False, "outside")
        if excluded and not excluded.isdisjoint(around):
            found[i] = Ruling(False, "exclude")
        for rule, elements, pattern in chrome:
            placed = elements is None or not elements.isdisjoint(around)
            if placed and (pattern is None or pattern.search(segment.text)):
                found[i] = Ruling(False, rule.id, rule.kind)
                break
    return found


def _matched(tree: HtmlElement, selectors: Iterable[str]) -> set[HtmlElement]:
    found: set[HtmlElement] = set()
    for selector in selectors:
        found.update(cast("list[HtmlElement]", _selector(selector)(tree)))
    return found


def _around(frame: Frame | None) -> set[HtmlElement]:
    around = set()
    while frame is not None:
        around.add(frame.element)
        frame = frame.parent
    return around


@lru_cache(maxsize=500)
def _selector(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


@lru_cache(maxsize=500)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
