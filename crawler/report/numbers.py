"""What a run is measured by: few numbers, kept for each run in the ledger, from which the site's baseline is made.

Owns what is counted. Decides nothing: that is ``baseline`` and ``alarms``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from statistics import median
from typing import Literal, get_args

from crawler.errors import Reason
from crawler.record import Article

Fact = Literal["title", "description", "authors", "section", "language", "published_at", "images"]
FACTS: tuple[Fact, ...] = get_args(Fact)
"""Fields whose coverage is watched."""

_SAMPLES = 200
"""Articles of a run that are remembered for naming the first bad one."""


@dataclass(slots=True, kw_only=True)
class Numbers:
    """One run's numbers; of known articles that were looked at again only what failed counts."""

    articles: int = 0
    """Articles archived."""
    words: float | None = None
    """Median of their words; null if there is none."""
    fields: dict[str, int] = field(default_factory=dict)
    """How many of them have each field."""
    textless: int = 0
    """Pages that were archived and gave no article: `not-article`, `empty`, `extract-failed`, `extract-timeout`."""
    failed: int = 0
    """Pages that could not be had, blocked ones not counted."""
    blocked: int = 0
    """Pages that were refused: a refusing status, a challenge, a consent wall."""
    compared: int = 0
    """Pages whose layout was compared with that of the site's earlier pages; 0 while too few are known."""
    strange: int = 0
    """Those of them whose layout is none of theirs."""
    newest_at: str | None = None
    """The latest `published_at` of an article; null if none gave one."""
    alarms: list[str] = field(default_factory=list)
    """What the run's alarms are called, to tell new ones from old ones."""

    @property
    def pages(self) -> int:
        """Pages that came to an end in the run."""
        return self.articles + self.textless + self.failed + self.blocked

    def to_json(self) -> str:
        """As JSON, without what is nothing."""
        return json.dumps({key: value for key, value in asdict(self).items() if value}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Numbers:
        """Read back what ``to_json`` wrote; keys of a later version are left out."""
        return cls(**{key: value for key, value in json.loads(text).items() if key in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Sample:
    """An article of this run."""

    url: str
    words: int
    lacks: frozenset[str]


@dataclass(slots=True)
class Counter:
    """Counts one run as it goes on."""

    numbers: Numbers = field(default_factory=Numbers)
    samples: list[Sample] = field(default_factory=list)
    """The first articles of the run, in order."""
    first: dict[str, str] = field(default_factory=dict)
    """The first URL of each reason."""
    strange_url: str | None = None
    """The first page whose layout is none that the site's earlier pages have."""
    _words: list[int] = field(default_factory=list)

    def layout(self, url: str, *, fits: bool) -> None:
        """Count a page whose layout was compared with the earlier ones'."""
        self.numbers.compared += 1
        if not fits:
            self.numbers.strange += 1
            self.strange_url = self.strange_url or url

    def article(self, row: Article) -> None:
        """Count an article that was archived."""
        numbers = self.numbers
        numbers.articles += 1
        self._words.append(row.word_count)
        numbers.words = float(median(self._words))
        lacks = frozenset(name for name in FACTS if not getattr(row, name))
        for name in FACTS:
            if name not in lacks:
                numbers.fields[name] = numbers.fields.get(name, 0) + 1
        if row.published_at:
            numbers.newest_at = max(numbers.newest_at or "", row.published_at)
        if len(self.samples) < _SAMPLES:
            self.samples.append(Sample(row.url, row.word_count, lacks))

    def without_article(self, url: str, reason: Reason) -> None:
        """Count a page that ended without one."""
        self.first.setdefault(reason, url)
        if reason is Reason.BLOCKED:
            self.numbers.blocked += 1
        elif reason in (Reason.NOT_ARTICLE, Reason.EMPTY, Reason.EXTRACT_FAILED, Reason.EXTRACT_TIMEOUT):
            self.numbers.textless += 1
        elif reason is not Reason.NOT_HTML:
            self.numbers.failed += 1


@dataclass(frozen=True, slots=True)
class Measured:
    """A run that is over, and its numbers."""

    at: datetime
    numbers: Numbers


def pooled(runs: Iterable[Measured]) -> Numbers:
    """The numbers of several runs as if they were one."""
    total, words = Numbers(), []
    for run in runs:
        one = run.numbers
        total.articles += one.articles
        total.textless += one.textless
        total.failed += one.failed
        total.blocked += one.blocked
        words += [one.words] * one.articles if one.words is not None else []
        for name, count in one.fields.items():
            total.fields[name] = total.fields.get(name, 0) + count
        if one.newest_at:
            total.newest_at = max(total.newest_at or "", one.newest_at)
    total.words = float(median(words)) if words else None
    return total
