"""How to load an export in pandas, Polars, DuckDB, R and Hugging Face ``datasets``: what card and page show, and tests run."""

from __future__ import annotations

from crawler.dataset.plan import Format

Example = tuple[str, str, str]
"""Name of the tool, language, code."""


def loading_examples(path: str, form: Format) -> list[Example]:
    """Examples for the file at ``path`` (below the export), from within the export's folder."""
    pandas = {
        "parquet": f'pd.read_parquet("{path}")', "jsonl": f'pd.read_json("{path}", lines=True)', "csv": f'pd.read_csv("{path}")',
    }[form]  # fmt: skip
    polars = {
        "parquet": f'pl.read_parquet("{path}")',
        "jsonl": f'pl.read_ndjson("{path}")',
        "csv": f'pl.read_csv("{path}", infer_schema_length=None)',
    }[form]
    r = {
        "parquet": f'articles <- arrow::read_parquet("{path}")', "jsonl": f'articles <- jsonlite::stream_in(gzfile("{path}"))',
        "csv": f'articles <- readr::read_csv("{path}")',
    }[form]  # fmt: skip
    return [
        ("pandas", "python", f"import pandas as pd\n\narticles = {pandas}"),
        ("Polars", "python", f"import polars as pl\n\narticles = {polars}"),
        ("DuckDB", "sql", f"FROM '{path}' SELECT site, count(*) GROUP BY site;"),
        ("R", "r", r),
        (
            "Hugging Face datasets",
            "python",
            'from datasets import load_dataset\n\narticles = load_dataset(".", "articles", split="train")',
        ),
    ]
