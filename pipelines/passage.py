"""A sentence in a text, and in the bytes of the page that the text was taken from.

Owns what counts as the same sentence: its letters and digits in their order. Quotes, dashes, white space, case, entities, soft hyphens,
composed or decomposed accents and tags between the words do not count. Pure: bytes in, offsets out.
"""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import webencodings

from crawler.dataset.likeness import words_of
from pipelines.decode import encoding_of

_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style)\b.*?(?:</(?P=raw)\s*>|\Z)"
    r"|<[a-zA-Z/!?](?:[^>\"']|\"[^\"]*\"|'[^']*')*+>"
    r"|<[a-zA-Z/!?][^>]*>?"
    r"|(?P<entity>&(?:\#[0-9]+|\#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);?)",
    re.S | re.I,
)
_IDEOGRAPHS = 0x2E80


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text in characters, or of a page in bytes: from ``start`` up to, but not with, ``end``."""

    start: int
    end: int


def in_text(text: str, sentence: str) -> Span | None:
    """Where ``sentence`` first stands in ``text``, in characters; None if it does not, or not word for word."""
    words = words_of(unicodedata.normalize("NFKC", sentence))
    plain = max((word for word in words if word.isascii()), key=len, default="")
    if "\u00ad" not in text and plain not in unicodedata.normalize("NFKC", text).casefold():
        return None  # a quick look, for who searches a whole collection
    for span in _find(_letters(text), sentence):
        found = text[span.start : span.end]
        if words_of(unicodedata.normalize("NFKC", found)) == words and not _within_word(text, span):
            return span
    return None


def in_page(body: bytes, content_type: str | None, sentence: str) -> list[Span]:
    """Where ``sentence`` stands in what a page shows, in bytes of its decoded body; not in scripts, attributes and comments.

    Args:
        body: the page without its content coding.
        content_type: value of the header; decides the encoding, as in extraction.
        sentence: its letters are looked for.
    """
    codec = _codec(content_type, body)
    text, offsets = _decoded(body, codec)
    return [Span(offsets.at(span.start), offsets.at(span.end)) for span in _find(_shown(text), sentence)]


def read_at(body: bytes, content_type: str | None, span: Span) -> str:
    """What stands at a place that ``in_page`` found, markup and all, in the page's encoding."""
    return body[span.start : span.end].decode(_codec(content_type, body), "replace")


def _codec(content_type: str | None, body: bytes) -> str:
    label = encoding_of(content_type, body)[0]
    return "gb18030" if label == "gbk" else str(webencodings.lookup(label).codec_info.name)


class _Offsets:
    """Byte offsets of a decoded text's characters."""

    def __init__(self, text: str, codec: str, starts: array[int] | None) -> None:
        self._text = text
        self._codec = codec
        self._starts = starts

    def at(self, index: int) -> int:
        """Offset of the character at ``index``."""
        return len(self._text[:index].encode(self._codec)) if self._starts is None else self._starts[index]


def _decoded(body: bytes, codec: str) -> tuple[str, _Offsets]:
    try:
        text = body.decode(codec)
        if text.encode(codec) == body:
            return text, _Offsets(text, codec, None)
    except UnicodeError:
        pass
    # damaged, or several spellings of one character: byte by byte, each character where its first byte stands
    decoder = webencodings.codecs.getincrementaldecoder(codec)("replace")
    characters: list[str] = []
    starts = array("Q")
    begun = 0
    for at in range(len(body) + 1):
        made = decoder.decode(body[at : at + 1], final=at == len(body))
        characters.append(made)
        starts.extend([begun] * len(made))
        if made:
            begun = at + 1
    starts.append(len(body))
    return "".join(characters), _Offsets("", codec, starts)


def _letters(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """The letters and digits of a text without case and composition, each with the characters it comes from."""
    for i in range(start, len(text) if end is None else end):
        character = text[i]
        if character.isascii():
            if character.isalnum():
                yield character.lower(), i, i + 1
            continue
        for part in unicodedata.normalize("NFKD", character).casefold():
            # marks are letters of many scripts; variation selectors are of none
            if part.isalnum() or (unicodedata.category(part)[0] == "M" and not "\ufe00" <= part <= "\ufe0f"):
                yield part, i, i + 1


def _shown(page: str) -> Iterator[tuple[str, int, int]]:
    """The letters and digits that a page shows."""
    at = 0
    for match in _MARKUP.finditer(page):
        yield from _letters(page, at, match.start())
        if match["entity"]:
            for letter, _, _ in _letters(html.unescape(match["entity"])):
                yield letter, match.start(), match.end()
        at = match.end()
    yield from _letters(page, at)


def _find(letters: Iterator[tuple[str, int, int]], sentence: str) -> Iterator[Span]:
    wanted = "".join(letter for letter, _, _ in _letters(sentence))
    if not wanted:
        return
    keys: list[str] = []
    starts, ends = array("Q"), array("Q")
    for letter, start, end in letters:
        keys.append(letter)
        starts.append(start)
        ends.append(end)
    text = "".join(keys)
    at = text.find(wanted)
    while at >= 0:
        yield Span(starts[at], ends[at + len(wanted) - 1])
        at = text.find(wanted, at + 1)


def _within_word(text: str, span: Span) -> bool:
    """Whether a span begins or ends in the middle of a word."""
    return any(
        before.isalnum() and after.isalnum() and max(map(ord, before + after)) < _IDEOGRAPHS
        for before, after in (
            (text[span.start - 1 : span.start], text[span.start]),
            (text[span.end - 1], text[span.end : span.end + 1]),
        )
        if before and after
    )
