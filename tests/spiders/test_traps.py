"""Endless address spaces stay within bounds, and what feeds and sitemaps name is fetched before any of them."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from crawler.config import Traps
from crawler.errors import Reason
from spiders.discovery.traps import EVERYTHING, TrapBudget, form_of, is_proven
from tests.spiders.trap_site import ARTICLES, TRAPS, TrapSite

ROOT = Path(__file__).parents[2]
SITE = """
version: 1
site: trap
home: {url}
discover:
  feeds: [{{url: /feed.xml}}]
  depth: 40
scope: {{allow: [^/]}}
politeness: {{delay: 0s}}
fetch: {{allow_private: [127.0.0.0/8]}}
traps: {{max_alike: 25, max_facets: 10, max_fruitless: 30}}
"""


@pytest.fixture(scope="module")
def trapped(tmp_path_factory):
    """Two crawls of the site; the log of each, and the report of each."""
    site, folder = TrapSite(), tmp_path_factory.mktemp("trap")
    (folder / "config" / "sites").mkdir(parents=True)
    (folder / "config" / "sites" / "trap.yaml").write_text(SITE.format(url=site.url))
    words = [
        sys.executable,
        ROOT / "pressmark.py",
        "crawl",
        "trap",
        "--json",
        "--config",
        folder / "config",
        "-C",
        folder / "c",
    ]
    runs = []
    for _ in range(2):
        before = len(site.log)
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stderr + done.stdout
        runs.append((site.log[before:], json.loads(done.stdout)))
    site.close()
    return runs


@pytest.mark.fault(
    "3 traps (calendar, session ids, paths, facets, maze), URL variants",
    "articles among calendars, facets and sessions",
)
def test_all_real_articles_come_first(trapped):
    log, report = trapped[0]
    pages = [target for target in log if target.startswith((*TRAPS, "/news/"))]
    assert set(pages[:10]) == set(ARTICLES)
    assert report["articles"] >= 10


@pytest.mark.fault(
    "3 traps (calendar, session ids, paths, facets, maze), URL variants",
    "calendar, facets, session ids, repeated paths",
)
def test_each_trap_is_bounded(trapped):
    log, report = trapped[0]
    visits = Counter(target.split("/")[1].partition("?")[0] for target in log)
    assert visits["calendar"] <= 26  # max_alike, and the door
    assert visits["basket"] <= 8  # the same content again
    assert visits["shop"] <= 11  # max_facets
    assert visits["maze"] <= 52  # two forms: a room, and a room in a room
    assert visits["loop"] <= 10  # a path that repeats itself
    left_out = report["discovery"]["left_out"]
    assert left_out.keys() >= {"trap-path", "trap-query", "trap-pattern", "trap-repeat"}
    assert all(left_out.values())


def test_what_a_run_has_learnt_bounds_the_next(trapped):
    log, report = trapped[1]
    assert not [target for target in log if target.startswith("/news/")]
    assert len([target for target in log if target.startswith(TRAPS)]) <= 60
    assert report["articles"] == 0


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("https://a.example/", "/"),
        ("https://a.example/calendar/2031/05/", "/calendar/…"),
        ("https://a.example/2026/11/25/a-slug/", "/#/…"),
        ("https://a.example/a-slug-of-many-words/", "/*"),
        ("https://a.example/shop?size=4&hue=red", "/shop?hue&size"),
        ("https://a.example/About-us", "/about-us"),
    ],
)
def test_the_form_of_an_address(url, form):
    assert form_of(url) == form


def budget(known=(0, 0), **limits):
    return TrapBudget(Traps(**limits), lambda form: known if form != EVERYTHING else (0, 0))


def taken(traps, urls, **options):
    return sum(traps.judge(url, **({"listed": False} | options)) is None for url in urls)


def test_pages_of_one_form_are_bounded_unless_they_gave_articles():
    urls = [f"https://a.example/maze/{n}" for n in range(50)]
    assert taken(budget(max_alike=20), urls) == 20
    assert taken(budget((5, 20), max_alike=20), urls) == 50
    assert taken(budget(max_alike=20), urls, listed=True) == 50


def test_a_form_that_never_gave_an_article_is_left_out():
    verdict = budget((1, 40)).judge("https://a.example/maze/1", listed=True)
    assert verdict is not None
    assert verdict[0] is Reason.TRAP_PATTERN
    assert "40 pages" in verdict[1]


def test_links_alone_name_only_so_many_pages_in_a_run():
    traps = budget(max_links=100)
    assert taken(traps, [f"https://a.example/{c}{d}/x" for c in "abcdefghijklmno" for d in "abcdefghij"]) == 100


def test_where_links_hardly_ever_lead_to_articles_few_are_followed():
    traps = TrapBudget(Traps(max_links=1000), lambda form: (3, 400) if form == EVERYTHING else (0, 0))
    assert taken(traps, [f"https://a.example/{c}{d}/x" for c in "abcdefghij" for d in "abcdefghij"]) == 20


def test_variants_of_a_path_are_bounded():
    traps = budget(max_facets=7)
    assert taken(traps, [f"https://a.example/shop?a={n}&b={n}" for n in range(30)]) == 7


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://a.example/a/b/a/b/a/b/", Reason.TRAP_PATH),
        ("https://a.example/" + "x/y" * 30, Reason.TRAP_PATH),
        ("https://a.example/?" + "&".join(f"p{n}=1" for n in range(20)), Reason.TRAP_QUERY),
    ],
)
def test_addresses_that_are_plainly_traps(url, reason):
    verdict = budget().judge(url, listed=True)
    assert verdict is not None
    assert verdict[0] is reason


def test_a_form_whose_pages_hold_the_same_is_closed():
    traps = budget(max_repeats=3)
    for n in range(4):
        assert traps.judge(f"https://a.example/basket?t={n}", listed=False) is None
        traps.fetched(f"https://a.example/basket?t={n}", b"empty")
    verdict = traps.judge("https://a.example/basket?t=9", listed=True)
    assert verdict is not None
    assert verdict[0] is Reason.TRAP_REPEAT
    assert traps.judge("https://a.example/other?t=9", listed=True) is None


def test_one_in_ten_is_enough():
    assert is_proven((1, 9))
    assert not is_proven((1, 10))
    assert not is_proven((0, 0))
