"""The account of sites as one page for people: no network, no script, everything from the web escaped."""

from __future__ import annotations

from html import escape
from typing import Any

from crawler.errors import Exit
from crawler.report.account import Day, SiteAccount, code_name
from crawler.report.html import page, table, tag

_WIDTH, _HEIGHT, _FOOT = 720, 150, 18


def account_page(accounts: list[SiteAccount], now: str) -> str:
    """The page."""
    parts = [tag("p", f"as of {now}", cls="where")]
    if len(accounts) > 1:
        rows = [[a.site, *_last(a)] for a in accounts]
        parts.append(table(["site", "last run", "exit", "articles", "alarms"], rows, numbers=frozenset({3, 4})))
    for account in accounts:
        parts.append(tag("h2", account.site))
        parts += _site(account)
    return page("Pressmark: how the crawls went", "\n".join(parts))


def _last(account: SiteAccount) -> list[str]:
    run, report = account.run, account.report
    if run is None:
        return ["never", "", "", ""]
    return [
        run.started_at,
        code_name(run.exit_code),
        str(report.get("articles", "")),
        str(len(report.get("alarms", ()))),
    ]


def _site(account: SiteAccount) -> list[str]:
    report, run = account.report, account.run
    if run is None:
        return [tag("p", "No run is over yet.", cls="soft")]
    state = "good" if run.exit_code == Exit.DONE else "bad"
    parts = [
        f'<p><b class="{state}">exit {escape(code_name(run.exit_code))}</b> · {escape(run.started_at)} to {escape(run.ended_at or "")} · '
        f"{report.get('articles', 0)} articles archived, {report.get('failed', 0)} failed, {report.get('waiting', 0)} waiting</p>"
    ]
    parts += [_alarm(alarm) for alarm in report.get("alarms", ())]
    parts += [tag("h3", "Articles a day"), _chart(account.days)]
    parts += _looks(report.get("watched") or {})
    parts += _failures(report)
    parts += _sources(report.get("discovery") or {})
    rows = [
        [r.run_id, r.started_at, code_name(r.exit_code), str((r.summary or {}).get("articles", ""))]
        for r in account.runs
    ]
    parts += [tag("h3", "Last runs"), table(["run", "began", "exit", "articles"], rows, numbers=frozenset({3}))]
    return parts


def _alarm(alarm: dict[str, Any]) -> str:
    cls = "alarm" if alarm.get("degrades", True) else "alarm note"
    still = "" if alarm.get("first", True) else " (still)"
    lines = [f"<p><b>{escape(alarm['message'])}</b>{still} · likely cause: {escape(alarm['cause'])}</p>"]
    if alarm.get("url"):
        lines.append(tag("p", f"first: {alarm['url']}", cls="where"))
    lines.append(tag("p", alarm["advice"]))
    return f'<div class="{cls}">{"".join(lines)}</div>'


def _chart(days: list[Day]) -> str:
    """Bars of articles a day; a day with blocked or failed pages has a mark of its own, a day without a run has no bar."""
    most = max((day.numbers.articles for day in days if day.numbers), default=0) or 1
    step, height = _WIDTH / len(days), _HEIGHT - _FOOT - 14
    parts = []
    for i, day in enumerate(days):
        x = i * step
        if day.numbers is not None:
            n = day.numbers
            size = max(1.0, n.articles / most * height)
            title = escape(f"{day.day}: {n.articles} articles, {n.failed} failed, {n.blocked} blocked")
            bad = n.blocked + n.failed > n.articles
            cls = ' class="bad"' if bad else ""
            place = f'x="{x + 1:.1f}" y="{14 + height - size:.1f}" width="{step - 2:.1f}" height="{size:.1f}"'
            parts.append(f"<rect{cls} {place}><title>{title}</title></rect>")
            if n.articles == most:
                parts.append(f'<text x="{x + step / 2:.1f}" y="10" text-anchor="middle">{most}</text>')
        if day.day.weekday() == 0:
            parts.append(f'<text x="{x + 1:.1f}" y="{_HEIGHT - 4}">{day.day:%d %b}</text>')
    base = 14 + height
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="Articles of each of the last {len(days)} days">'
        f'<line x1="0" y1="{base:.1f}" x2="{_WIDTH}" y2="{base:.1f}"/>{"".join(parts)}</svg>'
    )


def _looks(watched: dict[str, Any]) -> list[str]:
    if not watched.get("looked") and not watched.get("failed"):
        return []
    counts = {
        key: watched.get(key, 0) for key in ("unchanged", "edited", "cosmetic", "gone", "missing", "blocked", "walled")
    }
    counts["failed"] = sum((watched.get("failed") or {}).values())
    told = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    parts = [tag("h3", "Known articles looked at again"), tag("p", f"{watched.get('looked', 0)}: {told}")]
    if changed := watched.get("changed"):
        parts.append(table(["change", "article"], [[each["change"], each["url"]] for each in changed]))
    return parts


def _failures(report: dict[str, Any]) -> list[str]:
    reasons = report.get("reasons") or {}
    if not reasons:
        return []
    rows = [[reason, str(number)] for reason, number in sorted(reasons.items(), key=lambda item: -item[1])]
    return [tag("h3", "URLs without a row"), table(["reason", "URLs"], rows, numbers=frozenset({1}))]


def _sources(discovery: dict[str, Any]) -> list[str]:
    sources = discovery.get("sources") or []
    if not sources:
        return []
    rows = [
        [
            s["source"].replace("_", " "),
            s["url"],
            s["standing"],
            str(s.get("new") or 0),
            str(s.get("alone") or 0),
            s.get("problem") or "",
        ]
        for s in sources
    ]
    head = ["source", "address", "standing", "new", "alone", "problem"]
    return [tag("h3", "Sources"), table(head, rows, numbers=frozenset({3, 4}))]
