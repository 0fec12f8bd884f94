"""Prove a collection, a site's folder, a dataset, or a WARC or WACZ file of any tool.

Of each WARC file: the form of every record, its digests and lengths. Of the index: its order, and that each line leads to its record. Of
each row: that its record stands where the row says, bears the digest the row names, and gives the same row again, field by field, when it
is extracted once more; the removed blocks too. Of each archived page: that it has its row, or a reason why it has none; and that no row
is missing which a later row of its article, or the ledger, names. Needs no network. Each finding names file, offset, record and rule.

A dataset that 'export' made is proved from its own folder and its WARC files, wherever they lie: digests of all files, every row extracted
again from its record, its removed blocks, and the duplicates among the rows. Rows that cannot be proved are named with the reason, and
the exit code is then 8. (What an article's revision is called rests on earlier captures, and is proved in the collection only.)

  pressmark verify archive
  pressmark verify archive/example.org --json
  pressmark verify news-2026 --warc archive
  pressmark verify crawl.warc.zst
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from crawler.commands.verify_dataset import DatasetVerifier
from crawler.commands.verify_rows import RowsVerifier
from crawler.config import ExtractLimits
from crawler.dataset.lookup import sites_at
from crawler.dataset.source import DatasetSource, is_dataset
from crawler.errors import Exit, UsageError
from crawler.report.progress import Talk, progress
from crawler.report.terminal import plain
from crawler.takedown.log import standing
from crawler.warc.second import second_opinion
from crawler.warc.verify import Finding, verify_file, verify_files, verify_stream
from pipelines.workers import WorkerPool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help="collection, site's folder, dataset, WARC or WACZ file, or - for a WARC on standard input (default: the collection)",
    )
    parser.add_argument(
        "--warc", action="append", type=Path, default=[], metavar="DIR",
        help="folder that holds a dataset's WARC files, or one above it (repeatable; default: the dataset's own)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print each finding as a line of JSON")
    parser.add_argument(
        "--workers", type=int, metavar="N", default=os.cpu_count() or 1, help="worker processes (default: one a core)"
    )


def run(args: argparse.Namespace) -> int:
    """Verify; exit 9 if anything does not hold, 8 if rows of a dataset cannot be proved."""
    path: Path = args.path or args.collection
    if is_dataset(path):
        return _verify_dataset(DatasetSource(path, args.warc), args)
    if args.warc:
        raise UsageError(f"{path} is no dataset: its WARC files are its own", hint="Leave --warc away.")
    errors = warnings = records = 0
    with progress() as talk:
        for finding in _findings(path, max(1, args.workers), talk):
            if isinstance(finding, int):
                records += finding
                continue
            errors += finding.severity == "error"
            warnings += finding.severity == "warning"
            print(json.dumps(dataclasses.asdict(finding), default=str) if args.json else plain(_line(finding)))
    if not args.json:
        print(f"{path}: {records} rows and files checked, {errors} errors, {warnings} warnings")
    return Exit.VERIFICATION if errors else Exit.DONE


def _verify_dataset(source: DatasetSource, args: argparse.Namespace) -> int:
    errors = warnings = 0
    with ExitStack() as stack:
        talk = stack.enter_context(progress())
        pool = stack.enter_context(WorkerPool(dataclasses.replace(ExtractLimits(), workers=max(1, args.workers))))
        verifier = DatasetVerifier(source, pool, talk)
        for finding in verifier.findings():
            errors += finding.severity == "error"
            warnings += finding.severity == "warning"
            print(json.dumps(dataclasses.asdict(finding)) if args.json else plain(_line(finding)))
    if not args.json:
        print(f"{source.root}: {verifier.tally}; {errors} errors, {warnings} warnings")
    return Exit.VERIFICATION if errors else Exit.EVIDENCE if verifier.tally.unproved else Exit.DONE


def _line(finding: Finding) -> str:
    where = f"{finding.file}" + (f" at {finding.offset}" if finding.offset is not None else "")
    record = f" {finding.record_id}" if finding.record_id else ""
    return f"{finding.severity}: {where}:{record} {finding.message} [{finding.rule}{', ' + finding.section if finding.section else ''}]"


def _findings(path: Path, workers: int, talk: Talk) -> Iterator[Finding | int]:
    if str(path) == "-":
        yield from verify_stream(sys.stdin.buffer)
        yield 1
        return
    if path.is_file():
        yield from verify_file(path)
        yield 1
        return
    if not path.exists():
        raise UsageError(f"{path} does not exist", hint="Name a collection, a site's folder in it, or a WARC file.")
    with WorkerPool(dataclasses.replace(ExtractLimits(), workers=workers)) as pool:
        for site in sites_at(path):
            with talk.step(f"{site.site}: WARC files") as count:
                warcs = site.warc_files()
                yield from verify_files(warcs, site.index, standing(site).places)
                for warc in warcs:
                    yield from second_opinion(warc)
                    yield 1
                    count()
            with talk.step(f"{site.site}: rows") as count:
                for finding in RowsVerifier(site, pool).findings():
                    if isinstance(finding, int):
                        count()
                    yield finding
