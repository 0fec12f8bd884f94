"""Archive pages now: every byte of the exchange as WARC, the article as a row, and an account of what was kept.

Needs no configuration. Redirects are followed, each hop is kept. robots.txt is obeyed unless --ignore-robots says that you archive as a
person would. Each page is filed under its host.

  pressmark archive https://example.org/story
  pressmark archive -i urls.txt --json
  cat urls.txt | pressmark archive -
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crawler.commands.fetch_options import add_fetch_arguments, tell_errors, with_options
from crawler.config import SiteConfig, site_for_url
from crawler.dataset.lookup import Row, rows
from crawler.errors import Exit, PolicyError, Reason, UsageError
from crawler.layout import CollectionLayout, SiteLayout
from crawler.ledger import Ledger
from crawler.report.progress import progress
from crawler.report.terminal import plain
from crawler.run import Job, Result
from crawler.run import run as run_jobs
from crawler.urls import check, without_userinfo

_TRY = {
    Reason.PRIVATE_ADDRESS: "--allow-private, if that machine is meant",
    Reason.TLS_FAILED: "-s fetch.verify_tls=false, if only its certificate is wrong; the record then says in what way",
    Reason.ROBOTS_DISALLOWED: "--ignore-robots, if a person decides to archive it; the record then says so",
}
"""What lets a page pass that was refused by policy, or by care."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "url", nargs="*", metavar="URL", help="address of a page, or - to read addresses from standard input"
    )
    parser.add_argument(
        "-i", "--input", metavar="FILE", help="read addresses from a file, one a line; # begins a comment"
    )
    parser.add_argument(
        "--siblings", metavar="N", type=int, default=0,
        help="also archive N pages that the first one links on its site, to learn what is chrome there; they give no rows (default: 0)",
    )  # fmt: skip
    add_fetch_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Archive; exit 0 if each page is archived, 7 if some failed, 5 or 10 if all were refused."""
    if args.siblings < 0:
        raise UsageError(f"--siblings {args.siblings}: a number of pages, from 0")
    urls = list(dict.fromkeys(_urls(args)))
    if not urls:
        raise UsageError("no address given", hint="Name a URL, or a file of them with -i, or - for standard input.")
    good, bad = _checked(urls)
    jobs = [
        Job("url", with_options(site, args), {"urls": group, "siblings": args.siblings}, "archive")
        for site, group in _by_site(good, args.config)
    ]
    with progress() as talk:
        result = run_jobs(jobs, args.collection, talk, verbose=args.verbose, clock=args.clock) if jobs else Result()
    for url, error in bad.items():
        _print({"url": without_userinfo(url), "reason": "bad-url", "detail": error.message}, args.json)
    for outcome in result.outcomes:
        site = CollectionLayout(args.collection).site(outcome.site)
        for account in _accounts(site, outcome.run_id):
            _print(account, args.json)
    tell_errors(result)
    if bad:
        return Exit.PARTIAL if result.outcomes else Exit.POLICY
    return result.exit_code


def _urls(args: argparse.Namespace) -> Iterable[str]:
    for word in args.url:
        if word == "-":
            yield from _lines(sys.stdin)
        else:
            yield word
    if args.input == "-":
        yield from _lines(sys.stdin)
    elif args.input:
        try:
            text = Path(args.input).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{args.input}: {error}", hint="Name a text file in UTF-8 with one address a line."
            ) from error
        yield from _lines(text.splitlines())


def _lines(lines: Iterable[str]) -> Iterable[str]:
    return (text for line in lines if (text := line.strip()) and not text.startswith("#"))


def _checked(urls: list[str]) -> tuple[list[str], dict[str, PolicyError]]:
    good: list[str] = []
    bad: dict[str, PolicyError] = {}
    for url in urls:
        try:
            good.append(check(url if "://" in url else f"https://{url}"))
        except PolicyError as error:
            bad[url] = error
    return good, bad


def _by_site(urls: list[str], config: Path | None) -> Iterable[tuple[SiteConfig, list[str]]]:
    groups: dict[str, tuple[SiteConfig, list[str]]] = {}
    for url in urls:
        site = site_for_url(url, config)
        groups.setdefault(site.site, (site, []))[1].append(url)
    return groups.values()


def _accounts(site: SiteLayout, run_id: str) -> Iterable[dict[str, object]]:
    """What became of each page of a run: its row with what was removed, or the reason why there is none."""
    found = {row["id"]: row for row in rows(site, "articles") if row["run_id"] == run_id}
    removed: dict[str, list[Row]] = {}
    for block in rows(site, "removed"):
        if block["id"] in found:
            removed.setdefault(block["id"], []).append(block)
    for row in found.values():
        yield {
            "url": row["url"], "title": row["title"], "authors": row["authors"], "published_at": row["published_at"],
            "word_count": row["word_count"], "quality": row["quality"], "flags": row["flags"], "access": row["access"],
            "page_type": row["page_type"], "removed": _kinds(removed.get(row["id"], [])), "id": row["id"],
            "warc": str(site.warc_file(row["warc_filename"])), "offset": row["warc_record_offset"], "fetched_at": row["fetched_at"],
            "payload_digest": row["payload_digest"], "robots": row["rights"]["robots"],
        }  # fmt: skip
    ledger = Ledger(site.ledger, read_only=True)
    try:
        for entry in ledger.without_row(run_id):
            account: dict[str, object] = {
                "url": entry.url,
                "reason": entry.reason,
                "detail": entry.detail,
                "http_status": entry.http_status,
            }
            if entry.warc_filename:
                account |= {
                    "warc": str(site.warc_file(entry.warc_filename)),
                    "offset": entry.warc_offset,
                    "id": entry.record_id,
                }
            yield account
    finally:
        ledger.close()


def _kinds(blocks: list[Row]) -> dict[str, int]:
    return dict(sorted(Counter(block["kind"] for block in blocks).items()))


def _print(account: dict[str, object], as_json: bool) -> None:
    print(json.dumps(account, ensure_ascii=False) if as_json else plain(_told(account)))


def _told(account: dict[str, Any]) -> str:
    where = (
        f"  kept      {account['warc']} at {account['offset']}\n  record    {account['id']}"
        if account.get("warc")
        else ""
    )
    if "title" not in account:
        detail = f": {account['detail']}" if account.get("detail") else ""
        state = "archived, but no article" if where else "not archived"
        if account["reason"] == Reason.DUPLICATE:
            state = "archived once in this run"
        hint = f"\n  try       {_TRY[account['reason']]}" if account["reason"] in _TRY else ""
        return f"{account['url']}\n  {state}: {account['reason']}{detail}{hint}\n{where}".rstrip()
    removed = ", ".join(f"{number} {kind}" for kind, number in account["removed"].items()) or "nothing"
    lines = [
        account["title"] or account["url"],
        f"  address   {account['url']}",
        f"  written   {', '.join(account['authors']) or 'no author found'}, {account['published_at'] or 'no date found'}",
        f"  text      {account['word_count']} words, quality {account['quality']:.2f}",
        f"  removed   {removed}",
        where,
        f"  digest    {account['payload_digest']}",
        f"  captured  {account['fetched_at']}"
        + (" (robots.txt says no; archived by a person's decision)" if account["robots"] == "ignored" else ""),
    ]
    if account["access"] not in ("free", "unknown") or account["page_type"] not in ("article", "opinion"):
        lines.append(f"  note      this looks like: {account['page_type']}, access {account['access']}")
    if account["flags"]:
        lines.append(f"  flags     {', '.join(account['flags'])}")
    return "\n".join(lines)
