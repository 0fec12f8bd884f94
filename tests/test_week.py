"""A day and a half of the simulated week, from the command line: a redesign, a challenge page, an edit, a deletion, each told in its run.

tests/bench/bench_week.py has the whole week.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from crawler.layout import CollectionLayout
from crawler.ledger import Ledger
from crawler.report.numbers import FACTS, Numbers
from tests.test_end_to_end import pressmark
from tests.week.harness import configure, crawl, rows, run_at
from tests.week.paper import Paper
from tests.week.press import Press
from tests.week.scenario import DAY, HOUR, MONDAY, at

EVERY = timedelta(hours=2)


def seeded(collection, paper):
    """Ten days of history: what the paper usually gives."""
    layout = CollectionLayout(collection).site(paper.name)
    layout.root.mkdir(parents=True)
    ledger = Ledger(layout.ledger)
    for ago in range(10, 0, -1):
        numbers = Numbers(
            articles=12, words=240.0, fields=dict.fromkeys(set(FACTS) - {"images", "section", "description"}, 12)
        )
        ledger.add_numbers(f"r{ago}", MONDAY - ago * DAY, numbers.to_json())
    ledger.close()


def test_each_event_is_told_in_its_run_and_nothing_else_is(tmp_path):
    begins, fresh = MONDAY - 6 * HOUR, 5
    plain = Paper(name="changing", begins=begins, every=EVERY)
    changing = replace(
        plain,
        edits={fresh: (at(1, 12), "words"), 4: (at(1, 12), "typography")},
        gone={3: (at(1, 12), 404), 2: (at(1, 12), 410)},
        redesigned=at(2, 0),
    )
    walled = replace(plain, name="walled", walls=(at(1, 12), at(2, 0)), feed_moves=at(1, 12))
    collection = tmp_path / "c"
    for paper in (changing, walled):
        seeded(collection, paper)
    told = {}
    with Press([changing, walled], at(1, 6)) as press:
        config = configure(tmp_path / "config", [changing, walled], press)
        for now in (at(1, 6), at(1, 18), at(2, 6)):
            for run in crawl(press, now, collection, config):
                told[run.site, now] = (
                    run.alarms(),
                    run.changed(),
                    run.report["watched"]["cosmetic"],
                    run.report["exit_code"],
                )
        again = crawl(press, at(2, 7), collection, config)
        conditional = [status for path, status in press.asked("walled") if path.startswith("/news/")]
    assert told == {
        ("changing", at(1, 6)): (set(), set(), 0, 0),
        ("walled", at(1, 6)): (set(), set(), 0, 0),
        ("changing", at(1, 18)): (set(), {(fresh, "edited"), (2, "gone")}, 1, 0),
        ("walled", at(1, 18)): ({"blocked", "source the feed has moved"}, set(), 0, 5),
        ("changing", at(2, 6)): ({"layout", "short-text", "fields-missing"}, {(3, "gone")}, 0, 4),
        ("walled", at(2, 6)): (set(), set(), 0, 0),
    }
    assert again == [], "nothing is due an hour later"
    proof = pressmark("verify", collection)
    assert proof.returncode == 0, proof.stdout
    assert conditional.count(200) > 12
    edited = next(row for row in rows(collection, "changing") if row["change"] == "edited")
    shown = pressmark("diff", edited["id"], "-C", collection)
    assert shown.returncode == 0, shown.stderr
    assert "{+ Corrected.+}" in shown.stdout
    assert "[-" not in shown.stdout, "nothing was taken out"
    [account] = map(json.loads, pressmark("diff", edited["url"], "--json", "-C", collection).stdout.splitlines())
    assert (account["before"]["revision"], account["now"]["revision"], account["now"]["change"]) == (1, 2, "edited")
    account = json.loads(run_at(at(2, 8), "report", "walled", "--json", "-C", collection).stdout)
    assert [day["numbers"]["blocked"] for day in account["days"][-2:]] == [6, 0]
    new = {row["url"].rpartition("/")[2]: row for row in rows(collection, "walled") if row["change"] == "new"}
    assert len(new) == len(walled.articles(at(2, 6))), "what stood behind the challenge was asked for again"
    for number in walled.articles(at(2, 6)):
        row = new[walled.path(number).rpartition("/")[2]]
        assert row["text"] == "\n\n".join(walled.text(number, at(2, 6)).paragraphs)
