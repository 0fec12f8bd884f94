"""Crawl a small newspaper on this machine, to see how it all works.

Starts the demo newspaper (fiction) on a loopback port, crawls it as one of your own sites would be crawled, and says what was
archived, what chrome was taken out, and where everything lies. Run it again: nothing is fetched twice.

  pressmark demo
  pressmark demo -C /tmp/demo
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crawler.commands.fetch_options import tell_errors
from crawler.config import BUNDLED, load_site
from crawler.dataset.lookup import rows
from crawler.errors import PressmarkError
from crawler.layout import CollectionLayout
from crawler.report.progress import progress
from crawler.report.terminal import plain
from crawler.run import Job
from crawler.run import run as run_jobs

_SERVER = Path(__file__).resolve().parents[2] / "tests" / "newspaper" / "serve.py"
_PORT = 8765
"""The newspaper's port: the same each time, so that a second crawl finds the same addresses."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "--port", type=int, default=_PORT, metavar="N", help=f"port of the newspaper on 127.0.0.1 (default: {_PORT})"
    )
    parser.add_argument("--json", action="store_true", help="print the run's report as JSON")


def run(args: argparse.Namespace) -> int:
    """Run the demo."""
    with _newspaper(args.port) as home:
        site = load_site("demo", BUNDLED, overrides=[f"home={home}", "fetch.allow_private=[127.0.0.0/8]"])
        if sys.stderr.isatty():
            print(f"The newspaper is at {home}; crawling it into {args.collection}/", file=sys.stderr)
        with progress() as talk:
            result = run_jobs([Job("site", site)], args.collection, talk)
    tell_errors(result)
    for outcome in result.outcomes:
        print(
            json.dumps(outcome.to_dict())
            if args.json
            else plain(_account(args.collection, outcome.run_id, outcome.articles))
        )
    return result.exit_code


def _account(collection: Path, run_id: str, articles: int) -> str:
    site = CollectionLayout(collection).site("demo")
    every = list(rows(site, "articles"))
    blocks = list(rows(site, "removed"))
    new = {row["id"] for row in every if row["run_id"] == run_id}
    kinds = Counter(block["kind"] for block in blocks)
    text = sum(len(row["text"]) for row in every)
    chrome = sum(len(block["text"]) for block in blocks)
    lines = [
        f"{articles} articles archived in this run, {len(every)} in all."
        if new
        else f"Nothing new: all {len(every)} articles were archived before.",
        f"Of the pages' {text + chrome:,} characters {chrome:,} were chrome, in {len(blocks):,} blocks:",
        "  " + ", ".join(f"{number} {kind}" for kind, number in kinds.most_common()),
        f"Articles   {_shown(site.row_files('articles'))}",
        f"Removed    {_shown(site.row_files('removed'))}",
        f"WARC       {_shown(site.warc_files())}",
        f"Report     {site.run(run_id) / 'report.json'}",
        "Next:",
        f"  pressmark -h; pressmark status -C {collection}; pressmark verify -C {collection}",
    ]
    if every:
        lines.append(f"  pressmark show -C {collection} {every[-1]['article_id']}")
    return "\n".join(lines)


def _shown(paths: list[Path]) -> str:
    return ", ".join(str(path) for path in paths) or "none"


@contextlib.contextmanager
def _newspaper(port: int) -> Iterator[str]:
    command = [sys.executable, str(_SERVER), "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert server.stderr is not None
        ready = server.stdout.readline()
        if not ready:
            why = server.stderr.read().strip().splitlines()
            raise PressmarkError(
                f"the demo newspaper could not start on port {port}: {why[-1] if why else 'no reason given'}",
                hint="Name another port: pressmark demo --port 8766.",
            )
        yield str(json.loads(ready)["url"])
    finally:
        server.terminate()
        server.communicate(timeout=10)
