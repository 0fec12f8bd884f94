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
import shutil
import subprocess
import sys
import textwrap
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
    kinds = Counter(block["kind"] for block in blocks)
    text = sum(len(row["text"]) for row in every)
    chrome = sum(len(block["text"]) for block in blocks)
    listed = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    lines = [
        f"{articles} articles archived, {len(every)} in all."
        if articles
        else f"Nothing new: all {len(every)} articles were archived before, and none was fetched again.",
        f"Of the pages' {text + chrome:,} characters {chrome:,} were chrome, in {len(blocks):,} blocks:",
        *textwrap.wrap(listed, 96, initial_indent="  ", subsequent_indent="  "),
        "",
        f"articles  {_shown(site.row_files('articles'))}",
        f"removed   {_shown(site.row_files('removed'))}",
        f"WARC      {_shown(site.warc_files())}",
        f"report    {site.run(run_id) / 'report.json'}",
        "",
        "Look further:",
        f"  {_program()} verify -C {collection}          proves every record and every row",
        f"  {_program()} status -C {collection} demo",
    ]
    if every:
        lines.append(f"  {_program()} show -C {collection} {every[-1]['article_id']}")
    return "\n".join(lines)


def _program() -> str:
    """How this program was called, so that the commands it prints work as they stand."""
    return "pressmark" if shutil.which("pressmark") else sys.argv[0]


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
