"""A site's own rules of extraction, as the stages get them. Plain data: hashable, picklable, JSON through ``dataclasses.asdict``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.config.kinds import Css, Language, Regex, Slug, TimeZone
from crawler.record import BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromeRule:
    """One rule for blocks that must never reach an article's text. It has either ``css`` or ``text``."""

    id: Slug
    """Name of the rule: the ``reason`` of each block that it removes. Required."""
    kind: BlockKind
    """Kind of the blocks, as in docs/record.md. Required."""
    css: Css | None = None
    """Selector of the elements, with all that is in them. Default: `null`."""
    text: Regex | None = None
    """Pattern searched in a block's text, white space folded. Default: `null`."""

    def check(self) -> Iterator[tuple[str, str]]:
        """Yield (key, what is wrong) for values that do not fit together."""
        if (self.css is None) == (self.text is None):
            yield "css" if self.css else "id", "a rule has either 'css' or 'text'"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRules:
    """What extraction may know of a site beside its pages. ``ExtractRules()`` is a site of which nothing is known."""

    include: tuple[Css, ...] = ()
    """Elements that hold the article; empty to find them. Default: `[]`."""
    exclude: tuple[Css, ...] = ()
    """Elements within them that are not part of it. Default: `[]`."""
    chrome: tuple[ChromeRule, ...] = ()
    """Blocks that are never text, each with its kind. Default: `[]`."""
    timezone: TimeZone | None = None
    """Zone of dates that are printed without one; null for UTC, and the row then says that the zone is unknown. Default: `null`."""
    language: Language | None = None
    """Language of a page that does not say its own. Default: `null`."""
