"""A run of one site in a few lines for people: what a terminal shows, what a ping carries, what a report begins with. Pure text."""

from __future__ import annotations

from crawler.report.outcome import Outcome


def summary(outcome: Outcome) -> str:
    """How a run ended."""
    reasons = ", ".join(f"{number} {reason}" for reason, number in sorted(outcome.reasons.items()))
    line = f"{outcome.site}: {outcome.articles} articles archived, {outcome.removed_blocks} blocks of chrome taken out"
    line += f" ({outcome.removed_chars:,} characters)" if outcome.removed_chars else ""
    line += f"; no row: {reasons}" if reasons else ""
    line += f"; {outcome.waiting} waiting" if outcome.waiting else ""
    problems = [f"source {url}: {problem}" for url, problem in outcome.problems.items()]
    return "\n  ".join([line, *_found(outcome), *problems, *_looks(outcome), *_alarms(outcome)])


def _found(outcome: Outcome) -> list[str]:
    """Who found what is new, and what was asked for that; nothing where no source was read."""
    account = outcome.discovery
    if account is None or not account.asked:
        return []
    new = account.new
    by = ", ".join(f"{kind.replace('_', ' ')} {seen.named}" for kind, seen in new.by.items())
    found = (
        f"{new.pages} pages found: {by}; {new.links_only} by lists and links alone"
        if new.pages
        else "nothing new found"
    )
    asked = (
        f"{account.asked} sources asked, {account.conditional} only whether they changed, {account.unchanged} had not"
    )
    return [f"{found}; {asked}" + (f"; {account.skipped} sitemaps not asked for, as listed" if account.skipped else "")]


def _looks(outcome: Outcome) -> list[str]:
    watched = outcome.watched
    if not watched.looked and not watched.failed:
        return []
    counts = {
        "unchanged": watched.unchanged, "edited": watched.edited, "cosmetic": watched.cosmetic, "gone": watched.gone,
        "not found for the first time": watched.missing,
        "behind a challenge": watched.blocked, "behind a wall": watched.walled, "not to be had": sum(watched.failed.values()),
    }  # fmt: skip
    told = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    head = f"{watched.looked + sum(watched.failed.values())} known articles looked at again: {told}"
    return [head, *(f"{each.change} {each.url}" for each in watched.changed)]


def _alarms(outcome: Outcome) -> list[str]:
    lines = []
    for alarm in outcome.alarms:
        kind = "ALARM" if alarm.degrades else "note"
        lines.append(f"{kind}: {alarm.message} [{alarm.cause}]" + ("" if alarm.first else " (still)"))
        lines += [f"  first: {alarm.url}"] if alarm.url and alarm.url not in alarm.message else []
        lines.append(f"  try: {alarm.advice}")
    return lines
