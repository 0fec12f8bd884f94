from contextlib import closing
from datetime import UTC, datetime

import pytest

from crawler.ledger import Ledger
from crawler.report.discovery import DiscoveryAccount, Reconciliation, SourceAccount, refused
from crawler.report.numbers import Numbers
from crawler.report.outcome import summarise
from crawler.report.requests import Requests
from crawler.report.watched import Watched

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BALANCED = Requests(
    finished=True, asked=0, ended={}, stopped=0, lost=0, twice=0, unsettled=0, fetches=0, fetched=0, failed=0, exchanges=0, archived=0
)  # fmt: skip
SHUT = ("failed", "blocked: status 403")


def sources(*fared):
    return [
        SourceAccount(url=f"https://x.example/{n}", source="feed", standing=standing, problem=problem)
        for n, (standing, problem) in enumerate(fared)
    ]


@pytest.mark.parametrize(
    ("fared", "all_of_them"),
    [
        ([SHUT, SHUT], True), ([SHUT, SHUT, ("not-due", None)], True), ([SHUT, ("read", None)], False), ([], False),
        ([SHUT, ("failed", "timeout: 30 s")], False), ([("not-due", None)], False), ([SHUT, ("unchanged", None)], False),
    ],
)  # fmt: skip
def test_refused_are_sources_only_if_none_was_read(fared, all_of_them):
    assert bool(refused(sources(*fared))) is all_of_them


@pytest.mark.parametrize(("fared", "code"), [([SHUT, SHUT], 5), ([("failed", "timeout: 30 s")], 0)])
def test_a_crawl_whose_sources_are_all_refused_ends_as_blocked(tmp_path, fared, code):
    nothing = Reconciliation(pages=0, by={}, links_only=0, unlinked=0)
    account = DiscoveryAccount(
        new=nothing, recent=nothing, sources=sources(*fared), events=[], left_out={}, asked=2, conditional=0, unchanged=0, skipped=0
    )  # fmt: skip
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        outcome = summarise(
            ledger, site="x", run_id="r", started=NOW, ended=NOW, closed="finished", removed=(0, 0), numbers=Numbers(), watched=Watched(),
            alarms=[], requests=BALANCED, asked=False, bug=False, storage=False, discovery=account,
        )  # fmt: skip
    assert outcome.exit_code == code
