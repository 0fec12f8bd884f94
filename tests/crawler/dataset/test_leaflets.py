"""What an export says of itself: other programs' validators agree with it, and it says what is missing."""

import csv
import gzip
import json
import shutil

import bagit
import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from crawler.dataset.selection import Selection
from crawler.layout import CollectionLayout
from crawler.ledger import Ledger
from crawler.record import Failure, Image
from tests.crawler.dataset.made import START, article, fill, read
from tests.crawler.dataset.test_export import block, make


def failure(url, reason="not-found", **changes):
    values = {
        "http_status": None,
        "first_try_at": "2026-11-01T08:00:00Z",
        "last_try_at": "2026-11-01T08:00:00Z",
        "detail": None,
    }
    return Failure(
        site="one", run_id="r", record_id=None, url=url, reason=reason, discovered_via="feed", **(values | changes)
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    root = tmp_path_factory.mktemp("dataset")
    site = CollectionLayout(root / "archive").site("one")
    rows = [article(n) for n in (1, 2, 3, 100)]
    rows[1] = article(
        2,
        title='=HYPERLINK("x") | **bold** <script>',
        images=[Image(url="u", caption=None, alt="é\u2028")],
        language="pt-BR",
    )
    changed = article(
        3,
        id="urn:uuid:b",
        revision=2,
        previous_id=rows[2].id,
        change="edited",
        text="New.",
        fetched_at="2026-11-05T20:00:00Z",
    )
    bad = [failure("https://one.example/lost"), failure("https://one.example/lost", "timeout"), failure(rows[0].url, "timeout"),
           failure("https://one.example/no", "robots-disallowed", first_try_at=None, last_try_at=None)]  # fmt: skip
    fill(site, [*rows, changed], [block(rows[1])], bad)
    ledger = Ledger(site.ledger)
    ledger.start_run("r", "crawl", START)
    ledger.end_run("r", at=START, exit_code=5, summary={"articles": 3, "secret": "x"})
    ledger.close()
    made = make(
        root / "out",
        site,
        formats=("jsonl", "parquet", "csv"),
        selection=Selection(min_quality=0.5),
        creators=("A Desk",),
    )
    return made.path


def test_the_folder_is_a_valid_bag_and_a_changed_byte_is_seen(out, tmp_path):
    bagit.Bag(str(out)).validate()
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    with (copy / "data/articles.csv").open("ab") as file:
        file.write(b"x")
    with pytest.raises(bagit.BagError):
        bagit.Bag(str(copy)).validate()


@pytest.mark.parametrize("table", ["articles", "removed", "edits", "failures"])
def test_every_row_fulfils_its_json_schema(out, table):
    schema = json.loads((out / f"schema/{table}.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    rows = read(out / f"data/{table}.jsonl.gz")
    assert rows
    for row in rows:
        validator.validate(row)


def test_the_card_has_features_and_files_for_datasets_and_says_what_is_missing(out):
    _, front, text = (out / "README.md").read_text().split("---\n", 2)
    head = yaml.safe_load(front)
    assert head["language"] == ["en", "pt"]
    assert head["configs"][0] == {
        "config_name": "articles", "default": True, "data_files": [{"split": "train", "path": "data/articles.parquet"}],
    }  # fmt: skip
    features = {feature["name"]: feature for feature in head["dataset_info"][0]["features"]}
    assert features["authors"] == {"name": "authors", "list": "string"}
    assert features["fetched_at"]["dtype"] == "timestamp[us, tz=UTC]"
    assert [part["name"] for part in features["images"]["list"]] == ["url", "caption", "alt"]
    assert "**Captures that this export leaves out**: earlier capture 1." in text
    assert (
        "| timeout | 1 | No whole answer" in text
    )  # the last reason; the address that has an article all the same is not missing
    assert "| robots-disallowed | 1 |" in text
    assert "exit 5, blocked 1" in text
    assert "| one | 2026-11-02 | 2026-11-04 | 3 | no run began that day |" in text
    assert "`rights.tdm_policy`" in text
    assert "<script>" not in text.replace("`", "").split("## Columns")[0]


def test_the_column_table_has_every_column_of_every_table(out):
    with (out / "schema/columns.csv").open(newline="") as file:
        rows = {(row["table"], row["column"]): row for row in csv.DictReader(file)}
    assert rows["articles", "images[].alt"]["null_share"] == "0.7500"
    assert rows["articles", "rights.robots"]["values"] == "allowed disallowed ignored unknown"
    assert ("failures", "reason") in rows
    assert ("edits", "words_added") in rows


def test_the_package_describes_each_file_with_its_digest_and_its_columns(out):
    package = json.loads((out / "datapackage.json").read_text())
    resources = {resource["path"]: resource for resource in package["resources"]}
    manifest = dict(line.split("  ")[::-1] for line in (out / "manifest-sha256.txt").read_text().splitlines())
    assert {path: f"sha256:{digest}" for path, digest in manifest.items()} == {
        path: r["hash"] for path, r in resources.items()
    }
    with (out / "data/articles.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == [field["name"] for field in resources["data/articles.csv"]["schema"]["fields"]]
    croissant = json.loads((out / "croissant.json").read_text())
    assert {file["@id"]: file["sha256"] for file in croissant["distribution"]} == manifest
    assert yaml.safe_load((out / "CITATION.cff").read_text())["authors"] == [{"name": "A Desk"}]


def test_provenance_names_runs_gaps_and_missing_warcs(out):
    (run,) = (json.loads(line) for line in (out / "provenance/runs.jsonl").open())
    assert run["summary"] == {"articles": 3}
    with (out / "provenance/warcs.csv").open(newline="") as file:
        assert [(row["warc_filename"], row["state"], row["rows"]) for row in csv.DictReader(file)] == [
            ("one.warc.gz", "missing", "4")
        ]
    with (out / "provenance/gaps.csv").open(newline="") as file:
        assert [row["why"] for row in csv.DictReader(file)] == ["no-run"]


def test_a_spreadsheet_runs_nothing_of_what_a_page_says(out):
    data = (out / "data/articles.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True)))
    assert {row["title"][0] for row in rows} == {"'", "S"}
    assert not gzip.decompress((out / "data/articles.jsonl.gz").read_bytes()).count(b"'=HYPERLINK")
