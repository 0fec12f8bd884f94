"""List and check the configured sites.

pressmark sites list
pressmark sites check            read every YAML and say what is wrong, without network
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crawler.config import load_sites
from crawler.errors import Exit


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("action", choices=["list", "check"], help="what to do")
    parser.add_argument(
        "--config",
        metavar="DIR",
        type=Path,
        help="folder of the configuration (default: $PRESSMARK_CONFIG, ./config, or the one shipped)",
    )
    parser.add_argument("--json", action="store_true", help="print a line of JSON a site")


def run(args: argparse.Namespace) -> int:
    """List or check; exit 3 if a YAML is wrong."""
    sites = load_sites(args.config)
    if args.action == "check":
        print(f"{len(sites)} sites: all well")
        return Exit.DONE
    if args.json:
        for key, site in sites.items():
            print(json.dumps({"site": key, "name": site.name, "home": site.home}, ensure_ascii=False))
        return Exit.DONE
    table = Table(box=None, pad_edge=False)
    for column in ("site", "name", "home", "feeds", "sitemaps", "sections"):
        table.add_column(column)
    for key, site in sites.items():
        found = site.discover
        table.add_row(
            escape(key),
            escape(site.name or ""),
            escape(site.home),
            *(str(len(s)) for s in (found.feeds, found.sitemaps, found.sections)),
        )
    Console(highlight=False).print(table)
    return Exit.DONE
