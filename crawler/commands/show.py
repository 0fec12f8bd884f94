"""Print an archived article: its text, what was removed, the raw record, or where in it a sentence stands.

ID is a capture's urn:uuid (with or without the prefix), an article's a_… id, or a URL. Of several captures the last is shown. With
--sentence the passage is printed with file, offset, digest and time of the record that proves it, and the bytes of the page in which it
stands; without ID, the articles that hold it are searched for. Of what gave no article (a PDF, a page that is gone, a redirect) it is said
where it is kept, and why there is no row. All this works on a dataset too (-C DATASET), for whoever has its WARC
files: name their folder with --warc. Exit 8 if it is not there, 9 if the record does not bear the row out.

  pressmark show https://example.org/story
  pressmark show https://example.org/story --removed
  pressmark show https://example.org/story --why
  pressmark show a_0123456789abcdef --raw > record.warc
  pressmark show https://example.org/story --sentence 'Nobody minded.'
  pressmark show --sentence 'Nobody minded.' -C news-2026 --warc ~/warcs
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from crawler.commands.sentence import basis_of, show_sentence, warc_of
from crawler.dataset.captures import Unrowed, unrowed
from crawler.dataset.source import SiteSource, Source, find, sources_at
from crawler.errors import EvidenceError, Exit, UsageError
from crawler.report.terminal import plain
from crawler.upgrade import Row
from crawler.warc.reader import read_capture_at, read_raw
from pipelines.derive import page_of
from pipelines.order import run_stages


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("id", nargs="?", metavar="ID|URL", help="capture, article or address")
    parser.add_argument(
        "--sentence",
        metavar="TEXT",
        help="find this sentence, and what proves it; quotes, dashes and white space do not count",
    )
    parser.add_argument(
        "--warc", action="append", type=Path, default=[], metavar="DIR",
        help="folder that holds a dataset's WARC files, or one above it (repeatable; default: the dataset's own)",
    )  # fmt: skip
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--removed", action="store_true", help="list the removed blocks with kind, reason and path")
    what.add_argument("--why", action="store_true", help="list every block, kept (+) or not (-), and what decided it")
    what.add_argument(
        "--raw", action="store_true", help="write the WARC record's bytes, uncompressed, to standard output"
    )
    what.add_argument("--json", action="store_true", help="print the row")
    what.add_argument("--all", action="store_true", help="list all captures, a line each")


def run(args: argparse.Namespace) -> int:
    """Show; exit 8 if it is not there."""
    if args.sentence is not None:
        if args.removed or args.why or args.all:
            raise UsageError("--sentence goes with --raw or --json only")
        return show_sentence(args)
    if not args.id:
        raise UsageError("name an article, or a sentence to look for", hint="pressmark show ID, or --sentence 'TEXT'.")
    sources = sources_at(args.collection, args.warc)
    try:
        found = find(sources, args.id, where=args.collection)
    except EvidenceError:
        kept = unrowed([source.site for source in sources if isinstance(source, SiteSource)], args.id)
        if not kept or args.removed or args.why or args.json:
            raise
        return _show_unrowed(kept, args)
    source, row = found[-1]
    if args.all:
        for _, each in found:
            print(
                plain(
                    f"{each['fetched_at']}  {each['id']}  revision {each['revision']} ({each['change']})  {each['url']}"
                )
            )
    elif args.json:
        print(json.dumps(row, ensure_ascii=False, indent=2))
    elif args.raw:
        sys.stdout.buffer.write(_raw(source, row))
        sys.stdout.flush()
    elif args.removed:
        for block in (block for block in source.rows("removed") if block["id"] == row["id"]):
            print(plain(f"{block['kind']:<12} {block['reason']:<24} {block['text']}"))
    elif args.why:
        for line in _decisions(source, row):
            print(plain(line))
    else:
        print(plain(_article(source, row)))
    return Exit.DONE


def _show_unrowed(kept: list[Unrowed], args: argparse.Namespace) -> int:
    """Captures that gave no article."""
    last = kept[-1]
    if args.raw:
        sys.stdout.buffer.write(read_raw(last.warc, last.entry.offset, last.entry.length))
        sys.stdout.flush()
    elif args.all:
        for each in kept:
            print(plain(f"{each.fetched_at}  {each.record_id}  status {each.entry.status}  {each.entry.url}"))
    else:
        lines = [
            f"no article: {last.why}" if last.why else "no article",
            last.entry.url,
            f"captured {last.fetched_at} · {last.record_id}",
            f"{last.warc} at {last.entry.offset}",
            f"status {last.entry.status} · {last.entry.mime} · {last.entry.digest}",
            *([f"leads to {last.location}"] if last.location else []),
        ]
        print(plain("\n".join(lines)))
    return Exit.DONE


def _raw(source: Source, row: Row) -> bytes:
    return read_raw(warc_of(source, row), row["warc_record_offset"], row["warc_record_length"])


def _decisions(source: Source, row: Row) -> Iterator[str]:
    """Every block of the page, decided again from its record with the profile that the row names."""
    capture = read_capture_at(warc_of(source, row), row["warc_record_offset"])
    for block in run_stages(page_of(capture, basis_of(source, row))).blocks:
        sign, kind = ("+", "text") if block.kept else ("-", block.kind or "other")
        seen = f" (on {block.pages_sharing} other pages)" if block.pages_sharing else ""
        text = " ".join(block.text.split())
        yield f"{sign} {kind:<12} {(block.reason or '') + seen:<32} {block.path}\n    {text[:160]}"


def _article(source: Source, row: Row) -> str:
    published = row["published_at"] or "no date"
    warc = source.warc(row["warc_filename"]) if row["warc_filename"] else None
    if row["withdrawn_at"]:
        place = f"{row['url']}\ncaptured {row['fetched_at']} · {row['id']}"
        return f"{place}\nTaken down {row['withdrawn_at']}: {row['withdrawn_reason']}"
    head = [
        row["title"] or "(no title)",
        f"{', '.join(row['authors']) or 'no author'} · {published} · {row['word_count']} words · {row['language'] or '?'}",
        row["url"],
        f"captured {row['fetched_at']} · {row['id']}",
        f"{warc or row['warc_filename']} at {row['warc_record_offset']}" if row["warc_filename"] else "",
        f"quality {row['quality']:.2f}" + (f" · {', '.join(row['flags'])}" if row["flags"] else ""),
    ]
    return "\n".join(line for line in head if line) + "\n\n" + row["text"]
