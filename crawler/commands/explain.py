"""Say why an address was or was not fetched, and what will be done with it next.

Looks at the configuration, the ledger and the archived robots.txt of the address's site; asks nobody. Works for addresses that nobody
has ever named, too. Exit 8 if no configured site and no site of the collection has the address's host.

  pressmark explain https://example.org/2026/11/a-story/
  pressmark explain https://example.org/calendar/2031/ --json
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.collection import RUNS_TRIED
from crawler.config import SiteConfig, load_sites, site_for_url
from crawler.errors import LEFT_OUT, TEMPORARY, Exit, Reason
from crawler.fetch.robotstxt import Decision, decide
from crawler.layout import CollectionLayout, SiteLayout
from crawler.ledger import Entry, Ledger
from crawler.report.docstrings import field_docs
from crawler.report.terminal import plain
from crawler.urls import Scope, canonical, check, decide_scope, same_site
from crawler.warc.cdxj import lookup
from crawler.warc.reader import read_capture_at

_REASONS = {reason.value: reason for reason in Reason}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("url", nargs="+", metavar="URL", help="an address, as anybody wrote it")
    parser.add_argument("--site", metavar="KEY", help="only this site (default: all whose hosts fit)")
    parser.add_argument(
        "--config",
        metavar="DIR",
        type=Path,
        help="folder of the configuration (default: $PRESSMARK_CONFIG, ./config, or the one shipped)",
    )
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each site and address")


def run(args: argparse.Namespace) -> int:
    """Explain; exit 8 if nothing is known of an address's site."""
    unknown = 0
    for url in args.url:
        asked = check(url)
        sites = _sites(asked, args)
        configured = load_sites(args.config)
        unknown += not any(known for _, known in sites)
        for site, _ in sites:
            layout = CollectionLayout(args.collection).site(site.site)
            told = _explain(asked, site, layout, crawled=site.site in configured)
            print(json.dumps(told, ensure_ascii=False) if args.json else plain(_text(told)))
    return Exit.EVIDENCE if unknown else Exit.DONE


def _sites(url: str, args: argparse.Namespace) -> list[tuple[SiteConfig, bool]]:
    """Sites that the address may belong to, each with whether anything is known of it; the single-page site of its host at last."""
    configured = load_sites(args.config)
    found = [
        (site, True) for key, site in configured.items() if same_site(url, site.hosts) and args.site in (None, key)
    ]
    if args.site and not found and args.site in configured:
        found = [(configured[args.site], True)]
    alone = site_for_url(url, args.config)
    held = CollectionLayout(args.collection).site(alone.site).ledger.exists()
    if (held or not found) and args.site in (None, alone.site):
        found.append((alone, held))
    return found


def _explain(url: str, site: SiteConfig, layout: SiteLayout, *, crawled: bool) -> dict[str, Any]:
    key = canonical(url, site.scope.strip_params)
    scope = Scope(site.hosts, site.scope.allow, site.scope.deny)
    reason, decided = decide_scope(scope, url, site.scope.strip_params)
    entry: Entry | None = None
    named: list[dict[str, str | None]] = []
    queue = look = None
    if layout.ledger.exists():
        ledger = Ledger(layout.ledger, read_only=True)
        try:
            entry = ledger.get(key)
            named = [dataclasses.asdict(sighting) for sighting in ledger.sightings(key)] if entry else []
            queue = ledger.before(entry) if entry and entry.state == "pending" else None
            look = ledger.look_due(key)
        finally:
            ledger.close()
    if entry and not named:
        named = [{"kind": entry.via, "source": entry.via_url, "at": entry.discovered_at}]
    for one in named:
        if entry and one["kind"] == entry.via and one["source"] is None:
            one["source"] = entry.via_url
    robots, age = _robots(url, site, layout)
    return {
        "url": url,
        "canonical": key,
        "site": site.site,
        "state": entry.state if entry else "unknown",
        "reason": entry.reason if entry else None,
        "detail": entry.detail if entry else None,
        "meaning": _meaning(entry.reason) if entry and entry.reason else None,
        "http_status": entry.http_status if entry else None,
        "tries": entry.tries if entry else 0,
        "first_try_at": entry.first_try_at if entry else None,
        "last_try_at": entry.last_try_at if entry else None,
        "record_id": entry.record_id if entry else None,
        "discovered_at": entry.discovered_at if entry else None,
        "named_by": named,
        "scope": {"verdict": reason or "taken", "decided_by": decided},
        "robots": {
            "verdict": "unknown" if robots is None else "allowed" if robots.allowed else "disallowed",
            "line": robots.line if robots else None,
            "rule": robots.text if robots else None,
            "fetched_at": age,
            "obeyed": site.politeness.robots == "obey",
        },
        "next": _next(entry, reason, robots, site, queue, look, crawled=crawled),
    }


