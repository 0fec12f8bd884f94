"""What a site's runs are expected to give, who is told, and when they are due: the sections ``expect``, ``notify`` and ``schedule``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from crawler.config.kinds import Duration, Range, Text, TimeZone, Url
from crawler.config.when import When

Fact = Literal["title", "description", "authors", "section", "language", "published_at", "images"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What the site should give; less is an alarm, and the run ends with exit code 4. What is usual is learnt from its past runs."""

    baseline: bool = True
    """Whether runs are compared with what the site usually gives. Default: `true`."""
    articles_per_day: Annotated[float, Range(0, 1_000_000)] | None = None
    """Fewest new articles in 24 hours; null for what is usual. Default: `null`."""
    words: Annotated[int, Range(1, 100_000)] | None = None
    """Fewest words of the middle one of the new articles; null for what is usual. Default: `null`."""
    fields: tuple[Fact, ...] = ()
    """Fields that new articles have: title, description, authors, section, language, published_at, images. Default: `[]`."""
    coverage: Annotated[float, Range(0, 1)] = 0.9
    """Share of the new articles that must have each of these `fields`. Default: `0.9`."""
    max_age: Annotated[Duration, Range(60, 3650 * 86400)] | None = None
    """Longest time since the newest article; null for any. Default: `null`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Who is told how a run went. That nobody could be told never makes a run fail."""

    ping: Url | None = None
    """Address that is asked for when a run starts (`/start` is added) and ends (`/` and the exit code), the summary as its body, as
    healthchecks.io and its like expect it; null for none. Default: `null`."""
    prometheus: Text | None = None
    """Folder that the textfile collector of Prometheus' node exporter reads; each site has a file in it. Null for none. Default: `null`."""
    command: tuple[Text, ...] = ()
    """Program and its arguments, run after each run with the report as JSON on its standard input; no shell. Default: `[]`."""
    command_when: Literal["always", "alarm", "change"] = "alarm"
    """When `command` runs: after each run, only if the exit code is not 0, or only if it is not the last run's. Default: `alarm`."""
    timeout: Annotated[Duration, Range(1, 600)] = 30.0
    """Longest time for a ping or for `command`. Default: `30s`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When the site is crawled, by `pressmark crawl --due` or by what `pressmark schedule` prints."""

    every: When | None = None
    """`15m`, `6h`, `1d`; `daily at 06:30`; `mon,thu at 06:00, 18:00`; or five fields as in a crontab, `*/20 6-22 * * *`. Null for only
    when asked to. Default: `null`."""
    timezone: TimeZone | None = None
    """Zone of its times of day; null for the site's `timezone`, else UTC. Default: `null`."""
