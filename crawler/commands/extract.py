"""Make rows from WARC files, without network.

Reads .warc, .warc.gz, .warc.zst and .wacz of any tool, '-' for standard input, and folders of a collection. The same stages as in a crawl,
in two passes: the first learns what the pages of each site share, the second makes the rows. Rows of articles go to -o (default: standard
output).

  pressmark extract archive/example.org/warc/*.warc.gz -o articles.jsonl --removed removed.jsonl
  zcat crawl.warc.gz | pressmark extract -

--try shows what a rule would do to the archived pages before it is kept in a site's YAML; it writes no rows:

  pressmark extract archive/example.org --try '{id: shop, kind: promo, css: .shop-box}'
  pressmark extract archive/example.org --try '{exclude: [.fact-box], include: [article]}'
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

from crawler.config import ExtractLimits, ExtractRules, known_rules, rules_on_trial
from crawler.dataset.lookup import sites_at
from crawler.errors import Exit, Reason, StorageError, UsageError
from crawler.layout import SiteLayout
from crawler.record import Failure, to_json, utc
from crawler.report.progress import progress
from crawler.report.terminal import plain
from crawler.takedown.log import Takedown, standing
from crawler.takedown.tombstone import tombstone
from crawler.warc.exchange import Capture
from crawler.warc.reader import read_captures
from crawler.warc.scan import Damage
from pipelines.derive import Derived, site_of
from pipelines.offline import Offline
from pipelines.trial import compare
from pipelines.workers import WorkerPool

_FAULTS = (Reason.EXTRACT_FAILED, Reason.EXTRACT_TIMEOUT)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "warc", nargs="+", metavar="WARC", help="a WARC or WACZ file, a folder of a collection, or - for standard input"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="-", help="rows of articles (default: -, standard output)"
    )
    parser.add_argument("--removed", metavar="FILE", help="rows of removed blocks")
    parser.add_argument("--failures", metavar="FILE", help="rows of captures that gave no article, with the reason")
    parser.add_argument(
        "--no-memory", action="store_true", help="take each page alone: learn nothing from the others of its site"
    )
    parser.add_argument(
        "--try", dest="trial", metavar="RULE",
        help="a chrome rule, or what else may stand under 'extract' in a site's YAML: print what it would change, as a diff",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=int, metavar="N", default=os.cpu_count() or 1, help="worker processes (default: one a core)"
    )
    parser.add_argument(
        "--config", metavar="DIR", type=Path, help="folder of the configuration, for the rules of known sites"
    )


def run(args: argparse.Namespace) -> int:
    """Extract; exit 7 if the extraction of some captures failed or a file was damaged."""
    with ExitStack() as stack:
        sources = [source for name in args.warc for source in _sources(name, stack)]
        rules = known_rules(args.config)
        trial = rules_on_trial(args.trial) if args.trial is not None else None
        outputs = {
            name: stack.enter_context(_output(getattr(args, name)))
            for name in ("output", "removed", "failures")
            if getattr(args, name) and trial is None
        }
        pool = stack.enter_context(WorkerPool(replace(ExtractLimits(), workers=max(1, args.workers))))
        offline = Offline(pool, lambda site: rules.get(site) or ExtractRules(), memory=not args.no_memory)
        damage: list[str] = []
        talk = stack.enter_context(progress())
        with talk.step("learning each site's chrome"):
            offline.learn(_captures(sources, damage))
        faults = 0
        if trial is not None:
            with talk.step("trying the rule") as count:
                faults = _try(offline, _captures(sources, []), trial, count)
        else:
            orders = {id: order for source in sources for id, order in _orders(source.path).items()}
            with talk.step("extracting") as count:
                for capture, derived in offline.rows(_captures(sources, [])):
                    faults += derived.verdict in _FAULTS
                    _write(outputs, capture, derived, orders.get(capture.pointer.record_id))
                    count()
    for line in damage:
        print(f"pressmark: {line}", file=sys.stderr)
    return Exit.PARTIAL if faults or damage else Exit.DONE


@dataclass(frozen=True, slots=True)
class _Source:
    path: Path
    pipe: bool = False

    def __str__(self) -> str:
        return "standard input" if self.pipe else str(self.path)


def _sources(name: str, stack: ExitStack) -> list[_Source]:
    if name == "-":
        # two passes need the bytes twice
        spool = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pressmark-"))) / "stdin.warc"
        with spool.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        return [_Source(spool, pipe=True)]
    path = Path(name)
    if path.is_dir():
        return [_Source(warc) for site in sites_at(path) for warc in site.warc_files()]
    if not path.is_file():
        raise UsageError(
            f"{name} is not a file", hint="Name WARC or WACZ files, a folder of a collection, or - for standard input."
        )
    return [_Source(path)]


def _note(damages: list[str], source: _Source, damage: Damage) -> None:
    damages.append(f"{source} {damage}")


def _captures(sources: list[_Source], damage: list[str]) -> Iterator[Capture]:
    for source in sources:
        for capture in read_captures(source.path, on_damage=partial(_note, damage, source)):
            if source.pipe:
                capture = replace(capture, pointer=replace(capture.pointer, filename=None, offset=None, length=None))
            yield capture


def _try(offline: Offline, captures: Iterator[Capture], more: ExtractRules, count: Callable[[], object]) -> int:
    """Print what rules would change, page by page, and their sum; returns how many pages could not be extracted."""
    pages = changed = faults = blocks = chars = gained = named = 0
    for capture, before, after in offline.trial(captures, more):
        pages += 1
        faults += before.verdict in _FAULTS or after.verdict in _FAULTS
        change = compare(before, after)
        if change:
            changed += 1
            blocks, gained, named = blocks + len(change.lost), gained + len(change.gained), named + change.named
            chars += sum(map(len, change.lost))
            print(plain("\n".join([capture.url, *change.lines()])), flush=True)
        count()
    print(
        f"{changed} of {pages} pages change: {blocks} blocks ({chars:,} characters) leave the text, {gained} come into it, "
        f"{named} removed blocks get another name."
    )
    return faults


def _output(name: str) -> IO[str]:
    if name == "-":
        return open(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    try:
        return open(name, "w", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{name}: {error.strerror}", hint="Name a file that can be written with -o.") from error


def _orders(warc: Path) -> dict[str, Takedown]:
    """What was taken down at the site in whose folder a WARC file stands."""
    return standing(SiteLayout(warc.absolute().parent.parent)).by_id


def _write(outputs: dict[str, IO[str]], capture: Capture, derived: Derived, order: Takedown | None) -> None:
    if order and order.mode == "restrict":
        return
    if derived.article and order:
        row = json.loads(to_json(derived.article))
        outputs["output"].write(to_json(tombstone(row, order.at, order.reason)) + "\n")
        return
    if derived.article:
        outputs["output"].write(to_json(derived.article) + "\n")
    if "removed" in outputs:
        outputs["removed"].writelines(to_json(block) + "\n" for block in derived.blocks)
    if "failures" in outputs and derived.verdict:
        at = utc(capture.date)
        failure = Failure(
            site=site_of(capture),
            run_id=capture.provenance.run_id,
            url=capture.provenance.requested_url or capture.url,
            record_id=capture.pointer.record_id,
            reason=derived.verdict,
            http_status=capture.status,
            first_try_at=at,
            last_try_at=at,
            discovered_via=capture.provenance.discovered_via or "import",
            detail=derived.detail,
        )
        outputs["failures"].write(to_json(failure) + "\n")
