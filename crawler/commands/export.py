"""Make a dataset of a collection: a folder that an analyst can open, trust and quote.

DEST holds the tables in data/ (JSON lines, Parquet, CSV), what every column means, where every row comes from, and a digest of every
file. It is written beside its place and renamed when whole; a crawl may go on meanwhile. Rows are the captures that fit all of the
filters; days are UTC, are those of capture, and both ends count. Exit 8 if no row fits.

  pressmark export news-2026
  pressmark export election --site example --from 2026-09 --to 2026-11 --where 'word_count>=200' --where section=Politics
  pressmark export open --text none --respect tdm,robots --format parquet
  pressmark export both -C archive other-archive --all-revisions
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from crawler import __version__
from crawler.commands.moment_option import moment_option
from crawler.dataset.condition import parse_condition
from crawler.dataset.editions import Edition
from crawler.dataset.export import Exported, export
from crawler.dataset.lookup import sites_at
from crawler.dataset.parquet import available, need_pyarrow
from crawler.dataset.plan import Duplicates, Format, Plan
from crawler.dataset.register import register_dataset
from crawler.dataset.selection import Respect, Selection
from crawler.dataset.tables import TABLES
from crawler.errors import Exit, StorageError, UsageError
from crawler.layout import SiteLayout
from crawler.record import utc
from crawler.report.progress import progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("dest", type=Path, metavar="DEST", help="the folder to make")
    parser.add_argument(
        "more",
        nargs="*",
        default=[],
        type=Path,
        metavar="COLLECTION",
        help="further collections whose rows are taken too, beside -C",
    )
    which = parser.add_argument_group("which rows")
    which.add_argument("--site", action="append", default=[], metavar="SITE", help="only this site (repeatable)")
    which.add_argument(
        "--from", dest="start", type=moment_option, metavar="DATE", help="captured from this day or moment on"
    )
    which.add_argument("--to", dest="end", type=moment_option, metavar="DATE", help="captured up to this day or moment")
    which.add_argument(
        "--language", action="append", default=[], metavar="TAG", help="only this language; pt takes pt-BR (repeatable)"
    )
    which.add_argument(
        "--where", action="append", default=[], metavar="CONDITION",
        help="FIELD, one of = != < <= > >= ~ (contains), VALUE or null; all must hold (repeatable)",
    )  # fmt: skip
    revisions = which.add_mutually_exclusive_group()
    revisions.add_argument(
        "--latest", dest="revisions", action="store_const", const="latest", default="latest",
        help="an article once, as it was captured last (the default)",
    )  # fmt: skip
    revisions.add_argument(
        "--all-revisions", dest="revisions", action="store_const", const="all", help="all captures of an article"
    )
    which.add_argument("--min-quality", type=float, default=0.0, metavar="0–1", help="least quality (default: 0)")
    which.add_argument(
        "--respect", type=_words(get_args(Respect)), default=(), metavar="tdm,robots",
        help="leave out what is reserved against text and data mining (tdm), or what robots.txt or the page says not to archive (robots)",
    )  # fmt: skip
    which.add_argument(
        "--duplicates", choices=get_args(Duplicates), default="mark",
        help="mark copies of earlier articles (the default), drop them, or skip the search: docs/duplicates.md",
    )  # fmt: skip
    what = parser.add_argument_group("which files")
    what.add_argument(
        "--format", type=_words(get_args(Format)), metavar="jsonl,parquet,csv",
        help="forms of the tables (default: jsonl and csv, and parquet where pyarrow is installed)",
    )  # fmt: skip
    what.add_argument(
        "--for", dest="editions", type=_words(get_args(Edition)), default=(), metavar=",".join(get_args(Edition)),
        help="the articles once more: for annotation (labelstudio, prodigy), or as text files with metadata.csv (text, for TXM) "
        "or in one file (iramuteq)",
    )  # fmt: skip
    what.add_argument(
        "--tables",
        type=_words(tuple(TABLES)),
        default=tuple(TABLES),
        metavar=",".join(TABLES),
        help="tables (default: all)",
    )
    what.add_argument(
        "--text", choices=("full", "none"), default="full", help="with the articles' text, or without (default: full)"
    )
    what.add_argument(
        "--raw-csv", action="store_true", help="CSV as it is: no mark, no guard against formulas, no cell cut"
    )
    said = parser.add_argument_group("what is said of it")
    said.add_argument("--title", help="title of the dataset (default: its sites and its time)")
    said.add_argument("--description", metavar="TEXT", help="what it was made for, in Markdown")
    said.add_argument(
        "--creator", action="append", default=[], metavar="NAME", help="who made it, for citation (repeatable)"
    )
    said.add_argument(
        "--license",
        metavar="SPDX",
        help="licence of the collection as a whole; the articles' rights stay their publishers'",
    )
    said.add_argument("--config", type=Path, metavar="DIR", help="folder of the configuration (default: as for crawl)")
    parser.add_argument("--force", action="store_true", help="replace DEST if it is an export")
    parser.add_argument("--json", action="store_true", help="print the account as JSON")


def run(args: argparse.Namespace) -> int:
    """Export; exit 8 if there is nothing to."""
    fields = TABLES["articles"].fields
    selection = Selection(
        sites=frozenset(args.site),
        start=args.start,
        end=args.end,
        languages=tuple(args.language),
        conditions=tuple(parse_condition(text, fields) for text in args.where),
        min_quality=args.min_quality,
        respect=frozenset(args.respect),
        revisions=args.revisions,
    )
    formats = args.format or ("jsonl", *(("parquet",) if available() else ()), "csv")
    if "parquet" in formats:
        need_pyarrow()
    plan = Plan(
        made_at=_now(),
        software=f"pressmark {__version__}",
        selection=selection,
        duplicates=args.duplicates,
        tables=tuple(name for name in TABLES if name in args.tables or name == "articles"),
        formats=formats,
        editions=args.editions,
        text=args.text,
        raw_csv=args.raw_csv,
        title=args.title,
        description=args.description,
        creators=tuple(args.creator),
        licence=args.license,
        config=args.config,
    )
    sites = _sites([args.collection, *args.more], selection)
    with progress() as talk:
        done = export(args.dest, sites, plan, talk, force=args.force)
    try:
        register_dataset(sites, args.dest, sha256=done.fingerprint, at=utc(plan.made_at))
    except StorageError as error:
        print(f"pressmark: {error.message}: the dataset is whole, but not noted in the register", file=sys.stderr)
    print(json.dumps(_account(done)) if args.json else _talk(done))
    return Exit.DONE


def _now() -> datetime:
    """When the export is made, to the second; $SOURCE_DATE_EPOCH sets it for builds that must give the same bytes again."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), UTC) if given.isdecimal() else datetime.now(UTC).replace(microsecond=0)


