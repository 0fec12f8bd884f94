"""Load this dataset's JSON lines with the types that its schema declares, in the library of your choice; nothing else is needed.

import load_tables
articles = load_tables.pandas("articles")  # or polars, duckdb, pyarrow, datasets; "removed", "edits", "failures", "duplicates"

Text, whole numbers, decimals, booleans, times in UTC, lists and records come out as such in all of them, in columns that no row fills too.
Tried with pandas 2.1 to 3.1, Polars 1.36 to 2.1, DuckDB 1.4 to 2.0, pyarrow 15 to 26, datasets 3.0 to 5.2.
``pressmark export`` lays this file beside ``data/`` and ``schema/``, from which it takes the types. Licence: Apache-2.0.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LONGEST = 1 << 26
"""Bytes of a row, at most: readers take a row of more than 1 MB (pyarrow) or 16 MB (DuckDB) for a fault if they are not told."""


def pandas(table: str = "articles") -> Any:
    """A DataFrame. Whole numbers are ``Int64`` and booleans ``boolean``, which know null; lists and records are Python's."""
    import pandas as pd

    words = {"string": "string", "integer": "Int64", "number": "float64", "boolean": "boolean", "time": "time"}
    kinds = columns(table, words, lambda _: "object", lambda _: "object")
    frame = pd.read_json(_file(table), lines=True, dtype=False, precise_float=True).reindex(columns=list(kinds))
    for name, kind in kinds.items():
        if kind == "time":
            frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601").dt.as_unit("us")
        else:
            frame[name] = frame[name].astype(kind)
    return frame


def polars(table: str = "articles") -> Any:
    """A DataFrame."""
    import polars as pl

    words = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
    kinds = columns(table, words | {"time": pl.Datetime("us", "UTC")}, pl.List, pl.Struct)
    return pl.read_ndjson(_file(table), schema=kinds)


def duckdb(table: str = "articles") -> Any:
    """A relation."""
    import duckdb as db

    words = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "time": "TIMESTAMPTZ"}
    kinds = columns(table, words, "{}[]".format, _struct)
    return db.read_json(str(_file(table)), columns=kinds, format="newline_delimited", maximum_object_size=LONGEST)


def pyarrow(table: str = "articles") -> Any:
    """A Table."""
    import pyarrow as pa
    from pyarrow import json as lines

    words = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
    kinds = columns(
        table, words | {"time": pa.timestamp("us", tz="UTC")}, pa.list_, lambda parts: pa.struct(parts.items())
    )
    schema = pa.schema(kinds.items())
    if _is_empty(table):
        return schema.empty_table()
    rules = lines.ParseOptions(explicit_schema=schema)
    return lines.read_json(_file(table), lines.ReadOptions(block_size=LONGEST), rules)


def datasets(table: str = "articles") -> Any:
    """A Dataset."""
    import datasets as hf

    words = {
        "string": "string",
        "integer": "int64",
        "number": "float64",
        "boolean": "bool",
        "time": "timestamp[us, tz=UTC]",
    }
    kinds = columns(table, {kind: hf.Value(word) for kind, word in words.items()}, lambda entry: [entry], dict)
    features = hf.Features(kinds)
    if _is_empty(table):
        return hf.Dataset.from_dict({name: [] for name in kinds}, features=features)
    return hf.load_dataset("json", data_files=str(_file(table)), features=features, split="train")


def columns(
    table: str, words: dict[str, Any], listed: Callable[[Any], Any], record: Callable[[Any], Any]
) -> dict[str, Any]:
    """The columns of a table and their types, as ``schema/`` declares them, in a library's terms.

    Args:
        words: types of the library for ``string``, ``integer``, ``number``, ``boolean`` and ``time``.
        listed: makes the type of a list from that of its entries.
        record: makes the type of a record from a dictionary of its fields' types.
    """
    schema = json.loads((HERE / "schema" / f"{table}.schema.json").read_text(encoding="utf-8"))

    def fields(part: dict[str, Any]) -> dict[str, Any]:
        return {name: kind(each) for name, each in part["properties"].items()}

    def kind(part: dict[str, Any]) -> Any:
        if "$ref" in part:
            return record(fields(schema["$defs"][part["$ref"].rpartition("/")[2]]))
        names = [part["type"]] if isinstance(part["type"], str) else part["type"]
        (name,) = set(names) - {"null"}
        if name == "array":
            return listed(kind(part["items"]))
        return words["time" if part.get("format") == "date-time" else name]

    return fields(schema)


def _struct(parts: dict[str, str]) -> str:
    return "STRUCT({})".format(", ".join(f'"{name}" {kind}' for name, kind in parts.items()))


def _file(table: str) -> Path:
    return HERE / "data" / f"{table}.jsonl.gz"


def _is_empty(table: str) -> bool:
    with gzip.open(_file(table)) as lines:
        return not lines.read(1)
