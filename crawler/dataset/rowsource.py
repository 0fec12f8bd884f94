"""The rows of each table of an export, one after the other: read from the snapshot as the catalogue has them, marked, with or without text.

Owns what a row of an export says beyond the collection's own; what is to be known of them all is noted on the way. Writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace

from crawler.dataset.catalogue import Catalogue
from crawler.dataset.duplicates import DuplicateFinder, marked
from crawler.dataset.edits import compare
from crawler.dataset.plan import Plan
from crawler.dataset.provenance import Origins
from crawler.dataset.snapshot import Line, Snapshot
from crawler.dataset.tables import Row
from crawler.record import to_json

Rows = Iterator[tuple[Row, bytes]]
"""Rows, each with its line of JSON."""


@dataclass(slots=True)
class RowSource:
    """The rows of one export."""

    snapshot: Snapshot
    catalogue: Catalogue
    finder: DuplicateFinder
    plan: Plan
    origins: Origins = field(default_factory=Origins)
    """What the articles' rows name."""
    failed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Failures by site and day."""

    def tables(self) -> dict[str, Callable[[], Rows]]:
        """What gives the rows of each table that is asked for; ``articles`` comes first."""
        known: dict[str, Callable[[], Rows]] = {
            "articles": self.articles, "removed": self.removed, "edits": self.edits, "failures": self.failures,
        }  # fmt: skip
        if self.plan.duplicates != "skip":
            known["duplicates"] = self.duplicates
        return {name: rows for name, rows in known.items() if name in self.plan.tables}

    def articles(self) -> Rows:
        """The wanted captures, in their order."""
        for place in self.catalogue.places():
            line = self.snapshot.line(place.file, place.offset, place.length)
            self.origins.add(line.row, self.snapshot.files[line.file].site)
            if self.plan.duplicates != "skip":
                line = self._marked(line)
            yield self._without_text(line)

    def _marked(self, line: Line) -> Line:
        """The line with what was found of its duplicates."""
        row = marked(line.row, self.finder.duplicate(line.row["id"]))
        return line if row == line.row else replace(line, row=row, data=to_json(row).encode() + b"\n")

    def duplicates(self) -> Rows:
        """What was found of copies."""
        for found in self.finder.find():
            yield asdict(found), to_json(found).encode() + b"\n"

    def removed(self) -> Rows:
        """Removed blocks of the wanted captures."""
        last, wanted = "", False
        for line in self.snapshot.lines("removed"):
            if line.row["id"] != last:
                last = line.row["id"]
                wanted = self.catalogue.holds(last)
            if wanted:
                yield self._without_text(line)

    def edits(self) -> Rows:
        """What differs between captures of an article that follow each other."""
        for before, after in self.catalogue.changes():
            edit = asdict(compare(*(self.snapshot.line(at.file, at.offset, at.length).row for at in (before, after))))
            if self.plan.text == "none":
                edit |= {"added": [], "removed": []}
            yield edit, to_json(edit).encode() + b"\n"

    def failures(self) -> Rows:
        """Failures within the span of time."""
        for line in self.snapshot.lines("failures"):
            row = line.row
            # what was never tried has no time; the month of its file is when it was noted
            time = row["last_try_at"] or row["first_try_at"] or self.snapshot.files[line.file].month
            if self.plan.selection.in_time(time):
                self.failed[row["site"], time[:10]] += 1
                self.catalogue.failed(row["url"], row["reason"])
                yield row, line.data

    def _without_text(self, line: Line) -> tuple[Row, bytes]:
        """The row and its line of JSON, as the collection has it, or with an empty text."""
        if self.plan.text == "full":
            return line.row, line.data
        row = line.row | {"text": ""}
        return row, to_json(row).encode() + b"\n"
