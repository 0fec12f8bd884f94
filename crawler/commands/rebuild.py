"""Make a site's derived files anew from its WARC files: rows, index and ledger.

The WARC files are the truth, and all else follows from them: run this when a ledger is lost or damaged, when rows were changed or deleted,
or to extract all pages again with today's rules. The new files are made beside the old ones, then take their place; profiles that rows
name are kept. From a ledger that can still be read is taken what no WARC file says: URLs found and never fetched, refusals, how sources
fare. No network.

  pressmark rebuild example.org
  pressmark rebuild -C archive
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from crawler.commands.rebuild_site import Rebuilding
from crawler.config import ExtractLimits, SiteConfig, load_sites, site_for_url
from crawler.dataset.lookup import sites_called
from crawler.errors import Exit, StorageError
from crawler.layout import SiteLayout
from crawler.lock import lock_site
from crawler.report.progress import progress
from crawler.report.terminal import plain
from crawler.swap import put_in_place
from pipelines.workers import WorkerPool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "site", nargs="*", metavar="SITE", help="name of a site in the collection (default: all of them)"
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", default=os.cpu_count() or 1, help="worker processes (default: one a core)"
    )
    parser.add_argument(
        "--config", metavar="DIR", type=Path, help="folder of the configuration, for the rules of known sites"
    )


def run(args: argparse.Namespace) -> int:
    """Rebuild; exit 7 if a WARC file is damaged: what is whole in it was taken."""
    configured = load_sites(args.config)
    damage: list[str] = []
    with progress() as talk, WorkerPool(replace(ExtractLimits(), workers=max(1, args.workers))) as pool:
        for layout in sites_called(args.collection, args.site):
            with lock_site(layout):
                put_in_place(layout)
                try:
                    said = Rebuilding(layout, _config(layout, configured, args.config), pool, talk, damage).run()
                except OSError as error:
                    raise StorageError(
                        f"{error.filename or layout.root}: {error.strerror}",
                        hint="Make room, then run it again: the old files are as they were.",
                    ) from error
            print(plain(f"{layout.site}: {said}"))
    for line in damage:
        print(plain(f"pressmark: {line}"), file=sys.stderr)
    return Exit.PARTIAL if damage else Exit.DONE


def _config(layout: SiteLayout, configured: dict[str, SiteConfig], folder: Path | None) -> SiteConfig:
    """The site's configuration; of one whose pages were archived singly, that of its host."""
    return configured.get(layout.site) or site_for_url(f"https://{layout.site}/", folder)
