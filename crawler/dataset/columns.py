"""The column table: every column of every table with its meaning, type, share of nulls, and an example, as CSV and as Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from crawler.dataset.census import ColumnCensus
from crawler.dataset.fields import EACH, Field, Path, dotted
from crawler.dataset.portrait import Portrait
from crawler.dataset.wording import percent

HEADER = ("table", "column", "type", "meaning", "values", "filled", "null_share", "example")
_TYPES = {"time": "time (UTC)"}


def type_of(path: Path, field: Field) -> str:
    """A column's type in words."""
    kind = _TYPES.get(field.kind, field.kind)
    return f"list of {kind}" if EACH in path else kind


def columns_csv(portrait: Portrait) -> str:
    """The table as CSV."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(HEADER)
    for name, census in portrait.columns.items():
        for column, kind, field, filled, share, example in _rows(census):
            out.writerow(
                [name, column, kind, field.doc, " ".join(field.choices), filled, f"{share:.4f}", example or ""]
            )
    return text.getvalue()


def columns_markdown(census: ColumnCensus) -> str:
    """The columns of one table, as a table in Markdown."""
    lines = ["| column | type | null | meaning | example |", "| --- | --- | --- | --- | --- |"]
    for column, kind, field, _, share, example in _rows(census):
        shown = "`" + _cell(example).replace("`", "'") + "`" if example else ""
        empty = percent(share) if census.rows else ""
        lines.append(f"| `{column}` | {kind} | {empty} | {_cell(field.doc)} | {shown} |")
    return "\n".join(lines)


def _rows(census: ColumnCensus) -> Iterator[tuple[str, str, Field, int, float, str | None]]:
    for (path, field), filled, example in zip(census.leaves, census.filled, census.examples, strict=True):
        share = 1 - filled / census.rows if census.rows else 0.0
        yield dotted(path), type_of(path, field), field, filled, share, example


def _cell(text: str) -> str:
    """Text for a cell of a Markdown table."""
    return text.replace("\\", "\\\\").replace("|", "\\|")
