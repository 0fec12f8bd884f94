"""One export, from a collection to a folder that stands alone: the order of its steps.

The rows are read twice: once to know which are wanted, which of them are the latest and which fill every column; once to write them, in
their order. What a crawl adds meanwhile is not seen. Owns the order; each file of the folder is made by a module of its own.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.dataset import bag, provenance
from crawler.dataset.catalogue import Catalogue
from crawler.dataset.dense import filled_by
from crawler.dataset.duplicates import DuplicateFinder, marked
from crawler.dataset.jsonl import JsonLines
from crawler.dataset.parquet import Parquet
from crawler.dataset.plan import Plan
from crawler.dataset.selection import Selection
from crawler.dataset.sheet import Sheet
from crawler.dataset.snapshot import Line, Snapshot
from crawler.dataset.source import MARK
from crawler.dataset.staging import staged
from crawler.dataset.tables import TABLES, Row, Table, TableFile
from crawler.errors import EvidenceError
from crawler.layout import SiteLayout
from crawler.record import SCHEMA_VERSION, to_json, utc
from crawler.report.progress import Talk
from crawler.report.schema import json_schema


@dataclass(slots=True)
class Exported:
    """What became of an export."""

    path: Path
    fingerprint: str = ""
    """SHA-256 of the tag manifest: of every byte of the export."""
    rows: dict[str, int] = field(default_factory=dict)
    """Rows by table."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Captures that were left out, by reason."""
    cut_cells: int = 0
    """Cells of CSV files that were too long for a spreadsheet."""
    size: int = 0
    """Bytes of the payload."""


def export(dest: Path, sites: list[SiteLayout], plan: Plan, talk: Talk, *, force: bool = False) -> Exported:
    """Write an export of ``sites`` to the folder ``dest``.

    Raises:
        UsageError: ``dest`` is there, or a library is missing. EvidenceError: no row fits. StorageError: a file cannot be read or written.
    """
    done = Exported(dest)
    with ExitStack() as stack:
        root = stack.enter_context(staged(dest, force=force, mark=MARK))
        snapshot = stack.enter_context(Snapshot(sites))
        for folder in ("data", "schema", provenance.FOLDER):
            (root / folder).mkdir()
        scratch = root / "catalogue.sqlite"
        with closing(Catalogue(scratch)) as catalogue, DuplicateFinder(root) as finder:
            _choose(snapshot, plan.selection, catalogue, done, talk)
            if plan.duplicates != "skip":
                _find_duplicates(snapshot, catalogue, finder, plan, done, talk)
            if not catalogue.arrange():
                raise EvidenceError("nothing to export: no row fits", hint=_why_nothing(done))
            origins = _write_articles(root, snapshot, catalogue, finder, plan, done, talk)
            _write_duplicates(root, finder, plan, done)
            _write_removed(root, snapshot, catalogue, plan, done, talk)
            _write_failures(root, snapshot, plan, done, talk)
        scratch.unlink()
        for name in done.rows:
            _write_schema(root, TABLES[name])
        provenance.write_provenance(root / provenance.FOLDER, snapshot, origins, _facts(plan, done, sites), plan.config)
        payload = bag.payload_digests(root)
        done.size = sum(size for size, _ in payload.values())
        done.fingerprint = bag.seal(root, payload, _bag_info(plan))
    return done


def _choose(snapshot: Snapshot, selection: Selection, catalogue: Catalogue, done: Exported, talk: Talk) -> None:
    filled = filled_by(TABLES["articles"].fields)
    with talk.step("choosing rows") as count:
        for line in snapshot.lines("articles"):
            reason = selection.why_not(line.row)
            if reason is None and not catalogue.add(line, filled(line.row)):
                reason = "same capture twice"
            if reason:
                done.left_out[reason] += 1
            count()
        if selection.revisions == "latest":
            done.left_out["earlier capture"] += catalogue.keep_latest()


def _find_duplicates(
    snapshot: Snapshot, catalogue: Catalogue, finder: DuplicateFinder, plan: Plan, done: Exported, talk: Talk
) -> None:
    """Find which of the wanted rows are copies of which; leave the copies out where that is asked for."""
    filled = filled_by(TABLES["articles"].fields)
    row: Row = {}
    with talk.step("looking for duplicates") as count:
        for place in catalogue.places():
            row = snapshot.line(place.file, place.offset, place.length).row
            finder.add(row)
            if row["duplicate_of"]:
                catalogue.refill(row["id"], filled(marked(row, None)))
            count()
        for found in finder.find():
            if plan.duplicates == "drop":
                done.left_out["duplicate"] += catalogue.leave_out(found.id)
            else:
                catalogue.refill(found.id, filled(marked(row, found)) & ~filled(marked(row, None)), add=True)


def _why_nothing(done: Exported) -> str:
    most = ", ".join(f"{reason} ({number})" for reason, number in done.left_out.most_common(3) if number)
    return (
        f"Rows were left out for: {most}."
        if most
        else "The collection holds no article yet; 'pressmark status' says why."
    )


