"""The page: it loads nothing, runs nothing, and what pages say stays text. How it looks is for tests/bench/look_at_page.py."""

from html.parser import HTMLParser

import pytest

from crawler.layout import CollectionLayout
from crawler.ledger import Ledger
from tests.crawler.dataset.made import START, article, fill
from tests.crawler.dataset.test_export import make
from tests.crawler.dataset.test_leaflets import failure

HOSTILE = '</title><script>alert(1)</script><img src="https://tracker.example/x.png">\u0000\u202e & "quoted"'
VOID = {"meta", "br", "rect"}


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.text, self.ids, self.links = [], [], [], set(), []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append((tag, found))
        self.ids |= {found["id"]} if "id" in found else set()
        self.links += [found["href"]] if "href" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    root = tmp_path_factory.mktemp("page")
    site = CollectionLayout(root / "archive").site("one")
    rows = [
        article(n, title=HOSTILE, url=f"https://one.example/?a=1&b='{n}\"<x>", text=HOSTILE * 3) for n in (1, 2, 100)
    ]
    fill(site, rows, [], [failure("https://one.example/lost", "blocked")])
    ledger = Ledger(site.ledger)
    ledger.start_run("r", "crawl", START)
    ledger.end_run("r", at=START, exit_code=0, summary={})
    ledger.close()
    made = make(root / "out", site, title=HOSTILE, description=HOSTILE, creators=(HOSTILE,))
    reader = Reader()
    reader.feed((made.path / "index.html").read_text(encoding="utf-8"))
    assert reader.open == []
    return reader


def test_it_loads_nothing_and_runs_nothing(page):
    names = {tag for tag, _ in page.tags}
    assert not names & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "source",
        "form",
        "input",
        "base",
        "use",
        "image",
    }
    attributes = {name for _, found in page.tags for name in found}
    assert not {name for name in attributes if name.startswith("on")} | (
        attributes & {"src", "srcset", "style", "action", "xlink:href"}
    )
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    style = "".join(page.text)
    assert "url(" not in style
    assert "@import" not in style
    policy = next(found["content"] for tag, found in page.tags if found.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy


def test_what_pages_say_is_text(page):
    text = "".join(page.text)
    assert text.count("<script>alert(1)</script>") >= 6
    assert "\u0000" not in text
    assert "\u202e" not in text


def test_it_shows_coverage_gaps_reasons_and_the_way_to_the_source(page):
    text = "".join(page.text)
    assert "2026-11-02: no run began that day" in text
    assert "3 days without a row, in 1 gaps" in text
    assert "tried in vain" in text
    assert "The server refuses the crawler" in text
    assert f"pressmark show {article(1).id} --raw" in text
    assert "one.warc.gz at offset 1000, 1000 bytes" in text
    assert 'import load_tables\narticles = load_tables.pandas("articles")' in text
