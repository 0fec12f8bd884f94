"""When and where the rows of an export were captured, and what is missing: two parts of its page."""

from __future__ import annotations

from collections import Counter

from crawler.dataset.coverage import Axis, axis, reasons_by_step, rows_by_step
from crawler.dataset.gaps import REASONS
from crawler.dataset.page_markup import section, table
from crawler.dataset.pictures import bars, columns, strip, words
from crawler.dataset.portrait import Portrait
from crawler.errors import Reason
from crawler.report.docstrings import field_docs

_SITES_SHOWN = 40
_GAPS_SHOWN = 60


def coverage(portrait: Portrait) -> str:
    """Rows by time: all sites as columns, each site as a strip with its gaps."""
    articles = portrait.articles
    gaps = portrait.gaps
    first = min([portrait.first_day, *(gap.first for gap in gaps)])
    last = max([portrait.last_day, *(gap.last for gap in gaps)])
    time = axis(first, last)
    totals = Counter[str]()
    for (_, day), number in articles.captured.items():
        totals[day] += number
    steps = rows_by_step(totals, time)
    titles = [f"{time.label(n)}: {number:,} rows" for n, number in enumerate(steps)]
    lines = [
        '<span class="name blank"></span>',
        f"<div>{columns(steps, titles, label=f'Rows by {time.step} of capture, {max(steps):,} at most')}</div>",
    ]
    sites = articles.sites.most_common(_SITES_SHOWN)
    by_site = {
        site: rows_by_step({day: n for (name, day), n in articles.captured.items() if name == site}, time)
        for site, _ in sites
    }
    most = max((max(values) for values in by_site.values()), default=1)
    for site, number in sorted(sites):
        lines.append(
            f'<span class="name">{words(site)} <b>{number:,}</b></span>{_strip(portrait, site, by_site[site], time, most)}'
        )
    lines.append(f'<span class="name blank"></span>{_time_axis(time)}')
    more = len(articles.sites) - len(sites)
    rest = f'<p class="soft">The {_SITES_SHOWN} largest sites; {more:,} more are in the data.</p>' if more > 0 else ""
    figure = f'<figure><div class="timeline">{"".join(lines)}</div>{_legend(portrait)}{rest}</figure>'
    peak = f"The highest column is {max(steps):,} rows." if len(time.starts) > 1 else ""
    return section(
        "coverage",
        f"Rows by {time.step} of capture (UTC): all sites as columns, each site as a strip, stronger where there are more. {peak}",
        figure,
    )


def _strip(portrait: Portrait, site: str, values: list[int], time: Axis, most: int) -> str:
    reasons = reasons_by_step([gap for gap in portrait.gaps if gap.site == site], time)
    titles = [
        f"{time.label(n)}: {f'{value:,} rows' if value else REASONS[why] if why else 'before the first or after the last capture'}"
        for n, (value, why) in enumerate(zip(values, reasons, strict=True))
    ]
    return strip(values, reasons, titles, most, label=f"{site}: rows by {time.step} of capture")


def _time_axis(time: Axis) -> str:
    if len(time.starts) < 16:
        last = len(time.starts) - 1
        span = time.label(0) + (f" to {time.label(last)}" if last else "")
        return f'<div class="axis"><span>{span}</span></div>'
    places = [0, len(time.starts) // 2, len(time.starts) - 1]
    return f'<div class="axis">{"".join(f"<span>{time.label(n).rpartition(chr(32))[2]}</span>" for n in places)}</div>'


def _legend(portrait: Portrait) -> str:
    found = {gap.why for gap in portrait.gaps}
    entries = [("rows", "rows; stronger is more"), *((why, text) for why, text in REASONS.items() if why in found)]
    shown = (
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="{key}" width="10" height="10"/></svg>{words(text)}</li>'
        for key, text in entries
    )
    return f'<ul class="legend">{"".join(shown)}</ul>'


def missing(portrait: Portrait) -> str:
    """Addresses without an article and captures left out, by reason; days without a row."""
    docs = {Reason[name].value: doc.replace("`", "") for name, doc in field_docs(Reason).items()}
    parts = []
    for title, counts, kind in (
        ("Tried, and gave no article", portrait.tried, "bad"),
        ("Found, and not asked for", portrait.not_asked, "weak"),
    ):
        if counts:
            reasons = [(reason, n, docs.get(reason, "")) for reason, n in counts.most_common()]
            parts.append(f"<div><h3>{title}: {counts.total():,} addresses</h3>{bars(reasons, kind=kind)}</div>")
    left = [(reason, n, "") for reason, n in portrait.left_out.most_common() if n]
    if left:
        parts.append(
            f"<div><h3>Captures that this export leaves out: {sum(n for _, n, _ in left):,}</h3>{bars(left, kind='weak')}</div>"
        )
    content = (
        f'<div class="pair">{"".join(parts)}</div>'
        if parts
        else "<p>Nothing: every address that was found gave a row.</p>"
    )
    longest = sorted(portrait.gaps, key=lambda gap: (-gap.days, gap.site, gap.first))[:_GAPS_SHOWN]
    if longest:
        days = sum(gap.days for gap in portrait.gaps)
        rows = (
            (gap.site, gap.first, gap.last, gap.days, REASONS[gap.why] + (f": {gap.detail}" if gap.detail else ""))
            for gap in longest
        )
        content += (
            f"<details{' open' if len(longest) <= 8 else ''}><summary>{days:,} days without a row, in {len(portrait.gaps):,} gaps</summary>"
            f"{table(('site', 'from', 'to', '#days', 'why'), rows)}</details>"
        )
    return section(
        "missing",
        "The absences, each with its reason. An address counts once, with the last reason, and only if it never gave an article.",
        content,
    )
