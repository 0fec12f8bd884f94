"""A sentence is found however it was typed, and its bytes are those of the page."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.passage import in_page, in_text, read_at

TEXT = "The ferry was late.\n\n“It’s the tide,” said the piermaster — who should know.\n\nNobody minded."


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It's the tide", "It’s the tide"),
        (
            '"IT’S THE  TIDE", said the\npiermaster - who should know',
            "It’s the tide,” said the piermaster — who should know",
        ),
        ("late. It's", "late.\n\n“It’s"),
        ("pier\u00admaster", "piermaster"),
        ("The ferry was late", "The ferry was late"),
    ],
)
def test_a_sentence_is_found_in_the_text(sentence: str, found: str) -> None:
    span = in_text(TEXT, sentence)
    assert span
    assert TEXT[span.start : span.end] == found


@pytest.mark.parametrize(
    "sentence", ["The ferry was early", "he ferry", "ferry wa", "piermas ter", "", "—", "minded. Nobody"]
)
def test_what_is_not_there_word_for_word_is_not_found(sentence: str) -> None:
    assert in_text(TEXT, sentence) is None


def test_composition_and_width_do_not_count() -> None:
    assert in_text("Cafe\u0301 ａｂｃ", "CAFÉ abc")
    assert in_text("東京で会った。", "京で会")
    assert in_text("हिन्दी में", "हिन्दी")
    assert in_text("हिन्दी में", "हन्द") is None


PAGE = """<!doctype html><title>T</title><script>var a = "It's the tide, said the piermaster";</script>
<p class="a > b">&ldquo;It&#8217;s <a href='/x?said'>the <b>tide</b></a>,&rdquo;<!-- said --> said the
pier&shy;master&nbsp;&mdash; who should know. Stra\u00dfe na\u00efve</p>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "windows-1252"])
def test_the_bytes_of_a_sentence_are_named(encoding: str) -> None:
    body = PAGE.encode(encoding, "xmlcharrefreplace")
    content_type = f"text/html; charset={encoding.replace('16-', '16')}"
    (span,) = in_page(body, content_type, "It's the tide, said the piermaster – who should know")
    shown = body[span.start : span.end].decode(encoding)
    assert shown.startswith("It&#8217;s <a")
    assert shown.endswith("who should know")
    (span,) = in_page(body, content_type, "Straße naïve")
    assert read_at(body, content_type, span) == body[span.start : span.end].decode(encoding) == "Straße naïve"


def test_scripts_attributes_and_comments_are_not_shown() -> None:
    body = PAGE.encode()
    assert in_page(body, "text/html", "var a") == []
    assert in_page(body, "text/html", "x?said") == []
    assert len(in_page(body, "text/html", "tide said")) == 1


def test_every_place_is_named() -> None:
    body = b"<p>Nobody minded.</p><aside>Nobody minded.</aside>"
    assert [body[s.start : s.end] for s in in_page(body, "text/html", "nobody minded")] == [b"Nobody minded"] * 2


def test_damaged_bytes_before_a_sentence_do_not_move_it() -> None:
    body = codecs.BOM_UTF8 + b"<p>\xff\xfe\xc3( Stra\xc3\x9fe, nobody minded.\xc3"
    (span,) = in_page(body, "text/html; charset=utf-8", "Straße nobody minded")
    assert body[span.start : span.end].decode() == "Straße, nobody minded"


@given(
    st.text(max_size=80), st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20), st.text(max_size=80)
)
def test_what_is_named_holds_the_letters(before: str, sentence: str, after: str) -> None:
    body = f"{before} {sentence} {after}".encode("utf-8", "replace")
    for span in in_page(body, "text/html; charset=utf-8", sentence):
        assert 0 <= span.start < span.end <= len(body)
        assert in_page(body[span.start : span.end], "text/html; charset=utf-8", sentence)


@given(st.binary(max_size=300))
def test_any_bytes_can_be_looked_through(body: bytes) -> None:
    in_page(body, None, "nobody minded")
