"""What an answer means for a source's health: when it is due again, what an error weighs, when it is given up, moved, gone or quiet.

Pure: one health and one answer in, the new health and what befell the source out. The weights are Media Cloud's; the mean time between
two changes and its deviation are smoothed as TCP smooths those of round trips (RFC 6298, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from crawler.config import Polling
from crawler.errors import Reason
from crawler.ledger import SourceHealth
from crawler.record import utc
from crawler.report.discovery import EventKind
from spiders.dates import read_date

Weight = Literal["hard", "soft", "temporary"]
WEIGHTS: dict[Weight, float] = {"hard": 1.0, "soft": 0.5, "temporary": 0.25}
"""What an error of each kind adds."""
COUNTED_EVERY = timedelta(hours=6)
"""Errors of one source that come closer together count as one: a crawl every quarter of an hour must not give up what a reboot broke."""
FIRST_INTERVAL = 3600.0
"""Seconds after which a source is due that was read once."""
_KNOWN_CHANGES = 3
"""Changes after which a source's rhythm is known."""
_SURE = 0.011
"""Chance that a source is merely late, below which it is quiet."""
_LONGEST_PAUSE = 7
"""Pauses after which a source that stays broken is tried, at most: each pause is one longer than the last."""

_HARD = frozenset({"gone", "wrong-kind"})
_TEMPORARY = frozenset({
    Reason.DNS_FAILED, Reason.CONNECT_FAILED, Reason.TIMEOUT, Reason.DISCONNECTED, Reason.HTTP_ERROR, Reason.ROBOTS_UNAVAILABLE,
    Reason.INTERRUPTED,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of asking a source once."""

    at: datetime
    kind: str | None = None
    """What it turned out to be; None if that cannot be said."""
    problem: str | None = None
    """A slug and, after ``: ``, words; None if it was read, or has not changed."""
    fingerprint: str | None = None
    """Digest of what it named; None if that is as before (304)."""
    listed: str | None = None
    """Its ``lastmod`` in the index that led to it."""
    moved_to: str | None = None
    """Where permanent redirects led."""


def trouble_of(problem: str) -> EventKind:
    """The kind of event that a problem is."""
    slug = problem.partition(":")[0]
    if slug == Reason.NOT_FOUND:
        return "gone"
    return "wrong-kind" if slug in ("wrong-kind", "not-a-feed", "not-a-sitemap") else "error"


def weight_of(problem: str) -> Weight:
    """How grave a problem is: temporary passes by itself, hard never does, soft may."""
    slug = problem.partition(":")[0]
    if slug in _TEMPORARY or "status 429" in problem:
        return "temporary"
    return "hard" if trouble_of(problem) in _HARD else "soft"


def after(health: SourceHealth, answer: Answer, polling: Polling) -> SourceHealth:
    """The health of a source after an answer. ``trouble`` is what is in force now; ``quiet`` is judged at the end of a run."""
    health = replace(health, kind=answer.kind or health.kind)
    if answer.problem is not None:
        return _after_error(health, answer, polling)
    was_quiet = health.trouble == "quiet"
    changed = answer.fingerprint is not None and answer.fingerprint != health.fingerprint
    well = replace(
        replace(touched(health, answer.at), fingerprint=answer.fingerprint) if changed else health,
        standing="unchanged" if answer.fingerprint is None else "read",
        ok_at=utc(answer.at),
        weight=0.0,
        weighed_at=None,
        given_up_until=None,
        interval=_interval(health, polling, changed=changed),
        listed=answer.listed or (None if answer.fingerprint is not None else health.listed),
        lastmod_trusted=health.lastmod_trusted
        and not (changed and bool(health.fingerprint) and bool(answer.listed) and answer.listed == health.listed),
    )
    well = replace(well, due_at=utc(answer.at + timedelta(seconds=well.interval or 0)))
    if answer.moved_to:
        return _troubled(well, "moved", f"it has moved to {answer.moved_to} for good", health.ok_at, answer.at)
    if was_quiet and not changed:
        return well
    return replace(well, trouble=None, trouble_since=None, trouble_detail=None)


def _after_error(health: SourceHealth, answer: Answer, polling: Polling) -> SourceHealth:
    assert answer.problem is not None
    counted = health.weighed_at is None or answer.at - datetime.fromisoformat(health.weighed_at) >= COUNTED_EVERY
    weight = health.weight + (WEIGHTS[weight_of(answer.problem)] if counted else 0)
    interval = min(max(health.interval or FIRST_INTERVAL, polling.least) * 2, longest(health.kind, polling))
    bad = replace(
        health,
        standing="failed",
        weight=weight,
        weighed_at=utc(answer.at) if counted else health.weighed_at,
        interval=interval,
        due_at=utc(answer.at + timedelta(seconds=interval)),
    )
    detail = f"{answer.problem}; permanent redirects led to {answer.moved_to}" if answer.moved_to else answer.problem
    bad = _troubled(bad, trouble_of(answer.problem), detail, health.ok_at, answer.at)
    if weight < polling.give_up:
        return bad
    pauses = min(1 + int(weight - polling.give_up), _LONGEST_PAUSE)
    until = utc(answer.at + timedelta(seconds=pauses * polling.pause))
    return replace(bad, given_up_until=until, due_at=until)


def _troubled(health: SourceHealth, trouble: EventKind, detail: str, ok_at: str | None, at: datetime) -> SourceHealth:
    since = health.trouble_since if health.trouble == trouble else ok_at or utc(at)
    return replace(health, trouble=trouble, trouble_since=since, trouble_detail=detail[:500])


def touched(health: SourceHealth, at: datetime) -> SourceHealth:
    """Count a change, and learn how far changes lie apart; the first reading is none."""
    changed = replace(health, changed_at=utc(at))
    if health.changed_at is None:
        return changed
    gap = (at - datetime.fromisoformat(health.changed_at)).total_seconds()
    mean, deviation = health.gap, health.deviation
    if mean is None or deviation is None:
        return replace(changed, changes=1, gap=gap, deviation=0.0)
    return replace(
        changed,
        changes=health.changes + 1,
        gap=mean + (gap - mean) / 8,
        deviation=deviation + (abs(gap - mean) - deviation) / 4,
    )


def _interval(health: SourceHealth, polling: Polling, *, changed: bool) -> float:
    """Seconds until it is due: halved when it has changed, half as long again when not, within the bounds.

    Where its rhythm is known, it is never left for more than two of its usual gaps: a feed that slept by night is read in the morning.
    """
    last = health.interval
    wanted = FIRST_INTERVAL if last is None else last / 2 if changed else last * 1.5
    most = longest(health.kind, polling)
    if health.gap is not None and health.changes >= _KNOWN_CHANGES:
        most = min(most, 2 * health.gap)
    return max(min(wanted, most), polling.least)


def longest(kind: str, polling: Polling) -> float:
    """Longest time between two readings of a source of a kind, in seconds."""
    by_kind = {"feed": polling.feeds, "news_sitemap": polling.news_sitemaps, "sitemap": polling.sitemaps}
    return by_kind.get(kind, polling.sections)


def is_given_up(health: SourceHealth | None, at: datetime) -> bool:
    """Whether a source is left alone for now."""
    return bool(health is not None and health.given_up_until and at < datetime.fromisoformat(health.given_up_until))


def is_due(health: SourceHealth | None, at: datetime) -> bool:
    """Whether a source is to be asked where only what is due is."""
    return health is None or health.due_at is None or at >= datetime.fromisoformat(health.due_at)


def is_as_listed(health: SourceHealth | None, listed: str | None, polling: Polling, at: datetime) -> bool:
    """Whether a sitemap was read since its index says that it last changed, so that it need not be asked for.

    Only if the index has always been right, the date is the one it had then, and all of it (a day, if there is no more) lay behind us
    when the sitemap was read; and never for longer than ``polling.sitemaps``.
    """
    if health is None or listed is None or health.listed != listed or not health.lastmod_trusted:
        return False
    if health.trouble not in (None, "quiet", "moved") or health.ok_at is None:
        return False
    date, read = read_date(listed), datetime.fromisoformat(health.ok_at)
    if date is None or (at - read).total_seconds() >= polling.sitemaps:
        return False
    return date + (timedelta(days=2) if len(listed.strip()) <= len("2026-11-25") else timedelta()) < read


def judged_quiet(health: SourceHealth, *, share: float, missed: int, at: datetime) -> SourceHealth:
    """Say of a source that is well whether it went quiet: it names nothing new, while others do.

    Args:
        share: part of the recent articles that it named.
        missed: articles that others named since it last changed, and it did not.
    """
    if health.standing not in ("read", "unchanged") or health.trouble not in (None, "quiet") or not health.changed_at:
        return health
    if health.gap is None or health.deviation is None or health.changes < _KNOWN_CHANGES:
        return health
    silent = (at - datetime.fromisoformat(health.changed_at)).total_seconds()
    late = silent >= max(0.9 * health.gap + 4 * health.deviation, FIRST_INTERVAL)
    if not (late and (1 - min(share, 0.9)) ** missed <= _SURE):
        return replace(health, trouble=None, trouble_since=None, trouble_detail=None)
    detail = f"nothing new since {health.changed_at}, while {missed} articles were found elsewhere"
    return replace(_troubled(health, "quiet", detail, health.changed_at, at), standing="quiet")
