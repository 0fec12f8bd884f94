import pytest

from pipelines.words import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One, two; three.", 3),
        ("don't well-known", 2),
        ("漢字かな", 4),
        ("Слава Україні", 2),
        ("3.5 km", 2),
        ("مرحبا بالعالم", 2),
        ("—", 0),
        ("안녕", 2),
        ("नमस्ते दुनिया", 2),
        ("東京2026年", 4),
    ],
)
def test_words_are_counted_in_every_script(text, words):
    assert count_words(text) == words
