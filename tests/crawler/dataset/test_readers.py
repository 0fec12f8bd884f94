"""What analysts read exports with loads them at the first try, with the same types, though columns are null in the first three quarters.

The lines are those of the export's own README.md. All readers but R are among the tests' requirements; R is tried where it is installed
with jsonlite or arrow (tests/bench/bench_readers.py prints what each finds).
"""

import dataclasses
import gzip
import io
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from crawler.layout import CollectionLayout
from tests.bench.bench_readers import PLAIN, declared, differing, documented, load
from tests.bench.newsroom import build
from tests.crawler.dataset.made import article, fill
from tests.crawler.dataset.test_export import make

ROWS = 1200
READERS = ["pandas", "Polars", "DuckDB", "pyarrow", "datasets", "R"]
TABLES = ["articles", "removed", "edits", "failures", "duplicates"]


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    from crawler.dataset.lookup import sites_at

    root = tmp_path_factory.mktemp("readers")
    build(root / "archive", ROWS, words=20)
    return make(root / "out", *sites_at(root / "archive"), formats=("jsonl", "parquet", "csv")).path


@pytest.fixture
def need(monkeypatch, tmp_path):
    """Skips where a reader is not installed; keeps the cache of ``datasets`` out of the home folder."""

    def needed(reader, form="JSON lines"):
        if reader == "R":
            if not has_r("arrow" if form == "Parquet" else "jsonlite"):
                pytest.skip("R is not installed, or lacks what it reads with")
            return
        module = pytest.importorskip(reader.lower())
        if reader == "datasets":
            monkeypatch.setattr(module.config, "HF_DATASETS_CACHE", tmp_path / "cache")

    return needed


@cache
def has_r(package):
    tool = shutil.which("Rscript")
    return tool is not None and subprocess.run([tool, "-e", f"library({package})"], capture_output=True).returncode == 0


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", ["JSON lines", "Parquet"])
def test_the_line_of_the_card_loads_every_row_with_the_declared_types(out, need, form, reader):
    need(reader, form)
    rows, types = load(out, reader, documented(out)[form][reader])
    assert rows == ROWS
    assert differing(types, declared(out)) == {}


@pytest.mark.parametrize("reader", READERS)
def test_with_no_option_the_readers_differ_in_times_and_in_what_no_row_fills_and_pandas_in_what_is_null(
    out, need, reader
):
    need(reader)
    rows, types = load(out, reader, PLAIN["JSON lines"][reader])
    known = {path for path, word in declared(out).items() if word == "time UTC"} | {"withdrawn_reason"}
    if reader == "pandas":
        known |= {"schema_version", "warc_record_offset", "warc_record_length"}
    assert rows == ROWS
    assert differing(types, declared(out)).keys() <= known


def test_the_manual_has_the_lines_of_the_card(out):
    manual = (Path(__file__).parents[3] / "docs/export.md").read_text(encoding="utf-8")
    for lines in documented(out).values():
        for line in lines.values():
            assert f"`{re.sub('^import .*articles = |articles <- ', '', line)}`" in manual


@pytest.mark.parametrize("table", TABLES[1:])
@pytest.mark.parametrize("reader", READERS)
def test_the_other_tables_load_by_name_with_their_types_though_one_is_empty(out, need, reader, table):
    need(reader)
    rows, types = load(out, reader, documented(out)["JSON lines"][reader].replace('"articles"', f'"{table}"'))
    assert (rows == 0) == (table == "edits")
    assert differing(types, declared(out, table)) == {}


@pytest.mark.parametrize("reader", READERS)
def test_a_row_of_many_megabytes_text_of_digits_or_of_times_and_lists_of_one_length_keep_their_types(
    tmp_path, need, reader
):
    need(reader)
    site = CollectionLayout(tmp_path / "archive").site("one")
    rows = [article(n, title=str(n), tags=[str(n)], quality=1.0, warc_record_offset=3_000_000_000 * n) for n in (0, 1)]
    rows = [*rows, article(2, text="word " * 4_000_000, tags=["2"], title="NA")]
    rows = [dataclasses.replace(row, published_raw="2026-11-01T06:00:00Z") for row in rows]
    # in another piece of what readers take at a time (``datasets``: 10 MB): neither text nor time is what its column seemed to be
    rows.append(article(3, published_raw="two days ago", published_at="2026-11-01T06:00:00.250000Z", tags=["3"]))
    fill(site, rows)
    out = make(tmp_path / "out", site, formats=("jsonl",), duplicates="skip").path
    count, types = load(out, reader, documented(out)["JSON lines"][reader])
    assert count == 4
    known = {"warc_record_offset"} if reader == "R" else set()  # R has no whole numbers of that size
    assert differing(types, declared(out)).keys() == known


