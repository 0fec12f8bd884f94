"""What analysts read exports with loads them at the first try, with the same types, though columns are null in the first three quarters.

pyarrow, Polars and DuckDB are among the tests' requirements; pandas and Hugging Face ``datasets`` are tried where they are installed
(tests/bench/bench_readers.py runs them all, and R).
"""

import gzip
import io
from pathlib import Path

import pytest

from crawler.dataset.loading import loading_examples
from tests.bench.newsroom import build
from tests.crawler.dataset.test_export import make

ROWS = 1200
TYPES = {
    "title": "text", "section": "text", "tags": "list of text", "images": "list of records", "warc_record_offset": "integer",
    "duplicate_similarity": "number", "rights.tdm_reservation": "boolean", "rights.tdm_policy": "text", "canonical_url": "text",
}  # fmt: skip
"""What each reader must find: columns that are null in the first 900 rows but for ``title``."""


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    from crawler.dataset.lookup import sites_at

    root = tmp_path_factory.mktemp("readers")
    build(root / "archive", ROWS, words=20)
    return make(root / "out", *sites_at(root / "archive"), formats=("jsonl", "parquet", "csv")).path


def arrow_types(schema):
    import pyarrow as pa

    names = {
        pa.string(): "text",
        pa.large_string(): "text",
        pa.int64(): "integer",
        pa.float64(): "number",
        pa.bool_(): "boolean",
    }

    def name(kind):
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            return "list of records" if pa.types.is_struct(kind.value_type) else f"list of {name(kind.value_type)}"
        return names.get(kind, str(kind))

    found = {field.name: name(field.type) for field in schema}
    found |= {f"rights.{part.name}": name(part.type) for part in schema.field("rights").type}
    return {column: found[column] for column in TYPES}


@pytest.mark.parametrize("file", ["articles.jsonl.gz", "articles.parquet"])
def test_pyarrow(out, file):
    from pyarrow import json, parquet

    path = out / "data" / file
    table = (
        parquet.read_table(path)
        if path.suffix == ".parquet"
        else json.read_json(io.BytesIO(gzip.decompress(path.read_bytes())))
    )
    assert table.num_rows == ROWS
    assert arrow_types(table.schema) == TYPES


def test_without_the_dense_head_pyarrow_fails_or_finds_no_type(out):
    from pyarrow import ArrowException, json

    lines = gzip.decompress((out / "data/articles.jsonl.gz").read_bytes()).splitlines(keepends=True)
    plain = b"".join(line for line in lines if b'"section":null' in line) + b"".join(
        line for line in lines if b'"section":null' not in line
    )
    with pytest.raises(ArrowException):
        json.read_json(io.BytesIO(plain), read_options=json.ReadOptions(block_size=1 << 18))


@pytest.mark.parametrize("file", ["articles.jsonl.gz", "articles.parquet"])
def test_polars(out, file):
    import polars as pl

    path = out / "data" / file
    frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_ndjson(path)
    assert frame.height == ROWS
    assert arrow_types(frame.head(0).to_arrow().schema) == TYPES


@pytest.mark.parametrize("file", ["articles.jsonl.gz", "articles.parquet"])
def test_duckdb(out, file):
    import duckdb

    schema = duckdb.sql(f"FROM '{out / 'data' / file}' LIMIT 0").to_arrow_table().schema
    assert arrow_types(schema) == TYPES
    assert duckdb.sql(f"SELECT count(*) FROM '{out / 'data' / file}'").fetchall() == [(ROWS,)]


def test_every_reader_sees_the_same_rows_in_the_same_order(out):
    import duckdb
    import polars as pl
    from pyarrow import parquet

    ids = pl.read_ndjson(out / "data/articles.jsonl.gz")["id"].to_list()
    assert parquet.read_table(out / "data/articles.parquet", columns=["id"])["id"].to_pylist() == ids
    assert pl.read_csv(out / "data/articles.csv", infer_schema_length=ROWS)["id"].to_list() == ids
    assert [row[0] for row in duckdb.sql(f"SELECT id FROM '{out}/provenance/index.csv.gz'").fetchall()] == ids


@pytest.mark.parametrize("file", ["articles.jsonl.gz", "articles.parquet"])
def test_pandas(out, file):
    pd = pytest.importorskip("pandas")
    path = out / "data" / file
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_json(path, lines=True)
    assert len(frame) == ROWS
    assert str(frame["published_at"].dtype) == "datetime64[us, UTC]"


def test_hugging_face_datasets(out, tmp_path):
    datasets = pytest.importorskip("datasets")
    loaded = datasets.load_dataset(str(out), "articles", split="train", cache_dir=str(tmp_path))
    assert len(loaded) == ROWS
    assert arrow_types(loaded.features.arrow_schema) == TYPES


def test_the_examples_of_card_and_page_run(out, monkeypatch):
    import duckdb

    monkeypatch.chdir(out)
    for path, form in (
        ("data/articles.parquet", "parquet"),
        ("data/articles.jsonl.gz", "jsonl"),
        ("data/articles.csv", "csv"),
    ):
        examples = {name: code for name, _, code in loading_examples(path, form)}
        assert duckdb.sql(examples["DuckDB"].rstrip(";")).fetchall()
        names = {}
        exec(examples["Polars"], names)
        assert names["articles"].height == ROWS
