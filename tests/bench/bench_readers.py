"""What each reader makes of an export: pandas, Polars, DuckDB, pyarrow, Hugging Face ``datasets``, and R's jsonlite and arrow.

    python tests/bench/bench_readers.py EXPORT

For an export of ``newsroom.build(…, 20_000)``, whose sparse columns are null in the first 15,000 rows of the collection. Runs the lines that
the export's own README.md has under "How to load it", and then the readers' own with no option given, on JSON lines and on Parquet. Each
load's types are put into the words of one vocabulary and held against those that schema/columns.csv declares, column by column, nested ones
too. A reader that is not installed is named. Exit 1 if a documented line fails, or finds a type that is not the declared one.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Types = dict[str, str]
"""Words of the vocabulary by column: ``rights.robots``, ``images[].url``."""
WORDS = {"string": "text", "integer": "whole", "number": "decimal", "boolean": "boolean", "time (UTC)": "time UTC"}
"""The vocabulary, by the words of schema/columns.csv."""
NO_VALUE = "-"
"""Instead of a word: a field of a record, where a reader keeps records as they are and no row fills it."""

PLAIN = {
    "JSON lines": {
        "pandas": 'import pandas; articles = pandas.read_json("data/articles.jsonl.gz", lines=True)',
        "Polars": 'import polars; articles = polars.read_ndjson("data/articles.jsonl.gz")',
        "DuckDB": "import duckdb; articles = duckdb.sql(\"FROM 'data/articles.jsonl.gz'\")",
        "pyarrow": 'import pyarrow.json; articles = pyarrow.json.read_json("data/articles.jsonl.gz")',
        "datasets": 'import datasets; articles = datasets.load_dataset("json", data_files="data/articles.jsonl.gz", split="train")',
        "R": 'articles <- jsonlite::stream_in(gzfile("data/articles.jsonl.gz"), verbose = FALSE)',
    },
    "Parquet": {
        "pandas": 'import pandas; articles = pandas.read_parquet("data/articles.parquet")',
        "Polars": 'import polars; articles = polars.read_parquet("data/articles.parquet")',
        "DuckDB": "import duckdb; articles = duckdb.sql(\"FROM 'data/articles.parquet'\")",
        "pyarrow": 'import pyarrow.parquet; articles = pyarrow.parquet.read_table("data/articles.parquet")',
        "datasets": 'import datasets; articles = datasets.load_dataset("parquet", data_files="data/articles.parquet", split="train")',
        "R": 'articles <- arrow::read_parquet("data/articles.parquet")',
    },
}
"""What people write who do not read README.md."""

_R = """
walk <- function(path, x) {
  if (is.data.frame(x)) {
    for (name in names(x)) walk(if (path == "") name else paste0(path, ".", name), x[[name]])
  } else if (is.list(x)) {
    filled <- Filter(function(entry) NROW(entry) > 0, x)
    if (length(filled)) walk(paste0(path, "[]"), do.call(if (is.data.frame(filled[[1]])) rbind else c, filled))
  } else {
    kind <- class(x)[1]
    if (kind == "POSIXct") kind <- paste(kind, attr(x, "tzone"))
    cat(path, kind, sep = "\\t", fill = TRUE)
  }
}
cat(nrow(articles), fill = TRUE)
walk("", articles)
"""
_R_WORDS = {
    "character": "text",
    "integer": "whole",
    "numeric": "decimal",
    "logical": "boolean",
    "POSIXct UTC": "time UTC",
}


def documented(root: Path) -> dict[str, dict[str, str]]:
    """The lines of README.md by form and reader."""
    text = (root / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## How to load it\n")[2].partition("\n## ")[0]
    parts = re.split(r"^From ([\w ]+?), .*:$", section, flags=re.MULTILINE)[1:]
    rows = [re.findall(r"^\| (\w+) \| `(.+)` \|$", part, re.MULTILINE) for part in parts[1::2]]
    return {form: dict(row) for form, row in zip(parts[::2], rows, strict=True)}


def declared(root: Path, table: str = "articles") -> Types:
    """What the export says of its columns."""
    with (root / "schema/columns.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == table]
    return {row["column"]: WORDS[row["type"].removeprefix("list of ")] for row in rows}


def load(root: Path, reader: str, line: str) -> tuple[int, Types]:
    """Run a line in the export's folder; returns the number of rows and their types.

    Raises:
        ImportError: the reader is not installed.
    """
    if reader == "R":
        return _in_r(root, line)
    here, path = Path.cwd(), list(sys.path)
    sys.modules.pop("load_tables", None)  # another export's
    names: dict[str, Any] = {}
    try:
        os.chdir(root)
        sys.path.insert(0, str(root))
        exec(line, names)
        found = names["articles"]
        if reader == "pandas":
            return len(found), _of_pandas(found)
        schema = {
            "Polars": lambda: found.head(0).to_arrow().schema,
            "DuckDB": lambda: found.limit(0).to_arrow_table().schema,
            "pyarrow": lambda: found.schema,
            "datasets": lambda: found.features.arrow_schema,
        }[reader]()
        return len(found), dict(_of_arrow((field.name, field.type) for field in schema))
    finally:
        os.chdir(here)
        sys.path[:] = path


def _in_r(root: Path, line: str) -> tuple[int, Types]:
    tool = shutil.which("Rscript")
    if tool is None:
        raise ImportError("Rscript")
    done = subprocess.run([tool, "-e", line + "\n" + _R], capture_output=True, text=True, cwd=root)
    if done.returncode:
        missing = "there is no package called" in done.stderr
        raise (ImportError if missing else ValueError)(done.stderr.strip().splitlines()[0])
    rows, *kinds = done.stdout.splitlines()
    pairs = (kind.split("\t") for kind in kinds)
    return int(rows), {path: _R_WORDS.get(kind.strip(), kind) for path, kind in pairs}


def _of_arrow(fields: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, str]]:
    from pyarrow import types

    for path, kind in fields:
        if types.is_struct(kind):
            yield from _of_arrow((f"{path}.{part.name}", part.type) for part in kind)
        elif types.is_list(kind) or types.is_large_list(kind):
            yield from _of_arrow([(path + "[]", kind.value_type)])
        elif types.is_string(kind) or types.is_large_string(kind) or str(kind) == "string_view":
            yield path, "text"
        elif types.is_timestamp(kind):
            yield path, "time UTC" if kind.tz else "time, no zone"
        else:
            yield path, {"int64": "whole", "double": "decimal", "bool": "boolean"}.get(str(kind), str(kind))


def _of_pandas(frame: Any) -> Types:
    import pandas as pd
    from pandas.api import types

    found: Types = {}
    for name, kind in frame.dtypes.items():
        if isinstance(kind, pd.ArrowDtype):
            found |= _of_arrow([(name, kind.pyarrow_dtype)])
        elif types.is_object_dtype(kind):
            found |= _of_values(name, frame[name])
        elif isinstance(kind, pd.DatetimeTZDtype):
            found[name] = "time UTC" if str(kind.tz) == "UTC" else str(kind)
        elif types.is_bool_dtype(kind):
            found[name] = "boolean"
        elif types.is_string_dtype(kind):
            found[name] = "text"
        else:
            found[name] = (
                "whole" if types.is_integer_dtype(kind) else "decimal" if types.is_float_dtype(kind) else str(kind)
            )
    return found


def _of_values(path: str, values: Iterable[Any]) -> Types:
    """Types of what a column of Python objects holds."""
    found: Types = {}
    for value in values:
        if isinstance(value, dict):
            for name, part in value.items():
                found |= _of_values(f"{path}.{name}", [part])
        elif hasattr(value, "__iter__") and not isinstance(value, str):
            found |= _of_values(path + "[]", value)
        elif value is not None and value == value:
            kind = type(value).__name__
            found[path] = {"str": "text", "int": "whole", "float": "decimal", "bool": "boolean"}.get(kind, kind)
    return found


def differing(types: Types, wanted: Types) -> Types:
    """The columns whose type is not the declared one, with what it is instead."""
    return {
        path: word
        for path, right in wanted.items()
        if (word := types.get(path, NO_VALUE if set("[.") & set(path) else "missing")) not in (right, NO_VALUE)
    }


def show(title: str, root: Path, lines: dict[str, str]) -> bool:
    """Run the lines, print the types; whether all that are installed found those declared."""
    print(f"\n{title}")
    wanted, found = declared(root), dict[str, Types]()
    well = True
    for reader, line in lines.items():
        print(f"  {reader}: {line}", flush=True)
        try:
            rows, found[reader] = load(root, reader, line)
        except Exception as fault:
            if isinstance(fault, ImportError) and fault.name != "load_tables":
                print(f"    not installed ({fault})")
                continue
            well = False
            print(f"    FAILED: {type(fault).__name__}: {fault}")
        else:
            print(f"    {rows:,} rows, {len(wanted)} columns, {len(differing(found[reader], wanted))} not as declared")
    print(f"\n{'column':<29}{'declared':<10}" + "".join(f"{reader:<15}" for reader in found) + "same in all")
    for path, right in wanted.items():
        shown = [types.get(path, NO_VALUE) for types in found.values()]
        same = all(path not in differing(types, wanted) for types in found.values())
        well &= same
        print(f"{path:<29}{right:<10}" + "".join(f"{word:<15}" for word in shown) + ("yes" if same else "NO"))
    print(f"{title}: same types in all: {'yes' if well else 'NO'}")
    return well


def main(root: Path) -> int:
    """Show them all."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ |= {"HF_DATASETS_CACHE": cache, "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
        right = [show(f"{form}, as README.md says", root, lines) for form, lines in documented(root).items()]
        for form, lines in PLAIN.items():
            show(f"{form}, with no option", root, lines)
    return 0 if right and all(right) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
