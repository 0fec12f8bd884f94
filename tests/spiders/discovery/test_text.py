"""spiders/discovery/text.py and xmltext.py: bytes to text, markup to plain text, broken XML to harmless XML."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from spiders.discovery.text import MAX_TITLE, decode, gunzip, line, plain
from spiders.discovery.xmltext import MAX_REFERENCES, cut, root, tidy


@given(
    st.binary(max_size=300),
    st.one_of(st.none(), st.sampled_from(["x; charset=zlib", "x; charset=replacement", "x;charset=utf-7"])),
)
def test_decode_never_raises_and_tells_of_losses(body: bytes, content_type: str | None) -> None:
    text, replaced = decode(body, content_type)
    assert (
        replaced
        or "\ufffd" not in text
        or "\ufffd".encode() in body
        or body[:2] in (b"\xff\xfe", b"\xfe\xff")
        or body[:1] == b"\x00"
    )


@given(st.text())
def test_decode_gives_back_what_utf_8_holds(text: str) -> None:
    body = text.encode("utf-8", "ignore")
    if not body.startswith((b"\xef\xbb\xbf", b"\x00<", b"<\x00")):
        assert decode(body, "text/html; charset=iso-8859-1") == (body.decode(), False)


def test_iso_2022_jp_needs_its_label() -> None:
    body = "橋が開通".encode("iso-2022-jp")
    assert decode(body, "text/html; charset=iso-2022-jp") == ("橋が開通", False)


def test_labels_of_no_encoding_fall_back() -> None:
    assert decode(b"caf\xe9", "text/html; charset=rot13") == ("café", True)
    assert decode(b"caf\xe9", "text/html; charset=latin1") == ("café", False)


@given(st.binary(max_size=2000), st.integers(0, 3000), st.integers(0, 2100))
def test_gunzip_never_exceeds_its_limit(body: bytes, limit: int, cut: int) -> None:
    packed = gzip.compress(body)
    out, problem = gunzip(packed[:cut], limit)
    assert len(out) <= limit
    if cut >= len(packed) and limit > len(body) and not body.startswith(b"\x1f\x8b"):
        assert (out, problem) == (body, None)
    if cut >= len(packed) and limit < len(body):
        assert (out, problem) == (body[:limit], "too-large")


def test_gunzip_leaves_other_bytes_alone() -> None:
    assert gunzip(b"<rss/>", 100) == (b"<rss/>", None)
    assert gunzip(b"<rss/>", 3) == (b"<rs", "too-large")
    assert gunzip(gzip.compress(b"<rss/>") + b"tail", 100) == (b"<rss/>", "bad-gzip")
    assert gunzip(gzip.compress(b"<rss/>") + bytes(512), 100) == (b"<rss/>", None), "padding of a tape"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a<b>b</b>c", "abc"),
        ("a<br/>b<p>c</p>d", "a b c d"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<!-- x --> y <!-- never closed", "y"),
        ("&lt;b&gt;", "<b>"),
        (" \u00a0 \n ", None),
        (5, None),
        (None, None),
    ],
)
def test_plain(markup: object, text: str | None) -> None:
    assert plain(markup) == text


@given(st.text(st.characters(exclude_categories=())))
def test_plain_is_one_bounded_line_of_valid_unicode(text: str) -> None:
    for out in (plain(text), line(text)):
        if out is not None:
            assert out == out.strip()
            assert 0 < len(out) <= MAX_TITLE
            assert len(out.splitlines()) == 1
            out.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<rss>", "rss"),
        ("x <?xml?><!-- <a> --><!DOCTYPE b [<!ENTITY c '<d>'> ]>< <e f>", "e"),
        ("<!-- never closed <a>", None),
        ("<!DOCTYPE [ <a>", None),
        ("<?never closed <a", None),
        ("< 1 <2", None),
    ],
)
def test_root(text: str, name: str | None) -> None:
    found = root(text)
    assert (found and found[0]) == name
    assert found is None or text[found[1] :].startswith(f"<{name}")


def test_references_beyond_the_limit_are_left_alone() -> None:
    out = tidy("<a>" + "&x;" * (MAX_REFERENCES + 2) + "</a>", 0)
    assert out.count(b"&amp;x;") == MAX_REFERENCES
    assert out.endswith(b"&x;&x;</a>")


@given(st.text(max_size=60), st.booleans())
def test_tidy_leaves_libxml2_no_reference_or_character_to_stumble_over(text: str, known_tags_only: bool) -> None:
    inner = text.replace("<", "").replace("]]>", "")
    names = frozenset({"a"}) if known_tags_only else None
    tree = etree.fromstring(tidy(f"<a>{inner}</a>", 0, names))
    assert len(tree) == 0


@given(st.text(alphabet="<>/ab ='\"!-?[]&;", max_size=60))
def test_with_names_only_their_tags_are_left(text: str) -> None:
    tree = etree.fromstring(tidy(f"<a>{text}</a>", 0, frozenset({"a"})), etree.XMLParser(recover=True))
    assert tree is None or {element.tag for element in tree.iter(etree.Element)} <= {"a"}


def test_cut_keeps_whole_tags() -> None:
    assert cut("x<a><b/></a>", 1, 3) == ("x<a><b/></a>", False)
    assert cut("x<a><b/></a>", 1, 2) == ("x<a><b/>", True)
    assert cut("<!--<--><a><b>", 8, 1) == ("<!--<--><a>", True)
