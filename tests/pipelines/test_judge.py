"""The judge and its words: the model fits the measures, and the vocabulary says what it should."""

from __future__ import annotations

import pytest

from pipelines.evidence import NAMES
from pipelines.hints import Hint, of_names
from pipelines.judge import probability
from pipelines.phrases import BITS, DATE, HOUSE, kinds, spoken


def test_the_model_was_made_for_these_measures_and_trusts_its_witness() -> None:
    row = [0.0] * len(NAMES)
    alone = probability(row)
    for name, value in {
        "trafilatura": 1,
        "between": 1,
        "kin": 1,
        "siblings": 1,
        "in-densest": 1,
        "density": 1,
        "chars": 5,
        "ends": 1,
    }.items():
        row[NAMES.index(name)] = value
    assert 0 <= 2 * alone < probability(row) <= 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Subscribe to our newsletter", "newsletter"), ("* indicates required", "newsletter"), ("Teilen", "share"), ("Share this article", "share"),
        ("Advertisement", "ad"), ("Реклама", "ad"), ("广告", "ad"), ("Read more: the ferry", "related"), ("Читайте також: пором", "related"),
        ("यह भी पढ़ें: नाव", "related"), ("関連記事", "related"), ("மேலும் படிக்க: படகு", "related"),
        ("আরও পড়ুন: নৌকা", "related"), ("یہ بھی پڑھیں: کشتی", "related"), ("อ่านเพิ่มเติม: เรือ", "related"), ("اشترك في نشرتنا", "newsletter"),
        ("Підпишіться на нашу розсилку", "newsletter"), ("ニュースレターに登録する", "newsletter"), ("Latest news", "feed"), ("Лента новостей", "feed"),
        ("We use cookies and our cookie policy", "consent"), ("Photo: Olha Tkach / Getty Images", "caption"), ("By Marta Olenko", "byline"),
        ("Von Marta Olenko", "byline"), ("Already a subscriber? Log in", "paywall"), ("This audio is created with AI assistance", "disclosure"),
        ("© 2025 The Post. All rights reserved.", "footer"), ("Skip to content", "nav"), ("Kommentare", "comments"), ("12 comments", "comments"),
        ("Donate now to keep us going", "promo"), ("Marta Olenko is a reporter for the Post.", "author_bio"),
    ],
)  # fmt: skip
def test_set_phrases(text: str, kind: str) -> None:
    assert kind in kinds(spoken(text))


@pytest.mark.parametrize(
    "text",
    [
        "The council met on Tuesday.",
        "He shared the news with her.",
        "Latest in a row of storms hits coast",
        "Von der Leyen.",
        "词",
        "",
    ],
)
def test_prose_gives_nothing_away(text: str) -> None:
    assert kinds(spoken(text)) in ([], ["byline"])


def test_long_blocks_are_prose() -> None:
    assert spoken("newsletter " * 100) == 0
    assert set(BITS) == set(kinds(-1))


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        ("article-related", Hint.RELATED), ("relatedStories", Hint.RELATED), ("most-read", Hint.RELATED), ("gh-content entry-content", Hint.BODY),
        ("ArticleBody", Hint.BODY), ("sr-only", Hint.HIDDEN), ("figure__caption", Hint.CAPTION), ("ad-slot", Hint.AD), ("site-footer", Hint.FOOTER),
        ("author-bio", Hint.AUTHOR), ("js-newsletter-form", Hint.NEWSLETTER),
    ],
)  # fmt: skip
def test_names_hint(names: str, hint: int) -> None:
    assert of_names(names) & hint


@pytest.mark.parametrize("names", ["css-1x2y3z", "header2 adapt shadow", "x1 y2", ""])
def test_names_that_mean_nothing_hint_at_nothing(names: str) -> None:
    assert of_names(names) & (Hint.AD | Hint.RELATED | Hint.BODY | Hint.SHARE) == 0


def test_dates_and_house_lines() -> None:
    assert DATE.search("12:57 AM")
    assert DATE.search("3 hours ago")
    assert not DATE.search("A day to remember")
    assert HOUSE.match("Editor's note: the price was wrong.")
    assert HOUSE.match("Виправлення: ціна була неправильною.")
    assert not HOUSE.match("The editor made a note of it.")
