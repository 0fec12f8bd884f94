import dataclasses

from crawler.dataset.edits import compare
from tests.crawler.dataset.made import article

BEFORE = article(1, text="The quay is shut.\n\nNobody was hurt.\n\nMore follows.", title="Quay shut")


def test_an_edit_names_what_differs_in_fields_words_and_paragraphs():
    after = article(
        1, id="urn:uuid:b", revision=2, previous_id=BEFORE.id, change="edited", fetched_at="2026-11-09T00:00:00Z", title="Quay open",
        text="The quay is open.\n\nNobody was hurt.", tags=["quay"],
    )  # fmt: skip
    edit = compare(dataclasses.asdict(BEFORE), dataclasses.asdict(after))
    assert (edit.previous_id, edit.id, edit.revision, edit.change) == (BEFORE.id, "urn:uuid:b", 2, "edited")
    assert (edit.previous_title, edit.title, edit.changed) == ("Quay shut", "Quay open", ["text", "title", "tags"])
    assert (edit.added, edit.removed) == (["The quay is open."], ["The quay is shut.", "More follows."])
    assert (edit.words_added, edit.words_removed) == (1, 3)
    assert edit.similarity == round(2 * 6 / 16, 4)


def test_a_capture_that_differs_in_nothing_has_an_empty_edit():
    edit = compare(
        dataclasses.asdict(BEFORE), dataclasses.asdict(dataclasses.replace(BEFORE, id="urn:uuid:b", change="cosmetic"))
    )
    assert (edit.changed, edit.words_added, edit.words_removed, edit.similarity, edit.added, edit.removed) == (
        [],
        0,
        0,
        1.0,
        [],
        [],
    )
