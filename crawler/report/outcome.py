"""How a run of one site ended: what it archived, what failed and why, and the exit code that says it. Pure: reads the ledger's counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from crawler.errors import NOT_ASKED, Exit, Reason
from crawler.ledger import Ledger
from crawler.record import utc
from crawler.report.alarm import Alarm
from crawler.report.discovery import DiscoveryAccount, refused
from crawler.report.manners import HostManners
from crawler.report.numbers import Numbers
from crawler.report.requests import Requests
from crawler.report.watched import Watched

_BLOCKED = frozenset({Reason.BLOCKED})
_SAYS_NOTHING = frozenset({Reason.BLOCKED, *NOT_ASKED})
"""Reasons beside which a run that gave no article was nothing but refused."""
_POLICY = frozenset({Reason.ROBOTS_DISALLOWED, Reason.PRIVATE_ADDRESS, Reason.BAD_URL, Reason.BAD_REDIRECT})


REPORT_VERSION = "1.0"
"""Version of a report's form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run of one site."""

    schema_version: str = REPORT_VERSION
    """Version of this report's form."""
    site: str
    """Key of the site."""
    run_id: str
    """The run: its folder below `runs/`, and `run_id` of its rows."""
    started_at: str
    """When it began."""
    ended_at: str
    """When it was over."""
    exit_code: int
    """How it ended: the exit code of a process that served this site alone; 128 and its number where a signal ended it."""
    articles: int
    """Rows of articles.jsonl that the run wrote."""
    failed: int
    """URLs that were tried and failed."""
    reasons: dict[str, int]
    """URLs of this run that gave no row, by reason."""
    waiting: int
    """URLs that still wait for their turn."""
    problems: dict[str, str]
    """Sources that could not be read, or not wholly, each with what was wrong."""
    removed_blocks: int
    """Blocks of chrome taken out of this run's articles."""
    removed_chars: int
    """Their characters."""
    numbers: Numbers
    """What the run is measured by."""
    watched: Watched
    """Known articles that were looked at again."""
    alarms: list[Alarm]
    """What a person has to look at."""
    requests: Requests
    """How each request ended."""
    closed: str
    """Why the crawl ended, as Scrapy says it: finished, shutdown, blocked, …"""
    manners: list[HostManners] = field(default_factory=list)
    """How each server was treated."""
    discovery: DiscoveryAccount | None = None
    """How it found what it found; None where a person named the URLs."""
    untold: list[str] = field(default_factory=list)
    """Who of `notify` could not be told of the run, and why."""

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-able values."""
        return asdict(self)


def summarise(
    ledger: Ledger,
    *,
    site: str,
    run_id: str,
    started: datetime,
    ended: datetime,
    closed: str,
    removed: tuple[int, int],
    numbers: Numbers,
    watched: Watched,
    alarms: list[Alarm],
    requests: Requests,
    asked: bool,
    bug: bool,
    storage: bool,
    signal: int | None = None,
    discovery: DiscoveryAccount | None = None,
    manners: Sequence[HostManners] = (),
) -> Outcome:
    """Sum up a run.

    ``started`` and ``ended`` are its times, ``closed`` is Scrapy's reason for closing, ``removed`` blocks and characters taken out,
    ``numbers`` what the run is measured by, ``watched`` what became of known articles, ``requests`` how each request ended, ``alarms``
    what is not as it should be, ``asked`` whether a person named the URLs, ``bug`` whether code of ours failed, ``storage`` whether the
    disk did, ``signal`` the signal that ended it, if one did, ``discovery`` how it found what it found.
    """
    counts = ledger.counts(run_id=run_id)
    reasons: dict[str, int] = {}
    for (_, reason), number in counts.items():
        if reason:
            reasons[reason] = reasons.get(reason, 0) + number
    problems = {s.url: s.problem for s in ledger.sources() if s.run_id == run_id and s.problem}
    if discovery is not None:
        problems |= {s.url: f"given up for now: {s.problem}" for s in discovery.sources if s.standing == "given-up"}
    failed = sum(n for (state, _), n in counts.items() if state == "failed")
    broken = sum(reasons.get(r, 0) for r in (Reason.EXTRACT_FAILED, Reason.EXTRACT_TIMEOUT))
    articles = counts.get(("done", None), 0)
    return Outcome(
        site=site,
        run_id=run_id,
        started_at=utc(started),
        ended_at=utc(ended),
        exit_code=_code(
            closed=closed, reasons=reasons, articles=articles, wrong=failed + broken + len(problems), asked=asked, bug=bug, storage=storage,
            signal=signal, shut=discovery is not None and bool(refused(discovery.sources)), nothing=_nothing_found(ledger, run_id),
            degraded=any(alarm.degrades for alarm in alarms),
        ),
        articles=articles,
        failed=failed + broken,
        reasons=reasons,
        waiting=ledger.counts().get(("pending", None), 0),
        problems=problems,
        removed_blocks=removed[0],
        removed_chars=removed[1],
        numbers=numbers,
        watched=watched,
        alarms=alarms,
        requests=requests,
        closed=closed,
        discovery=discovery,
        manners=list(manners),
    )  # fmt: skip


def _nothing_found(ledger: Ledger, run_id: str) -> bool:
    """Whether a crawl read its sources and none of them ever named a link: alive, but not complete."""
    sources = [s for s in ledger.sources() if s.run_id == run_id]
    return bool(sources) and not any(s.links for s in sources)


def _code(
    *,
    closed: str,
    reasons: Mapping[str, int],
    articles: int,
    wrong: int,
    asked: bool,
    bug: bool,
    storage: bool,
    signal: int | None,
    shut: bool,
    nothing: bool,
    degraded: bool,
) -> Exit:
    if signal is not None:
        return Exit(128 + signal)
    if storage:
        return Exit.STORAGE
    if bug:
        return Exit.UNEXPECTED
    refused_pages = reasons.get(Reason.BLOCKED) or shut
    if closed == "blocked" or (not articles and refused_pages and not reasons.keys() - _SAYS_NOTHING):
        return Exit.BLOCKED
    if asked and not articles and reasons:
        if reasons.keys() <= _POLICY:
            return Exit.POLICY
        if reasons.keys() <= _BLOCKED:
            return Exit.BLOCKED
    if degraded:
        return Exit.DEGRADED
    if wrong or (asked and reasons.keys() & _POLICY):
        return Exit.PARTIAL
    return Exit.DEGRADED if nothing else Exit.DONE
