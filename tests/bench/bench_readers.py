"""What every reader makes of an export's first-try load: pandas, Polars, DuckDB, pyarrow, Hugging Face ``datasets``, R's jsonlite and arrow.

    python tests/bench/bench_readers.py EXPORT

For an export of ``newsroom.build(…, 20_000)``, whose sparse columns are null in the first 15,000 rows of the collection. Prints the type that each
reader infers for some columns of ``articles``, with no option given; a reader that is not installed is named.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

COLUMNS = (
    "title", "section", "description", "tags", "images", "rights", "warc_record_offset", "duplicate_similarity", "published_at", "fetched_at",
)  # fmt: skip
Seen = tuple[int, dict[str, str]]


def with_pandas(path: Path) -> Seen:
    import pandas as pd

    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_json(path, lines=True)
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    for name in ("tags", "images", "rights"):
        filled = next(value for value in frame[name] if value is not None and len(value))
        kinds[name] += f" of {type(filled).__name__}"
    return len(frame), kinds


def with_polars(path: Path) -> Seen:
    import polars as pl

    frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_ndjson(path)
    return frame.height, {name: str(kind) for name, kind in frame.schema.items()}


def with_duckdb(path: Path) -> Seen:
    import duckdb

    relation = duckdb.sql(f"FROM '{path}'")
    return len(relation), dict(zip(relation.columns, map(str, relation.types), strict=True))


def with_pyarrow(path: Path) -> Seen:
    from pyarrow import json, parquet

    if path.suffix == ".parquet":
        table = parquet.read_table(path)
    else:
        with gzip.open(path) as file:
            table = json.read_json(file)
    return table.num_rows, {field.name: str(field.type) for field in table.schema}


def with_datasets(path: Path) -> Seen:
    import datasets

    form = "parquet" if path.suffix == ".parquet" else "json"
    loaded = datasets.load_dataset(form, data_files=str(path), split="train")
    return len(loaded), {name: str(kind) for name, kind in loaded.features.items()}


def with_r(path: Path) -> Seen:
    tool = shutil.which("Rscript")
    if tool is None:
        raise ImportError("Rscript")
    read = (
        f'arrow::read_parquet("{path}")'
        if path.suffix == ".parquet"
        else f'jsonlite::stream_in(gzfile("{path}"), verbose = FALSE)'
    )
    code = f'x <- {read}; cat(nrow(x), "\\n"); for (n in names(x)) cat(n, class(x[[n]])[1], "\\n")'
    done = subprocess.run([tool, "-e", code], capture_output=True, text=True)
    if done.returncode:
        missing = "there is no package called" in done.stderr
        raise (ImportError if missing else ValueError)(done.stderr.strip().splitlines()[0])
    first, *rest = done.stdout.splitlines()
    return int(first), dict(line.split() for line in rest)


READERS: dict[str, Callable[[Path], Seen]] = {
    "pandas": with_pandas, "polars": with_polars, "duckdb": with_duckdb, "pyarrow": with_pyarrow, "datasets": with_datasets, "R": with_r,
}  # fmt: skip


def main(root: Path, forms: Iterable[str] = ("articles.jsonl.gz", "articles.parquet")) -> int:
    """Try them all."""
    wrong = 0
    for form in forms:
        for name, read in READERS.items():
            try:
                rows, kinds = read(root / "data" / form)
            except ImportError as missing:
                print(f"{form} {name}: not installed ({missing})")
                continue
            except Exception as fault:
                wrong = 1
                print(f"{form} {name}: FAILED: {type(fault).__name__}: {fault}")
                continue
            shown: dict[str, Any] = {column: kinds[column] for column in COLUMNS}
            print(
                f"{form} {name}: {rows:,} rows; " + "; ".join(f"{column} {kind}" for column, kind in shown.items()),
                flush=True,
            )
    return wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
