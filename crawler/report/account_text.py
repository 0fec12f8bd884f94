"""The account of a site in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawler.report.account import Day, SiteAccount, code_name

_BARS = " ▁▂▃▄▅▆▇█"


def account_lines(account: SiteAccount) -> Iterator[str]:
    """The lines; whoever prints them makes them safe for a terminal."""
    run, report = account.run, account.report
    yield account.site
    if run is None:
        yield "  no run is over yet"
        return
    yield f"  {run.started_at}  exit {code_name(run.exit_code)}  {run.run_id}"
    yield f"  {report.get('articles', 0)} articles archived, {report.get('failed', 0)} failed, {report.get('waiting', 0)} waiting"
    for alarm in report.get("alarms", ()):
        yield from _alarm(alarm)
    if any(day.numbers for day in account.days):  # pages that a person archived are no yield of a crawl
        yield f"  articles a day, {len(account.days)} days: {_spark(account.days)}"
    watched = report.get("watched") or {}
    if watched.get("looked"):
        counts = (
            (watched.get(key, 0), key)
            for key in ("unchanged", "edited", "cosmetic", "gone", "missing", "blocked", "walled")
        )
        yield f"  {watched['looked']} known articles looked at again: " + ", ".join(
            f"{n} {what}" for n, what in counts if n
        )
        for each in watched.get("changed", ()):
            yield f"    {each['change']:<7} {each['url']}"
    for reason, number in sorted((report.get("reasons") or {}).items(), key=lambda item: -item[1]):
        yield f"  {number:>6} {reason}"
    for source in (report.get("discovery") or {}).get("sources", ()):
        problem = f"  {source['problem']}" if source.get("problem") else ""
        yield f"  {source['standing']:<10} {source['source']:<12} {source['new']:>4} new  {source['url']}{problem}"


def _alarm(alarm: dict[str, Any]) -> Iterator[str]:
    kind = "ALARM" if alarm.get("degrades", True) else "note"
    yield f"  {kind}: {alarm['message']} [{alarm['cause']}]" + ("" if alarm.get("first", True) else " (still)")
    if alarm.get("url"):
        yield f"    first: {alarm['url']}"
    yield f"    try: {alarm['advice']}"


def _spark(days: list[Day]) -> str:
    """A character a day; a dot where there was no run."""
    counts = [day.numbers.articles if day.numbers else None for day in days]
    most = max((count for count in counts if count), default=0)
    return (
        "".join("·" if c is None else _BARS[0 if c == 0 else max(1, round(c / most * 8))] for c in counts)
        + f"  (most: {most})"
    )
