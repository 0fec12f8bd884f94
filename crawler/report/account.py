"""The account of a site for people: its last run in full, the runs before it, and its days. Reads the ledger; never writes.

Owns what is told. How it looks is ``account_text`` and ``account_html``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crawler.errors import Exit, UsageError
from crawler.layout import SiteLayout
from crawler.ledger import Ledger, RunState
from crawler.report.numbers import Measured, Numbers, pooled

DAYS = 30
"""Days that are shown."""
_RUNS = 12
"""Runs before the last one that are shown."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a site, UTC."""

    day: date
    numbers: Numbers | None
    """None if there was no run."""


@dataclass(frozen=True, slots=True)
class SiteAccount:
    """What is told of a site."""

    site: str
    run: RunState | None
    """The run that is told in full: the last one that is over, or the one asked for."""
    runs: list[RunState]
    """Runs that are told in a line, the last one first."""
    days: list[Day]
    """The last days, the oldest first."""

    @property
    def report(self) -> dict[str, Any]:
        """The run's report; empty if there is none."""
        return (self.run.summary if self.run else None) or {}

    def to_dict(self) -> dict[str, Any]:
        """As JSON-able values."""
        days = [{"day": f"{day.day}", "numbers": asdict(day.numbers) if day.numbers else None} for day in self.days]
        runs = [{key: value for key, value in asdict(run).items() if key != "summary"} for run in self.runs]
        return {"site": self.site, "run": asdict(self.run) if self.run else None, "runs": runs, "days": days}


def account(layout: SiteLayout, now: datetime, run_id: str | None = None) -> SiteAccount:
    """Gather what is told of a site.

    Args:
        layout: the site.
        now: the time.
        run_id: the run that is told in full; None for the last one.

    Raises:
        UsageError: there is no such run. StorageError: the ledger cannot be read.
    """
    ledger = Ledger(layout.ledger, read_only=True)
    try:
        runs = ledger.runs() if run_id else ledger.runs(_RUNS + 1)
        since = (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
        measured = [Measured(at, Numbers.from_json(text)) for at, text in ledger.numbers(since)]
    finally:
        ledger.close()
    chosen = next((run for run in runs if (run.run_id == run_id if run_id else run.summary)), None)
    if run_id and chosen is None:
        raise UsageError(
            f"{layout.site} has no run {run_id}", hint=f"'pressmark status {layout.site}' lists its last runs."
        )
    by_day: dict[date, list[Measured]] = {}
    for each in measured:
        by_day.setdefault(each.at.date(), []).append(each)
    dates = (since.date() + timedelta(days=n) for n in range(DAYS))
    days = [Day(day, pooled(by_day[day]) if day in by_day else None) for day in dates]
    return SiteAccount(layout.site, chosen, runs[:_RUNS], days)


def code_name(code: int | None) -> str:
    """An exit code with its name."""
    try:
        return "running" if code is None else f"{code} {Exit(code).name.lower()}"
    except ValueError:
        return str(code)
