"""What parts one block of text from the next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipelines.blocks import read
from pipelines.page import Draft


def texts(source: str) -> list[str]:
    return [s.marker + s.text for s in read(html.document_fromstring(f"<html><body>{source}</body></html>")).segments]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>One\n  two\xa0three</p><p>Four</p>", ["One two three", "Four"]),
        ("<p>Hyper<b>link</b>ed <i>words</i>, joined.</p>", ["Hyperlinked words, joined."]),
        ("Bare <p>inner</p> tail", ["Bare", "inner", "tail"]),
        ("<div>One<br>two<br><br>Three</div>", ["One\ntwo", "Three"]),
        ("<h2>Head</h2><ul><li>a</li><li><p>b</p></li></ul>", ["Head", "- a", "- b"]),
        ("<ol><li>a<ol><li>a1</li></ol></li><li>b</li></ol>", ["1. a", "1. a1", "2. b"]),
        (
            "<table><tr><th>Town</th><th>Boats</th></tr><tr><td>Upper</td><td><b>1</b></td></tr></table>",
            ["Town | Boats", "Upper | 1"],
        ),
        ("<table><tr><td>Menu</td><td><p>One</p><h2>Two</h2></td></tr></table>", ["Menu", "One", "Two"]),
        ("<table><tr><td>" + "long " * 100 + "</td><td>b</td></tr></table>", [("long " * 100).strip(), "b"]),
        ("<pre>def f():\n    return 1\n</pre>", ["def f():\n    return 1"]),
        ("<blockquote><p>Said</p></blockquote>", ["Said"]),
        ("<p>A<script>var x</script><style>b{}</style><svg><text>icon</text></svg> b</p>", ["A b"]),
        ("<noscript>Please enable</noscript><template><p>x</p></template><textarea>y</textarea>", []),
        ("<p>The <button>word</button> stays</p><button>Open</button>", ["The word stays", "Open"]),
        ("<p>   </p><div><br><br></div>", []),
        ("<p>中文<b>新聞</b>。</p><p>हिन्दी समाचार</p><p>خبر عربي</p>", ["中文新聞。", "हिन्दी समाचार", "خبر عربي"]),
    ],
)
def test_blocks(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


def test_links_pictures_and_hidden_frames_are_measured() -> None:
    layout = read(
        html.document_fromstring(
            '<body><div id=a><a href=/>four</a> more<img></div><div style="display: none"><p>unseen</p></div><p hidden>no</p></body>'
        )
    )
    one, unseen, no = layout.segments
    assert (one.text, one.link_chars, one.links, one.frame.images) == ("four more", 4, 1, 1)
    assert not one.frame.hidden
    assert unseen.frame.hidden
    assert no.frame.hidden
    body = layout.frames[0]
    assert (body.start, body.end, body.chars, body.link_chars, body.images) == (0, 3, 9 + 6 + 2, 4, 1)


@pytest.mark.parametrize(
    ("source", "chars", "linked", "bold"),
    [
        ("<p>two <a href=/>words</a> <b>ab</b></p>", 12, 5, 2),
        ("<p>渡し船は<a href=/>再開</a><b>した</b></p>", 16, 4, 4),
        ("<p>나룻배가 <a href=/>다시</a></p>", 13, 3, 0),
        ("<p>Die Fähre „fährt“</p>", 17, 0, 0),
    ],
)
def test_wide_letters_count_twice(source: str, chars: int, linked: int, bold: int) -> None:
    (segment,) = read(html.document_fromstring(f'<meta charset="utf-8">{source}')).segments
    assert (segment.chars, segment.link_chars, segment.bold_chars) == (chars, linked, bold)


def test_the_walk_leaves_the_tree_as_it_was(read_page: Callable[..., Draft]) -> None:
    tree = read_page("<p>a<br>b</p><ol><li>c</ol><table><tr><td>d</table>").tree
    assert tree is not None
    before = html.tostring(tree)
    read(tree)
    assert html.tostring(tree) == before


PIECES = st.sampled_from(
    ["word", " ", "<p>", "</p>", "<b>", "</b>", "<div class='related'>", "</div>", "<br>", "<li>", "<ul>", "</ul>", "<td>", "<tr>", "<table>", "</table>", "<pre>", "</pre>", "\n", "<a href=x>", "</a>"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_every_word_is_in_one_block_and_every_frame_holds_its_blocks(source: str) -> None:
    tree = html.document_fromstring(f"<html><body>{source}</body></html>")
    layout = read(tree)
    assert sum(s.text.count("word") for s in layout.segments) == "".join(map(str, tree.itertext())).count("word")
    for i, segment in enumerate(layout.segments):
        assert segment.text == segment.text.strip()
        assert segment.frame.start <= i < segment.frame.end
        assert 0 <= segment.link_chars <= segment.chars
    for frame in layout.frames:
        assert frame.parent is None or (frame.parent.start <= frame.start and frame.end <= frame.parent.end)
        assert frame.chars == sum(s.chars for s in layout.segments[frame.start : frame.end])


def test_pictures_between_blocks_are_known_to_the_next_block() -> None:
    source = "<p>One</p><img src=a.jpg alt=' A  quay '><picture><img src=b.jpg alt='A pier'></picture><p>Two</p><p>Three</p><video></video>"
    found = read(html.document_fromstring(f"<html><body>{source}</body></html>")).segments
    assert [(s.pictures, s.alt) for s in found] == [(0, ""), (2, "A pier"), (0, "")]
