"""The archive as evidence, from the command line: its index, packages, repairs, revisits and conversions."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SITE = ["demo", "--allow-private", "127.0.0.0/8"]


def pressmark(*args):
    env = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, str(ROOT / "pressmark.py"), *map(str, args)]
    return subprocess.run(words, capture_output=True, text=True, env=env, cwd=ROOT, timeout=300)


def rows(collection, kind="articles"):
    files = sorted((collection / "demo" / kind).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def newspaper(serve_newspaper):
    return serve_newspaper(articles=14)


@pytest.fixture(scope="module")
def crawl_again(newspaper):
    return lambda collection: pressmark("crawl", *SITE, "-s", f"home={newspaper.url}", "-C", collection)


@pytest.fixture(scope="module")
def crawled(crawl_again, tmp_path_factory):
    """A newspaper crawled twice."""
    collection = tmp_path_factory.mktemp("evidence") / "c"
    for _ in range(2):
        done = crawl_again(collection)
        assert done.returncode == 0, done.stderr
    return collection


@pytest.fixture
def copy(crawled, tmp_path):
    shutil.copytree(crawled, tmp_path / "c")
    return tmp_path / "c"


def test_a_run_keeps_the_index_current(crawled):
    index = (crawled / "demo" / "index" / "index.cdxj").read_bytes().splitlines()
    assert index == sorted(index)
    lines = [json.loads(line.split(b" ", 2)[2]) for line in index]
    assert {row["url"] for row in rows(crawled)} <= {line["url"] for line in lines}
    done = pressmark("verify", crawled)
    assert done.returncode == 0, done.stdout
    assert "0 warnings" in done.stdout


def test_a_lost_index_is_made_anew(copy, crawl_again):
    index = copy / "demo" / "index" / "index.cdxj"
    before = index.read_bytes().splitlines()
    shutil.rmtree(index.parent)
    assert "index-behind" in pressmark("verify", copy).stdout
    assert crawl_again(copy).returncode == 0
    assert set(before) < set(index.read_bytes().splitlines())


def test_verify_names_an_index_that_is_wrong(copy):
    index = copy / "demo" / "index" / "index.cdxj"
    index.write_bytes(b"".join(reversed(index.read_bytes().splitlines(keepends=True))))
    done = pressmark("verify", copy)
    assert done.returncode == 9
    assert "index-order" in done.stdout
