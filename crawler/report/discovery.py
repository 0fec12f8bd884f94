"""What discovery accounts for in a run's report: how the sources fared, and what each of them saw and missed. Plain data.

Others build on the names: the alarms turn a SourceEvent into an alarm, ``status`` and ``sites list`` show a SourceAccount.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from crawler.errors import Reason

EventKind = Literal["moved", "gone", "quiet", "error", "wrong-kind", "given-up", "recovered"]
Standing = Literal["read", "unchanged", "failed", "quiet", "given-up", "not-due", "new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEvent:
    """Something that befell a source, and that a person may have to act upon."""

    kind: EventKind
    """``moved``: a permanent redirect was followed. ``gone``: 404 or 410. ``wrong-kind``: HTML came where a feed or a sitemap was expected.
    ``error``: it could not be read, for another reason. ``quiet``: it answers, but names nothing new, while other sources do.
    ``given-up``: so many errors that it is left alone for a while. ``recovered``: it is well again after one of these."""
    url: str
    """Address of the source, as the configuration or its index names it."""
    source: str
    """feed, news_sitemap, sitemap or section."""
    detail: str
    """What exactly happened, for people."""
    first: bool
    """Whether this run is the first in which it is so."""
    configured: bool
    """Whether the site's YAML names the source itself, rather than robots.txt, an index or a list."""
    since: str | None = None
    """When it began: the last time at which all was well."""
    suggestion: str | None = None
    """What to do: a line of YAML, or words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAccount:
    """One source in a run."""

    url: str
    """Its address."""
    source: str
    """feed, news_sitemap, sitemap or section."""
    standing: Standing
    """How it fared in this run."""
    links: int | None = None
    """Pages that it named when it was last read whole."""
    new: int = 0
    """Pages that nobody had named before, of this run."""
    alone: int = 0
    """Articles of the last days that this source named and no source of another kind did."""
    problem: str | None = None
    """What was wrong with it."""
    weight: float = 0.0
    """Weight of its errors since it was last well."""
    ok_at: str | None = None
    """When it was last well."""
    new_at: str | None = None
    """When it last named something new."""
    every: float | None = None
    """Seconds between two readings that named something new, on the average."""
    due_at: str | None = None
    """When it is next asked, where only what is due is asked."""


def refused(sources: Iterable[SourceAccount]) -> list[str]:
    """Addresses of the sources that a run asked for, if the server refused every one of them; else none."""
    asked = [each for each in sources if each.standing in ("read", "unchanged", "failed", "quiet")]
    if any(each.standing != "failed" or not (each.problem or "").startswith(Reason.BLOCKED) for each in asked):
        return []
    return [each.url for each in asked]


def was_read(sources: Iterable[SourceAccount]) -> bool:
    """Whether a run has read one of its sources, or heard that it is as it was."""
    return any(each.standing in ("read", "unchanged", "quiet") for each in sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the sources of one kind saw of some pages."""

    named: int
    """Pages that they named."""
    alone: int
    """Pages that no source of another kind named."""
    missed: int
    """Pages that others named and they did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Pages, and which kinds of source named each."""

    pages: int
    """Pages that the site's scope takes."""
    by: dict[str, Seen]
    """What each kind saw: feed, news_sitemap, sitemap, section (lists and the home page), link (links inside pages)."""
    links_only: int
    """Pages that no feed and no sitemap named: lists and links alone."""
    unlinked: int
    """Pages that feeds or sitemaps named and no list or link did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryAccount:
    """How a run found what it found."""

    new: Reconciliation
    """Pages that were found in this run for the first time."""
    recent: Reconciliation
    """Pages that were found in the last seven days: a slower source has had time to name them too."""
    sources: list[SourceAccount] = field(default_factory=list)
    """Every source that is known, the configured ones first."""
    events: list[SourceEvent] = field(default_factory=list)
    """What befell them in this run."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Addresses that were named in this run and not taken, by reason."""
    asked: int = 0
    """Requests for sources in this run, redirects not counted."""
    conditional: int = 0
    """How many of them were conditional (ETag, Last-Modified)."""
    unchanged: int = 0
    """How many were answered by 304."""
    skipped: int = 0
    """Sitemaps that were not asked for, since their index says that they have not changed since they were last read."""

    def to_dict(self) -> dict[str, Any]:
        """The account as JSON-able values."""
        return asdict(self)
