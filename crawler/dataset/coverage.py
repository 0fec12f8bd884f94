"""Coverage: rows by site and time, in so few steps that a picture can show them, with the reason where there are none. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.dataset.gaps import Gap, Why

_STEPS = (("day", 1), ("week", 7), ("month", 31), ("quarter", 92), ("year", 366))
_GRAVEST: tuple[Why, ...] = ("run-failed", "unfinished", "all-failed", "no-run", "left-out", "nothing-new")


@dataclass(frozen=True, slots=True)
class Axis:
    """Time in equal steps."""

    step: str
    """day, week, month, quarter or year."""
    starts: tuple[str, ...]
    """First day of each step, ``YYYY-MM-DD``."""
    end: str
    """Last day of the last step."""

    def place(self, day: str) -> int:
        """Number of the step that a day lies in; those before the first are in it, those after the last in that."""
        return max(0, bisect_right(self.starts, day) - 1)

    def label(self, place: int) -> str:
        """A step for people."""
        start = self.starts[place]
        if self.step == "day":
            return start
        if self.step == "month":
            return start[:7]
        if self.step == "year":
            return start[:4]
        return f"{self.step} of {start}"


def axis(first: str, last: str, most: int = 190) -> Axis:
    """Divide the days from ``first`` to ``last`` into at most ``most`` steps (more only of years)."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (end - begin).days + 1
    step = next((name for name, length in _STEPS if days <= most * length), "year")
    starts = [_start(begin, step)]
    while (following := _next(starts[-1], step)) <= end:
        starts.append(following)
    return Axis(step, tuple(start.isoformat() for start in starts), last)


def _start(day: date, step: str) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    if step == "month":
        return day.replace(day=1)
    if step == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if step == "year" else day


def _next(day: date, step: str) -> date:
    if step in ("day", "week"):
        return day + timedelta(days=1 if step == "day" else 7)
    months = {"month": 1, "quarter": 3, "year": 12}[step]
    month = day.month - 1 + months
    return day.replace(year=day.year + month // 12, month=month % 12 + 1)


def rows_by_step(counts: Mapping[str, int], time: Axis) -> list[int]:
    """Rows by day, added up by step."""
    found = [0] * len(time.starts)
    for day, number in counts.items():
        found[time.place(day)] += number
    return found


def reasons_by_step(gaps: Iterable[Gap], time: Axis) -> list[Why | None]:
    """Of one site's gaps, the gravest reason in each step; None where there is no gap."""
    found: list[Counter[Why]] = [Counter() for _ in time.starts]
    for gap in gaps:
        for place in range(time.place(gap.first), time.place(gap.last) + 1):
            found[place][gap.why] += 1
    return [next((why for why in _GRAVEST if counts[why]), None) for counts in found]
