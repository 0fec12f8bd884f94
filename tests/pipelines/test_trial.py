"""Rules on trial: what they would change on a page, told as a diff."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from crawler.config import ChromeRule, ExtractRules
from pipelines.derive import Derived
from pipelines.trial import compare, with_rules


def derived(text: str | None, *removed: tuple[str, str], verdict: Any = None) -> Derived:
    blocks = tuple(
        SimpleNamespace(path="body > p", text=words, kind="other", reason=reason) for words, reason in removed
    )
    article = SimpleNamespace(text=text) if text is not None else None
    return Derived("urn:uuid:1", "2026-11", cast("Any", article), cast("Any", blocks), verdict)


def test_what_leaves_and_what_comes() -> None:
    change = compare(
        derived("One.\n\nBuy now.\n\nTwo.", ("Tags", "links")),
        derived("One.\n\nTwo.\n\nThree.", ("Buy now.", "shop"), ("Tags", "tags")),
    )
    assert (change.lost, change.gained, change.named) == (("Buy now.",), ("Three.",), 1)
    assert list(change.lines()) == ["- Buy now.", "+ Three.", "= 1 removed blocks get another name"]


def test_a_paragraph_that_stands_twice_may_leave_once() -> None:
    assert compare(derived("Yes.\n\nYes."), derived("Yes.")).lost == ("Yes.",)


def test_no_change_is_false() -> None:
    same = derived("One.", ("Tags", "links"))
    assert not compare(same, same)


def test_a_page_that_would_give_no_row_any_more() -> None:
    change = compare(derived("One."), derived(None, verdict="empty"))
    assert change
    assert list(change.lines()) == ["! an article becomes empty", "- One."]


def test_rules_are_added_and_one_of_the_same_id_is_replaced() -> None:
    old = ExtractRules(
        exclude=(".a",), chrome=(ChromeRule(id="x", kind="promo", css=".old"), ChromeRule(id="y", kind="ad", css=".y"))
    )
    new = ExtractRules(
        include=("main",), exclude=(".b",), chrome=(ChromeRule(id="x", kind="nav", css=".new"),), language="de"
    )
    both = with_rules(old, new)
    assert (both.include, both.exclude, both.language) == (("main",), (".a", ".b"), "de")
    assert [(rule.id, rule.css) for rule in both.chrome] == [("x", ".new"), ("y", ".y")]
