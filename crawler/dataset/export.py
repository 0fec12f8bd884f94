"""One export, from a collection to a folder that stands alone: the order of its steps.

The rows are read twice: once to know which are wanted, which of them are the latest and which fill every column; once to write them, in
their order. What a crawl adds meanwhile is not seen. Owns the order; each file of the folder is made by a module of its own.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from crawler.dataset import bag, provenance
from crawler.dataset.catalogue import Catalogue
from crawler.dataset.census import ArticleCensus, ColumnCensus
from crawler.dataset.dense import filled_by, lists_of_records
from crawler.dataset.duplicates import DuplicateFinder, marked
from crawler.dataset.editions import EDITIONS
from crawler.dataset.gaps import gaps
from crawler.dataset.leaflets import write_leaflets
from crawler.dataset.plan import Plan
from crawler.dataset.portrait import DataFile, Portrait
from crawler.dataset.rowsource import Rows, RowSource
from crawler.dataset.snapshot import Snapshot
from crawler.dataset.source import MARK
from crawler.dataset.staging import staged
from crawler.dataset.tablefiles import NAMES, write_table
from crawler.dataset.tables import TABLES, Row, Table, TableFile
from crawler.errors import EvidenceError, UsageError
from crawler.layout import SiteLayout
from crawler.report.progress import Talk


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of an export."""

    path: Path
    fingerprint: str
    """SHA-256 of the tag manifest: it fixes every byte of the export."""
    data_fingerprint: str
    """SHA-256 of the payload's manifest: it fixes every byte of the data, and is the same for the same rows whenever they are exported."""
    rows: dict[str, int]
    """Rows by table."""
    left_out: dict[str, int]
    """Captures that were left out, by reason."""
    missing: dict[str, int]
    """Addresses that gave no article, by reason."""
    cut_cells: int
    """Cells of CSV files that were too long for a spreadsheet."""
    size: int
    """Bytes of the payload."""


def export(dest: Path, sites: list[SiteLayout], plan: Plan, talk: Talk, *, force: bool = False) -> Exported:
    """Write an export of ``sites`` to the folder ``dest``.

    Raises:
        UsageError: ``dest`` is there, or a library is missing. EvidenceError: no row fits. StorageError: a file cannot be read or written.
    """
    if plan.editions and plan.text == "none":
        raise UsageError(f"an edition for {plan.editions[0]} with no text is empty", hint="Leave --text none away.")
    with ExitStack() as stack:
        root = stack.enter_context(staged(dest, force=force, mark=MARK))
        snapshot = stack.enter_context(Snapshot(sites))
        for folder in ("data", "schema", provenance.FOLDER):
            (root / folder).mkdir()
        scratch = root / "catalogue.sqlite"
        catalogue = stack.enter_context(Catalogue(scratch))
        finder = stack.enter_context(DuplicateFinder(root))
        source = RowSource(snapshot, catalogue, finder, plan)
        work = _Export(root, snapshot, catalogue, finder, plan, source, talk)
        work.choose()
        work.find_duplicates()
        work.arrange()
        work.write_tables()
        finder.close()
        payload = bag.payload_digests(root)
        portrait = work.portrait(dest.name, payload)
        provenance.write_provenance(root / provenance.FOLDER, snapshot, source.origins, portrait)
        write_leaflets(root, portrait)
        scratch.unlink()
        return Exported(
            path=dest,
            fingerprint=bag.seal(root, payload, _bag_info(portrait)),
            data_fingerprint=portrait.fingerprint,
            rows=portrait.rows,
            left_out={reason: number for reason, number in portrait.left_out.most_common() if number},
            missing=dict(portrait.missing.most_common()),
            cut_cells=work.cut_cells,
            size=sum(size for size, _ in payload.values()),
        )


