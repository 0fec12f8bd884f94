from hypothesis import given
from hypothesis import strategies as st

from crawler.dataset.words import Segment, changed, difference


def told(before, now):
    marks = {"same": "{}", "removed": "-{}-", "added": "+{}+"}
    return ["".join(marks[s.op].format(s.text) for s in paragraph) for paragraph in difference(before, now)]


def test_words_within_a_paragraph_that_was_changed():
    assert told(["The storm took 82 slates off."], ["The gale took 28 slates off."]) == [
        "The -storm-+gale+ took -82-+28+ slates off."
    ]


def test_changes_that_only_a_space_parts_are_one():
    assert told(["At least four dead in the old town."], ["At least six hurt in the old town."]) == [
        "At least -four dead-+six hurt+ in the old town."
    ]


def test_a_number_is_one_word():
    assert told(["It cost £1.4 million at 7:30."], ["It cost £2.1 million at 7:45."]) == [
        "It cost £-1.4-+2.1+ million at -7:30-+7:45+."
    ]
    assert told(["It cost 1,400 pounds. 3 rose."], ["It cost 1,500 pounds. 3 rose."]) == [
        "It cost -1,400-+1,500+ pounds. 3 rose."
    ]


def test_whole_paragraphs_come_and_go():
    before, now = ["One two three.", "Four five.", "Six."], ["One two three.", "Six.", "Seven eight nine ten."]
    assert told(before, now) == ["One two three.", "-Four five.-", "Six.", "+Seven eight nine ten.+"]


def test_a_paragraph_that_has_nothing_of_the_old_one_is_new():
    assert told(["The ferry sails at nine."], ["Rain fell on Tuesday, wrote Gazette"]) == [
        "+Rain fell on Tuesday, wrote Gazette+", "-The ferry sails at nine.-",
    ]  # fmt: skip


def test_nothing_changed():
    assert not changed(difference(["A b", "C"], ["A b", "C"]))
    assert changed([(Segment("added", "x"),)])


paragraphs = st.lists(st.text("ab .\n", min_size=1, max_size=12), max_size=5)


@given(paragraphs, paragraphs)
def test_both_texts_can_be_read_back(before, now):
    def side(op):
        found = ("".join(s.text for s in p if s.op in ("same", op)) for p in difference(before, now))
        return [text for text in found if text]

    assert side("removed") == before
    assert side("added") == now
