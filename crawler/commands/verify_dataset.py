"""A dataset against its archive, row by row: what ``verify`` does with what ``export`` made.

Needs the dataset's folder and its WARC files, nothing else. Owns the order of the checks: the bag's digests, the WARC files' digests, each
row's line in the index, its record, the same row extracted again, its removed blocks, and the duplicates among all rows.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from crawler.dataset import bag, provenance
from crawler.dataset.duplicates import DuplicateFinder, marked
from crawler.dataset.source import DatasetSource
from crawler.errors import StorageError
from crawler.record import to_json
from crawler.report.progress import Talk
from crawler.upgrade import Row
from crawler.warc.exchange import Capture
from crawler.warc.finding import Finding, Severity
from crawler.warc.verify import verify_file
from pipelines.derive import Derived
from pipelines.offline import in_order
from pipelines.proof import COPIES, HISTORY, Doubt, Prover, differences
from pipelines.workers import WorkerPool

_SECTION = "docs/export.md"


@dataclass(slots=True)
class Tally:
    """What became of a dataset's rows."""

    rows: int = 0
    proved: int = 0
    """Extracted again from their records: the same."""
    wrong: int = 0
    unproved: Counter[str] = field(default_factory=Counter)
    """Rows that nothing speaks against, and that cannot be proved, by rule."""

    def __str__(self) -> str:
        """The account, as a sentence."""
        why = {
            "warc-missing": "their WARC files are not at hand",
            "other-version": "another version made them",
            "no-json-lines": "there are no JSON lines",
            "erased": "their records were erased",
        }
        parts = [f"{self.rows} rows", f"{self.proved} proved from their records", f"{self.wrong} wrong"]
        parts += [f"{number} not proved ({why.get(rule, rule)})" for rule, number in self.unproved.items()]
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row, where it stands, and its record."""

    number: int
    row: Row
    capture: Capture


class DatasetVerifier:
    """Verifies one dataset; ``tally`` says afterwards what became of its rows."""

    def __init__(self, source: DatasetSource, pool: WorkerPool, talk: Talk) -> None:
        self._source = source
        self._talk = talk
        self._prover = Prover(pool, source.warc, source.profile)
        self._facts = source.facts
        self._removed: dict[str, str] = {}
        self._wrong: set[int] = set()
        self.tally = Tally()

    def findings(self) -> Iterator[Finding]:
        """Yield what does not hold, and what cannot be proved."""
        with self._talk.step("manifests"):
            for name, problem in bag.broken(self._source.root):
                yield self._finding("manifest", problem, file=self._source.root / name, section="RFC 8493, 3")
        with self._talk.step("WARC files"):
            yield from self._warcs()
        with self._talk.step("removed blocks"):
            yield from self._read_removed()
        if "jsonl" not in self._facts["formats"]:
            self.tally.rows = self._facts["rows"]["articles"]
            self.tally.unproved["no-json-lines"] = self.tally.rows
            text = "the dataset has no JSON lines, from which rows are proved: export it with --format jsonl too"
            yield self._finding("no-json-lines", text, severity="warning", file=self._source.root)
            return
        try:
            yield from self._rows()
        except StorageError as error:
            yield self._finding("row-unreadable", str(error))
        self.tally.wrong = len(self._wrong)
        self.tally.proved = self.tally.rows - self.tally.wrong - self.tally.unproved.total()

    # --- files

    def _warcs(self) -> Iterator[Finding]:
        """The WARC files, as they were when the dataset was made; of one that was changed, where."""
        path = self._source.root / provenance.FOLDER / "warcs.csv"
        try:
            with path.open(encoding="utf-8", newline="") as file:
                listed = list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            yield self._finding("provenance-unreadable", f"it cannot be read: {error}", file=path)
            return
        for line in listed:
            warc = self._source.warc(line["warc_filename"])
            if warc is None:
                text = f"{line['warc_filename']} is not at hand: name its folder with --warc"
                yield self._finding("warc-missing", text, severity="warning", file=path)
            elif line["sha256"] and _head_digest(warc, int(line["bytes"])) != line["sha256"]:
                text = f"its first {line['bytes']} bytes are not those from which the dataset was made"
                yield self._finding("warc-changed", text, file=warc)
                yield from (each for each in verify_file(warc) if each.severity == "error")

    def _read_removed(self) -> Iterator[Finding]:
        """Remember a digest of each capture's removed blocks."""
        if "removed" not in self._facts["rows"]:
            return
        running: dict[str, Any] = {}
        try:
            for row in self._source.rows("removed"):
                running.setdefault(row["id"], sha256()).update(to_json(row).encode() + b"\n")
        except StorageError as error:
            yield self._finding("row-unreadable", str(error), file=self._source.table("removed"))
        self._removed = {capture_id: digest.hexdigest() for capture_id, digest in running.items()}

    # --- rows

    def _rows(self) -> Iterator[Finding]:
        doubts: list[tuple[int, Row, Doubt]] = []
        marks = self._facts.get("duplicates") == "mark" and self._facts["text"] == "full"
        with ExitStack() as stack:
            finder = stack.enter_context(DuplicateFinder())
            count = stack.enter_context(self._talk.step("rows"))
            lines = self._lines(doubts, finder if marks else None)
            for line, future in in_order(lines, lambda line: self._prover.derive(line.capture, line.row)):
                yield from self._told(doubts)
                derived = self._prover.settled(future, line.capture)
                for doubt in self._compare(line.row, derived):
                    yield self._doubted(line.number, line.row, doubt)
                count()
            yield from self._told(doubts)
            if self._removed:
                text = f"removed blocks of {len(self._removed)} captures belong to no row, the first to {min(self._removed)}"
                yield self._finding("removed-without-row", text)
            if marks:
                yield from self._copies(finder)

    def _lines(self, doubts: list[tuple[int, Row, Doubt]], finder: DuplicateFinder | None) -> Iterator[_Line]:
        """Rows whose records hold and that can be made again; the others' doubts are noted."""
        index = self._index(doubts)
        seen: set[str] = set()
        number = 0
        for number, data in enumerate(self._source.lines("articles"), 1):
            row = self._source.row("articles", number, data)
            self.tally.rows += 1
            if finder:
                finder.add(row)
            noted = next(index, None)
            if noted is None or noted != _index_line(number, row, data):
                doubts.append((number, row, Doubt("index-differs", _how(noted, number, row))))
            if row["id"] in seen:
                doubts.append((number, row, Doubt("row-doubled", "the record has a row before this one")))
            seen.add(row["id"])
            capture = self._prover.record(row)
            doubt = capture if isinstance(capture, Doubt) else self._prover.unusable(row)
            if doubt:
                doubts.append((number, row, doubt))
                self._removed.pop(row["id"], None)
            elif isinstance(capture, Capture):
                yield _Line(number, row, capture)
        left = sum(1 for _ in index)
        expected = self._facts["rows"]["articles"]
        if left or number != expected:
            doubts.append((number, {}, Doubt("rows-missing", f"{number} rows of {expected} are there")))

    def _index(self, doubts: list[tuple[int, Row, Doubt]]) -> Iterator[list[str]]:
        path = self._source.root / provenance.FOLDER / provenance.INDEX
        try:
            with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
                lines = csv.reader(file)
                next(lines, None)
                yield from lines
        except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
            doubts.append((0, {}, Doubt("provenance-unreadable", f"{path}: {error}")))

    def _compare(self, row: Row, derived: Derived) -> list[Doubt]:
        """A row and its removed blocks against what its record gives; ``gone`` rests on what was there before."""
        removed = self._removed.pop(row["id"], None)
        if derived.article and row["change"] == "gone" and derived.article.change != "gone":
            return [
                Doubt("gone-not-proved", "it was judged gone by the capture before, which is not looked at", "warning")
            ]
        article = derived.article
        if article and self._facts["text"] == "none":
            given = [to_json({**json.loads(to_json(block)), "text": ""}) for block in derived.blocks]
            found = differences(row | {"text": article.text}, None, derived, unproved=HISTORY | COPIES)
            found += (
                [Doubt("row-differs", "field 'text' is not empty, in a dataset without text")] if row["text"] else []
            )
        else:
            given = [to_json(block) for block in derived.blocks]
            found = differences(row, None, derived, unproved=HISTORY | COPIES)
        again = sha256("".join(f"{line}\n" for line in given).encode()).hexdigest() if given else None
        if "removed" in self._facts["rows"] and article and again != removed:
            found.append(Doubt("removed-differs", "the removed blocks are not what the record gives"))
        return found

    def _copies(self, finder: DuplicateFinder) -> Iterator[Finding]:
        """The marks of duplicates, found again among all rows."""
        with self._talk.step("duplicates"):
            for number, row in enumerate(self._source.rows("articles"), 1):
                again = marked(row, finder.duplicate(row["id"]))
                for name in sorted(COPIES):
                    if again[name] != row[name]:
                        doubt = Doubt("row-differs", f"field '{name}' is not what the rows give")
                        yield self._doubted(number, row, doubt)

    # --- findings

    def _told(self, doubts: list[tuple[int, Row, Doubt]]) -> Iterator[Finding]:
        while doubts:
            yield self._doubted(*doubts.pop(0))

    def _doubted(self, number: int, row: Row, doubt: Doubt) -> Finding:
        if row and doubt.severity == "error":
            self._wrong.add(number)
        elif row:
            self.tally.unproved[doubt.rule] += 1
        where = f"row {number}: " if row else ""
        return self._finding(doubt.rule, where + doubt.message, row.get("id"), severity=doubt.severity)

    def _finding(
        self, rule: str, message: str, record_id: str | None = None, *, severity: Severity = "error", file: Path | None = None,
        section: str = _SECTION,
    ) -> Finding:  # fmt: skip
        return Finding(
            severity=severity, file=str(file or self._source.table("articles")), offset=None, record_id=record_id, rule=rule,
            section=section, message=message,
        )  # fmt: skip


def _index_line(number: int, row: Row, data: bytes) -> list[str]:
    values = [number, *(row[name] for name in provenance.INDEX_COLUMNS[1:-1]), sha256(data).hexdigest()]
    return ["" if value is None else str(value) for value in values]


def _how(noted: list[str] | None, number: int, row: Row) -> str:
    """In what a row differs from its line of the index."""
    if noted is None:
        return "the index has no line for it"
    if noted[1] != row["id"]:
        return f"the index says that {noted[1]} stands here: rows were swapped, added or taken away"
    return "it was changed after the export: its digest or place is not what the index says"


def _head_digest(path: Path, size: int) -> str:
    digest = sha256()
    try:
        with path.open("rb") as file:
            while size > 0 and (piece := file.read(min(size, 1 << 20))):
                digest.update(piece)
                size -= len(piece)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}", hint="May it be read?") from error
    return digest.hexdigest()
