from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config.rules import ExtractRules
from crawler.record import utc
from pipelines.dates import dates
from pipelines.moment import read_stamp, read_words
from pipelines.page import Draft

Read = Callable[..., Draft]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-03-02T10:05:06Z", "2025-03-02T10:05:06Z"),
        ("2025-03-02T10:05:06.123456789Z", "2025-03-02T10:05:06.123456Z"),
        ("2025-03-02T10:05:06+01:00", "2025-03-02T09:05:06Z"),
        ("2025-03-02T10:05:06+0100", "2025-03-02T09:05:06Z"),
        ("2025-03-02T10:05+01", "2025-03-02T09:05:00Z"),
        ("2025-03-02 10:05:06 +0100", "2025-03-02T09:05:06Z"),
        ("2025-03-02T10:05:06 -05:00", "2025-03-02T15:05:06Z"),
        ("2025-03-02T10:05:06+05:30", "2025-03-02T04:35:06Z"),
        ("2025-03-02T10:05:06+01:00[Europe/Berlin]", "2025-03-02T09:05:06Z"),
        ("2025-03-02 10:05:06 UTC", "2025-03-02T10:05:06Z"),
        ("2025-03-02T24:00:00Z", "2025-03-03T00:00:00Z"),
        ("2025-06-30T23:59:60Z", "2025-06-30T23:59:59Z"),
        ("20250302T100506Z", "2025-03-02T10:05:06Z"),
        ("2025/03/02 10:05 GMT", "2025-03-02T10:05:00Z"),
        ("1740909906", "2025-03-02T10:05:06Z"),
        (1740909906, "2025-03-02T10:05:06Z"),
        ("1740909906123", "2025-03-02T10:05:06.123000Z"),
        ("Sun, 02 Mar 2025 10:05:06 +0100", "2025-03-02T09:05:06Z"),
        ("Sun, 02 Mar 2025 10:05:06 GMT", "2025-03-02T10:05:06Z"),
        ("Sun, 02 Mar 2025 10:05:06 EST", "2025-03-02T15:05:06Z"),
        ("Sun Mar 02 2025 10:05:06 GMT+0900 (JST)", "2025-03-02T01:05:06Z"),
        ("March 2, 2025 10:05 AM ET", "2025-03-02T15:05:00Z"),
        ("July 2, 2025 10:05 PM ET", "2025-07-03T02:05:00Z"),
        ("2. März 2025, 10:05 Uhr MEZ", "2025-03-02T09:05:00Z"),
    ],
)
def test_stamps_with_a_zone(value: Any, expected: str) -> None:
    moment = read_stamp(value)
    assert moment is not None
    assert moment.zoned
    assert utc(moment.utc()) == expected


@pytest.mark.parametrize(
    ("value", "expected", "timed"),
    [
        ("2025-03-02", "2025-03-02T00:00:00Z", False),
        ("2025-3-2", "2025-03-02T00:00:00Z", False),
        ("20250302", "2025-03-02T00:00:00Z", False),
        ("2025-03-02T10:05:06", "2025-03-02T10:05:06Z", True),
        ("2025-03-02 10:05", "2025-03-02T10:05:00Z", True),
        ("2. März 2025", "2025-03-02T00:00:00Z", False),
        ("Stand: 02.03.2025 10:05 Uhr", "2025-03-02T10:05:00Z", True),
        ("02.03.2025", "2025-03-02T00:00:00Z", False),
        ("02.03.25, 10:05", "2025-03-02T10:05:00Z", True),
        ("28/02/2025", "2025-02-28T00:00:00Z", False),
        ("02/28/2025", "2025-02-28T00:00:00Z", False),
        ("2 mars 2025 à 10h05", "2025-03-02T10:05:00Z", True),
        ("1er août 2025", "2025-08-01T00:00:00Z", False),
        ("2 de marzo de 2025", "2025-03-02T00:00:00Z", False),
        ("2 marzo 2025 alle 10:05", "2025-03-02T10:05:00Z", True),
        ("2 de março de 2025 às 10h05", "2025-03-02T10:05:00Z", True),
        ("2 maart 2025", "2025-03-02T00:00:00Z", False),
        ("2 marca 2025, 10:05", "2025-03-02T10:05:00Z", True),
        ("2 марта 2025, 10:05", "2025-03-02T10:05:00Z", True),
        ("2 Mart 2025 10:05", "2025-03-02T10:05:00Z", True),
        ("02 Ağustos 2025", "2025-08-02T00:00:00Z", False),
        ("Published Mar. 2nd, 2025 at 10:05 p.m.", "2025-03-02T22:05:00Z", True),
        ("10:05 am, March 2, 2025", "2025-03-02T10:05:00Z", True),
        ("12:05 a.m. March 2, 2025", "2025-03-02T00:05:00Z", True),
        ("2025年3月2日 10時05分", "2025-03-02T10:05:00Z", True),
        ("2025年03月02日10:05", "2025-03-02T10:05:00Z", True),
        ("2025년 3월 2일 10:05", "2025-03-02T10:05:00Z", True),
        ("1851-09-18", "1851-09-18T00:00:00Z", False),
    ],
)
def test_stamps_without_a_zone(value: str, expected: str, timed: bool) -> None:
    moment = read_stamp(value)
    assert moment is not None
    assert not moment.zoned
    assert moment.timed is timed
    assert utc(moment.utc()) == expected


