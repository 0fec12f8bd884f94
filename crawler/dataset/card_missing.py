"""What is missing from an export, and why: a section of its card. Owns its words; the figures are the portrait's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from crawler.dataset.gaps import REASONS
from crawler.dataset.portrait import Portrait
from crawler.dataset.wording import listed
from crawler.errors import Exit, Reason
from crawler.report.docstrings import field_docs

_GAPS_SHOWN = 30


def missing_section(portrait: Portrait) -> str:
    """The section, in Markdown."""
    docs = {Reason[name].value: doc for name, doc in field_docs(Reason).items()}
    lines = ["## What is missing, and why", ""]
    out = Counter({reason: number for reason, number in portrait.left_out.items() if number})
    lines.append(f"**Captures that this export leaves out**: {listed(out) or 'none'}.")
    lines += [
        "",
        *_reasons("Tried, and gave no article", portrait.tried, docs),
        "",
        *_reasons("Found, and not asked for", portrait.not_asked, docs),
    ]
    ended = Counter(run["exit_code"] for run in portrait.runs)
    bad = Counter({_ending(code): n for code, n in ended.items() if code not in (Exit.DONE, Exit.DEGRADED)})
    lines += [
        "",
        f"**Runs that did not end well**: {listed(bad)}." if bad else "**Runs that did not end well**: none.",
    ]
    lines += ["", *_gap_lines(portrait)]
    empty = [
        f"`{'.'.join(path).replace('.[]', '[]')}`"
        for (path, _), filled in zip(
            portrait.columns["articles"].leaves, portrait.columns["articles"].filled, strict=True
        )
        if not filled
    ]
    if empty:
        lines += [
            "",
            f"**Columns that no row of `articles` fills**: {', '.join(empty)}. `schema/` and Parquet know their type, JSON does not.",
        ]
    return "\n".join(lines)


def _reasons(title: str, counts: Mapping[str, int], docs: Mapping[str, str]) -> Iterator[str]:
    if not counts:
        yield f"**{title}**: no address."
        return
    yield f"**{title}**: {sum(counts.values()):,} addresses, by the last reason:"
    yield ""
    yield "| reason | addresses | meaning |"
    yield "| --- | ---: | --- |"
    for reason, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"| {reason} | {number:,} | {docs.get(reason, '')} |"


def _gap_lines(portrait: Portrait) -> Iterator[str]:
    if not portrait.gaps:
        yield "**Days without a row**: none, between each site's first and last."
        return
    days = Counter[str]()
    for gap in portrait.gaps:
        days[REASONS[gap.why]] += gap.days
    yield f"**Days without a row**, of all sites: {sum(days.values()):,}. By reason: {listed(days)}."
    yield ""
    yield "| site | from | to | days | why |"
    yield "| --- | --- | --- | ---: | --- |"
    longest = sorted(portrait.gaps, key=lambda gap: (-gap.days, gap.site, gap.first))[:_GAPS_SHOWN]
    for gap in sorted(longest, key=lambda gap: (gap.site, gap.first)):
        yield f"| {gap.site} | {gap.first} | {gap.last} | {gap.days} | {REASONS[gap.why]}{f': {gap.detail}' if gap.detail else ''} |"
    if len(portrait.gaps) > _GAPS_SHOWN:
        yield ""
        yield f"These are the longest; all {len(portrait.gaps):,} are in `provenance/gaps.csv`."


def _ending(code: int | None) -> str:
    if code is None:
        return "no end recorded"
    known = {int(member): member.name.lower() for member in Exit}
    return f"exit {code}, {known.get(code, 'unknown')}"
