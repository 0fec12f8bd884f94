"""A table as Parquet: typed, nested as the record is, compressed with zstd. Needs pyarrow (``pip install 'pressmark[parquet]'``).

The only door to pyarrow. Rows are held back until a row group is full, so that memory is bounded by a group, not by the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.dataset.fields import Field
from crawler.dataset.tables import Row
from crawler.errors import UsageError

_GROUP_ROWS = 10_000
_GROUP_BYTES = 32 << 20
"""Size in bytes of JSON at which a row group is written."""


def available() -> bool:
    """Whether pyarrow is installed."""
    return find_spec("pyarrow") is not None


def need_pyarrow() -> None:
    """Make sure that pyarrow is there.

    Raises:
        UsageError: it is not; the message says how to install it.
    """
    if not available():
        raise UsageError("Parquet needs pyarrow, which is not installed", hint="pip install 'pressmark[parquet]'")


def arrow_table(rows: Iterable[Row], fields: tuple[Field, ...]) -> Any:
    """Rows as one Arrow table in memory, typed as in a Parquet file."""
    import pyarrow as pa

    plain, typed = (pa.schema([_arrow(pa, field, times=times) for field in fields]) for times in (False, True))
    batches = []
    pending = iter(rows)
    while batch := list(islice(pending, _GROUP_ROWS)):
        batches.append(pa.Table.from_pylist(batch, schema=plain).cast(typed))
    return pa.concat_tables(batches) if batches else typed.empty_table()


class Parquet:
    """``*.parquet``; times are timestamps in UTC, to the microsecond."""

    def __init__(self, path: Path, fields: tuple[Field, ...]) -> None:
        need_pyarrow()
        import pyarrow as pa
        from pyarrow import parquet

        self._pa = pa
        self._plain = pa.schema([_arrow(pa, field, times=False) for field in fields])
        self._typed = pa.schema([_arrow(pa, field, times=True) for field in fields])
        self._writer = parquet.ParquetWriter(path, self._typed, compression="zstd", write_page_index=True)
        self._rows: list[Row] = []
        self._bytes = 0

    def write(self, row: Row, line: bytes) -> None:
        """Add a row."""
        self._rows.append(row)
        self._bytes += len(line)
        if self._bytes >= _GROUP_BYTES or len(self._rows) >= _GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            # text to timestamps column by column: many times faster than value by value in Python
            table = self._pa.Table.from_pylist(self._rows, schema=self._plain).cast(self._typed)
            self._writer.write_table(table, row_group_size=_GROUP_ROWS)
            self._rows.clear()
            self._bytes = 0

    def close(self) -> None:
        """Write the last row group and the footer."""
        self._flush()
        self._writer.close()


def _arrow(pa: Any, field: Field, *, times: bool) -> Any:
    return pa.field(field.name, _type(pa, field, times=times), nullable=field.nullable)


def _type(pa: Any, field: Field, *, times: bool) -> Any:
    if field.kind == "record":
        return pa.struct([_arrow(pa, part, times=times) for part in field.parts])
    if field.kind == "list":
        return pa.list_(pa.field("item", _type(pa, field.parts[0], times=times), nullable=field.parts[0].nullable))
    if field.kind == "time" and times:
        return pa.timestamp("us", tz="UTC")
    return {"integer": pa.int64, "number": pa.float64, "boolean": pa.bool_}.get(field.kind, pa.string)()
