"""Make one WACZ package of a collection, of sites, of a span of days, or of single articles.

The package stands alone: requests, metadata, the originals of revisits and the redirects that led to an article come with it, and a
manifest with a digest of every file. It opens in ReplayWeb.page and pywb, and 'pressmark verify' proves it. Days are UTC, and both ends
count. Exit 8 if the record of an article, or the original of a revisit, is missing or damaged.

  pressmark pack news.wacz
  pressmark pack november.wacz example.org --from 2026-11-01 --to 2026-11-30
  pressmark pack exhibit.wacz --page https://example.org/story --title 'Exhibit 4'
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from crawler import __version__
from crawler.commands.moment_option import moment_option
from crawler.dataset.captures import Unrowed, no_article, unrowed
from crawler.dataset.lookup import Row, names_meant, names_of, rows, sites_at, sites_called
from crawler.dataset.register import register
from crawler.errors import EvidenceError, Exit, StorageError, UsageError
from crawler.layout import SiteLayout
from crawler.record import utc
from crawler.report.progress import progress
from crawler.takedown.log import standing
from crawler.warc.cdxj import IndexEntry, read_index
from crawler.warc.wacz import Packed, Page, pack

Place = tuple[str, int]
"""Name of a WARC file, and offset."""


def _place(row: Row) -> Place:
    return row["warc_filename"], row["warc_record_offset"]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The captures that --page names, oldest first: those with a row in articles.jsonl, and those without."""

    rows: list[Row]
    others: list[Unrowed]

    @property
    def places(self) -> set[Place]:
        """Where their records stand."""
        return {_place(row) for row in self.rows} | {(each.entry.filename, each.entry.offset) for each in self.others}

    def ids(self, site: SiteLayout) -> list[str]:
        """Their ids, of one site."""
        with_row = [str(row["id"]) for row in self.rows if row["site"] == site.site]
        return with_row + [each.record_id for each in self.others if each.site.site == site.site]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("dest", type=Path, metavar="DEST", help="the package to make, a file that ends in .wacz")
    parser.add_argument(
        "site", nargs="*", default=[], metavar="SITE", help="only these sites (default: all of the collection)"
    )
    parser.add_argument(
        "--from", dest="start", type=moment_option, metavar="DATE", help="only captures from this day or moment on"
    )
    parser.add_argument(
        "--to", dest="end", type=moment_option, metavar="DATE", help="only captures up to this day or moment"
    )
    parser.add_argument(
        "--page", action="append", default=[], metavar="ID|URL",
        help="only this article: all its captures, or the one with this urn:uuid; a page that gave no article too (repeatable)",
    )  # fmt: skip
    parser.add_argument("--title", help="title of the package (default: the names of the sites)")
    parser.add_argument("--description", help="what the package is, in Markdown")
    parser.add_argument("--force", action="store_true", help="replace DEST if it is there")
    parser.add_argument("--json", action="store_true", help="print the account as JSON")


def run(args: argparse.Namespace) -> int:
    """Pack; exit 8 if what was asked for is not wholly there."""
    dest: Path = args.dest
    if dest.suffix != ".wacz":
        raise UsageError(
            f"{dest} does not end in .wacz", hint="First the package to make, then the sites to put in it."
        )
    if dest.exists() and not args.force:
        raise UsageError(f"{dest} is there already", hint="Name another file, or replace it with --force.")
    with progress() as talk, talk.step(f"packing {dest.name}"):
        sites = sites_called(args.collection, args.site)
        chosen = _choose(args.collection, sites, args.page) if args.page else None
        places = None if chosen is None else chosen.places
        named = [site.site for site in sites if chosen is None or chosen.ids(site)]
        done = pack(
            dest,
            [warc for site in sites for warc in site.warc_files()],
            pages=(
                page for page in _pages(sites, chosen) if _within(f"{page.date:%Y%m%d%H%M%S}", args.start, args.end)
            ),
            title=args.title or ", ".join(named),
            software=f"pressmark {__version__}",
            created=datetime.now(UTC),
            description=args.description,
            wanted=_wanted(args.start, args.end, places),
            hidden={place for site in sites for place in standing(site).places},
            passed=_passed(sites, places),
        )
    digest = _sha256(dest)
    _register(sites, chosen, dest, digest)
    print(json.dumps(_account(dest, done, digest)) if args.json else _talk(dest, done, digest))
    return Exit.EVIDENCE if done.missing_originals or done.missing_pages else Exit.DONE