def _robots(url: str, site: SiteConfig, layout: SiteLayout) -> tuple[Decision | None, str | None]:
    """What the last robots.txt in the archive says of an address, and when it was fetched."""
    parts = urlsplit(url)
    robots = f"{parts.scheme}://{parts.netloc}/robots.txt"
    held = sorted(
        (entry for entry in lookup(layout.index, robots) if entry.url == robots), key=lambda entry: entry.timestamp
    ) if layout.index.exists() else []  # fmt: skip
    if not held:
        return None, None
    capture = read_capture_at(layout.warc_file(held[-1].filename), held[-1].offset)
    at = f"{capture.date.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if capture.status == 429 or capture.status >= 500:
        return Decision(False, None, f"status {capture.status}: a complete disallow (RFC 9309, 2.3.1.4)"), at
    if not 200 <= capture.status < 300:
        return Decision(True, None, f"status {capture.status}: there are no rules (RFC 9309, 2.3.1.3)"), at
    return decide(capture.body, site.politeness.user_agent, url), at


def _meaning(reason: str) -> str:
    """What a reason's slug means, in the words of docs/exit-codes.md."""
    return field_docs(Reason).get(_REASONS[reason].name, "") if reason in _REASONS else ""


def _next(
    entry: Entry | None,
    reason: Reason | None,
    robots: Decision | None,
    site: SiteConfig,
    queue: int | None,
    look: str | None,
    *,
    crawled: bool,
) -> str:
    """What will be done with an address, in one sentence."""
    if entry is None:
        if not crawled:
            return "Nothing: no configured site has its host. 'pressmark archive URL' archives it now, 'pressmark sites add' adds a site."
        if reason:
            return "Nothing: the scope does not take it. 'pressmark archive URL' archives it all the same."
        if robots is not None and not robots.allowed and site.politeness.robots == "obey":
            return "Nothing: if a source names it, robots.txt keeps it from being fetched."
        return "It is fetched when a source names it. 'pressmark archive URL' archives it now."
    if entry.state == "pending":
        return f"The next crawl fetches it; {queue} addresses are before it."
    if entry.state == "captured":
        return "It is archived; the next crawl makes its row."
    if entry.state == "done":
        again = f" It is looked at again from {look} on." if look else " A crawl does not fetch it again."
        return ("Archived, and its row is written." if entry.reason is None else "Archived; it gave no row.") + again
    if entry.reason == Reason.WITHDRAWN:
        return "Nothing: it was taken down, and neither a crawl nor 'pressmark archive' asks for it."
    if entry.reason in LEFT_OUT:
        if reason:
            return "Nothing, until the scope takes it and a source names it again."
        return "It is taken when a source names it again and nothing speaks against it any more."
    if entry.reason == Reason.ROBOTS_DISALLOWED:
        return "For 30 days from its discovery each crawl asks robots.txt again."
    if entry.state == "failed" and entry.reason in TEMPORARY and entry.tries < RUNS_TRIED:
        return f"The next crawl tries it again: {entry.tries} of {RUNS_TRIED} runs have tried it."
    return "Nothing: it is not tried again. 'pressmark archive URL' tries it now."


def _text(told: dict[str, Any]) -> str:
    """The account as a person reads it."""
    lines = [f"{told['url']}  (site {told['site']})"]
    if told["canonical"] != told["url"]:
        lines.append(f"  identity   {told['canonical']}")
    state = told["state"] if told["state"] != "unknown" else "unknown: no source has named it"
    lines.append(f"  state      {state}" + (f", {told['reason']}: {told['meaning']}" if told["reason"] else ""))
    if told["detail"]:
        lines.append(f"             {told['detail']}")
    if told["record_id"]:
        lines.append(f"  record     {told['record_id']} ('pressmark show' prints it)")
    if told["tries"]:
        status = f", last status {told['http_status']}" if told["http_status"] else ""
        lines.append(f"  tries      {told['tries']}, first {told['first_try_at']}, last {told['last_try_at']}{status}")
    for named in told["named_by"]:
        lines.append(f"  named by   {named['kind']} {named['source'] or 'a page'} at {named['at']}")
    lines.append(f"  scope      {told['scope']['verdict']}: {told['scope']['decided_by']}")
    robots = told["robots"]
    if robots["fetched_at"] is None:
        lines.append("  robots     no robots.txt of its host is archived yet")
    else:
        rule = (
            f"line {robots['line']}: {robots['rule']}" if robots["line"] else robots["rule"] or "no rule speaks of it"
        )
        days = (datetime.now(UTC) - datetime.fromisoformat(robots["fetched_at"])).total_seconds() / 86400
        obeyed = "" if robots["obeyed"] else "; the configuration ignores robots.txt"
        lines.append(
            f"  robots     {robots['verdict']}, {rule} (robots.txt of {robots['fetched_at']}, {days:.1f} days old{obeyed})"
        )
    lines.append(f"  next       {told['next']}")
    return "\n".join(lines)