@pytest.mark.parametrize(
    "value",
    ["", " ", "today", "yesterday at 10:05", "3 hours ago", "10:05", "02/03/2025", "2025", "2025-03", "2025-13-02", "2025-02-30",
     "0001-01-01T00:00:00", "1970-01-01T00:00:00Z", "0", "123", "9999-12-31", "March 2025", "32. März 2025", "2025-03-02T10:05:06+99:00",
     "12 blue 2025",
     None, True, [], {}, 0, 1e300, float("nan"), -5],
)  # fmt: skip
def test_what_is_no_certain_date(value: Any) -> None:
    assert read_stamp(value) is None


@given(st.datetimes())
def test_every_iso_date_of_the_news_is_read_back(moment: Any) -> None:
    if 1971 <= moment.year <= 2199:
        found = read_stamp(moment.isoformat())
        assert found is not None
        assert found.at == moment


@given(st.text(alphabet="0123456789 .:/-TZapm年月日März,", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_stamp(text)
    read_words(text)


def ld(**node: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "x"} | node)}</script>'


NAIVE = "2025-03-02T10:05:06"


@pytest.mark.parametrize(
    ("html", "expected", "source"),
    [
        (ld(datePublished="2025-03-02T10:05:06Z"), "2025-03-02T10:05:06Z", "jsonld"),
        (ld(datePublished={"@value": "2025-03-02T10:05:06Z"}), "2025-03-02T10:05:06Z", "jsonld"),
        (ld(datePublished=[None, "2025-03-02T10:05:06Z"]), "2025-03-02T10:05:06Z", "jsonld"),
        (ld(datePublished=1740909906), "2025-03-02T10:05:06Z", "jsonld"),
        ('<meta property="article:published_time" content="2025-03-02T10:05:06Z">', "2025-03-02T10:05:06Z", "meta"),
        ('<meta property="article:published:time" content="2025-03-02T10:05:06Z">', "2025-03-02T10:05:06Z", "meta"),
        ('<h1>x</h1><time datetime="2025-03-02T10:05:06Z">today</time>', "2025-03-02T10:05:06Z", "html"),
        (
            '<time datetime="2024-01-01T00:00Z"></time><h1>x</h1><time datetime="2025-03-02T10:05:06Z"></time>',
            "2025-03-02T10:05:06Z",
            "html",
        ),
        (
            '<time datetime="2024-01-01T00:00Z"></time><time pubdate datetime="2025-03-02T10:05:06Z"></time>',
            "2025-03-02T10:05:06Z",
            "html",
        ),
        ('<span class="post-date">March 2, 2025 10:05 AM UTC</span>', "2025-03-02T10:05:00Z", "html"),
        (
            ld(datePublished="soon") + '<meta name="date" content="2025-03-02T10:05:06Z">',
            "2025-03-02T10:05:06Z",
            "meta",
        ),
        (
            "<h1>x</h1><div class=q>by Ada Berg March 2, 2025 12:57 AM UTC 2 min read</div>",
            "2025-03-02T00:57:00Z",
            "html",
        ),
        ("<h1>x</h1><p>On March 2, 2025 it rained.</p>", None, None),
        ("<p>On March 2, 2025 it rained.</p>", None, None),
        ("<p>x</p>", None, None),
    ],
)
def test_published(read_page: Read, html: str, expected: str | None, source: str | None) -> None:
    draft = read_page(html, dates)
    assert draft.published_at == expected
    assert draft.sources.published_at == source


