"""Due: which sites are to be crawled now, by their schedule and by when they were last. Reads ledgers, never writes one.

A clock that jumps, or a machine that slept, makes a site due once, not once for each time it missed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.config import SiteConfig
from crawler.config.when import zone_of
from crawler.errors import INTERRUPTIONS
from crawler.layout import SiteLayout
from crawler.ledger import Ledger, RunState


def is_due(site: SiteConfig, last: RunState | None, now: datetime) -> bool:
    """Whether a site's schedule asks for a run now.

    Args:
        site: its configuration; one without a schedule is never due.
        last: its last crawl.
        now: the time.
    """
    every = site.schedule.every
    if every is None:
        return False
    if last is None or last.exit_code in INTERRUPTIONS or last.ended_at is None:
        return True  # one that died is taken up again; one that is still at work holds the site's lock
    began = datetime.fromisoformat(last.started_at)
    if began > now:
        return True  # the clock was set back: what it showed then says nothing
    if every.interval is not None and now - began < timedelta(seconds=every.interval / 2):
        return False  # asked for by hand, or late: the next time is soon enough
    return began < every.last(now, zone_of(site.schedule.timezone or site.timezone))


def last_crawl(layout: SiteLayout) -> RunState | None:
    """The last crawl of a site, by the order in which they were begun and not by what their clock said; None if there was none.

    Raises:
        StorageError: the ledger cannot be read.
    """
    if not layout.ledger.exists():
        return None
    ledger = Ledger(layout.ledger, read_only=True)
    try:
        return ledger.last_run("crawl")
    finally:
        ledger.close()
