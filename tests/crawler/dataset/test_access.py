"""Python access, as docs/python.md shows it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.dataset.lookup import sites_at
from crawler.dataset.selection import Selection
from crawler.layout import CollectionLayout
from crawler.record import Article, Block
from pressmark import PressmarkError, open_collection
from tests.crawler.dataset.made import article, fill, read
from tests.crawler.dataset.test_export import block, make
from tests.crawler.dataset.test_leaflets import failure

ROOT = Path(__file__).parents[3]


@pytest.fixture
def collection(tmp_path):
    layout = CollectionLayout(tmp_path / "archive")
    first = article(3)
    changed = article(
        3,
        id="urn:uuid:b",
        revision=2,
        previous_id=first.id,
        change="edited",
        text="New.",
        fetched_at="2026-11-05T20:00:00Z",
    )
    fill(layout.site("one"), [article(1, word_count=300), article(2, language="uk"), first, changed], [block(first), block(changed, "Other")],
         [failure("https://one.example/lost"), failure("https://one.example/old", last_try_at="2026-10-01T00:00:00Z")])  # fmt: skip
    fill(layout.site("two"), [article(1, site="two")])
    return open_collection(layout.root)


def test_articles_are_records_each_once_and_can_be_read_again(collection):
    articles = collection.articles(site="one")
    assert [type(each) for each in articles] == [Article] * 3
    assert [each.id for each in articles] == [article(1).id, article(2).id, "urn:uuid:b"]
    assert next(iter(articles.rows()))["title"] == "Story 1 of one"
    assert len(list(collection.articles())) == 4
    assert len(list(collection.articles(latest=False))) == 5


@pytest.mark.parametrize(
    ("wish", "numbers"),
    [
        ({"language": ["uk", "de"]}, [2]),
        ({"where": "word_count>=200"}, [1]),
        ({"until": "2026-11-01T08:00:00Z", "site": ["one"]}, [1, 2]),
    ],
)
def test_articles_are_chosen_as_an_export_chooses_them(collection, wish, numbers):
    found = [each.id for each in collection.articles(**wish)]
    assert found == [article(n).id for n in numbers]


def test_what_there_is_beside_the_articles(collection):
    (one,) = collection.articles(site="one", where="change=edited")
    assert [(type(each), each.text) for each in collection.removed(one)] == [(Block, "Other")]
    assert len(list(collection.removed())) == 2
    assert [each.url for each in collection.failures(site="one", since="2026-11")] == ["https://one.example/lost"]
    assert collection.sites == ["one", "two"]
    with pytest.raises(PressmarkError, match=r"one\.warc\.gz"):
        collection.source(one)


def test_as_tables_columns_are_typed(collection):
    articles = collection.articles(site="one")
    table = articles.to_arrow()
    assert (table.num_rows, str(table.schema.field("fetched_at").type)) == (3, "timestamp[us, tz=UTC]")
    frame = articles.to_polars()
    assert frame["word_count"].to_list() == [300, 120, 120]
    assert articles.to_duckdb().aggregate("sum(word_count)").fetchall() == [(540,)]
    assert collection.articles(where="title=none of them").to_arrow().schema == table.schema


@pytest.fixture
def dataset(collection, tmp_path):
    """All captures of the collection, exported."""
    sites = sites_at(collection.path)
    made = make(tmp_path / "dataset", *sites, selection=Selection(revisions="all"), duplicates="skip")
    return open_collection(made.path)


@pytest.mark.parametrize(
    "wish", [{}, {"latest": False}, {"site": "two"}, {"where": "word_count>=200"}, {"until": "2026-11-01T08:00:00Z"}]
)
def test_a_dataset_gives_what_its_collection_gives(collection, dataset, wish):
    rows = sorted(collection.articles(**wish).rows(), key=lambda row: row["id"])
    assert rows
    assert sorted(dataset.articles(**wish).rows(), key=lambda row: row["id"]) == rows
    assert dataset.sites == collection.sites
    assert list(dataset.failures(since="2026-11")) == list(collection.failures(since="2026-11"))
    assert list(dataset.removed()) == list(collection.removed())
    (edited,) = dataset.articles(where="change=edited")
    assert [block.text for block in dataset.removed(edited)] == ["Other"]
    assert dataset.articles().to_arrow().schema == collection.articles().to_arrow().schema


def test_a_dataset_of_latest_captures_is_read_in_its_own_order(collection, tmp_path):
    made = make(tmp_path / "dataset", *sites_at(collection.path))
    ids = [row["id"] for row in read(made.path / "data/articles.jsonl.gz")]
    assert [each.id for each in open_collection(made.path).articles()] == ids


def test_a_dataset_whose_warc_files_or_rows_are_elsewhere_says_where_to_name_them(collection, dataset, tmp_path):
    one = next(iter(dataset.articles(site="one")))
    with pytest.raises(PressmarkError, match=r"one\.warc\.gz is not in .*dataset") as told:
        dataset.source(one)
    assert "warcs=[" in told.value.hint
    with pytest.raises(PressmarkError, match="no dataset"):
        open_collection(collection.path, warcs=[tmp_path])
    plain = make(tmp_path / "parquet", *sites_at(collection.path), formats=("parquet",)).path
    with pytest.raises(PressmarkError, match=r"articles\.jsonl\.gz is not there") as told:
        list(open_collection(plain).articles())
    assert "--format jsonl" in told.value.hint
    bare = make(tmp_path / "bare", *sites_at(collection.path), tables=("articles",)).path
    with pytest.raises(PressmarkError, match=r"removed\.jsonl\.gz is not there") as told:
        list(open_collection(bare).removed())
    assert "--tables …,removed" in told.value.hint


@pytest.mark.parametrize("wish", [{"site": "three"}, {"where": "wrods>1"}, {"since": "tomorrow"}])
def test_what_cannot_be_asked_for_is_an_error_that_says_so(collection, wish):
    with pytest.raises(PressmarkError):
        list(collection.articles(**wish))


def test_the_examples_of_the_page_run(tmp_path):
    """Against the demo newspaper, from another folder, without the command line: the launcher's module is all that is imported."""
    done = subprocess.run(
        [sys.executable, ROOT / "pressmark.py", "demo", "--port", "0", "-C", tmp_path / "archive"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    code = re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(encoding="utf-8"), re.S)
    code = [part.replace("to_pandas()", "to_polars()") for part in code]
    made = [sys.executable, ROOT / "pressmark.py", "export", tmp_path / "news-2026", "-C", tmp_path / "archive"]
    subprocess.run(made, check=True, capture_output=True, timeout=120)
    script = "\n".join(
        [f"import sys; sys.path.insert(0, {str(ROOT)!r})", *code, "assert str(sys.path[1:]).count('_pressmark') == 0"]
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "WARC-Type: response" in done.stdout
    assert "newsletter" in done.stdout


def test_another_package_of_the_same_name_is_named(tmp_path):
    (tmp_path / "crawler.py").write_text("")
    script = f"import crawler, sys; sys.path.append({str(ROOT)!r}); from pressmark import open_collection"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert "another package called 'crawler' is loaded already" in done.stderr
