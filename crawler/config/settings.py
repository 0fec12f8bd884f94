"""What a site has where its own YAML says nothing: ``defaults.yaml``. Plain data; never reads a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from crawler.config.discovery import Discover, Traps
from crawler.config.site import Ages, Extract, Fetch, Limits, Politeness, Scope, WarcOptions
from crawler.config.watching import Expect, Notify, Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Defaults of all sites, in the sections that a site has."""

    version: Literal[1]
    """Version of this file's form. Required."""
    discover: Discover = field(default_factory=Discover)
    """Where articles are found."""
    scope: Scope = field(default_factory=Scope)
    """Which addresses are articles."""
    limits: Limits = field(default_factory=Limits)
    """How much one run does."""
    traps: Traps = field(default_factory=Traps)
    """Bounds for what links alone name."""
    politeness: Politeness = field(default_factory=Politeness)
    """How the server is treated."""
    fetch: Fetch = field(default_factory=Fetch)
    """How connections are made."""
    extract: Extract = field(default_factory=Extract)
    """How an article is told from its page."""
    recheck: Ages = ()
    """Ages at which known articles are looked at again for edits, counted from their first capture, as `[1h, 6h, 24h, 7d, 30d]`.
    Default: `[]`."""
    expect: Expect = field(default_factory=Expect)
    """What a site should give; less is an alarm."""
    notify: Notify = field(default_factory=Notify)
    """Who is told how a run went."""
    schedule: Schedule = field(default_factory=Schedule)
    """When a site is crawled."""
    warc: WarcOptions = field(default_factory=WarcOptions)
    """The WARC files."""
