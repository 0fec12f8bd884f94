"""A trial of rules: what a site's rows would be with some rules more, beside what they are without them. Pure: nothing is kept.

Owns the comparison of one page's two results and their sum over many; never decides whether a rule is good.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.config import ExtractRules
from pipelines.derive import Derived


def with_rules(rules: ExtractRules, more: ExtractRules) -> ExtractRules:
    """``rules`` with those of ``more`` added; a chrome rule of the same id takes the place of the old one."""
    new = {rule.id for rule in more.chrome}
    return dataclasses.replace(
        rules,
        include=rules.include + more.include,
        exclude=rules.exclude + more.exclude,
        chrome=more.chrome + tuple(rule for rule in rules.chrome if rule.id not in new),
        timezone=more.timezone or rules.timezone,
        language=more.language or rules.language,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the rules on trial do to one page."""

    lost: tuple[str, ...]
    """Blocks that leave the text, in order."""
    gained: tuple[str, ...]
    """Blocks that come into it."""
    named: int
    """Blocks that were out of the text already and would be named by another reason or kind."""
    verdict: tuple[str | None, str | None]
    """Why the page gives no row, before and after; None if it gives one."""

    def __bool__(self) -> bool:
        return bool(self.lost or self.gained or self.named or self.verdict[0] != self.verdict[1])

    def lines(self) -> Iterator[str]:
        """The change as a diff has it."""
        if self.verdict[0] != self.verdict[1]:
            yield f"! {self.verdict[0] or 'an article'} becomes {self.verdict[1] or 'an article'}"
        yield from (f"- {' '.join(text.split())}" for text in self.lost)
        yield from (f"+ {' '.join(text.split())}" for text in self.gained)
        if self.named:
            yield f"= {self.named} removed blocks get another name"


def compare(before: Derived, after: Derived) -> Change:
    """Compare a page's results without and with the rules."""
    old, new = _text(before), _text(after)
    lost, gained = Counter(old) - Counter(new), Counter(new) - Counter(old)
    names = Counter((block.path, block.text, block.kind, block.reason) for block in before.blocks)
    others = Counter((block.path, block.text, block.kind, block.reason) for block in after.blocks)
    named = max(0, (others - names).total() - lost.total())
    return Change(
        lost=tuple(_taken(old, lost)),
        gained=tuple(_taken(new, gained)),
        named=named,
        verdict=(before.verdict, after.verdict),
    )


def _text(derived: Derived) -> list[str]:
    return derived.article.text.split("\n\n") if derived.article else []


def _taken(texts: list[str], wanted: Counter[str]) -> Iterator[str]:
    for text in texts:
        if wanted[text]:
            wanted[text] -= 1
            yield text
