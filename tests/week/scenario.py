"""The week: five papers, what befalls each, and what the reports must say in which run, and in no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from .paper import Paper

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)
"""Day 1 of the week."""
RUN_IN = 6
"""Days that the papers were crawled before it."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGINS = MONDAY - RUN_IN * DAY - 2 * DAY


@dataclass
class Told:
    """What a run must say of one site; all of it, and nothing else."""

    alarms: set[str] = field(default_factory=set)
    changed: set[tuple[int, str]] = field(default_factory=set)
    cosmetic: int = 0
    exit_code: int = 0


def at(day: int, hour: int) -> datetime:
    """A time of the week."""
    return MONDAY + (day - 1) * DAY + hour * HOUR


def runs() -> list[datetime]:
    """When the crawler is started: at six and at eighteen hours."""
    return [at(day, hour) for day in range(1 - RUN_IN, 8) for hour in (6, 18)]


def fresh(day: int) -> int:
    """Number of the last article that the run at six hours of a day finds: it is looked at again at eighteen hours."""
    return (at(day, 6) - BEGINS) // Paper(name="x", begins=BEGINS).every


def papers() -> list[Paper]:
    """The papers."""
    edits = {fresh(2): (at(2, 12), "words"), fresh(3): (at(3, 12), "title"), fresh(4): (at(4, 12), "typography")}
    gone = {
        fresh(5): (at(5, 12), 404),
        fresh(6): (at(6, 12), 302),
    }  # said at the second look, in the run after the first
    return [
        Paper(name="steady", begins=BEGINS, edits=edits, gone=gone),
        Paper(name="mover", begins=BEGINS, feed_moves=at(3, 12), feed_goes=at(6, 12)),
        Paper(name="redesigned", begins=BEGINS, redesigned=at(4, 12)),
        Paper(name="walled", begins=BEGINS, walls=(at(5, 12), at(6, 3))),
        Paper(name="stopping", begins=BEGINS, sitemap_stops=at(5, 6)),
    ]


def expected() -> dict[tuple[str, datetime], Told]:
    """What must be told, by paper and run; of all others nothing."""
    told = {
        ("steady", at(2, 18)): Told(changed={(fresh(2), "edited")}),
        ("steady", at(3, 18)): Told(changed={(fresh(3), "edited")}),
        ("steady", at(4, 18)): Told(cosmetic=1),
        ("steady", at(6, 6)): Told(changed={(fresh(5), "gone")}),
        ("steady", at(7, 6)): Told(changed={(fresh(6), "gone")}),
        ("mover", at(3, 18)): Told({"source the feed has moved"}),
        ("mover", at(6, 18)): Told({"source the feed is gone"}, exit_code=4),
        ("redesigned", at(4, 18)): Told({"layout", "short-text", "fields-missing"}, exit_code=4),
        ("walled", at(5, 18)): Told({"blocked"}, exit_code=5),
        ("stopping", at(5, 18)): Told({"source the sitemap names nothing new any more"}, exit_code=4),
    }
    for day in (5, 6, 7):
        for hour in (6, 18):
            told[("redesigned", at(day, hour))] = Told(exit_code=4)  # as long as it is so, and said to be so still
    for hour in (6, 18):
        told[("mover", at(7, hour))] = Told(exit_code=4)
    return told