def test_published_raw_is_what_was_written(read_page: Read) -> None:
    assert read_page(ld(datePublished=" 2025-03-02T11:05:06+01:00"), dates).published_raw == "2025-03-02T11:05:06+01:00"


def test_a_bare_date_does_not_pretend_to_know_the_time(read_page: Read) -> None:
    draft = read_page(ld(datePublished="2025-03-02"), dates)
    assert (draft.published_at, draft.published_raw) == ("2025-03-02T00:00:00Z", "2025-03-02")
    assert "date-only" in draft.flags
    assert "date-zone-unknown" not in draft.flags


def test_a_later_source_that_knows_the_time_of_that_day_wins(read_page: Read) -> None:
    html = (
        ld(datePublished="2025-03-02") + '<meta property="article:published_time" content="2025-03-02T10:05:06+01:00">'
    )
    draft = read_page(html, dates)
    assert (draft.published_at, draft.sources.published_at) == ("2025-03-02T09:05:06Z", "meta")
    other = (
        ld(datePublished="2025-03-02") + '<meta property="article:published_time" content="2025-05-05T10:05:06+01:00">'
    )
    assert read_page(other, dates).published_at == "2025-03-02T00:00:00Z"


def test_a_time_without_a_zone_is_taken_in_the_sites_zone(read_page: Read) -> None:
    draft = read_page(ld(datePublished=NAIVE), dates, rules=ExtractRules(timezone="Europe/Berlin"))
    assert draft.published_at == "2025-03-02T09:05:06Z"
    assert "date-zone-unknown" not in draft.flags


@pytest.mark.parametrize("rules", [None, ExtractRules()])
def test_a_time_without_a_zone_is_flagged(read_page: Read, rules: ExtractRules | None) -> None:
    draft = read_page(ld(datePublished=NAIVE), dates, rules=rules)
    assert draft.published_at == "2025-03-02T10:05:06Z"
    assert "date-zone-unknown" in draft.flags


def test_feed_sitemap_and_address_speak_last(read_page: Read) -> None:
    url = "https://a.example/2025/03/02/x"
    assert read_page("<p>x</p>", dates, url=url).sources.published_at == "guess"
    draft = read_page("<p>x</p>", dates, url=url, feed_published="Sun, 02 Mar 2025 10:05:06 GMT", discovered_via="feed")
    assert (draft.published_at, draft.sources.published_at) == ("2025-03-02T10:05:06Z", "feed")
    assert (
        read_page("<p>x</p>", dates, feed_published="2025-03-02", discovered_via="sitemap").sources.published_at
        == "sitemap"
    )


def test_modified(read_page: Read) -> None:
    draft = read_page(ld(datePublished="2025-03-02T10:00:00Z", dateModified="2025-03-03T10:00:00Z"), dates)
    assert (draft.modified_at, draft.sources.modified_at) == ("2025-03-03T10:00:00Z", "jsonld")
    meta = '<meta property="article:modified_time" content="2025-03-03T10:00:00Z">'
    assert read_page(meta, dates).sources.modified_at == "meta"


def test_a_change_before_publication_is_no_change(read_page: Read) -> None:
    draft = read_page(ld(datePublished="2025-03-02T10:00:00Z", dateModified="2025-03-01T10:00:00Z"), dates)
    assert draft.modified_at is None
    assert "modified-before-published" in draft.flags
    same_day = read_page(ld(datePublished="2025-03-02T10:00:00Z", dateModified="2025-03-02"), dates)
    assert same_day.modified_at == "2025-03-02T00:00:00Z"


def test_an_unmarked_line_fills_a_gap_and_corrects_nothing(read_page: Read) -> None:
    line = "<h1>x</h1><div>March 2, 2025 12:57 AM UTC</div>"
    assert read_page(ld(datePublished="2025-03-02") + line, dates).sources.published_at == "jsonld"
    draft = read_page(line, dates, url="https://a.example/2025/03/02/x")
    assert (draft.published_at, draft.sources.published_at) == ("2025-03-02T00:57:00Z", "html")
