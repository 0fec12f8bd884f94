"""Editions of the articles for tools that read no tables."""

import csv
import json

import pytest

from crawler.errors import UsageError
from crawler.layout import CollectionLayout
from tests.crawler.dataset.made import article, fill
from tests.crawler.dataset.test_export import make

ROWS = [
    article(1, title="The “quay”", text="First.\n\n* Second *", authors=["Ada Quill", "Bo Finch"], language="pt-BR"),
    article(2, title='=1+1,"x"', text="Other."),
    article(3, text=""),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("editions")
    site = CollectionLayout(root / "archive").site("one")
    fill(site, ROWS)
    return make(root / "out", site, editions=("labelstudio", "prodigy", "text", "iramuteq")).path / "data"


def test_label_studio_reads_tasks(data):
    tasks = json.loads((data / "labelstudio.json").read_text(encoding="utf-8"))
    assert [task["data"]["text"] for task in tasks] == ["First.\n\n* Second *", "Other."]
    assert tasks[0]["data"]["authors"] == "Ada Quill, Bo Finch"


def test_prodigy_reads_lines(data):
    tasks = [json.loads(line) for line in (data / "prodigy.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(task["text"], task["meta"]["id"]) for task in tasks] == [(row.text, row.id) for row in ROWS[:2]]


def test_txm_reads_a_folder_of_texts_with_their_metadata(data):
    with (data / "text/metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(path.stem for path in (data / "text").glob("*.txt")) == sorted(row["id"] for row in rows)
    assert (data / f"text/{rows[0]['id']}.txt").read_text(encoding="utf-8") == "The “quay”\n\nFirst.\n\n* Second *\n"
    assert [row["record"] for row in rows] == [row.id for row in ROWS[:2]]
    assert rows[1]["title"] == '\'=1+1,"x"'


def test_iramuteq_reads_one_corpus_whose_stars_are_its_own(data):
    texts = (data / "iramuteq.txt").read_text(encoding="utf-8").split("**** ")[1:]
    assert len(texts) == 2
    head, _, body = texts[0].partition("\n")
    assert head.split()[:3] == ["*site_one", "*date_20261101", "*lang_ptBR"]
    assert body == "The “quay”\n\nFirst.\n\n  Second  \n\n"


def test_without_text_there_is_no_edition_of_it(tmp_path):
    site = CollectionLayout(tmp_path / "archive").site("one")
    fill(site, ROWS)
    with pytest.raises(UsageError, match="no text"):
        make(tmp_path / "out", site, text="none", editions=("prodigy",))
