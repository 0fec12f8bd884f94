import dataclasses
from hashlib import sha256

import pytest

from crawler.ledger import Ledger
from crawler.record import Article, Block, Extraction
from pipelines.derive import Derived
from pipelines.history import Bodies, MemoryStore, Overlay, before, body_of, place


def capture(name, article, text, *, title="Headline", around=(), look=False, moved=False, **fields):
    values = dict.fromkeys((field.name for field in dataclasses.fields(Article)), None)
    values |= {"id": f"urn:uuid:{name}", "article_id": article, "revision": 1, "change": "new", "text": text}
    values |= {"title": title, "access": "free", "flags": []}
    values |= {"extraction": Extraction(tool="pressmark", version="1", method="m", profile_sha256=None)} | fields
    values["text_sha256"] = sha256(text.encode()).hexdigest()
    shape = {"id": values["id"], "kind": "nav", "reason": "r", "path": "p", "pages_sharing": None}
    blocks = tuple(Block(text=line, **shape) for line in around)
    return Derived(values["id"], "2026-11", Article(**values), blocks, look=look, moved=moved)


def missing(name, article, hour=0, **fields):
    """What a look finds that does not find the article, so many hours after noon."""
    values = {"change": "gone", "http_status": 404, "fetched_at": f"2026-11-20T{12 + hour}:00:00Z"} | fields
    return dataclasses.replace(capture(name, article, "", look=True, **values), blocks=())


@pytest.fixture(params=["memory", "ledger", "overlay"])
def store(request, tmp_path):
    if request.param == "memory":
        return MemoryStore()
    ledger = Ledger(tmp_path / "l")
    return ledger if request.param == "ledger" else Overlay(ledger)


def history(store, *captures):
    bodies, placed = {}, []
    for each in captures:
        known = before(each, store)
        found = place(each, store, bodies.get(known.text_id) if known else None)
        if found.article and found.article.text:
            bodies[found.article.id] = body_of(found)
        placed.append(found)
    return placed


def told(derived):
    row = derived.article
    return (row.revision, row.previous_id, row.change, row.duplicate_of) if row else derived.verdict


def test_an_article_through_its_captures(store):
    texts = [("1", "old"), ("2", "old"), ("3", "new"), ("4", "newer")]
    assert [told(each) for each in history(store, *(capture(name, "a_1", text) for name, text in texts))] == [
        (1, None, "new", None),
        (1, "urn:uuid:1", "cosmetic", None),
        (2, "urn:uuid:2", "edited", None),
        (3, "urn:uuid:3", "edited", None),
    ]


def test_a_look_gives_a_row_only_for_what_has_changed(store):
    texts = [("1", "One two."), ("2", "One two."), ("3", "One, two"), ("4", "One three"), ("5", "One three")]
    captures = [capture(name, "a_1", text, look=name > "1") for name, text in texts]
    assert [told(each) for each in history(store, *captures)] == [
        (1, None, "new", None),
        "not-modified",
        (1, "urn:uuid:1", "cosmetic", None),
        (2, "urn:uuid:3", "edited", None),
        "not-modified",
    ]


def test_gone_is_said_once_and_so_is_the_return(store):
    captures = [capture("1", "a_1", "Text"), missing("2", "a_1", http_status=410), missing("3", "a_1")]
    captures += [capture("4", "a_1", "Text", look=True), missing("5", "a_1", http_status=410)]
    captures += [capture("6", "a_1", "Other", look=True)]
    assert [told(each) for each in history(store, *captures)] == [
        (1, None, "new", None),
        (1, "urn:uuid:1", "gone", None),
        "not-found",
        (1, "urn:uuid:2", "cosmetic", None),
        (1, "urn:uuid:4", "gone", None),
        (2, "urn:uuid:5", "edited", None),
    ]


