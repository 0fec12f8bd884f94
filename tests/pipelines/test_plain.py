from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.plain import key, plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  Two \n\t words ", "Two words"),
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("A <em>very</em> long <br>day", "A very long day"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("Donau\u00addampf\u200bschiff\ufeff", "Donaudampfschiff"),
        ("a\u0000b\u0007c\u009fd", "abcd"),
        ("lone \ud83d surrogate", "lone surrogate"),
        ("\u200fعربي\u200f", "\u200fعربي\u200f"),
        ("  ", None),
        ("", None),
        (None, None),
        (12, None),
        (["x"], None),
        ({"@value": "x"}, None),
    ],
)
def test_plain(value: Any, expected: str | None) -> None:
    assert plain(value) == expected


def test_a_title_of_five_megabytes_is_cut_at_a_word() -> None:
    cut = plain("word " * 1_000_000, 500)
    assert cut is not None
    assert len(cut) <= 500
    assert cut.endswith("word")


@given(st.text(max_size=300), st.integers(10, 60))
def test_plain_is_one_capped_line_of_valid_text(value: str, limit: int) -> None:
    text = plain(value, limit)
    if text is not None:
        assert 0 < len(text) <= limit
        assert "\n" not in text
        assert text == text.strip()
        text.encode("utf-8")


@pytest.mark.parametrize(
    ("one", "other"),
    [("“Stop!”, she said", '"stop" she said'), ("U-Bahn", "u bahn"), ("Straße", "STRASSE")],
)
def test_two_ways_to_print_the_same_words_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)
