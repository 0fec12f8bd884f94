"""Bytes become text by the WHATWG rules, and nothing that a server says can stop it."""

from __future__ import annotations

import encodings.aliases

import pytest
import webencodings
from hypothesis import given
from hypothesis import strategies as st

from pipelines.decode import clean, decode, encoding_of
from pipelines.page import Draft, Page


def decoded(body: bytes, content_type: str | None = None) -> Draft:
    headers = (("Content-Type", content_type),) if content_type else ()
    return decode(Page(url="https://a.example/", status=200, headers=headers, body=body), Draft())


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("\ufeffжито".encode(), "text/html; charset=windows-1251"),
        ("\ufeffжито".encode("utf-16-le"), "text/html; charset=utf-8"),
        ("\ufeffжито".encode("utf-16-be"), None),
        ("жито".encode("cp1251"), "text/html; charset=windows-1251"),
        ("жито".encode("cp1251"), 'text/html; charset="Windows-1251"; x=y'),
        ("<meta charset=koi8-u>жито".encode("koi8_u"), None),
        ("<meta charset=koi8-u>жито".encode(), "text/html; charset=utf-8"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">жито'.encode("cp1251"),
            "text/html",
        ),
        ("<?xml version='1.0' encoding='windows-1251'?><html>жито".encode("cp1251"), None),
        ("<!-- <meta charset=koi8-u> --><meta charset=utf-8>жито".encode(), None),
        ("<meta charset=utf-16>жито".encode(), None),
        ("жито".encode(), None),
    ],
)
def test_the_encoding_is_found_in_the_standards_order(body: bytes, content_type: str | None) -> None:
    assert decoded(body, content_type).html.endswith("жито")


@pytest.mark.parametrize(
    "label", ["rot13", "unicode_escape", "punycode", "zlib", "idna", "undefined", "utf-7", "", "x" * 500]
)
def test_labels_that_only_python_knows_are_not_obeyed(label: str) -> None:
    draft = decoded("caf\\u00e9 жито".encode(), f"text/html; charset={label}")
    assert draft.html == "caf\\u00e9 жито"
    assert "encoding-guessed" in draft.flags


def test_a_page_that_names_no_encoding_is_detected() -> None:
    text = "Пароплав знову ходить між двома берегами, повідомила міська рада. " * 20
    draft = decoded(text.encode("cp1251"))
    assert draft.html == text
    assert draft.flags == ("encoding-guessed",)


def test_latin_1_means_windows_1252_and_gb2312_means_gb18030() -> None:
    assert decoded(b"\x93quoted\x94", "text/html; charset=iso-8859-1").html == "“quoted”"
    assert decoded("渡轮€𠀀".encode("gb18030"), "text/html; charset=gb2312").html == "渡轮€𠀀"


def test_bytes_that_cannot_be_decoded_are_replaced_counted_and_flagged() -> None:
    draft = decoded(b"a\xff\xfeb", "text/html; charset=utf-8")
    assert draft.html == "a\ufffd\ufffdb"
    assert draft.replaced_chars == 2
    assert "encoding-errors" in draft.flags


@pytest.mark.parametrize(
    ("dirty", "text", "count"),
    [
        ("a\x00b\x1fc", "abc", 2),
        ("a\x0bb\x0cc", "a b c", 0),
        ("a&#x1;b&#31;c&#x00001F;d", "abcd", 3),
        ("a&#11;b", "a b", 0),
        ("a&#xFFFE;b&#xD800;c", "ab\ufffdc", 2),
        ("&#1114112;&#99999999999999;", "\ufffd\ufffd", 2),
        ("&#10;&#x9;&#65;&#x41;&#39;&#128512;&#xe000;", "&#10;&#x9;&#65;&#x41;&#39;&#128512;&#xe000;", 0),
        ("\ud800x", "\ufffdx", 1),
        ("\uffffx\ufffe", "x", 2),
    ],
)
def test_what_xml_cannot_hold_goes(dirty: str, text: str, count: int) -> None:
    assert clean(dirty) == (text, count)


def test_controls_are_flagged() -> None:
    assert "control-characters" in decoded(b"<p>one&#x1; two</p>", "text/html; charset=utf-8").flags


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "text/html; charset=utf-16", "charset=shift_jis", "charset=replacement", ";;=charset"]),
)
def test_it_never_raises_and_leaves_nothing_that_xml_cannot_hold(body: bytes, content_type: str | None) -> None:
    draft = decoded(body, content_type)
    assert clean(draft.html) == (draft.html, 0)
    draft.html.encode("utf-8")


PYTHONS = sorted({*encodings.aliases.aliases, *encodings.aliases.aliases.values(), "idna", "punycode", "unicode_escape", "undefined"})  # fmt: skip
LABELS = st.sampled_from(sorted(webencodings.LABELS)) | st.sampled_from(PYTHONS) | st.text(max_size=20)


@given(LABELS, st.sampled_from(["http", "meta", "xml"]), st.text("a жéß€ґ中あ", max_size=20))
def test_a_label_gives_an_encoding_of_the_web_or_none(label: str, place: str, text: str) -> None:
    known = {*webencodings.LABELS.values(), "utf-8", "windows-1252"} - {"replacement"}
    body = text.encode()
    if place == "meta":
        body = f'<meta charset="{label}">'.encode() + body
    elif place == "xml":
        body = f'<?xml version="1.0" encoding="{label}"?>'.encode() + body
    name, _ = encoding_of(f'text/html; charset="{label}"' if place == "http" else None, body)
    assert name in known


@given(
    st.sampled_from(sorted({*webencodings.LABELS.values()} - {"replacement", "x-user-defined"})),
    st.text("azAZ09 .,-<>/жіéß€ґ中あ한", max_size=40),
)
def test_what_was_encoded_as_the_label_says_comes_back(name: str, text: str) -> None:
    codec = webencodings.lookup(name).codec_info
    data, _ = codec.encode(text, "ignore")
    text = codec.decode(data)[0]  # what the encoding can hold of it
    draft = decoded(b"<p>" * (name[:5] != "utf-1") + data, f"text/html; charset={name}")
    assert draft.html.removeprefix("<p>") == text
    assert draft.replaced_chars == 0
