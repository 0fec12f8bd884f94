import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import StorageError
from crawler.layout import CollectionLayout, is_safe, safe_name


@given(st.text(max_size=400))
def test_any_text_becomes_a_safe_name_that_stays_as_it_is(text):
    name = safe_name(text)
    assert is_safe(name)
    assert safe_name(name) == name


@given(st.text(max_size=50), st.text(max_size=50))
def test_two_texts_never_share_a_name(a, b):
    assert (safe_name(a) == safe_name(b)) == (a == b)


@pytest.mark.fault("4 configuration", "names of files: ../, absolute, NUL, CON, 300 letters, U+202E")
@pytest.mark.parametrize(
    "name", ["../x", "/etc", "con", "nul.txt", "a/b", "A", "x" * 300, "a\0b", "\u202egpj", "", ".", "..", "a..b", "x."]
)
def test_names_that_are_not_safe(name):
    assert not is_safe(name)
    assert "/" not in safe_name(name)


def test_a_site_stays_in_its_collection(tmp_path):
    collection = CollectionLayout(tmp_path)
    assert collection.site("../../etc/passwd").root.parent == tmp_path


@pytest.mark.fault("4 configuration", "a link out of the collection")
def test_a_link_out_of_the_collection_is_refused(tmp_path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "site").symlink_to(tmp_path)
    with pytest.raises(StorageError, match="leads out of the collection"):
        CollectionLayout(tmp_path / "c").site("site")