@dataclass(slots=True)
class _Export:
    """An export at work."""

    root: Path
    snapshot: Snapshot
    catalogue: Catalogue
    finder: DuplicateFinder
    plan: Plan
    source: RowSource
    talk: Talk
    left_out: Counter[str] = field(default_factory=Counter)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    """All captures, wanted or not, by site and day."""
    articles: ArticleCensus = field(default_factory=ArticleCensus)
    columns: dict[str, ColumnCensus] = field(default_factory=dict)
    cut_cells: int = 0

    def choose(self) -> None:
        """Fill the catalogue."""
        filled = filled_by(TABLES["articles"].fields)
        selection = self.plan.selection
        with self.talk.step("choosing rows") as count:
            for line in self.snapshot.lines("articles"):
                row = line.row
                self.seen[row["site"], row["fetched_at"][:10]] += 1
                self.catalogue.archived(row["requested_url"])
                reason = selection.why_not(row)
                if reason is None and not self.catalogue.add(line, filled(row)):
                    reason = "same capture twice"
                if reason:
                    self.left_out[reason] += 1
                count()
            if selection.revisions == "latest":
                self.left_out["earlier capture"] += self.catalogue.keep_latest()

    def find_duplicates(self) -> None:
        """Find which of the wanted rows are copies of which; leave the copies out where that is asked for."""
        if self.plan.duplicates == "skip":
            return
        filled = filled_by(TABLES["articles"].fields)
        row: Row = {}
        with self.talk.step("looking for duplicates") as count:
            for place in self.catalogue.places():
                row = self.snapshot.line(place.file, place.offset, place.length).row
                self.finder.add(row)
                if row["duplicate_of"]:
                    self.catalogue.refill(row["id"], filled(marked(row, None)))
                count()
            for found in self.finder.find():
                if self.plan.duplicates == "drop":
                    self.left_out["duplicate"] += self.catalogue.leave_out(found.id)
                else:
                    self.catalogue.refill(found.id, filled(marked(row, found)) & ~filled(marked(row, None)), add=True)

    def arrange(self) -> None:
        """Fix the order of the rows.

        Raises:
            EvidenceError: there is none.
        """
        if not self.catalogue.arrange(lists_of_records(TABLES["articles"].fields)):
            raise EvidenceError("nothing to export: no row fits", hint=self._why_nothing())

    def _why_nothing(self) -> str:
        most = ", ".join(f"{reason} ({number})" for reason, number in self.left_out.most_common(3) if number)
        return (
            f"Rows were left out for: {most}."
            if most
            else "The collection holds no article yet; 'pressmark status' says why."
        )

    def write_tables(self) -> None:
        """Write every table that is asked for."""
        index = provenance.Index(self.root / provenance.FOLDER / provenance.INDEX)
        editions = [EDITIONS[name][0](self.root / "data") for name in self.plan.editions]
        for name, rows in self.source.tables().items():
            beside: list[TableFile] = [index, self.articles, *editions] if name == "articles" else []
            self._write(TABLES[name], rows(), *beside)

    def _write(self, table: Table, rows: Rows, *beside: TableFile) -> None:
        census = self.columns[table.name] = ColumnCensus(table.fields)
        with self.talk.step(table.name) as count:

            def counted() -> Rows:
                for pair in rows:
                    count()
                    yield pair

            self.cut_cells += write_table(
                self.root / "data",
                table,
                counted(),
                self.plan.formats,
                raw_csv=self.plan.raw_csv,
                beside=(census, *beside),
            )

    def portrait(self, name: str, payload: dict[str, tuple[int, str]]) -> Portrait:
        """All that there is to say of the export."""
        runs = provenance.runs_of(self.snapshot)
        start, end = self.plan.selection.start, self.plan.selection.end
        return Portrait(
            name=name,
            plan=self.plan,
            rows={name: census.rows for name, census in self.columns.items()},
            files=[
                DataFile(TABLES[name], form, path, *payload[path])
                for name in self.columns
                for form in self.plan.formats
                for path in ["data/" + NAMES[form].format(name)]
            ],
            fingerprint=bag.manifest_digest(payload),
            columns=self.columns,
            articles=self.articles,
            gaps=gaps(self.articles.captured, self.seen, self.source.failed, runs, first=_day(start), last=_day(end)),
            runs=runs,
            failed=self.source.failed,
            missing=self.catalogue.missing(),
            left_out=self.left_out,
            extractors=self.source.origins.extractors,
            cut_cells=self.cut_cells,
            sites=sorted({site.site for site in self.snapshot.sites}),
            collections=sorted({site.root.absolute().parent.name for site in self.snapshot.sites}),
        )


def _day(moment: str | None) -> str | None:
    """The day of a moment that names one."""
    return f"{moment[:4]}-{moment[4:6]}-{moment[6:8]}" if moment and len(moment) >= 8 else None


def _bag_info(portrait: Portrait) -> list[tuple[str, str]]:
    plan = portrait.plan
    return [
        ("Bag-Software-Agent", plan.software),
        ("Bagging-Date", f"{plan.made_at:%Y-%m-%d}"),
        ("External-Identifier", portrait.name),
        ("External-Description", plan.description or portrait.summary),
        *(("Contact-Name", name) for name in plan.creators),
    ]
