"""Each request ends once, or the account says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.report.requests import Account, Fetches

BALANCED = Fetches(begun=3, whole=2, failed={"timeout": 1}, exchanges=3, archived=3)


def account(asked: int, *ends: int) -> Account:
    made = Account()
    for number in range(asked):
        made.ask(f"https://a.example/{number + 1}")
    for number in ends:
        made.end(number, "answered")
    return made


def test_all_that_was_asked_has_ended() -> None:
    closed = account(3, 1, 2, 3).close(finished=True, fetches=BALANCED)
    assert closed.problem is None
    assert (closed.asked, closed.ended, closed.lost) == (3, {"answered": 3}, 0)


def test_what_has_not_ended_is_lost_and_named_or_was_stopped() -> None:
    lost = account(3, 1, 3).close(finished=True, fetches=BALANCED)
    assert lost.problem == "1 lost\n  https://a.example/2"
    stopped = account(3, 1, 3).close(finished=False, fetches=replace(BALANCED, begun=5, exchanges=4))
    assert (stopped.stopped, stopped.problem) == (1, None)


@pytest.mark.parametrize(
    ("ends", "fetches", "unsettled", "said"),
    [
        ((1, 1), {}, (), "1 ended twice"),
        ((1,), {"begun": 4}, (), "4 fetches began and 3 ended"),
        ((1,), {"archived": 2}, (), "3 exchanges crossed the wire and 2 are archived"),
        ((1,), {}, ("https://a.example/1",), "1 not in the ledger\n  https://a.example/1"),
    ],
)
def test_what_does_not_add_up_is_said(
    ends: tuple[int, ...], fetches: dict[str, Any], unsettled: tuple[str, ...], said: str
) -> None:
    closed = account(1, *ends).close(finished=True, fetches=replace(BALANCED, **fetches), unsettled=unsettled)
    assert closed.problem == said


@given(st.integers(0, 8), st.lists(st.integers(1, 8)))
def test_it_balances_only_if_each_ended_once(asked: int, ends: list[int]) -> None:
    closed = account(asked, *ends).close(finished=True, fetches=BALANCED)
    assert (closed.problem is None) == (sorted(ends) == list(range(1, asked + 1)))
