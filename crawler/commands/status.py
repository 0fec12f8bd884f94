"""List the sites of a collection and their runs.

pressmark status
pressmark status example.org
"""

from __future__ import annotations

import argparse
import dataclasses
import json

from rich.markup import escape
from rich.table import Table

from crawler.dataset.lookup import sites_called
from crawler.errors import Exit
from crawler.layout import SiteLayout
from crawler.ledger import STATES, Ledger, RunState, SourceHealth
from crawler.report.console import table_console

_RUNS_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("site", nargs="*", metavar="SITE", help="only these sites, with their last runs")
    parser.add_argument("--json", action="store_true", help="print a line of JSON a site")


def run(args: argparse.Namespace) -> int:
    """Show the state of the collection."""
    chosen = sites_called(args.collection, args.site)
    states = [(site, *_state(site)) for site in chosen]
    sources = {site.site: _sources(site) for site in chosen} if args.site else {}
    if args.json:
        for site, counts, runs in states:
            value = {"site": site.site, "urls": counts, "runs": [dataclasses.asdict(run) for run in runs]}
            if args.site:
                value["sources"] = [dataclasses.asdict(source) for source in sources[site.site]]
            print(json.dumps(value, ensure_ascii=False))
        return Exit.DONE
    console = table_console()
    console.print(_sites_table(states))
    if args.site:
        for site, _, runs in states:
            console.print(_runs_table(site, runs[:_RUNS_SHOWN]))
            if sources[site.site]:
                console.print(_sources_table(site, sources[site.site]))
    return Exit.DONE


def _state(site: SiteLayout) -> tuple[dict[str, int], list[RunState]]:
    ledger = Ledger(site.ledger, read_only=True)
    try:
        counts: dict[str, int] = dict.fromkeys(STATES, 0)
        for (state, _), number in ledger.counts().items():
            counts[state] += number
        return counts, ledger.runs()
    finally:
        ledger.close()


def _sources(site: SiteLayout) -> list[SourceHealth]:
    ledger = Ledger(site.ledger, read_only=True)
    try:
        return ledger.healths()
    finally:
        ledger.close()


def _sources_table(site: SiteLayout, sources: list[SourceHealth]) -> Table:
    """How each source is: when it was well, when it last named something new, how often it does, what its errors weigh."""
    table = Table(box=None, pad_edge=False, title=f"\nsources of {escape(site.site)}", title_justify="left")
    for column in ("is a", "well at", "new at"):
        table.add_column(column, no_wrap=True)
    for column in ("changes every", "errors"):
        table.add_column(column, justify="right")
    table.add_column("source", overflow="fold")
    table.add_column("fares", overflow="fold")
    for each in sources:
        trouble = f"{each.trouble}: {each.trouble_detail}" if each.trouble else each.standing
        every = "-" if each.gap is None else f"{each.gap / 3600:.1f} h"
        days = ((each.ok_at or "never")[:16], (each.changed_at or "never")[:16])
        table.add_row(each.kind, *days, every, f"{each.weight:g}", escape(each.url), escape(trouble))
    return table


def _sites_table(states: list[tuple[SiteLayout, dict[str, int], list[RunState]]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("site", "last run", "exit"):
        table.add_column(column)
    for column in STATES:
        table.add_column(column, justify="right")
    for site, counts, runs in states:
        last = runs[0] if runs else None
        code = "running" if last and last.exit_code is None else str(last.exit_code) if last else "-"
        table.add_row(escape(site.site), last.started_at if last else "never", code, *(str(counts[s]) for s in STATES))
    return table


def _runs_table(site: SiteLayout, runs: list[RunState]) -> Table:
    table = Table(box=None, pad_edge=False, title=f"\nlast runs of {escape(site.site)}", title_justify="left")
    for column in ("run", "command", "exit", "articles", "failed"):
        table.add_column(column)
    for run in runs:
        summary = run.summary or {}
        code = "-" if run.exit_code is None else str(run.exit_code)
        table.add_row(run.run_id, run.command, code, str(summary.get("articles", "-")), str(summary.get("failed", "-")))
    return table
