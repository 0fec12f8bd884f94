"""When: the times at which a site is due, and how they are spelt in YAML.

Owns the forms and what is refused. Pure: the time now comes in. An interval is counted in slots since 1970 (UTC), so that a job that is
started every quarter of an hour finds a site of ``every: 15m`` due each time, early or late by seconds.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import reduce
from math import gcd
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from crawler.config.kinds import DURATION, Kind

FORMS = "write 15m, 6h or 1d; daily at 06:30; mon,thu at 06:00, 18:00; weekdays at 07:00; or five fields as in a crontab: */20 6-22 * * *"
_AT = re.compile(
    r"(daily|weekdays|weekends|(?:mon|tue|wed|thu|fri|sat|sun)(?:, ?(?:mon|tue|wed|thu|fri|sat|sun))*) at (.+)"
)
_DAYS = {"daily": "*", "weekdays": "1-5", "weekends": "6,0"}
_NUMBERS = {name: str(i) for i, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LEAST, _MOST = 60.0, 31 * 86400.0
_TICKS = (60, 30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1)
"""Minutes that a clock's hour can be parted by."""


class Times(NamedTuple):
    """Times at which something is due."""

    text: str
    """As it is written."""
    interval: float | None = None
    """Seconds between two of them; None if they are times of day."""
    crons: tuple[str, ...] = ()
    """Crontab expressions of which any gives a time."""

    def last(self, now: datetime, zone: tzinfo) -> datetime:
        """The latest of the times that is not after ``now``."""
        if self.interval is not None:
            return datetime.fromtimestamp(now.timestamp() // self.interval * self.interval, UTC)
        # a search backwards is strict: the very minute counts too
        at = now.astimezone(zone).replace(second=0, microsecond=0) + timedelta(minutes=1)
        return max(next(CronSim(cron, at, reverse=True)) for cron in self.crons).astimezone(UTC)

    def next(self, now: datetime, zone: tzinfo) -> datetime:
        """The first of the times after ``now``."""
        if self.interval is not None:
            return self.last(now, zone) + timedelta(seconds=self.interval)
        return min(next(CronSim(cron, now.astimezone(zone))) for cron in self.crons).astimezone(UTC)

    @property
    def minutes(self) -> set[int]:
        """Minutes of the hour on which the times fall, as far as a job has to know that is to be started often enough."""
        if self.interval is not None:
            return {max(1, int(self.interval // 60))}
        start = datetime(2026, 1, 1, tzinfo=UTC)
        found: set[int] = set()
        for cron in self.crons:
            times = CronSim(cron, start)
            found |= {next(times).minute for _ in range(60)}
        return found


def tick(every: list[Times]) -> int:
    """How many minutes apart a job must be started so that none of the times is missed by more than that: a divisor of 60."""
    common = reduce(gcd, (minute for times in every for minute in times.minutes), 60)
    return next(minutes for minutes in _TICKS if common % minutes == 0)


def read(text: str) -> Times:
    """Read what is written after ``every:``.

    Raises:
        ValueError: it is none of the forms, never comes, or is absurd.
    """
    if DURATION.pattern and re.fullmatch(DURATION.pattern.strip("^$"), text):
        seconds = float(DURATION.read(text))
        if not _LEAST <= seconds <= _MOST:
            raise ValueError("once a minute at most, once in 31 days at least; " + FORMS)
        return Times(text, interval=seconds)
    if match := _AT.fullmatch(text):
        days = _DAYS.get(match[1]) or ",".join(_NUMBERS[day.strip()] for day in match[1].split(","))
        times = [_TIME.fullmatch(part.strip()) for part in match[2].split(",")]
        found = tuple(f"{int(time[2])} {int(time[1])} * * {days}" for time in times if time)
        if len(found) < len(times):
            raise ValueError("a time of day is written 06:30; " + FORMS)
        return Times(text, crons=found)
    if len(text.split()) != 5:
        raise ValueError(FORMS)
    try:
        next(CronSim(text, datetime(2026, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise ValueError(f"{error}; {FORMS}") from None
    except StopIteration:
        raise ValueError(f"there is no such day; {FORMS}") from None
    return Times(text, crons=(text,))


def zone_of(name: str | None) -> tzinfo:
    """The zone of that name; UTC without one."""
    return ZoneInfo(name) if name else UTC


WHEN = Kind("an interval, times of day, or a crontab's five fields", read, lambda times: str(times.text))
When = Annotated[Times, WHEN]
"""Times at which a site is due."""
