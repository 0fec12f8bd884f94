"""An alarm, and what of a run it is judged by: plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.config import Expect
from crawler.report.discovery import SourceEvent
from crawler.report.numbers import Counter, Measured
from crawler.report.watched import Watched

Kind = Literal[
    "few-articles", "short-text", "fields-missing", "no-text", "failures", "blocked", "many-gone", "stale", "source", "layout"
]  # fmt: skip
Cause = Literal["layout", "block-page", "source", "server", "site", "unknown"]

MIN_PAGES = 5
"""Pages of which a share means something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that a person has to look at."""

    kind: Kind
    """What is wrong: `few-articles`, `short-text`, `fields-missing`, `no-text` (pages archived, no article in them), `failures`, `blocked`,
    `many-gone` (of known articles), `stale` (nothing new for longer than `expect.max_age`), `source`, `layout`."""
    message: str
    """What is wrong, in one sentence, with figures."""
    cause: Cause
    """What is likely behind it: the site's `layout` changed, a `block-page`, a `source` that moved or went, its `server`, the `site` as a
    whole (moved, closed), or `unknown`."""
    url: str | None
    """The first bad URL; null if none can be named."""
    advice: str
    """What to try."""
    first: bool = True
    """Whether the run before this one did not have it."""
    degrades: bool = True
    """Whether the run ends with exit code 4 for it; a source that has moved and was followed is only told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One run of one site, as the alarms see it."""

    site: str
    now: datetime
    counter: Counter
    """What the run gave."""
    watched: Watched
    """What became of known articles."""
    past: Sequence[Measured]
    """The runs before it, in order."""
    expect: Expect
    """What the site's YAML expects."""
    events: Sequence[SourceEvent] = ()
    """What befell its sources."""
    refused: bool = False
    """Whether so many requests in a row were refused that the run ended there."""
    shut: Sequence[str] = ()
    """The sources, if none was read and the server refused each of them."""
    left_out: int | None = None
    """How many addresses were ever found, if sources were read and not one address was ever taken; None if one was, or none was read."""
