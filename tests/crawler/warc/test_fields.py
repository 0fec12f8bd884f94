import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc import fields

ANY_TEXT = st.text(st.characters(codec=None), max_size=40) | st.text(
    st.sampled_from(" \t\r\n\\u000a:\x85\u2028\ud800\udc00é"), max_size=12
)


@given(st.lists(st.tuples(st.sampled_from(["a", "b-c"]), ANY_TEXT), max_size=5))
def test_block_round_trip_is_lossless(pairs: list[tuple[str, str]]) -> None:
    block = fields.to_block(pairs)
    assert fields.from_block(block) == tuple(pairs)
    assert block.count(b"\n") == len(pairs)


@given(ANY_TEXT)
def test_no_value_breaks_out_of_its_line(value: str) -> None:
    header = fields.to_header([("X", value), ("Y", "1")])
    assert header.count(b"\n") == header.count(b"\r") == 4
    text = header.decode()
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text.replace("\r\n", ""))


@given(ANY_TEXT)
def test_uri_is_ascii_without_space(value: str) -> None:
    assert all(33 <= ord(c) < 127 and c not in '<>"\\^`{|}' for c in fields.uri(value))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://e.com/a%20b?q=[1]#x", "https://e.com/a%20b?q=[1]#x"),
        ("https://e.com/a b\r\nWARC-Type: x", "https://e.com/a%20b%0D%0AWARC-Type:%20x"),
        ("https://e.com/é", "https://e.com/%C3%A9"),
    ],
)
def test_uri(value: str, expected: str) -> None:
    assert fields.uri(value) == expected


def test_bad_name_is_a_bug() -> None:
    with pytest.raises(ValueError, match="field name"):
        fields.to_header([("A:B", "x")])


def test_parse_reads_what_others_write() -> None:
    text = b"WARC-Type:response\r\nEmpty:\r\nFolded: a\r\n  b\r\n\tc\nno colon\r\n Lead: x\r\nName : v\r\nBad: \xff\r\n"
    assert fields.parse(text) == (
        ("WARC-Type", "response"),
        ("Empty", ""),
        ("Folded", "a b c Lead: x"),
        ("Name", "v"),
        ("Bad", "\ufffd"),
    )


def test_get() -> None:
    pairs = (("A", "1"), ("a", "2"))
    assert (fields.get(pairs, "a"), fields.get(pairs, "b"), fields.get_all(pairs, "A")) == ("1", None, ["1", "2"])


@pytest.mark.parametrize(("value", "expected"), [("<urn:x>", "urn:x"), ("urn:x", "urn:x"), ("<", "<"), ("", "")])
def test_bare(value: str, expected: str) -> None:
    assert fields.bare(value) == expected