def _choose(collection: Path, sites: list[SiteLayout], wanted: Sequence[str]) -> _Chosen:
    """The captures asked for."""
    left = set(wanted)
    meant: dict[str, set[str]] = defaultdict(set)
    for name in wanted:
        for form in names_meant(name):
            meant[form].add(name)
    found: dict[str, Row] = {}
    for row in (row for site in sites for row in rows(site, "articles")):
        for form in names_of(row) & meant.keys():
            found[row["id"]] = row
            left -= meant[form]
    others: dict[str, Unrowed] = {}
    for name in sorted(left):
        kept = unrowed(sites, name)
        if not kept and len(sites) == len(sites_at(collection)):
            raise no_article(sites, name, where=collection)
        if not kept:
            here = ", ".join(sorted(site.site for site in sites))
            raise EvidenceError(f"{name} is not in {here}", hint="Leave the site away.")
        others |= {each.record_id: each for each in kept}
    return _Chosen(sorted(found.values(), key=lambda row: str(row["fetched_at"])), list(others.values()))


def _passed(sites: list[SiteLayout], places: set[Place] | None) -> Iterator[IndexEntry]:
    """What the sites' indexes know beside the captures at these places."""
    if places is not None:
        entries = (entry for site in sites for entry in read_index(site.index))
        yield from (entry for entry in entries if (entry.filename, entry.offset) not in places)


def _wanted(start: str | None, end: str | None, places: set[Place] | None) -> Callable[[IndexEntry], bool] | None:
    """What chooses captures; None for all of them."""
    if start is None and end is None and places is None:
        return None

    def wanted(entry: IndexEntry) -> bool:
        return _within(entry.timestamp, start, end) and (places is None or (entry.filename, entry.offset) in places)

    return wanted


def _within(at: str, start: str | None, end: str | None) -> bool:
    """Whether a time, in digits, is within a span; both ends count."""
    return (start is None or at[: len(start)] >= start) and (end is None or at[: len(end)] <= end)


def _pages(sites: list[SiteLayout], chosen: _Chosen | None) -> Iterator[Page]:
    """The articles, as entry points for a reader, and what was asked for beside them."""
    for row in chosen.rows if chosen is not None else (row for site in sites for row in rows(site, "articles")):
        if row["withdrawn_at"]:
            continue  # a tombstone: no package holds what it stands for
        date = datetime.fromisoformat(row["fetched_at"])
        yield Page(
            url=row["url"], date=date, title=row["title"], text=row["text"], record_id=row["id"], place=_place(row)
        )
    for each in chosen.others if chosen is not None else ():
        yield Page(url=each.entry.url, date=datetime.fromisoformat(each.fetched_at), record_id=each.record_id)


def _register(sites: list[SiteLayout], chosen: _Chosen | None, dest: Path, digest: str) -> None:
    """Note at each site what the package holds of it (all of its rows, where time alone chose), so that a takedown can name it."""
    at = utc(datetime.now(UTC).replace(microsecond=0))
    for site in sites:
        ids = chosen.ids(site) if chosen is not None else [row["id"] for row in rows(site, "articles")]
        try:
            if ids:
                register(site, ids, kind="package", path=dest, sha256=digest, at=at)
        except StorageError as error:
            print(f"pressmark: {error.message}: the package is whole, but not noted in the register", file=sys.stderr)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(f"{path} cannot be read again: {error.strerror}", hint="Check the disk.") from error


def _account(dest: Path, done: Packed, digest: str) -> dict[str, object]:
    return {
        "path": str(dest),
        "bytes": done.size,
        "sha256": digest,
        "warcs": done.warcs,
        "captures": done.captures,
        "pages": done.pages,
        "missing_originals": done.missing_originals,
        "missing_pages": done.missing_pages,
    }


def _talk(dest: Path, done: Packed, digest: str) -> str:
    lines = [
        f"{dest}: {done.captures} captures, {done.pages} of them listed as pages, in {done.warcs} WARC files, {done.size:,} bytes",
        f"sha256 {digest}",
    ]
    if done.missing_originals:
        lines.append(
            f"{done.missing_originals} revisits whose original is in none of the files: replay cannot show them."
        )
    if done.missing_pages:
        lines.append(
            f"{done.missing_pages} articles are not in it: no WARC file holds their record whole. 'pressmark verify' names them."
        )
    lines.append(
        f"Prove it: pressmark verify {dest}. Look at it: https://replayweb.page, which keeps the file on your machine."
    )
    return "\n".join(lines)
