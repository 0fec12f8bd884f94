"""The baseline: what a site usually gives, from the numbers of its past runs. Pure.

Days are blocks of 24 hours that end now, so that a run at nine is compared with other days at nine. The window lags a week behind where
there is history enough: a slow decline is then still measured against what was before it. Weekdays count apart once each has been seen
three times. Medians and median deviations: one odd day, or the backlog of the first run, moves nothing. Days without a run say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import median

from crawler.report.numbers import Measured, Numbers, pooled

DAY = timedelta(days=1)
WINDOW = 56
"""Days that a baseline looks back."""
LAG = 7
"""Days before now that are left out of it, if enough is left."""
MIN_DAYS = 5
"""Days with runs below which there is no baseline, and no alarm that needs one."""
MIN_LAGGED = 14
"""Days with runs that must lie before the lag; else the window begins yesterday."""
_SAME_WEEKDAY = 3
_ENOUGH = 12.0
"""Articles that must be expected before their absence means anything: a small site is judged over several days."""
_SPANS = (1, 2, 3, 7, 14)
"""Days over which articles are counted; the first that is long enough is taken."""
_SPREAD = 1.4826
"""Median deviation to standard deviation, for what is normally distributed."""


@dataclass(frozen=True, slots=True)
class Expected:
    """How many articles a site usually gives in some days."""

    days: int
    """Days, counted back from now."""
    articles: float
    """Articles in them."""
    least: float
    """Fewer than so many are too few."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a site usually gives."""

    days: dict[int, Numbers]
    """Numbers of each day of the window that had a run, by how many days ago it ended."""
    whole: Numbers
    """All of them as one."""

    def expected(self, now: datetime) -> Expected | None:
        """How many articles there should be, over as many days as it takes to say so; None for a site that gives too few."""
        for span in _SPANS:
            medians, deviations = zip(*(self._of_weekday(ago, now) for ago in range(span)), strict=True)
            articles = sum(medians)
            if articles >= _ENOUGH:
                spread = max(sqrt(articles), _SPREAD * sqrt(sum(d * d for d in deviations)))
                return Expected(span, articles, min(articles / 2, articles - 3 * spread))
        return None

    def _of_weekday(self, ago: int, now: datetime) -> tuple[float, float]:
        """Median and median deviation of the articles of days like the one that ended ``ago`` days ago."""
        weekday = (now - ago * DAY).weekday()
        every = {day: numbers.articles for day, numbers in self.days.items()}
        like = [count for day, count in every.items() if (now - day * DAY).weekday() == weekday]
        counts = like if len(like) >= _SAME_WEEKDAY else list(every.values())
        middle = float(median(counts))
        return middle, float(median(abs(count - middle) for count in counts))

    def share(self, field: str) -> float:
        """Share of the articles that have a field."""
        return self.whole.fields.get(field, 0) / self.whole.articles if self.whole.articles else 0.0


def by_day(runs: Sequence[Measured], now: datetime) -> dict[int, Numbers]:
    """Pool runs by how many days ago their day ended: 0 is the day that ends now."""
    days: dict[int, list[Measured]] = {}
    for run in runs:
        days.setdefault(max(0, (now - run.at) // DAY), []).append(run)
    return {ago: pooled(found) for ago, found in days.items()}


def baseline(runs: Sequence[Measured], now: datetime) -> Baseline | None:
    """The baseline of a site whose past runs are ``runs``, the one that is being judged not among them; None without enough history."""
    days = {ago: numbers for ago, numbers in by_day(runs, now).items() if 1 <= ago <= WINDOW}
    if runs and len(days) > 1:
        # the day of the very first run holds whatever had piled up
        days.pop((now - min(run.at for run in runs)) // DAY, None)
    lagged = {ago: numbers for ago, numbers in days.items() if ago > LAG}
    chosen = lagged if len(lagged) >= MIN_LAGGED else days
    if len(chosen) < MIN_DAYS:
        return None
    return Baseline(chosen, pooled(Measured(now - ago * DAY, numbers) for ago, numbers in chosen.items()))
