"""What two texts have in common, in numbers and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dataset.likeness import compare, explain, runs_of, words_of

WORDS = st.lists(st.sampled_from("abcdef"), max_size=30)


@given(WORDS, WORDS)
def test_numbers_mirror_each_other_and_stay_in_bounds(one: list[str], other: list[str]) -> None:
    here, there = compare(one, other), compare(other, one)
    assert (here.share, here.share_of_other, here.similarity) == (there.share_of_other, there.share, there.similarity)
    assert 0 <= here.similarity <= min(here.share, here.share_of_other) + 1e-4 <= 1.0001
    assert 0 <= here.words_in_common <= len(one)
    mirrored = {"contained": "contains", "contains": "contained"}
    assert there.kind == mirrored.get(here.kind or "", here.kind)


@given(WORDS.filter(bool))
def test_a_text_is_an_exact_copy_of_itself(words: list[str]) -> None:
    found = compare(words, words)
    assert found.kind == "exact"
    assert (found.similarity, found.words_in_common) == (1.0, len(words))


def test_words_in_common_are_counted_once() -> None:
    found = compare(list("abcdexyz"), list("qabcders"))
    assert found.words_in_common == 5
    assert (found.share, found.share_of_other) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t stop.", "DON'T  stop!"),
        ("pro\u00adfes\u00adsor", "professor"),
        ("„Nein“, sagte er —", '"nein" sagte er'),
        ("東京 です。", "東京です"),
    ],
)
def test_spelling_that_papers_set_in_their_own_way_does_not_count(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


def test_short_texts_have_one_run() -> None:
    assert runs_of(["a", "b"]) == ["a b"]
    assert runs_of([]) == []


def test_a_short_text_is_a_copy_only_word_for_word() -> None:
    short = [f"w{i}" for i in range(15)]
    assert compare(short, [*short, "more"]).kind is None
    assert compare(short, list(short)).kind == "exact"


@pytest.mark.parametrize(
    ("ours", "theirs", "kind", "says"),
    [
        (range(100), range(100), "exact", "Has the same 100 words, in the same order, as X."),
        (range(95), range(100), "near", "Is nearly the text of X: 95 of its 95 words"),
        (
            range(40),
            range(100),
            "contained",
            "Is a part of X: 40 of its 40 words stand there in runs of 3 or more; it holds 39 %",
        ),
        (range(100), range(40), "contains", "Holds the text of X and adds to it: 40 of its 100 words"),
    ],
)
def test_kinds_and_their_sentences(ours: range, theirs: range, kind: str, says: str) -> None:
    found = compare([f"w{i}" for i in ours], [f"w{i}" for i in theirs])
    assert found.kind == kind
    assert says in explain(found, of="X", agency=None)
    assert explain(found, of="X", agency="AFP").endswith(" AFP is credited, so both may print its report.")


def test_a_third_in_common_is_no_copy() -> None:
    assert compare([f"w{i}" for i in range(90)], [f"w{i}" for i in range(60, 150)]).kind is None
