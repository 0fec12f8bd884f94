"""The files of one table, in all forms that are asked for, written side by side from one pass over its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from pathlib import Path

from crawler.dataset.jsonl import JsonLines
from crawler.dataset.parquet import Parquet
from crawler.dataset.plan import Format
from crawler.dataset.sheet import Sheet
from crawler.dataset.tables import Row, Table, TableFile

NAMES: dict[Format, str] = {"jsonl": "{}.jsonl.gz", "parquet": "{}.parquet", "csv": "{}.csv"}
"""Names of a table's files by form."""


def write_table(
    folder: Path,
    table: Table,
    rows: Iterable[tuple[Row, bytes]],
    forms: Iterable[Format],
    *,
    raw_csv: bool,
    beside: Iterable[TableFile] = (),
) -> int:
    """Write the rows, each with its line of JSON, to files of all ``forms`` and to what is ``beside`` them.

    Returns:
        Number of cells of CSV that were cut.
    """
    make: dict[Format, Callable[[Path], TableFile]] = {
        "jsonl": JsonLines,
        "parquet": lambda path: Parquet(path, table.fields),
        "csv": lambda path: Sheet(path, table.fields, raw=raw_csv),
    }
    with ExitStack() as stack:
        files = [stack.enter_context(closing(make[form](folder / NAMES[form].format(table.name)))) for form in forms]
        files += [stack.enter_context(closing(file)) for file in beside]
        for row, line in rows:
            for file in files:
                file.write(row, line)
    return sum(file.cut for file in files if isinstance(file, Sheet))
