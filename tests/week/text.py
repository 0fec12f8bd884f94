"""Made-up reports: any number of them, each always the same. Their words are built of syllables, so that nobody's text is in here."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "do",
    "fa",
    "fe",
    "ga",
    "go",
    "ka",
    "ke",
    "la",
    "le",
    "lo",
    "ma",
    "me",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "pe",
    "ra",
    "re",
    "ro",
    "sa",
    "se",
    "so",
    "ta",
    "te",
    "to",
    "va",
    "ve",
]
_SMALL = [
    "the",
    "of",
    "and",
    "in",
    "to",
    "for",
    "on",
    "with",
    "that",
    "from",
    "by",
    "was",
    "is",
    "at",
    "as",
    "it",
    "were",
    "after",
    "before",
    "while",
]
PARAGRAPHS = 8


@dataclass(frozen=True)
class Report:
    """An article as its paper wrote it."""

    number: int
    title: str
    author: str
    paragraphs: tuple[str, ...]


def _word(random: Random) -> str:
    return "".join(random.choice(_SYLLABLES) for _ in range(random.randint(2, 4)))


def _sentence(random: Random) -> str:
    words = [_word(random) if i % 2 == 0 else random.choice(_SMALL) for i in range(random.randint(9, 17))]
    return " ".join(words).capitalize() + "."


def report(paper: str, number: int) -> Report:
    """The report of that number in that paper."""
    random = Random(f"{paper} {number}")
    title = " ".join(_word(random) for _ in range(5)).capitalize()
    author = f"{_word(random).capitalize()} {_word(random).capitalize()}"
    paragraphs = tuple(" ".join(_sentence(random) for _ in range(3)) for _ in range(PARAGRAPHS))
    return Report(number, title, author, paragraphs)
