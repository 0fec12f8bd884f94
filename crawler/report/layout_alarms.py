"""Alarms that a changed layout raises: pages that look like none before, and what is missing of their articles. Pure.

Judges what was extracted, by what the site usually gives and by what its YAML expects; never by how many pages there were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

from crawler.errors import Reason
from crawler.report.alarm import MIN_PAGES, Alarm, Judged
from crawler.report.baseline import DAY, Baseline
from crawler.report.numbers import FACTS, Measured, Numbers, pooled

MIN_HISTORY = 20
"""Articles that a baseline must hold before text length and fields are compared with it."""
_TEXTLESS_SHARE = 0.5
_STRANGE_SHARE = 0.8
_SHORT = 0.5
"""Share of the usual number of words below which articles are too short."""
_USUAL = 0.6
"""Share of articles from which on a field is usually there."""
_LOST = 0.3
"""Least fall of that share that is an alarm."""


def _recent(run: Judged) -> tuple[Numbers, bool]:
    """The numbers that content is judged by: this run's, with the last day's if they are too few; and whether they are enough."""
    own = run.counter.numbers
    if own.articles + own.textless >= MIN_PAGES or not own.articles + own.textless:
        return own, own.articles + own.textless >= MIN_PAGES
    day = [each for each in run.past if run.now - each.at < DAY]
    both = pooled([*day, Measured(run.now, own)])
    return both, both.articles + both.textless >= MIN_PAGES


def redesigned(run: Judged) -> Iterator[Alarm]:
    """A redesign: pages that suddenly look like none that the site's memory knows. Their text may be right all the same."""
    numbers = run.counter.numbers
    # a challenge page looks like none of the site's own, and is told as what it is
    compared, strange = numbers.compared - numbers.blocked, numbers.strange - numbers.blocked
    if compared >= MIN_PAGES and strange > _STRANGE_SHARE * compared:
        yield Alarm(
            kind="layout",
            message=f"{strange} of {compared} pages have a layout that none of the site's earlier pages has: a redesign",
            cause="layout",
            url=run.counter.strange_url,
            advice="See what is kept: 'pressmark show URL --why -C …'; if it is right, there is nothing to do.",
        )


def changed_layout(run: Judged, usual: Baseline | None) -> Iterator[Alarm]:
    """What a changed layout does: no text, short text, fields that are missing."""
    recent, enough = _recent(run)
    yield from _expected_content(run, recent, enough=enough)
    if not enough:
        return
    look = f"See what is kept and why: 'pressmark show URL --why -C …'; then mend 'extract' in {run.site}.yaml."
    share = recent.textless / (recent.articles + recent.textless)
    if share > _TEXTLESS_SHARE and (usual is None or _textless(usual.whole) < _TEXTLESS_SHARE / 2):
        first = next((run.counter.first[r] for r in (Reason.EMPTY, Reason.NOT_ARTICLE) if r in run.counter.first), None)
        yield Alarm(
            kind="no-text",
            message=f"{recent.textless} of {recent.articles + recent.textless} archived pages gave no article",
            cause="layout", url=first, advice=look,
        )  # fmt: skip
    if usual is None or usual.whole.articles < MIN_HISTORY or recent.articles < MIN_PAGES:
        return
    if usual.whole.words and recent.words is not None and recent.words < _SHORT * usual.whole.words:
        limit = _SHORT * usual.whole.words
        yield Alarm(
            kind="short-text",
            message=f"articles have {recent.words:.0f} words in the middle; {usual.whole.words:.0f} are usual",
            cause="layout",
            url=next((s.url for s in run.counter.samples if s.words < limit), None),
            advice=look,
        )
    lost = [name for name in FACTS if _is_lost(usual.share(name), recent, name)]
    if lost:
        told = ", ".join(
            f"{name} ({recent.fields.get(name, 0)} of {recent.articles}, {usual.share(name):.0%} usual)"
            for name in lost
        )
        yield _missing(run, lost, f"fields are missing: {told}")


def _textless(numbers: Numbers) -> float:
    pages = numbers.articles + numbers.textless
    return numbers.textless / pages if pages else 0.0


def _is_lost(usual: float, recent: Numbers, name: str) -> bool:
    share = recent.fields.get(name, 0) / recent.articles
    return usual >= _USUAL and share < usual - max(_LOST, 3 * sqrt(usual * (1 - usual) / recent.articles))


def _missing(run: Judged, fields: Sequence[str], message: str) -> Alarm:
    return Alarm(
        kind="fields-missing",
        message=message,
        cause="layout",
        url=next((s.url for s in run.counter.samples if not s.lacks.isdisjoint(fields)), None),
        advice=f"Look where the page says it now: 'pressmark show URL --json -C …'; then mend 'extract' in {run.site}.yaml.",
    )


def _expected_content(run: Judged, recent: Numbers, *, enough: bool) -> Iterator[Alarm]:
    expect = run.expect
    if expect.words and enough and recent.words is not None and recent.words < expect.words:
        yield Alarm(
            kind="short-text",
            message=f"articles have {recent.words:.0f} words in the middle; expect.words is {expect.words}",
            cause="layout",
            url=next((s.url for s in run.counter.samples if s.words < (expect.words or 0)), None),
            advice=f"See what is kept and why: 'pressmark show URL --why -C …'; then mend 'extract' in {run.site}.yaml.",
        )
    lost = [
        name
        for name in expect.fields
        if enough and recent.articles and recent.fields.get(name, 0) < expect.coverage * recent.articles
    ]
    if lost:
        told = ", ".join(f"{name} ({recent.fields.get(name, 0)} of {recent.articles})" for name in lost)
        yield _missing(run, lost, f"expect.fields are missing: {told}")
