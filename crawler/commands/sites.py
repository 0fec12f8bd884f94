"""Add a site, check what is configured, see how each site fares.

pressmark sites add https://www.example.org/      look at a site, write its YAML, keep sample pages
pressmark sites check                             read every YAML, extract the sample pages again; no network
pressmark sites check example --live              ask every feed, sitemap and section too
pressmark sites list                              sites, with the last run of each and how its sources are
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from crawler.commands.fetch_options import add_fetch_arguments
from crawler.commands.sites_check import check
from crawler.config import SiteConfig, load_sites
from crawler.errors import Exit, UsageError
from crawler.layout import CollectionLayout
from crawler.ledger import Ledger
from crawler.report.console import table_console
from spiders.sources import still_named

_ILL = ("gone", "wrong-kind", "error", "quiet")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("action", choices=["add", "list", "check"], help="what to do")
    parser.add_argument(
        "name", nargs="*", metavar="URL|SITE", help="add: the home page; check, list: sites (default: all)"
    )
    parser.add_argument("--key", metavar="KEY", help="add: key of the site (default: made from its host)")
    parser.add_argument("--force", action="store_true", help="add: write the YAML anew where there is one")
    parser.add_argument(
        "--samples",
        type=int,
        default=3,
        metavar="N",
        help="add: articles archived and kept as sample pages (default: 3)",
    )
    parser.add_argument("--live", action="store_true", help="check: ask all sources, politely; no article is fetched")
    parser.add_argument(
        "--update",
        action="store_true",
        help="check: from now on expect what extraction gives of the sample pages today",
    )
    add_fetch_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Add, list or check; 3 if a YAML is wrong, 9 if a sample page gives something else, 7 if a source fails."""
    if args.action == "add":
        if len(args.name) != 1:
            raise UsageError(
                "'sites add' takes one address", hint="As in: pressmark sites add https://www.example.org/"
            )
        from crawler.commands.sites_add import add

        args.url = args.name[0] if "://" in args.name[0] else f"https://{args.name[0]}"
        return add(args)
    sites = _chosen(load_sites(args.config), args.name, args.config)
    if args.action == "check":
        return check(sites, args)
    states = {key: _state(args.collection, site) for key, site in sites.items()}
    if args.json:
        for key, site in sites.items():
            print(json.dumps({"site": key, "name": site.name, "home": site.home, **states[key]}, ensure_ascii=False))
        return Exit.DONE
    table_console().print(_table(sites, states))
    return Exit.DONE


def _chosen(sites: dict[str, SiteConfig], names: list[str], config: Path | None) -> dict[str, SiteConfig]:
    if unknown := [name for name in names if name not in sites]:
        raise UsageError(f"no site '{unknown[0]}' is configured", hint=f"There are: {', '.join(sites) or 'none'}.")
    return {key: site for key, site in sites.items() if not names or key in names}


def _state(collection: Path, site: SiteConfig) -> dict[str, Any]:
    """What the ledger knows of a site: its last crawl, and how its sources are."""
    state: dict[str, Any] = {"last_run": None, "exit_code": None, "articles": 0, "sources_ok": 0, "sources_ill": {}}
    layout = CollectionLayout(collection).site(site.site)
    if not layout.ledger.exists():
        return state
    ledger = Ledger(layout.ledger, read_only=True)
    try:
        last = next(iter(ledger.runs()), None)
        named = still_named(ledger.healths(), site)
        healths = [each for each in named if each.url == each.root and (each.ok_at or each.trouble)]
        ill = {each.url: f"{each.trouble}: {each.trouble_detail}" for each in healths if each.trouble in _ILL}
        return {
            "last_run": last.started_at if last else None,
            "exit_code": last.exit_code if last else None,
            "articles": ledger.counts().get(("done", None), 0),
            "sources_ok": len(healths) - len(ill),
            "sources_ill": ill,
        }
    finally:
        ledger.close()


def _table(sites: dict[str, SiteConfig], states: dict[str, dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("site", "name", "home", "last run", "exit"):
        table.add_column(column)
    for column in ("articles", "sources ok", "failing"):
        table.add_column(column, justify="right")
    for key, site in sites.items():
        state = states[key]
        code = "-" if state["exit_code"] is None else str(state["exit_code"])
        numbers = (str(state["articles"]), str(state["sources_ok"]), str(len(state["sources_ill"])))
        table.add_row(
            escape(key), escape(site.name or ""), escape(site.home), state["last_run"] or "never", code, *numbers
        )
    return table
