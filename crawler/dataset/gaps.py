"""Gaps: days on which a site gave no row, each with its reason. Pure.

Owns the reasons, from the runs, the captures that were left out, and the addresses that failed. A day is UTC.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from crawler.errors import Exit

Why = Literal["left-out", "no-run", "unfinished", "run-failed", "all-failed", "nothing-new"]
REASONS: dict[Why, str] = {
    "left-out": "captures were made, and the filters left them out",
    "no-run": "no run began that day",
    "unfinished": "a run began and has no end: it was killed, or goes on still",
    "run-failed": "every run of that day ended badly",
    "all-failed": "a run ended well; every page that it tried failed",
    "nothing-new": "a run ended well and found nothing new",
}
_WELL = (Exit.DONE, Exit.DEGRADED, Exit.PARTIAL)
_LONGEST = 20_000
"""Days looked at, at most: a capture dated 1970 by a wrong clock must not make an endless list."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row on which a site gave no row, for one reason."""

    site: str
    first: str
    """Day, ``YYYY-MM-DD``."""
    last: str
    days: int
    why: Why
    detail: str | None
    """The exit codes of that day's runs, where they say more."""


def gaps(
    captured: Mapping[tuple[str, str], int],
    left_out: Mapping[tuple[str, str], int],
    failed: Mapping[tuple[str, str], int],
    runs: Iterable[Mapping[str, Any]],
    *,
    first: str | None = None,
    last: str | None = None,
) -> list[Gap]:
    """Find the days without a row, site by site, from its first capture or run to its last.

    Args:
        captured, left_out, failed: rows of the export, captures that the filters left out, and failures, by site and day.
        runs: as ``provenance.runs_of`` gives them.
        first, last: days between which to look; None for those of the site.
    """
    by_day: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for run in runs:
        by_day[run["site"], run["started_at"][:10]].append(run)
    days: dict[str, list[str]] = defaultdict(list)
    for site, day in (*captured, *left_out, *by_day):
        if (first is None or day >= first) and (last is None or day <= last):
            days[site].append(day)
    found = []
    for site in sorted(days):
        bare = (
            (day, *_why(site, day, left_out, failed, by_day))
            for day in _days(first or min(days[site]), last or max(days[site]))
            if not captured.get((site, day))
        )
        found += _spans(site, bare)
    return found


def _why(
    site: str,
    day: str,
    left_out: Mapping[tuple[str, str], int],
    failed: Mapping[tuple[str, str], int],
    runs: Mapping[tuple[str, str], list[Mapping[str, Any]]],
) -> tuple[Why, str | None]:
    if left_out.get((site, day)):
        return "left-out", None
    codes = Counter(run["exit_code"] for run in runs.get((site, day), []))
    if not codes:
        return "no-run", None
    bad = ", ".join(f"exit {code} ({_name(code)})" for code in sorted(codes.keys() - {None, *_WELL}))
    if not codes.keys() & set(_WELL):
        return ("run-failed", bad) if bad else ("unfinished", None)
    return "all-failed" if failed.get((site, day)) else "nothing-new", bad or None


def _name(code: int) -> str:
    return Exit(code).name.lower() if code in Exit.__members__.values() else "unknown"


def _days(first: str, last: str) -> Iterator[str]:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    for _ in range(min((end - day).days + 1, _LONGEST)):
        yield day.isoformat()
        day += timedelta(days=1)


def _spans(site: str, days: Iterable[tuple[str, Why, str | None]]) -> list[Gap]:
    spans: list[Gap] = []
    for day, why, detail in days:
        before = spans[-1] if spans else None
        if before and (before.why, before.detail) == (why, detail) and _next(before.last) == day:
            spans[-1] = Gap(site, before.first, day, before.days + 1, why, detail)
        else:
            spans.append(Gap(site, day, day, 1, why, detail))
    return spans


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