def test_an_article_is_gone_when_a_second_look_a_while_later_finds_so(store):
    captures = [
        capture("1", "a_1", "Text"),
        missing("2", "a_1"),
        missing("3", "a_1", fetched_at="2026-11-20T12:59:59Z"),
    ]
    captures += [capture("4", "a_1", "T", look=True, access="blocked", flags=["damaged-truncated-time"])]
    captures += [missing("5", "a_1", hour=1), missing("6", "a_1", hour=6)]
    assert [told(each) for each in history(store, *captures)[1:]] == [
        "not-found-once",
        "not-found-once",
        "walled",
        (1, "urn:uuid:1", "gone", None),
        "not-found",
    ]


@pytest.mark.parametrize("again", ["Text", "Text."])
def test_an_article_that_was_there_in_between_is_not_gone(store, again):
    captures = [capture("1", "a_1", "Text"), missing("2", "a_1"), capture("3", "a_1", again, look=True)]
    captures += [missing("4", "a_1", hour=6), missing("5", "a_1", hour=9)]
    found = [told(each) for each in history(store, *captures)]
    assert found[1] == found[3] == "not-found-once"
    assert found[4][2] == "gone"


def test_a_wall_before_a_known_article_says_nothing_of_it(store):
    whole, teaser = "One two three.\n\nFour five six.", "One two three."
    captures = [capture("1", "a_1", whole), capture("2", "a_1", teaser, look=True, access="paywalled")]
    captures += [capture("3", "a_1", whole, look=True)]
    assert [told(each) for each in history(store, *captures)] == [(1, None, "new", None), "walled", "not-modified"]


def test_a_wall_that_falls_is_no_edit(store):
    whole, teaser = "One two three.\n\nFour five six.", "One two three."
    captures = [capture("1", "a_1", teaser, access="paywalled"), capture("2", "a_1", whole, look=True)]
    assert told(history(store, *captures)[1]) == (1, "urn:uuid:1", "cosmetic", None)


def test_another_article_at_the_address_is_gone(store):
    captures = [
        capture("1", "a_1", "One two three."),
        capture("2", "a_1", "Tides.", title="Tides", look=True, moved=True, fetched_at="2026-11-20T12:00:00Z"),
        capture("3", "a_1", "Tides.", title="Tides", look=True, moved=True, fetched_at="2026-11-20T18:00:00Z"),
    ]
    [_, first, second] = history(store, *captures)
    assert told(first) == "not-found-once"
    assert told(second) == (1, "urn:uuid:1", "gone", None)
    assert (second.article.text, second.article.title, second.blocks) == ("", None, ())
    assert second.article.flags == ["gone", "redirected"]


def test_a_damaged_look_says_nothing(store):
    captures = [capture("1", "a_1", "One"), capture("2", "a_1", "O", look=True, flags=["damaged-truncated-time"])]
    assert told(history(store, *captures)[1]) == "walled"


def test_the_same_text_under_another_address_names_the_first(store):
    found = history(store, capture("1", "a_1", "same"), capture("2", "a_2", "same"), capture("3", "a_3", "same"))
    assert told(found[2]) == (1, None, "new", "urn:uuid:1")


def test_articles_without_text_are_no_duplicates_of_each_other(store):
    assert history(store, capture("1", "a_1", ""), capture("2", "a_2", ""))[1].article.duplicate_of is None


def test_an_overlay_changes_what_is_below_only_when_it_is_settled(tmp_path):
    ledger = Ledger(tmp_path / "l")
    overlay = Overlay(ledger)
    history(overlay, capture("1", "a_1", "one"), capture("2", "a_1", "two"))
    assert ledger.article("a_1") is None
    overlay.settle()
    assert (ledger.article("a_1").id, ledger.article("a_1").revision) == ("urn:uuid:2", 2)
    assert ledger.text(sha256(b"one").hexdigest()) == ("urn:uuid:1", "a_1")


def test_bodies_are_kept_as_they_are():
    bodies = Bodies()
    found = capture("1", "a_1", "Ein Satz.\n\nЩе один.", around=["Menu"])
    bodies.put(found)
    assert bodies.get("urn:uuid:1") == body_of(found)
    assert bodies.get("urn:uuid:2") is None
