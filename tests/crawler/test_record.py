import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.record import SCHEMA_VERSION, article_id, to_json
from crawler.upgrade import VERSIONS, form_digest

TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@given(st.dictionaries(TEXT, TEXT, max_size=4))
def test_any_row_is_one_line_of_utf8_that_reads_back(row):
    line = to_json(row)
    data = line.encode("utf-8")
    assert len(data.decode("utf-8").splitlines()) == 1
    assert json.loads(line) == row


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_know_are_refused(bad):
    with pytest.raises(ValueError, match="Out of range"):
        to_json({"quality": bad})


def test_an_article_id_is_the_head_of_the_address_sha256():
    # printf https://a.example/ | sha256sum
    assert article_id("https://a.example/") == "a_befde498a45b6c82"


def test_the_record_changes_with_a_version_and_a_note():
    """Changed a field? Set SCHEMA_VERSION in record.py and add a Version to upgrade.VERSIONS: its notes, its step, and this digest.

    A version that no release has published yet may be changed as it stands: then put the new digest and a note into it.
    """
    assert VERSIONS[-1].digest == form_digest(), (
        f"the record's form is {form_digest()} now: {VERSIONS[-1].number} was another"
    )
    assert VERSIONS[-1].number == SCHEMA_VERSION
    assert all(version.notes for version in VERSIONS)
