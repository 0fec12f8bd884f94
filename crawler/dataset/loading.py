"""How to load an export: one line a reader, which card and page show, docs/export.md explains, and tests run as they stand.

Owns the lines. Parquet bears its types; JSON lines get theirs from ``load_tables.py`` and ``load_tables.R``, which lie in each export and
take them from its schema.
"""

from __future__ import annotations

from pathlib import Path

from crawler.dataset.plan import Format
from crawler.dataset.portrait import DataFile

LOADERS = tuple(Path(__file__).with_name(name) for name in ("load_tables.py", "load_tables.R"))
"""What loads JSON lines with the types that the schema declares; each export gets a copy."""

_LINES: dict[Format, dict[str, str]] = {
    "parquet": {
        "pandas": 'import pandas; articles = pandas.read_parquet("{path}", dtype_backend="pyarrow")',
        "Polars": 'import polars; articles = polars.read_parquet("{path}")',
        "DuckDB": 'import duckdb; articles = duckdb.read_parquet("{path}")',
        "pyarrow": 'import pyarrow.parquet; articles = pyarrow.parquet.read_table("{path}")',
        "datasets": 'import datasets; articles = datasets.load_dataset("parquet", data_files="{path}", split="train")',
        "R": 'articles <- arrow::read_parquet("{path}")',
    },
    "jsonl": {
        "pandas": 'import load_tables; articles = load_tables.pandas("{table}")',
        "Polars": 'import load_tables; articles = load_tables.polars("{table}")',
        "DuckDB": 'import load_tables; articles = load_tables.duckdb("{table}")',
        "pyarrow": 'import load_tables; articles = load_tables.pyarrow("{table}")',
        "datasets": 'import load_tables; articles = load_tables.datasets("{table}")',
        "R": 'source("load_tables.R"); articles <- load_table("{table}")',
    },
    "csv": {
        "pandas": 'import pandas; articles = pandas.read_csv("{path}")',
        "Polars": 'import polars; articles = polars.read_csv("{path}", infer_schema_length=None)',
        "DuckDB": 'import duckdb; articles = duckdb.read_csv("{path}")',
        "R": 'articles <- read.csv("{path}")',
    },
}


def loading_lines(file: DataFile) -> dict[str, str]:
    """How each reader loads a file, from within the export's folder: one line of Python, or of R for the reader ``R``."""
    return {name: line.format(path=file.path, table=file.table.name) for name, line in _LINES[file.form].items()}
