import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import UsageError
from crawler.layout import SiteLayout
from crawler.ledger import Ledger
from crawler.report.account import DAYS, account
from crawler.report.account_html import account_page
from crawler.report.account_text import account_lines
from crawler.report.numbers import Numbers

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)
EVIL = "https://x.example/<script>alert(1)</script>"
REPORT = {
    "articles": 3, "failed": 2, "waiting": 1, "reasons": {"not-found": 2},
    "alarms": [
        {"message": "the feed is gone: <b>status</b> 404", "cause": "source", "url": EVIL, "advice": "Mend it.", "first": False, "degrades": True},
    ],
    "watched": {"looked": 9, "unchanged": 8, "edited": 1, "failed": {}, "changed": [{"change": "edited", "url": EVIL, "id": "urn:uuid:1"}]},
    "discovery": {"sources": [{"source": "news_sitemap", "url": EVIL, "standing": "failed", "new": 0, "alone": 0, "problem": "\x1b[31mred"}]},
}  # fmt: skip


@pytest.fixture
def site(tmp_path):
    layout = SiteLayout(tmp_path / "x")
    layout.root.mkdir()
    ledger = Ledger(layout.ledger)
    for ago, articles in ((40, 5), (3, 20), (1, 12), (0, 3)):
        ledger.start_run(f"r{ago}", "crawl", NOW - ago * DAY)
        ledger.add_numbers(f"r{ago}", NOW - ago * DAY, Numbers(articles=articles).to_json())
        ledger.end_run(
            f"r{ago}",
            at=NOW - ago * DAY,
            exit_code=4 if ago == 0 else 0,
            summary=REPORT if ago == 0 else {"articles": articles},
        )
    ledger.start_run("now", "crawl", NOW + timedelta(minutes=9))  # is at work
    ledger.close()
    return layout


def test_what_is_told_of_a_site(site):
    found = account(site, NOW)
    assert (found.run.run_id, found.report) == ("r0", REPORT)
    assert [run.run_id for run in found.runs] == ["now", "r0", "r1", "r3", "r40"]
    counts = [day.numbers.articles if day.numbers else None for day in found.days]
    assert (len(counts), counts[-4:], sum(count or 0 for count in counts)) == (DAYS, [20, None, 12, 3], 35)
    assert json.loads(json.dumps(found.to_dict()))["days"][-1]["numbers"]["articles"] == 3


def test_a_run_that_is_asked_for(site):
    assert account(site, NOW, "r3").report == {"articles": 20}
    with pytest.raises(UsageError, match="x has no run r7"):
        account(site, NOW, "r7")


@pytest.mark.fault("5 HTML/ANSI in titles shown in terminal or report", "titles in the HTML report")
def test_a_page_holds_no_markup_but_its_own_and_asks_for_nothing(site):
    html = account_page([account(site, NOW)], "now")
    assert "<script" not in html
    assert "<b>status" not in html
    assert "&lt;script&gt;" in html
    assert not re.search(r"\b(?:src|href|url)\s*[=(]", html)
    assert html.count("<rect") == 3
    assert "(still)" in html


@pytest.mark.fault("5 HTML/ANSI in titles shown in terminal or report", "titles in a terminal")
def test_lines_for_a_terminal(site):
    lines = list(account_lines(account(site, NOW)))
    assert lines[0] == "x"
    assert "  ALARM: the feed is gone: <b>status</b> 404 [source] (still)" in lines
    assert "  9 known articles looked at again: 8 unchanged, 1 edited" in lines
    assert any(line.startswith("  articles a day, 30 days: ") and line.endswith("█·▅▁  (most: 20)") for line in lines)


def test_days_of_a_site_that_was_never_crawled_are_not_told(site):
    told = account(site, NOW)
    archived = replace(told, days=[replace(day, numbers=None) for day in told.days])
    assert not [line for line in account_lines(archived) if "articles a day" in line]
    idle = replace(told, days=[replace(day, numbers=Numbers()) for day in told.days])
    [line] = [line for line in account_lines(idle) if "articles a day" in line]
    assert line.endswith("(most: 0)")


def test_a_site_without_a_run_that_is_over(tmp_path):
    layout = SiteLayout(tmp_path / "y")
    layout.root.mkdir()
    Ledger(layout.ledger).close()
    assert list(account_lines(account(layout, NOW))) == ["y", "  no run is over yet"]
    assert "No run is over yet." in account_page([account(layout, NOW)], "now")
