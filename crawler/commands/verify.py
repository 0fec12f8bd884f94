"""Prove a collection, a site's folder, a dataset, or a WARC or WACZ file of any tool.

Of each WARC file: the form of every record, its digests and lengths. Of the index: its order, and that each line leads to its record. Of
each row: that its record stands where the row says, bears the digest the row names, and gives the same row again, field by field, when it
is extracted once more; the removed blocks too. Needs no network. Each finding names file, offset, record and rule.

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
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

from crawler.commands.verify_dataset import DatasetVerifier
from crawler.config import ExtractLimits
from crawler.dataset.lookup import rows, sites_at
from crawler.dataset.source import DatasetSource, is_dataset
from crawler.errors import Exit, StorageError, UsageError
from crawler.layout import SiteLayout
from crawler.ledger import Known
from crawler.record import utc
from crawler.report.progress import Talk, progress
from crawler.report.terminal import plain
from crawler.takedown.log import standing
from crawler.warc.conversions import Converted, read_conversions
from crawler.warc.exchange import Capture
from crawler.warc.reader import read_captures
from crawler.warc.second import second_opinion
from crawler.warc.verify import Finding, verify_file, verify_files, verify_stream
from pipelines.derive import Derived, gives_rows
from pipelines.history import MemoryStore, before, body_of, place
from pipelines.offline import in_order
from pipelines.proof import Doubt, Prover, differences
from pipelines.revision import Body
from pipelines.workers import WorkerPool

Row = dict[str, Any]
Severity = Literal["error", "warning"]


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
                for finding in _Rows(site, pool).findings():
                    if isinstance(finding, int):
                        count()
                    yield finding


def _known(row: Row, before: Known | None) -> Known:
    """What a row that cannot be made again says to those after it."""
    text_of = before if before and row["change"] == "gone" else None
    place = (row["warc_filename"], row["warc_record_offset"])
    return (
        Known(row["id"], row["revision"], row["text_sha256"], row["id"], *place)
        if text_of is None
        else dataclasses.replace(text_of, id=row["id"])
    )


def _missed_before(row: Row, store: MemoryStore, by_id: Mapping[str, Row], looks: Iterable[str]) -> None:
    """A row that says gone rests on an earlier look, which gave no row: the first since the article was last seen."""
    known = store.article(row["article_id"])
    seen_at = by_id[known.id]["fetched_at"] if known and known.id in by_id else ""
    first = min((at for at in looks if seen_at < at < row["fetched_at"]), default=None)
    if known and not known.gone:
        store.remember(row["article_id"], dataclasses.replace(known, missing_at=first))


class _Rows:
    """The rows of one site against its records."""

    def __init__(self, site: SiteLayout, pool: WorkerPool) -> None:
        self._site = site
        self._prover = Prover(pool, site.warc_file, site.profile)

    def findings(self) -> Iterator[Finding | int]:
        """Yield what does not hold, and 1 for each row that was checked."""
        try:
            removed = defaultdict(list)
            for block in rows(self._site, "removed", restricted=True):
                removed[block["id"]].append(block)
            articles = list(rows(self._site, "articles", restricted=True))
            failed = {row["url"] for row in rows(self._site, "failures")}
        except StorageError as error:
            yield Finding(
                severity="error",
                file=self._site.site,
                offset=None,
                record_id=None,
                rule="row-unreadable",
                section="",
                message=str(error),
            )
            return
        looks: dict[str, list[str]] = defaultdict(list)
        yield from self._complete({row["id"] for row in articles}, failed, looks)
        texts: dict[str, list[Converted]] = defaultdict(list)
        for warc in self._site.warc_files():
            for each in read_conversions(warc):
                texts[each.refers_to].append(each)
        store = MemoryStore()
        by_id: dict[str, Row] = {}
        found: list[Finding] = []
        turns = self._turns(articles, by_id, texts, found)
        for (row, capture), future in in_order(turns, lambda turn: self._derive(*turn)):
            yield from found
            found.clear()
            if capture is None or future is None:
                store.remember(row["article_id"], _known(row, store.article(row["article_id"])))
                continue
            derived = self._prover.settled(future, capture)
            if row["change"] == "gone":
                _missed_before(row, store, by_id, looks[row["article_id"]])
            known = before(derived, store)
            earlier = self._earlier(by_id.get(known.text_id), row) if known else None
            for doubt in differences(row, removed[row["id"]], place(derived, store, earlier)):
                yield self._doubted(row, doubt)
            yield 1
        yield from found

    def _turns(
        self, articles: Iterable[Row], by_id: dict[str, Row], texts: dict[str, list[Converted]], found: list[Finding]
    ) -> Iterator[tuple[Row, Capture | None]]:
        """The rows with their records, which are read only when their turn comes: a site's pages would not fit into memory.

        None is for one that cannot be made again and still counts for those after it. ``by_id`` grows, and so does ``found`` by what does
        not hold.
        """
        for row in articles:
            capture = self._prover.record(row)
            if isinstance(capture, Doubt):
                found.append(self._doubted(row, capture))
                if capture.rule == "erased":
                    yield row, None
                continue
            if row["id"] in by_id:
                found.append(self._finding(row, "row-doubled", "the record has two rows"))
                continue
            by_id[row["id"]] = row
            if unusable := self._prover.unusable(row):
                found.append(self._doubted(row, unusable))
                if unusable.rule == "other-version":
                    yield row, None
                continue
            found += self._conversions(row, texts.pop(row["id"], []))
            yield row, capture

    def _derive(self, row: Row, capture: Capture | None) -> Future[Derived] | None:
        return None if capture is None else self._prover.derive(capture, row)

    def _earlier(self, row: Row | None, later: Row) -> Body | None:
        """What the capture before said, extracted with the basis of the later one, as the crawl compared them."""
        capture = self._prover.record(row) if row else None
        if capture is None or isinstance(capture, Doubt):
            return None
        derived = self._prover.settled(self._prover.derive(capture, later), capture)
        return body_of(derived) if derived.article else None

    def _finding(self, row: Row, rule: str, message: str, severity: Severity = "error") -> Finding:
        return Finding(
            severity=severity, file=row["warc_filename"] or self._site.site, offset=row["warc_record_offset"],
            record_id=row["id"], rule=rule, section="docs/record.md", message=message,
        )  # fmt: skip

    def _complete(self, known: set[str], failed: set[str], looks: dict[str, list[str]]) -> Iterator[Finding]:
        """Each page that was archived has a row, or a reason why it has none; ``looks`` is told of looks at an article without a row."""
        for warc in self._site.warc_files():
            for capture in read_captures(warc, on_damage=lambda _: None):
                asked = capture.provenance.requested_url or capture.url
                if capture.provenance.article_id:  # a look again: it gives a row only if something has changed
                    if gives_rows(capture) and capture.pointer.record_id not in known:
                        looks[capture.provenance.article_id].append(utc(capture.date))
                    continue
                if gives_rows(capture) and capture.pointer.record_id not in known and not {asked, capture.url} & failed:
                    yield Finding(
                        severity="error", file=warc.name, offset=capture.pointer.offset, record_id=capture.pointer.record_id,
                        rule="row-missing", section="docs/record.md", message=f"{capture.url} is archived but has no row and no reason",
                    )  # fmt: skip

    def _doubted(self, row: Row, doubt: Doubt) -> Finding:
        return self._finding(row, doubt.rule, doubt.message, doubt.severity)

    def _conversions(self, row: Row, found: list[Converted]) -> Iterator[Finding]:
        """The text in the WARC is the row's, and is there once."""
        if found and row["text_sha256"] not in [each.sha256 for each in found]:
            text = f"the text in the conversion record {found[-1].record_id} is not the row's"
            yield self._finding(row, "conversion-differs", text)
        if len({each.sha256 for each in found}) < len(found):
            yield self._finding(
                row, "conversion-doubled", "the WARC holds the same text of this record twice", "warning"
            )