def _sites(collections: list[Path], selection: Selection) -> list[SiteLayout]:
    """The sites of all collections that are wanted; of a collection that is named twice, once."""
    found = (site for collection in collections for site in sites_at(collection))
    sites = list({site.root.resolve(): site for site in found}.values())
    if unknown := sorted(selection.sites - {site.site for site in sites}):
        raise UsageError(
            f"no site {', '.join(unknown)} in {', '.join(map(str, collections))}",
            hint=f"There are: {', '.join(sorted({site.site for site in sites}))}.",
        )
    return [site for site in sites if not selection.sites or site.site in selection.sites]


def _words(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """What reads a list of words parted by commas, each one of ``known``."""

    def read(text: str) -> tuple[str, ...]:
        given = tuple(word.strip() for word in text.split(",") if word.strip())
        if not given or (unknown := [word for word in given if word not in known]):
            raise argparse.ArgumentTypeError(
                f"'{', '.join(unknown) if given else text}': it is one or several of {', '.join(known)}"
            )
        return tuple(word for word in known if word in given)

    return read


def _account(done: Exported) -> dict[str, object]:
    return {
        "path": str(done.path),
        "rows": done.rows,
        "left_out": done.left_out,
        "missing": done.missing,
        "cut_cells": done.cut_cells,
        "bytes": done.size,
        "data_sha256": done.data_fingerprint,
        "sha256": done.fingerprint,
    }


def _talk(done: Exported) -> str:
    rows = ", ".join(f"{number:,} {name}" for name, number in done.rows.items())
    lines = [f"{done.path}: {rows}; {done.size:,} bytes"]
    left = ", ".join(f"{reason} {number:,}" for reason, number in done.left_out.items())
    if left:
        lines.append(f"left out: {left}")
    if done.cut_cells:
        lines.append(f"{done.cut_cells:,} cells of CSV were cut at a spreadsheet's limit; the other files are whole")
    lines.append(f"sha256 of manifest-sha256.txt, which fixes the data: {done.data_fingerprint}")
    lines.append(f"sha256 of tagmanifest-sha256.txt, which fixes all of it: {done.fingerprint}")
    return "\n".join(lines)
