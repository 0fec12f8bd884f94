import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.revision import Body, judge, line_key


def body(*lines, title="A title", around=(), access="free", damaged=False):
    return Body(title=title, lines=lines, around=tuple(around), access=access, damaged=damaged)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He said \u201cno\u201d \u2013 twice.", "He said 'no' - twice"),
        ("The  co-operative\u00a0shop", "The cooperative shop"),
        ("OFFICE", "o\ufb03ce"),
        ("Paid 1 000 crowns", "Paid 1\u202f000 crowns"),
        ("3:1 for the Harriers!", "3:1 for the harriers"),
    ],
)
def test_typography_makes_no_difference(one, other):
    assert line_key(one) == line_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 dead", "14 dead"),
        ("up 1.5 per cent", "up 15 per cent"),
        ("at -5 degrees", "at 5 degrees"),
        ("5% of it", "5 of it"),
        ("$5", "€5"),
        ("कि", "क"),
        ("resume", "résumé"),
    ],
)
def test_numbers_money_and_letters_do(one, other):
    assert line_key(one) != line_key(other)


def test_what_is_judged():
    old = body("One two.", "Three four.")
    assert judge(old, body("One two.", "Three four.")) == "same"
    assert judge(old, body("One two", "Three, four.")) == "cosmetic"
    assert judge(old, body("One two. Three four.")) == "cosmetic"
    assert judge(old, body("One two.", "Three five.")) == "edited"
    assert judge(old, body("One two.")) == "edited"
    assert judge(old, body("Three four.", "One two.")) == "edited"
    assert judge(old, body("One two.", "Three four.", title="Another title")) == "edited"
    assert judge(old, body("One two.", "Three four.", title="A Title!")) == "cosmetic"
    assert judge(old, body("One two.", damaged=True)) == "unsure"


def test_a_block_that_extraction_takes_for_chrome_once_and_for_text_then_is_no_edit():
    old = body("One two.", around=["Read also: tides", "Menu"])
    assert judge(old, body("One two.", "Read also: tides", around=["Menu", "New in the menu"])) == "same"
    assert judge(body("One two.", "Read also: tides"), body("One two.", around=["Read also: tides"])) == "same"
    assert judge(old, body("One two.", "Read also: gales", around=["Menu"])) == "edited"


def test_a_pay_wall_is_no_edit_in_either_direction():
    whole, teaser = body("One two.", "Three four five."), body("One two.", "Three fo", access="paywalled")
    assert judge(whole, teaser) == "less"
    assert judge(teaser, whole) == "more"
    assert judge(whole, body("One nine.", "Eight.", access="paywalled")) == "edited"
    assert judge(whole, body("One two.")) == "edited", "shorter without a wall is an edit"


def test_a_new_layout_that_hides_the_text_is_no_edit():
    old = Body("A title", ("One two three.", "Four five six.", "Seven eight nine."), (), "free", template="t1")
    assert judge(old, Body("A title", ("One two three.", "Loading"), (), "free", template="t2")) == "unsure"
    assert judge(old, Body("A title", ("One two three.", "Loading"), (), "free", template="t1")) == "edited"
    assert judge(old, Body("A title", (*old.lines[:2], "Seven eight ten."), (), "free", template="t2")) == "edited"
    assert judge(old, Body("A title", old.lines, (), "free", template="t2")) == "same"


def test_another_address_must_bring_the_same_article():
    old = body("One two three four.", "Five six seven eight.")
    assert judge(old, body("One two three four.", "New end.", title="T"), moved=True) == "edited"
    assert judge(old, body("Nothing of it.", title="T"), moved=True) == "unrelated"
    assert judge(old, body("Nothing of it."), moved=True) == "edited", "the same headline: the same article"
    assert judge(old, body("Nothing of it.", title="T")) == "edited"


texts = st.lists(st.text(st.characters(codec="utf-8"), min_size=1), max_size=5).map(tuple)


@given(texts, st.text(max_size=5), texts)
def test_nothing_differs_from_itself(lines, title, around):
    one = Body(title, lines, around, "free")
    assert judge(one, one) == "same"
    assert judge(one, Body(title, lines, (), "free")) == "same"
    assert Body.from_json(one.to_json()) == one


@given(texts, st.integers(0, 4))
def test_a_new_word_is_always_an_edit(lines, at):
    one = body(*lines)
    assert judge(one, body(*lines[:at], "xyzzy plugh", *lines[at:])) == "edited"
