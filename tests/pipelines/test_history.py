import dataclasses
from hashlib import sha256

import pytest

from crawler.ledger import Ledger
from crawler.record import Article
from pipelines.history import MemoryStore, place


def capture(name, article, text):
    values = dict.fromkeys((field.name for field in dataclasses.fields(Article)), None)
    values |= {"id": f"urn:uuid:{name}", "article_id": article, "revision": 1, "change": "new", "text": text}
    values["text_sha256"] = sha256(text.encode()).hexdigest()
    return Article(**values)


@pytest.fixture(params=["memory", "ledger"])
def store(request, tmp_path):
    return MemoryStore() if request.param == "memory" else Ledger(tmp_path / "l")


def told(row):
    return row.revision, row.previous_id, row.change, row.duplicate_of


def test_an_article_through_its_captures(store):
    rows = [
        place(capture(name, "a_1", text), store)
        for name, text in [("1", "old"), ("2", "old"), ("3", "new"), ("4", "newer")]
    ]
    assert [told(row) for row in rows] == [
        (1, None, "new", None),
        (1, "urn:uuid:1", "cosmetic", None),
        (2, "urn:uuid:2", "edited", None),
        (3, "urn:uuid:3", "edited", None),
    ]


def test_the_same_text_under_another_address_names_the_first(store):
    place(capture("1", "a_1", "same"), store)
    place(capture("2", "a_2", "same"), store)
    assert told(place(capture("3", "a_3", "same"), store)) == (1, None, "new", "urn:uuid:1")


def test_articles_without_text_are_no_duplicates_of_each_other(store):
    place(capture("1", "a_1", ""), store)
    assert place(capture("2", "a_2", ""), store).duplicate_of is None
