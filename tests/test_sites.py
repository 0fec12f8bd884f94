"""``pressmark sites``: a site is added from its address alone, checked offline and live, and listed with its health."""

import json
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.config import load_site
from crawler.layout import CollectionLayout
from crawler.ledger import Ledger, SourceHealth
from crawler.urls import Scope

ROOT = Path(__file__).parents[1]
OPTIONS = ["--allow-private", "127.0.0.0/8", "-s", "politeness.delay=0s"]


def pressmark(folder, *args):
    words = [
        sys.executable,
        str(ROOT / "pressmark.py"),
        *map(str, args),
        "--config",
        str(folder / "config"),
        "-C",
        str(folder / "c"),
    ]
    return subprocess.run(words, capture_output=True, text=True, timeout=240, cwd=folder)


@pytest.fixture(scope="module")
def added(newspaper, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sites")
    (folder / "config" / "sites").mkdir(parents=True)
    return folder, pressmark(folder, "sites", "add", newspaper.url, "--key", "lantern", *OPTIONS)


def test_a_site_is_added_from_its_address_alone(added, newspaper):
    folder, done = added
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(folder / "config" / "sites" / "lantern.yaml")
    site = load_site("lantern", folder / "config")
    assert (site.name, site.home, site.language) == ("The Pellhaven Lantern", newspaper.url, "en")
    assert [feed.url for feed in site.discover.feeds][:2] == [
        "/feed.xml",
        "/news/atom.xml",
    ]  # /feed.json names the same
    assert {section.name for section in site.discover.sections} >= {"News", "Town Hall", "Harbour", "Culture", "Sport"}
    scope = Scope(site.hosts, site.scope.allow, site.scope.deny)
    taken = {row["url"] for row in newspaper.truth if scope.verdict(row["url"]) is None}
    assert taken >= {row["url"] for row in newspaper.truth if row["reach"] not in ("private", "unlinked")}
    assert all(scope.verdict(newspaper.url + path) for path in ("", "news/", "town-hall/", "about/", "2026/11/"))


def test_it_asked_for_little_and_archived_all_of_it(added):
    folder, _ = added
    [report] = (folder / "c" / "lantern" / "runs").glob("*/report.json")
    assert json.loads(report.read_text())["articles"] == 3
    index = (folder / "c" / "lantern" / "index" / "index.cdxj").read_text().splitlines()
    assert 10 < len(index) <= 20  # at 3 s each: a minute


def test_it_is_crawled_as_it_stands(added, newspaper):
    folder, _ = added
    done = pressmark(folder, "crawl", "lantern", "-s", "limits.max_age=null", "--json", *OPTIONS)
    assert done.returncode == 0, done.stderr
    rows = [
        json.loads(row)
        for path in (folder / "c" / "lantern" / "articles").glob("*")
        for row in path.read_text().splitlines()
    ]
    assert {row["canonical_url"] for row in rows} >= {
        row["url"] for row in newspaper.truth if row["reach"] == "everywhere"
    }
    listed = pressmark(folder, "sites", "list", "--json")
    [state] = map(json.loads, listed.stdout.splitlines())
    assert (state["exit_code"], state["sources_ill"]) == (0, {})
    assert state["articles"] == len(rows)
    assert state["sources_ok"] > 8


def test_check_extracts_the_sample_pages_again_and_asks_the_sources(added, newspaper):
    folder, _ = added
    before = len(newspaper.log())
    done = pressmark(folder, "sites", "check")
    assert (done.returncode, done.stdout) == (0, "1 sites, 3 sample pages: all well\n")
    assert len(newspaper.log()) == before
    live = pressmark(folder, "sites", "check", "lantern", "--live", *OPTIONS)
    assert live.returncode == 0, live.stdout + live.stderr
    assert "FAIL" not in live.stdout
    assert live.stdout.count("ok   feed") >= 3
    assert not [line for line in newspaper.log()[before:] if line["target"].startswith("/2026/1")]


def test_check_names_a_sample_page_that_gives_something_else(added):
    folder, _ = added
    path = sorted((folder / "config" / "fixtures" / "lantern").glob("*/expected.json"))[0]
    expected = json.loads(path.read_text())
    path.write_text(json.dumps(expected | {"title": "Another headline"}))
    done = pressmark(folder, "sites", "check")
    assert done.returncode == 9
    assert "'Another headline' was expected" in done.stdout
    assert pressmark(folder, "sites", "check", "--update").returncode == 0
    assert json.loads(path.read_text()) == expected


def test_a_yaml_is_never_written_over_unless_asked(added, newspaper):
    folder, _ = added
    before = len(newspaper.log())
    done = pressmark(folder, "sites", "add", newspaper.url, "--key", "lantern", *OPTIONS)
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert len(newspaper.log()) == before


def test_an_address_where_nothing_answers_writes_nothing(tmp_path):
    (tmp_path / "config" / "sites").mkdir(parents=True)
    done = pressmark(
        tmp_path, "sites", "add", "http://127.0.0.1:9/", "--key", "nobody", *OPTIONS, "-s", "politeness.tries=1"
    )
    assert done.returncode != 0
    assert "nothing is known" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "config" / "sites").iterdir())


def test_a_table_in_a_pipe_holds_whole_addresses(tmp_path, capsys):
    home = "https://www.a-newspaper-with-quite-a-long-name.example/en/front-page/"
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "long.yaml").write_text(f"version: 1\nsite: long\nname: A Newspaper\nhome: {home}\n")
    assert main(["sites", "list", "--config", str(tmp_path), "-C", str(tmp_path / "c")]) == 0
    assert home in capsys.readouterr().out


def test_a_source_that_the_yaml_names_no_more_is_not_listed(tmp_path, capsys):
    (tmp_path / "sites").mkdir()
    text = "version: 1\nsite: x\nhome: https://x.example/\ndiscover:\n  home: false\n  feeds:\n    - url: /rss.xml\n"
    (tmp_path / "sites" / "x.yaml").write_text(text)
    layout = CollectionLayout(tmp_path / "c").site("x")
    layout.root.mkdir(parents=True)
    with closing(Ledger(layout.ledger)) as ledger:
        for name, trouble in (("feed.xml", "gone"), ("rss.xml", None)):
            url = f"https://x.example/{name}"
            health = SourceHealth(url=url, kind="feed", root=url, configured=True, ok_at="2026-11-20T08:00:00Z")
            ledger.mark_health(replace(health, trouble=trouble))
    assert main(["sites", "list", "--json", "--config", str(tmp_path), "-C", str(tmp_path / "c")]) == 0
    state = json.loads(capsys.readouterr().out)
    assert (state["sources_ok"], state["sources_ill"]) == (1, {})
