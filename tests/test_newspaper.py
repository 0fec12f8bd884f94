"""The newspaper's content: pages and truth agree, nothing stands on a page that the truth does not name, lists lead to what they should."""

from __future__ import annotations

import ast
import gzip
import json
import re
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from urllib.robotparser import RobotFileParser

import feedparser
import lxml.html
import pytest
from lxml import etree

from tests.newspaper.articles import ARTICLES
from tests.newspaper.edition import Edition
from tests.newspaper.markup import lines, plain, read
from tests.newspaper.model import moment
from tests.newspaper.site import Site
from tests.newspaper.truth import truth

BASE = "http://lantern.example"
FOLDER = Path(__file__).parent / "newspaper"
INLINE = {"a", "span", "strong", "em", "time", "button", "input", "img"}
EDITIONS = ("clean", "meaningless", "both")


def edition(mode: Any = "clean", **options: Any) -> Edition:
    return Edition(base=BASE, mode=mode, **options)


def page(site: Site, url: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(site.find(url.removeprefix(BASE)).body.decode())


def visible(tree: lxml.html.HtmlElement) -> list[str]:
    """The page's lines: text between one block element's border and the next, white space folded."""
    found = [""]

    def walk(node: lxml.html.HtmlElement) -> None:
        if not isinstance(node.tag, str) or node.tag in {"script", "style"}:
            return
        block = node.tag not in INLINE
        if block:
            found.append("")
        found[-1] += node.text or ""
        for child in node:
            walk(child)
            found[-1] += child.tail or ""
        if block:
            found.append("")

    walk(tree.find("body"))
    return [line for line in (" ".join(line.split()) for line in found) if line]


def links(site: Site, url: str) -> set[str]:
    tree = page(site, url)
    tree.make_links_absolute(url)
    return {a.get("href").partition("#")[0] for a in tree.iter("a") if "nofollow" not in (a.get("rel") or "")}


@pytest.mark.parametrize("mode", EDITIONS)
def test_each_line_of_a_page_is_title_text_or_named_furniture(mode: str) -> None:
    paper = edition(mode)
    site = Site(paper)
    for row, article in zip(truth(paper), paper.articles, strict=True):
        shown = Counter(visible(page(site, row["url"])))
        expected = Counter([row["title"], *(text for text, _ in row["furniture"])])
        for block, line in zip(_marked(article.body + "\n\n" + article.update), row["paragraphs"], strict=True):
            expected.update(cell.strip() for cell in line.split(" | ")) if block == "|" else expected.update(
                [line[len(block) :]]
            )
        assert shown == expected, row["url"]


def _marked(body: str) -> list[str]:
    """For each line of the truth the mark that it begins with, as the page does not print it; ``|`` for a table's row."""
    found = []
    for block in read(body):
        for number, _ in enumerate(lines((block,)), 1):
            kind = type(block).__name__
            marks = {"Items": f"{number}. " if getattr(block, "ordered", False) else "- ", "Table": "|"}
            found.append(marks.get(kind, ""))
    return found


@pytest.mark.parametrize("mode", EDITIONS)
def test_no_line_of_furniture_is_a_paragraph(mode: str) -> None:
    rows = truth(edition(mode))
    paragraphs = {paragraph for row in rows for paragraph in row["paragraphs"]}
    furniture = {text for row in rows for text, _ in row["furniture"]}
    assert not paragraphs & furniture
    assert not furniture & {row["title"] for row in rows} - {
        text for row in rows for text, kind in row["furniture"] if kind == "related"
    }


def test_truth_is_well_formed() -> None:
    rows = truth(edition())
    assert len(rows) == len(ARTICLES) >= 40
    for key in ("url", "title", "text"):
        assert len({row[key] for row in rows}) == len(rows), key
    for row in rows:
        assert row["text"] == "\n\n".join(row["paragraphs"])
        assert all(p == " ".join(p.split()) and p for p in row["paragraphs"])
        assert not re.search(r"\*|\]\(|\{|^#", row["text"], re.MULTILINE), row["url"]
        for when in filter(None, (row["published"], row["modified"])):
            assert datetime.strptime(when, "%Y-%m-%dT%H:%M:%SZ")
        assert row["modified"] is None or row["modified"] > row["published"]
    assert min(Counter(row["section"] for row in rows).values()) >= 6


def test_kinds_are_those_of_the_record() -> None:
    from crawler.record import Access, BlockKind, PageType

    rows = [row for mode in EDITIONS for row in truth(edition(mode))]
    assert {kind for row in rows for _, kind in row["furniture"]} == set(get_args(BlockKind))
    assert {row["page_type"] for row in rows} <= set(get_args(PageType))
    assert {row["access"] for row in rows} <= set(get_args(Access))


def test_every_kind_of_article_is_there() -> None:
    rows = {row["url"].rstrip("/").rsplit("/", 1)[1]: row for row in truth(edition())}
    kinds = Counter(row["page_type"] for row in rows.values())
    assert {"article", "opinion", "liveblog", "gallery", "video"} == set(kinds)
    assert {row["language"] for row in rows.values()} == {"en", "uk", "ar", "ja"}
    assert {len(row["authors"]) for row in rows.values()} == {0, 1, 2}
    assert [row["access"] for row in rows.values()].count("paywalled") == 1
    assert [bool(row["other_urls"]) for row in rows.values()].count(True) == 1
    assert Counter(row["reach"] for row in rows.values()) == {
        "everywhere": len(rows) - 4,
        "section": 1,
        "sitemap": 1,
        "feed": 1,
        "private": 1,
    }
    assert min(len(row["text"].split()) for row in rows.values() if row["language"] == "en") < 75
    corrected = rows["infirmary-roof-repair-winter"]["paragraphs"]
    assert corrected[-2].startswith("Correction: ")
    assert corrected[-1].startswith("Editor’s note: ")
    budget = rows["borough-budget-six-questions"]["paragraphs"]
    assert "The Gate | 3.1 | 4.0" in budget
    assert "2. the retaining wall at Chapel Steps" in budget
    assert "- moorings for boats over nine metres, by a tenth" in budget


@pytest.mark.parametrize("mode", ["clean", "meaningless"])
def test_seed_pages_carry_the_seed_furniture_and_no_more(mode: str) -> None:
    seeds = [row for row in truth(edition(mode)) if row["seed"]]
    assert len(seeds) == 2
    for row in seeds:
        kinds = [kind for _, kind in row["furniture"]]
        order = list(dict.fromkeys(kinds))
        assert order == ["promo", "nav", "byline", "caption", "disclosure", "related", "feed", "newsletter"]
        assert Counter(kinds) == {
            "promo": 2, "nav": 2, "byline": 1, "caption": 1, "disclosure": 1, "related": 3, "feed": 11, "newsletter": 11
        }  # fmt: skip
        assert len(row["paragraphs"]) == 13


def test_meaningless_pages_give_nothing_away() -> None:
    clean, soup = Site(edition("clean")), Site(edition("meaningless"))
    names = {name for path in clean.paths() for name in _classes(clean, path)}
    hidden = {name for path in soup.paths() for name in _classes(soup, path)}
    assert len(hidden) > 40
    assert not names & hidden
    assert all(re.fullmatch(r"[a-z]\w{2}-\w{4}", name) for name in hidden)
    told = {
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "section",
        "nav",
        "figure",
        "figcaption",
        "time",
        "h3",
        "h4",
    }
    for row in truth(soup.edition):
        assert not told & {node.tag for node in page(soup, row["url"]).iter() if isinstance(node.tag, str)}


def _classes(site: Site, path: str) -> set[str]:
    resource = site.find(path)
    if "html" not in resource.content_type:
        return set()
    tree = lxml.html.document_fromstring(resource.body.decode())
    return {name for node in tree.iter() if isinstance(node.tag, str) for name in (node.get("class") or "").split()}


@pytest.mark.parametrize("mode", EDITIONS)
def test_heads_state_the_facts(mode: str) -> None:
    paper = edition(mode)
    site = Site(paper)
    manners: Counter[int] = Counter()
    for row in truth(paper):
        tree = page(site, row["url"])
        assert tree.xpath("//link[@rel='canonical']/@href") == [row["url"]]
        assert tree.xpath("//meta[@property='og:title']/@content") == [row["title"]]
        (published,) = tree.xpath("//meta[@property='article:published_time']/@content")
        assert published.endswith("-03:30")
        assert moment(published) == moment(row["published"])
        assert tree.get("lang") == row["language"]
        scripts = tree.xpath("//script[@type='application/ld+json']/text()")
        manners[len(scripts)] += 1
        for data in map(json.loads, scripts):
            nodes = data if isinstance(data, list) else data.get("@graph", [data])
            (node,) = (node for node in nodes if "headline" in node)
            assert node["headline"] == row["title"]
            assert moment(node["datePublished"]) == moment(row["published"])
            author = node.get("author", [])
            assert [a["name"] for a in (author if isinstance(author, list) else [author])] == row["authors"]
            assert ("isAccessibleForFree" in node) == row["access_declared"]
            assert node.get("isAccessibleForFree", row["access"] == "free") == (row["access"] == "free")
    assert manners[1] >= 20
    assert (manners[0] > 0) == (mode != "clean")


@pytest.mark.parametrize("mode", EDITIONS)
def test_every_link_leads_somewhere(mode: str) -> None:
    site = Site(edition(mode))
    for path in site.paths():
        if "html" in site.find(path).content_type:
            for url in links(site, BASE + path):
                assert site.find(url.removeprefix(BASE)).status < 400, (path, url)


def test_sections_lead_to_every_article_but_three() -> None:
    site = Site(edition())
    found: set[str] = set()
    for key in ("news", "town-hall", "harbour", "culture", "sport", "opinion"):
        url = f"{BASE}/{key}/"
        while url:
            found |= links(site, url)
            (older,) = page(site, url).xpath("//link[@rel='next']/@href") or [""]
            url = BASE + older if older else ""
    missing = {row["reach"] for row in truth(site.edition) if row["url"] not in found}
    assert missing == {"sitemap", "feed", "private"}


def test_feeds_are_valid_and_hold_the_latest() -> None:
    site = Site(edition())
    rows = {row["url"]: row for row in truth(site.edition)}
    main = feedparser.parse(site.find("/feed.xml").body)
    assert not main.bozo
    assert len(main.entries) == 20
    for entry in main.entries:
        row = rows[entry.link]
        assert (entry.title, entry.summary) == (row["title"], row["description"])
        assert datetime(*entry.published_parsed[:6]) == datetime.fromisoformat(row["published"].rstrip("Z"))
    reaches = Counter(rows[entry.link]["reach"] for entry in main.entries)
    assert reaches == {"everywhere": 19, "feed": 1}
    data = json.loads(site.find("/feed.json").body)
    assert [item["url"] for item in data["items"]] == [entry.link for entry in main.entries]
    for key in ("news", "town-hall", "harbour", "culture", "sport", "opinion"):
        section = feedparser.parse(site.find(f"/{key}/atom.xml").body)
        assert not section.bozo
        assert {rows[entry.link]["reach"] for entry in section.entries} == {"everywhere"}


def texts(tree: etree._Element, name: str) -> list[str]:
    return [node.text or "" for node in tree.iter(f"{{*}}{name}")]


def test_sitemaps_name_every_article_but_three() -> None:
    site = Site(edition())
    index = etree.fromstring(site.find("/sitemap.xml").body)
    names = [loc.removeprefix(BASE) for loc in texts(index, "loc")]
    assert sum(name.endswith(".gz") for name in names) == 1
    listed: set[str] = set()
    for name in names:
        body = site.find(name).body
        tree = etree.fromstring(gzip.decompress(body) if name.endswith(".gz") else body)
        listed |= set(texts(tree, "loc"))
        if name == "/sitemap-news.xml":
            titles = dict(
                zip(
                    texts(tree, "loc"),
                    texts(tree, "title"),
                    strict=True,
                )
            )
    rows = truth(site.edition)
    assert {row["reach"] for row in rows if row["url"] not in listed} == {"section", "feed", "private"}
    assert titles == {row["url"]: row["title"] for row in rows if row["in_news_sitemap"]}
    assert len(titles) >= 8


def test_robots_keeps_crawlers_from_the_private_article_that_the_front_page_links() -> None:
    site = Site(edition())
    robots = RobotFileParser()
    robots.parse(site.find("/robots.txt").body.decode().splitlines())
    (private,) = (row["url"] for row in truth(site.edition) if row["reach"] == "private")
    assert private in links(site, BASE + "/")
    assert not robots.can_fetch("Pressmark", private)
    assert robots.can_fetch("Pressmark", BASE + "/news/?page=2")
    assert robots.site_maps() == [BASE + "/sitemap.xml", BASE + "/sitemap-news.xml"]


def test_redirects_the_twin_the_trap_and_what_is_not_there() -> None:
    site = Site(edition())
    rows = {row["url"]: row for row in truth(site.edition)}
    go = next(url for url in links(site, BASE + "/") if "/go/" in url)
    first = site.find(go.removeprefix(BASE))
    assert first.location
    second = site.find(first.location.removeprefix(BASE))
    assert (first.status, second.status) == (301, 302)
    assert second.location in rows
    assert site.find("/about").location == BASE + "/about/"
    (twin,) = (row for row in rows.values() if row["other_urls"])
    assert twin["other_urls"][0] in links(site, BASE + "/")
    assert page(site, twin["other_urls"][0]).xpath("//link[@rel='canonical']/@href") == [twin["url"]]
    tides = page(site, "/tides/2026/12/").xpath("//a[@rel='nofollow']/@href")
    assert {"/tides/2027/01/", "/tides/2026/11/", "/tides/2026/12/31/"} <= set(tides)
    for target in ("/no-such-page/", "/news/?page=99", "/go/9999", "/tides/2026/13/", "/2026/11/19/nothing/", "/%ff"):
        assert site.find(target).status == 404, target


def test_an_earlier_edition_knows_nothing_of_later() -> None:
    earlier = truth(edition(when=moment("2026-11-12T12:00:00Z")))
    later = truth(edition())
    assert {row["url"] for row in earlier} < {row["url"] for row in later}
    slug = "infirmary-roof-repair-winter"
    (before,), (after,) = ([row for row in rows if slug in row["url"]] for rows in (earlier, later))
    assert before["modified"] is None
    assert before["paragraphs"] == after["paragraphs"][:-2]
    assert len(truth(edition(count=30))) == 30


def test_imports_nothing_but_the_standard_library() -> None:
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert (node.module or "").split(".")[0] in sys.stdlib_module_names, path
            if isinstance(node, ast.Import):
                assert all(alias.name.split(".")[0] in sys.stdlib_module_names for alias in node.names), path


def test_markup_leaves_only_words() -> None:
    assert plain("See [the *old* one](x), **now** and *then*.") == "See the *old* one, now and then."
    assert lines(read("一行目\n二行目\n\none\ntwo\n\n> a\n>\n> b\n\n| x | y |\n| 1 | 2 |\n\n2. p\n   q\n3. r")) == [
        "一行目二行目",
        "one two",
        "a",
        "b",
        "x | y",
        "1 | 2",
        "1. p q",
        "2. r",
    ]
