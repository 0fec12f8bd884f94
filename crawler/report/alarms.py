"""Alarms: what of a run is not as it should be, the first bad URL, the likely cause, and what to try. Pure.

Judges a run by its own numbers (blocks, pages without text), by what the site usually gives (``baseline``), by what its YAML expects
(``expect``), and by what befell its sources. Never raises an alarm from a comparison without history enough, nor from a handful of pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from crawler.config.kinds import show_duration
from crawler.errors import Reason
from crawler.report.alarm import MIN_PAGES, Alarm, Judged
from crawler.report.baseline import DAY, Baseline, baseline, by_day
from crawler.report.layout_alarms import changed_layout, redesigned
from crawler.report.numbers import Measured, pooled

_BLOCKED_SHARE = 0.3
_FAILED_SHARE = 0.25
_GONE_SHARE = 0.5


def names(alarms: Sequence[Alarm]) -> list[str]:
    """What tells alarms apart from run to run: the kind, and of sources the address and whether it is told only as a note."""
    return [
        f"{alarm.kind} {alarm.url}{'' if alarm.degrades else ' note'}" if alarm.kind == "source" else alarm.kind
        for alarm in alarms
    ]


def alarms(run: Judged) -> list[Alarm]:
    """The alarms of a run, the most telling first."""
    usual = baseline(run.past, run.now) if run.expect.baseline else None
    found = [
        *_blocked(run),
        *redesigned(run),
        *changed_layout(run, usual),
        *_sources(run),
        *_failures(run, usual),
        *_gone(run),
        *(_barren(run) or _few(run, usual)),
        *_stale(run),
    ]
    before = frozenset(run.past[-1].numbers.alarms) if run.past else frozenset()
    return [replace(alarm, first=name not in before) for alarm, name in zip(found, names(found), strict=True)]


def _blocked(run: Judged) -> Iterator[Alarm]:
    numbers = run.counter.numbers
    refused = numbers.blocked + run.watched.blocked + run.watched.failed.get(Reason.BLOCKED, 0)
    asked = numbers.pages + run.watched.looked + sum(run.watched.failed.values())
    if run.refused or (refused >= min(3, asked) and refused > _BLOCKED_SHARE * asked):
        ended = "the server refused so many requests in a row that the run ended; " if run.refused else ""
        yield Alarm(
            kind="blocked",
            message=f"{ended}{refused} of {asked} pages were refused, or a challenge or consent page came instead",
            cause="block-page",
            url=run.counter.first.get(Reason.BLOCKED),
            advice=_ASK,
        )
    elif run.shut:
        yield Alarm(
            kind="blocked",
            message=f"the server refused all {len(run.shut)} sources that were asked, so nothing new can be found",
            cause="block-page",
            url=run.shut[0],
            advice=_ASK,
        )


_ASK = "Look at the page in a browser. Ask the site to let your User-Agent through, or crawl more slowly: politeness.delay."


def _failures(run: Judged, usual: Baseline | None) -> Iterator[Alarm]:
    numbers = run.counter.numbers
    if numbers.failed < MIN_PAGES or not numbers.pages:
        return
    share = numbers.failed / numbers.pages
    before = usual.whole.failed / usual.whole.pages if usual and usual.whole.pages else 0.0
    if share > max(_FAILED_SHARE, 2 * before):
        reason, url = next(((r, u) for r, u in run.counter.first.items() if r not in _NOT_FAILED), ("", None))
        yield Alarm(
            kind="failures",
            message=f"{numbers.failed} of {numbers.pages} pages could not be had, the first for '{reason}'",
            cause="server",
            url=url,
            advice="They are tried again by the next runs. If it stays so, look at the page in a browser, and at crawl.log.",
        )


_NOT_FAILED = (
    Reason.BLOCKED,
    Reason.NOT_ARTICLE,
    Reason.EMPTY,
    Reason.EXTRACT_FAILED,
    Reason.EXTRACT_TIMEOUT,
    Reason.NOT_HTML,
)


def _gone(run: Judged) -> Iterator[Alarm]:
    watched, lost = run.watched, run.watched.gone + run.watched.missing
    if lost >= MIN_PAGES and lost > _GONE_SHARE * watched.looked:
        yield Alarm(
            kind="many-gone",
            message=f"{lost} of {watched.looked} known articles are not to be found",
            cause="site",
            url=next((each.url for each in watched.changed if each.change == "gone"), watched.missing_url),
            advice="Has the site moved to other addresses, or closed? Then set 'home' and 'scope' anew. What is archived stays.",
        )


def _barren(run: Judged) -> list[Alarm]:
    """A site that has never given anything has no baseline that could miss it: its configuration does not fit it."""
    if run.left_out is None:
        return []
    found = (
        f"all {run.left_out} addresses that its sources name were left out" if run.left_out else "its sources name none"
    )
    why = "'pressmark explain URL' says why an address was left out" if run.left_out else "See what its sources hold"
    advice = f"{why}; then mend 'scope' and 'discover' in {run.site}.yaml."
    message = f"the site has never given an article: {found}"
    return [Alarm(kind="few-articles", message=message, cause="unknown", url=None, advice=advice)]


def _few(run: Judged, usual: Baseline | None) -> Iterator[Alarm]:
    everything = [*run.past, Measured(run.now, run.counter.numbers)]
    days = by_day(everything, run.now)
    least = run.expect.articles_per_day
    today = days[0].articles
    if least and run.past and run.now - run.past[0].at >= DAY and today < least:
        yield _too_few(run, f"{today} new articles in 24 hours; expect.articles_per_day is {least:g}")
        return
    expected = usual.expected(run.now) if usual else None
    if expected is None:
        return
    given = sum(numbers.articles for ago, numbers in days.items() if ago < expected.days)
    if given < expected.least:
        span = "24 hours" if expected.days == 1 else f"{expected.days} days"
        yield _too_few(run, f"{given} new articles in {span}; about {expected.articles:.0f} are usual")


def _too_few(run: Judged, message: str) -> Alarm:
    wrong = next((e for e in run.events if e.kind in _EVENTS), None)
    refused = run.counter.numbers.blocked > 0
    return Alarm(
        kind="few-articles",
        message=message,
        cause="source" if wrong else "block-page" if refused else "unknown",
        url=wrong.url if wrong else run.counter.first.get(Reason.BLOCKED),
        advice=f"Compare the front page with the sources of {run.site}.yaml: 'pressmark sites check {run.site}'.",
    )


def _stale(run: Judged) -> Iterator[Alarm]:
    most = run.expect.max_age
    numbers = pooled([*run.past, Measured(run.now, run.counter.numbers)])
    if most is None or numbers.newest_at is None:
        return
    age = (run.now - datetime.fromisoformat(numbers.newest_at)).total_seconds()
    if age > most:
        yield Alarm(
            kind="stale",
            message=f"the newest article is of {numbers.newest_at}; expect.max_age is {show_duration(most)}",
            cause="unknown",
            url=None,
            advice=f"Has the site stopped, or does no source name its articles any more? 'pressmark sites check {run.site}'.",
        )


_EVENTS = {
    "gone": "is gone",
    "wrong-kind": "is not what it was",
    "given-up": "fails again and again",
    "quiet": "names nothing new any more",
    "moved": "has moved",
}


def _sources(run: Judged) -> Iterator[Alarm]:
    """What befell the sources; one that has moved is still read, so it is told once and not for ever."""
    for event in run.events:
        if event.kind not in _EVENTS or (event.kind in ("moved", "quiet") and not event.first):
            continue
        yield Alarm(
            kind="source",
            message=f"the {event.source.replace('_', ' ')} {_EVENTS[event.kind]}: {event.detail}",
            cause="source",
            url=event.url,
            degrades=event.kind != "moved",
            advice=event.suggestion
            or f"Look for its new address: 'pressmark sites check {run.site}'; then mend 'discover' in {run.site}.yaml.",
        )
