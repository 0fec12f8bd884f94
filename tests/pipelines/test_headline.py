from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pipelines.headline import MAX_TITLE, headline
from pipelines.page import Draft

Read = Callable[..., Draft]


def page(
    h1: str = "",
    ld: str | None = None,
    og: str | None = None,
    twitter: str | None = None,
    title: str | None = None,
    site: str = "",
) -> str:
    head = ""
    if ld is not None:
        head += f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": ld})}</script>'
    for name, value in (("og:title", og), ("twitter:title", twitter), ("og:site_name", site or None)):
        if value is not None:
            head += f'<meta property="{name}" content="{value}">'
    if title is not None:
        head += f"<title>{title}</title>"
    return f"<html><head>{head}</head><body>{h1}</body></html>"


HOME = '<h1><a href="/">Bay Watch</a></h1>'
FERRY = "Night ferry returns to the old harbour"


@pytest.mark.parametrize(
    ("html", "expected", "source"),
    [
        pytest.param(page(f"<h1>{FERRY}</h1>", ld=FERRY, og=FERRY), FERRY, "html", id="all agree"),
        pytest.param(page(ld=FERRY, og="Ferry!"), FERRY, "jsonld", id="no heading"),
        pytest.param(page(og=FERRY), FERRY, "meta", id="og only"),
        pytest.param(page(f"<h1>{FERRY}</h1>"), FERRY, "html", id="heading only"),
        pytest.param(page(title=f"{FERRY} | Harbour Gazette"), FERRY, "html", id="title element with the host's name"),
        pytest.param(page(title=f"{FERRY} - City - The Bay Post", site="The Bay Post"), f"{FERRY} - City", "html", id="site_name"),
        pytest.param(page(og=f"The Bay Post: {FERRY}", site="The Bay Post"), FERRY, "meta", id="site first"),
        pytest.param(page(f"<h1>{FERRY}</h1>", title=f"{FERRY} | City | Bay"), FERRY, "html", id="section and site"),
        pytest.param(page(f"<h1>Bay Post</h1><h1>{FERRY}</h1>", ld=FERRY), FERRY, "html", id="logo is a heading too"),
        pytest.param(page(f'{HOME}<h1>{FERRY}</h1>', og=f"Bay Watch: {FERRY}"), FERRY, "html", id="logo links home"),
        pytest.param(page("<h1>Newsletter</h1>", ld=FERRY, og=FERRY), FERRY, "jsonld", id="no heading agrees"),
        pytest.param(page(f"<h1>Opinion {FERRY}</h1>", ld=FERRY), FERRY, "jsonld", id="label inside the heading"),
        pytest.param(page(f"<h1>The {FERRY}</h1>", ld=FERRY), f"The {FERRY}", "html", id="an article is no label"),
        pytest.param(page(f"<h1>2025 {FERRY}</h1>", ld=FERRY), f"2025 {FERRY}", "html", id="a year is no label"),
        pytest.param(page("<h1>Old harbour</h1>", ld="Sea: Old harbour", og="Sea: Old harbour"), "Sea: Old harbour", "jsonld", id="kicker"),
        pytest.param(page(f"<h1>{FERRY} By Ada Berg</h1>", ld=FERRY, og=FERRY), FERRY, "jsonld", id="byline inside the heading"),
        pytest.param(page(f"<h1>{FERRY}</h1>", ld="Why a night ferry returns", og="Harbour: ferry is back"), FERRY, "html", id="search"),
        pytest.param(page(f"<h1><span>Kicker</span><span>{FERRY}</span></h1>"), f"Kicker {FERRY}", "html", id="lines get a space"),
        pytest.param(page("<h1><span>N</span><span>ight ferry</span></h1>"), "Night ferry", "html", id="a drop capital gets none"),
        pytest.param(page(f"<h1>{FERRY}<script>var a</script><button>Share</button></h1>"), FERRY, "html", id="no script, no button"),
        pytest.param(page(ld="Fish &amp;amp; chips\u00a0are\u200b back"), "Fish & chips are back", "jsonld", id="entities and spaces"),
        pytest.param(page(og="Bayline ferries: Night boat is back, Mayor says", title="Bayline ferries: Night boat is back, Mayor says", site="Bayline"),
                     "Bayline ferries: Night boat is back, Mayor says", "meta", id="a headline that begins with the site's name"),
        pytest.param(page(og=f"Bay Post Blog: {FERRY}", site="Bay Post"), FERRY, "meta", id="the site's blog first"),
        pytest.param(page(f"<h1>{FERRY} – Bay Post</h1>", ld=f"{FERRY} – Bay Post", og=f"{FERRY} – Bay Post - Bay Post", site="Bay Post"), FERRY, "html",
                     id="the site's name in the heading too"),
        pytest.param(page(f"<h1>{FERRY} | City</h1>", ld=f"{FERRY} | City", og=f"{FERRY} | City"), FERRY, "html", id="section in the heading"),
        pytest.param(page(f"<h1>{FERRY} | Fish</h1>", ld=f"{FERRY} | Fish", og=f"{FERRY} | Fish"), f"{FERRY} | Fish", "html", id="no section"),
        pytest.param(page(f"<h1>{FERRY} (bay.example) 87</h1>", og=f"{FERRY} - Bay Post", title=f"{FERRY} - Bay Post", site="Bay Post"),
                     FERRY, "meta", id="counters inside the heading"),
        pytest.param(page(f"<h1>{'What you must know of night ferries and the harbour. ' * 4}</h1>", ld="Ten night ferries of the harbour",
                          og="Ten night ferries of the harbour"), "Ten night ferries of the harbour", "jsonld", id="a paragraph set as a heading"),
        pytest.param(page("<h1>M&amp;A Updates</h1>", ld="Shipping: fewer deals", og="Shipping: fewer deals", twitter="The Gazette's M&amp;A work"),
                     "Shipping: fewer deals", "jsonld", id="single letters are no words in common"),
        pytest.param(page(f"<h1>{FERRY}</h1>", title="Harbour"), FERRY, "html", id="a title of one word that the heading says too"),
        pytest.param(page(), None, None, id="nothing"),
        pytest.param(page("<h1> </h1>", og="", title=" "), None, None, id="empty everywhere"),
    ],
)  # fmt: skip
def test_title(read_page: Read, html: str, expected: str | None, source: str | None) -> None:
    draft = read_page(html, headline)
    assert draft.title == expected
    assert draft.sources.title == source


def test_a_title_that_no_second_source_knows_is_flagged(read_page: Read) -> None:
    assert "title-unconfirmed" in read_page(page("<h1>Alone here</h1>"), headline).flags
    assert "title-unconfirmed" not in read_page(page("<h1>Not alone</h1>", og="Not alone"), headline).flags


def test_the_feed_speaks_last(read_page: Read) -> None:
    draft = read_page("<p>x</p>", headline, feed_title=FERRY, discovered_via="feed")
    assert (draft.title, draft.sources.title) == (FERRY, "feed")
    draft = read_page("<p>x</p>", headline, feed_title=FERRY, discovered_via="news_sitemap")
    assert draft.sources.title == "sitemap"


def test_a_title_of_five_megabytes_is_capped(read_page: Read) -> None:
    title = read_page(f"<title>{'word ' * 1_000_000}</title>", headline).title
    assert title is not None
    assert len(title) <= MAX_TITLE


def test_many_headings_cost_little(read_page: Read) -> None:
    assert read_page("<h1>Same</h1>" * 20_000, headline).title == "Same"
