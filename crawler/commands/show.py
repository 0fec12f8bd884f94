"""Print an archived article: its text, what was removed, or the raw record.

ID is a capture's urn:uuid (with or without the prefix), an article's a_… id, or a URL. Of several captures the last is shown.

  pressmark show https://example.org/story
  pressmark show https://example.org/story --removed
  pressmark show https://example.org/story --why
  pressmark show a_0123456789abcdef --raw > record.warc
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator

from crawler.dataset.lookup import Row, captures_of, removed_from
from crawler.errors import EvidenceError, Exit
from crawler.layout import SiteLayout
from crawler.report.terminal import plain
from crawler.warc.reader import read_capture_at, read_raw
from pipelines.basis import Basis
from pipelines.derive import page_of
from pipelines.order import run_stages


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("id", metavar="ID|URL", help="capture, article or address")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--removed", action="store_true", help="list the removed blocks with kind, reason and path")
    what.add_argument("--why", action="store_true", help="list every block, kept (+) or not (-), and what decided it")
    what.add_argument(
        "--raw", action="store_true", help="write the WARC record's bytes, uncompressed, to standard output"
    )
    what.add_argument("--json", action="store_true", help="print the row")
    what.add_argument("--all", action="store_true", help="list all captures, a line each")


def run(args: argparse.Namespace) -> int:
    """Show; exit 8 if it is not in the collection."""
    found = captures_of(args.collection, args.id)
    site, row = found[-1]
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
        sys.stdout.buffer.write(_raw(site, row))
        sys.stdout.flush()
    elif args.removed:
        for block in removed_from(site, row["id"]):
            print(plain(f"{block['kind']:<12} {block['reason']:<24} {block['text']}"))
    elif args.why:
        for line in _decisions(site, row):
            print(plain(line))
    else:
        print(plain(_article(site, row)))
    return Exit.DONE


def _raw(site: SiteLayout, row: Row) -> bytes:
    name, offset, length = row["warc_filename"], row["warc_record_offset"], row["warc_record_length"]
    path = site.warc_file(name)
    try:
        return read_raw(path, offset, length)
    except OSError as error:
        raise EvidenceError(
            f"{path}: {error.strerror}", hint="The row's WARC file is gone; 'pressmark verify' lists what is missing."
        ) from error


def _decisions(site: SiteLayout, row: Row) -> Iterator[str]:
    """Every block of the page, decided again from its record with the profile that the row names."""
    profile = site.profile(row["extraction"]["profile_sha256"])
    try:
        basis = Basis.from_json(profile.read_bytes())
    except (OSError, ValueError) as error:
        raise EvidenceError(f"{profile}: {error}", hint="'pressmark verify' lists what else is missing.") from error
    capture = read_capture_at(site.warc_file(row["warc_filename"]), row["warc_record_offset"])
    for block in run_stages(page_of(capture, basis)).blocks:
        sign, kind = ("+", "text") if block.kept else ("-", block.kind or "other")
        seen = f" (on {block.pages_sharing} other pages)" if block.pages_sharing else ""
        text = " ".join(block.text.split())
        yield f"{sign} {kind:<12} {(block.reason or '') + seen:<32} {block.path}\n    {text[:160]}"


def _article(site: SiteLayout, row: Row) -> str:
    published = row["published_at"] or "no date"
    head = [
        row["title"] or "(no title)",
        f"{', '.join(row['authors']) or 'no author'} · {published} · {row['word_count']} words · {row['language'] or '?'}",
        row["url"],
        f"captured {row['fetched_at']} · {row['id']}",
        f"{site.warc_file(row['warc_filename'])} at {row['warc_record_offset']}" if row["warc_filename"] else "",
        f"quality {row['quality']:.2f}" + (f" · {', '.join(row['flags'])}" if row["flags"] else ""),
    ]
    return "\n".join(line for line in head if line) + "\n\n" + row["text"]
