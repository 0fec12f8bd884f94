"""The tables of an export: their names, what a row of each is, and what they are for.

Owns the list; the rows themselves are the record's (``crawler.record``), but for what only a whole collection can say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from crawler.dataset.edits import Edit
from crawler.dataset.fields import Field, fields_of
from crawler.record import Article, Block, Duplicate, Failure

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export."""

    name: str
    cls: type
    doc: str
    """What one row is, in a sentence."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields, in order."""
        return fields_of(self.cls)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("articles", Article, "One row for each article, as it was captured last, or for each of its captures."),
        Table(
            "removed",
            Block,
            "One row for each block of a page's text that is not the article: what it is, and what decided so.",
        ),
        Table(
            "edits",
            Edit,
            "One row for each capture of an article that followed another: what differs, in words and paragraphs.",
        ),
        Table("failures", Failure, "One row for each time that an address gave no article, with the reason."),
        Table(
            "duplicates",
            Duplicate,
            "One row for each capture whose text is in essence that of an earlier one, with what they have in common.",
        ),
    )
}


class TableFile(Protocol):
    """A file of one table that is being written."""

    def write(self, row: Row, line: bytes) -> None:
        """Add a row; ``line`` is the same row as a line of JSON with its line feed."""

    def close(self) -> None:
        """Write what is left, and close the file."""