def test_without_the_dense_head_pyarrow_fails_or_finds_no_type(out):
    from pyarrow import ArrowException, json

    lines = gzip.decompress((out / "data/articles.jsonl.gz").read_bytes()).splitlines(keepends=True)
    plain = b"".join(line for line in lines if b'"section":null' in line) + b"".join(
        line for line in lines if b'"section":null' not in line
    )
    with pytest.raises(ArrowException):
        json.read_json(io.BytesIO(plain), read_options=json.ReadOptions(block_size=1 << 18))


def test_every_reader_sees_the_same_rows_in_the_same_order(out):
    import duckdb
    import polars as pl
    from pyarrow import parquet

    ids = pl.read_ndjson(out / "data/articles.jsonl.gz")["id"].to_list()
    assert len(set(ids)) == ROWS
    assert parquet.read_table(out / "data/articles.parquet", columns=["id"])["id"].to_pylist() == ids
    assert pl.read_csv(out / "data/articles.csv", infer_schema_length=ROWS)["id"].to_list() == ids
    assert [row[0] for row in duckdb.sql(f"SELECT id FROM '{out}/provenance/index.csv.gz'").fetchall()] == ids


@pytest.mark.parametrize("reader", ["Polars", "pyarrow", "datasets", "pandas", "DuckDB"])
def test_json_lines_give_the_values_of_parquet_times_to_the_microsecond(out, need, reader):
    need(reader)
    import pandas as pd
    from pyarrow import parquet

    names = {}
    sys.modules.pop("load_tables", None)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(out)
        exec(documented(out)["JSON lines"][reader], names)
    found = names["articles"]
    rows = {
        "Polars": lambda: found.to_dicts(),
        "pyarrow": lambda: found.to_pylist(),
        "datasets": lambda: found.to_list(),
        "pandas": lambda: [
            {
                name: value if isinstance(value, dict | list) or not pd.isna(value) else None
                for name, value in row.items()
            }
            for row in found.to_dict("records")
        ],
        "DuckDB": lambda: found.to_arrow_table().to_pylist(),
    }[reader]()
    assert rows == parquet.read_table(out / "data/articles.parquet").to_pylist()


@pytest.mark.parametrize("form", ["parquet", "jsonl", "csv"])
def test_hugging_face_datasets_reads_the_card(tmp_path, need, form):
    need("datasets")
    import datasets

    site = CollectionLayout(tmp_path / "archive").site("one")
    fill(site, [article(n, tags=["a"]) for n in range(3)])
    out = make(tmp_path / "out", site, formats=(form,)).path
    loaded = datasets.load_dataset(str(out), "articles", split="train")
    assert len(loaded) == 3
    if form != "csv":
        assert loaded.features["published_at"].dtype == "timestamp[us, tz=UTC]"
        assert loaded.features["withdrawn_at"].dtype == "timestamp[us, tz=UTC]"
        assert loaded[0]["published_at"].isoformat() == "2026-11-01T06:00:00+00:00"


@pytest.mark.parametrize("reader", ["pandas", "Polars", "DuckDB"])
def test_where_there_is_nothing_but_csv_the_lines_load_it(tmp_path, need, reader):
    need(reader)
    site = CollectionLayout(tmp_path / "archive").site("one")
    fill(site, [article(n) for n in range(3)])
    out = make(tmp_path / "out", site, formats=("csv",)).path
    ((form, lines),) = documented(out).items()
    assert (form, load(out, reader, lines[reader])[0]) == ("CSV", 3)
    assert not (out / "load_tables.py").exists()