def _write_articles(
    root: Path,
    snapshot: Snapshot,
    catalogue: Catalogue,
    finder: DuplicateFinder,
    plan: Plan,
    done: Exported,
    talk: Talk,
) -> provenance.Origins:
    origins = provenance.Origins()
    with (
        closing(provenance.Index(root / provenance.FOLDER / provenance.INDEX)) as index,
        talk.step("articles") as count,
    ):

        def rows() -> Iterator[tuple[Row, bytes]]:
            for place in catalogue.places():
                line = snapshot.line(place.file, place.offset, place.length)
                if plan.duplicates != "skip":
                    line = _marked(line, finder)
                row, data = _without_text(line, plan)
                origins.add(row, snapshot.files[line.file].site)
                index.write(row, data)
                count()
                yield row, data

        _write_table(root, TABLES["articles"], rows(), plan, done)
    return origins


def _write_removed(
    root: Path, snapshot: Snapshot, catalogue: Catalogue, plan: Plan, done: Exported, talk: Talk
) -> None:
    if "removed" not in plan.tables:
        return
    with talk.step("removed blocks") as count:

        def rows() -> Iterator[tuple[Row, bytes]]:
            last, wanted = "", False
            for line in snapshot.lines("removed"):
                if line.row["id"] != last:
                    last = line.row["id"]
                    wanted = catalogue.holds(last)
                if wanted:
                    count()
                    yield _without_text(line, plan)

        _write_table(root, TABLES["removed"], rows(), plan, done)


def _write_failures(root: Path, snapshot: Snapshot, plan: Plan, done: Exported, talk: Talk) -> None:
    if "failures" not in plan.tables:
        return
    with talk.step("failures") as count:

        def rows() -> Iterator[tuple[Row, bytes]]:
            for line in snapshot.lines("failures"):
                # what was never tried has no time; the month of its file is when it was noted
                time = line.row["last_try_at"] or line.row["first_try_at"] or snapshot.files[line.file].month
                if plan.selection.in_time(time):
                    count()
                    yield line.row, line.data

        _write_table(root, TABLES["failures"], rows(), plan, done)


def _write_table(root: Path, table: Table, rows: Iterator[tuple[Row, bytes]], plan: Plan, done: Exported) -> None:
    make: dict[str, Callable[[Path], TableFile]] = {
        "jsonl": JsonLines,
        "parquet": lambda path: Parquet(path, table.fields),
        "csv": lambda path: Sheet(path, table.fields, raw=plan.raw_csv),
    }
    with ExitStack() as stack:
        files = []
        for form in plan.formats:
            name = f"{table.name}.jsonl.gz" if form == "jsonl" else f"{table.name}.{form}"
            files.append(stack.enter_context(closing(make[form](root / "data" / name))))
        number = 0
        for row, line in rows:
            for file in files:
                file.write(row, line)
            number += 1
        done.rows[table.name] = number
        done.cut_cells += sum(file.cut for file in files if isinstance(file, Sheet))


def _write_duplicates(root: Path, finder: DuplicateFinder, plan: Plan, done: Exported) -> None:
    if "duplicates" in plan.tables and plan.duplicates != "skip":
        lines = (to_json(found) for found in finder.find())
        rows = ((json.loads(line), f"{line}\n".encode()) for line in lines)
        _write_table(root, TABLES["duplicates"], rows, plan, done)


def _marked(line: Line, finder: DuplicateFinder) -> Line:
    """The line with what was found of its duplicates."""
    row = marked(line.row, finder.duplicate(line.row["id"]))
    return line if row == line.row else dataclasses.replace(line, row=row, data=to_json(row).encode() + b"\n")


def _without_text(line: Line, plan: Plan) -> tuple[Row, bytes]:
    """The row and its line of JSON, as the collection has it, or with an empty text."""
    if plan.text == "full":
        return line.row, line.data
    row = line.row | {"text": ""}
    return row, to_json(row).encode() + b"\n"


def _write_schema(root: Path, table: Table) -> None:
    schema = json_schema(table.cls, f"Pressmark: a row of {table.name}", whole=True)
    path = root / "schema" / f"{table.name}.schema.json"
    path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _facts(plan: Plan, done: Exported, sites: list[SiteLayout]) -> dict[str, Any]:
    """What ``export.json`` says: how the export was made."""
    chosen = plan.selection
    return {
        "software": plan.software,
        "schema_version": SCHEMA_VERSION,
        "made_at": utc(plan.made_at),
        "collections": sorted({site.root.parent.name for site in sites}),
        "sites": sorted({site.site for site in sites}),
        "selection": {
            "sites": sorted(chosen.sites),
            "from": chosen.start,
            "to": chosen.end,
            "languages": list(chosen.languages),
            "where": [each.text for each in chosen.conditions],
            "min_quality": chosen.min_quality,
            "respect": sorted(chosen.respect),
            "revisions": chosen.revisions,
        },
        "text": plan.text,
        "duplicates": plan.duplicates,
        "formats": list(plan.formats),
        "rows": done.rows,
        "left_out": {reason: number for reason, number in sorted(done.left_out.items()) if number},
        "cut_cells": done.cut_cells,
    }


def _bag_info(plan: Plan) -> list[tuple[str, str]]:
    info = [("Bag-Software-Agent", plan.software), ("Bagging-Date", f"{plan.made_at:%Y-%m-%d}")]
    info += [("Contact-Name", name) for name in plan.creators]
    return info + ([("External-Description", plan.description)] if plan.description else [])
