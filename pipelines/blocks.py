"""The stage that lists the visible text of a page: which blocks there are, in document order, and in which frames they stand.

Owns the walk over the tree, what parts one block from the next, and how white space is folded. Never decides what belongs to the
article: ``body`` and ``chrome`` do, with what is measured here.

A block is a run of text that a browser would set as one: inline elements do not part it, two ``<br>`` do, one becomes a line feed.
A list item is one block, a row of a data table is one block with its cells joined by `` | ``, a ``<pre>`` keeps its line breaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipelines.hints import of_names, of_role, of_tag
from pipelines.page import Draft, Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

PROSE_CHARS = 25
"""Prose has at least so many characters."""
ROW_CELL_CHARS = 400
"""A table with a longer cell is no data table: it lays out a page."""

SKIPPED = frozenset({
    "script", "style", "template", "svg", "head", "title", "iframe", "object", "embed", "video", "audio", "canvas", "select", "option",
    "datalist", "textarea", "input", "img", "map", "area", "link", "meta", "noframes", "frame", "frameset", "applet", "progress", "meter",
    "source", "track", "param", "picture", "base", "rp", "rt", "noscript",
})  # fmt: skip
"""Elements whose text nobody reads as text."""
BLOCK_TAGS = frozenset({
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "label",
    "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
})  # fmt: skip
"""Elements that a browser sets as blocks of their own."""
_UNDOES_ROW = frozenset({
    "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "aside", "nav", "form", "blockquote", "figure",
})  # fmt: skip
_PICTURES = frozenset({"img", "picture", "video", "audio", "iframe", "svg", "object", "embed"})
_BOLD = frozenset({"b", "strong", "em", "i"})
_INLINE_IN_TEXT = frozenset({"button", "label"})
# what East Asian Width calls wide: a letter of these scripts says as much as two of others (Unicode Standard Annex 11)
_WIDE = re.compile("[\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]")
_LINE = "\x01"  # follows _BREAK where it stands for a line end in <pre>
_BREAK = "\x00"  # a <br> while a block is being read: it cannot be in the text, decode took it out


@dataclass(slots=True, eq=False)
class Frame:
    """An element that is set as a block, with what stands in it: the blocks ``start`` to ``end``."""

    element: HtmlElement
    tag: str
    parent: Frame | None
    depth: int
    hints: int
    """Hint bits of its own tag, role and names."""
    hidden: bool
    """Whether it or a frame around it is hidden by an attribute."""
    start: int = 0
    end: int = 0
    chars: int = 0
    """Characters of text in it, counted as ``Segment.chars`` are."""
    link_chars: int = 0
    """Those that are part of links."""
    serial: int = 0
    """How many frames began before it."""
    images: int = 0
    """Pictures and players in it."""
    items: int = 0
    """Items of an ordered list that have been numbered."""


@dataclass(slots=True, eq=False)
class Segment:
    """A block as it stands in the page, before anybody has judged it."""

    frame: Frame
    """The innermost frame around it."""
    tag: str
    """Name of the frame's element."""
    text: str
    """Text, white space folded; line feeds for ``<br>`` and in ``<pre>``."""
    link_chars: int = 0
    """Characters of it that are part of links, counted as in ``chars``."""
    links: int = 0
    """Links in it."""
    jumps: int = 0
    """Links in it that lead to a place on the same page: a table of contents, a footnote."""
    hints: int = 0
    """Hint bits of inline elements that hold nearly all of it."""
    bold_chars: int = 0
    """Characters of it in bold or italics, counted as in ``chars``."""
    marker: str = ""
    """What a list item begins with: ``- `` or ``1. ``; empty for all other blocks."""
    chars: int = 0
    """Length of ``text``, letters of Chinese, Japanese and Korean script counted twice: a sentence of theirs has half as many."""
    pictures: int = 0
    """Pictures and players between the block before and it."""
    alt: str = ""
    """Text alternative of the last of these."""

    @property
    def reads_like_prose(self) -> bool:
        """Whether it is prose by its looks: not short, not links."""
        return self.chars >= PROSE_CHARS and self.link_chars < 0.5 * self.chars

    @property
    def is_prose(self) -> bool:
        """Whether it is prose that can be seen at once."""
        return self.reads_like_prose and not self.frame.hidden


@dataclass(slots=True, eq=False)
class Layout:
    """All blocks and all frames of a page, in document order."""

    segments: list[Segment] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)


def blocks(page: Page, draft: Draft) -> Draft:
    """Fill ``layout``."""
    if draft.tree is None:
        return draft
    return replace(draft, layout=read(draft.tree))


def read(tree: HtmlElement) -> Layout:
    """Return the blocks and frames of ``tree``."""
    return _Walk().walk(tree)


class _Walk:
    """One pass over a tree. It recurses: ``parse`` has seen to it that no page nests deeper than Python can go."""

    def __init__(self) -> None:
        self.layout = Layout()
        # the run of text that is being read: its pieces, how much of it is what, and the named inline elements in it
        self.parts: list[str] = []
        self.size = self.linked = self.links = self.jumps = self.bold = 0
        self.covers: list[tuple[int, int]] = []
        self.marker = ""
        # what was seen since the last block
        self.pictures = 0
        self.picture: HtmlElement | None = None
        # how many elements of the kind are open
        self.in_link = self.in_bold = self.in_pre = 0

    def walk(self, tree: HtmlElement) -> Layout:
        """Read the whole of ``tree``."""
        body = tree if tree.tag == "body" else tree.find("body")
        root = tree if body is None else body
        frame = self._enter(root, "body", None)
        self._inside(root, frame)
        self._leave(frame)
        self._sum()
        return self.layout

    def _inside(self, element: HtmlElement, frame: Frame) -> None:
        if text := element.text:
            self._text(text)
        for child in element:
            tag = child.tag
            if tag == "br":
                self.parts.append(_BREAK)
            elif tag in SKIPPED:
                if tag in _PICTURES:
                    frame.images += 1
                    self.pictures += 1
                    self.picture = child
            elif tag in BLOCK_TAGS and not (
                tag in _INLINE_IN_TEXT and self.size and frame.tag in ("p", "li", "blockquote")
            ):
                self._flush(frame)
                if tag != "tr" or not self._row(child, frame):
                    inner = self._enter(child, tag, frame)
                    if tag == "li":
                        self.marker = self._list_marker(frame)
                    pre = tag == "pre"
                    self.in_pre += pre
                    self._inside(child, inner)
                    self._leave(inner)
                    self.in_pre -= pre
            else:
                names = child.get("class")
                hints = of_names(names) if names else 0
                size = self.size
                link, bold = tag == "a", tag in _BOLD
                self.in_link += link
                self.in_bold += bold
                self._inside(child, frame)
                self.in_link -= link
                self.in_bold -= bold
                if self.size > size:
                    self.links += link
                    self.jumps += link and (child.get("href") or "").startswith("#")
                    if hints:
                        self.covers.append((self.size - size, hints))
            if text := child.tail:
                self._text(text)

    def _enter(self, element: HtmlElement, tag: str, parent: Frame | None) -> Frame:
        hints = of_tag(tag)
        hidden = parent is not None and parent.hidden
        if parent is not None:
            for name, value in element.items():
                if name in ("class", "id"):
                    hints |= of_names(value)
                elif name == "role":
                    hints |= of_role(value)
                elif name == "hidden" or (
                    name == "style" and "none" in value and "display:none" in value.replace(" ", "").lower()
                ):
                    hidden = True
        layout = self.layout
        frame = Frame(element, tag, parent, parent.depth + 1 if parent else 0, hints, hidden, len(layout.segments))
        frame.serial = len(layout.frames)
        layout.frames.append(frame)
        return frame

    def _leave(self, frame: Frame) -> None:
        self._flush(frame)
        frame.end = len(self.layout.segments)

    def _text(self, text: str) -> None:
        blank = text.isspace()
        if blank and not self.parts and not self.in_pre:
            return  # between two blocks, where nearly all white space is
        self.parts.append(text.replace("\r\n", "\n").replace("\n", _BREAK + _LINE) if self.in_pre else text)
        if blank:
            return
        n = len(text)
        self.size += n
        if self.in_link:
            self.linked += n
        if self.in_bold:
            self.bold += n

    def _flush(self, frame: Frame) -> None:
        if not self.parts:
            return
        if self.size:
            whole = "".join(self.parts)
            hints = 0
            for chars, bits in self.covers:
                if chars >= 0.8 * self.size:
                    hints |= bits
            if _BREAK in whole:
                self._flush_lines(whole, frame, hints)
            elif text := " ".join(whole.split()):
                self._add(text, frame, self.linked, self.links, self.bold, hints)
        self.parts.clear()
        self.covers.clear()
        self.linked = self.links = self.jumps = self.bold = self.size = 0

    def _flush_lines(self, whole: str, frame: Frame, hints: int) -> None:
        """Part a run of text with ``<br>`` or line ends in it: an empty line parts blocks, a single one stays as a line feed."""
        total = max(1, self.size)
        if frame.tag == "pre" or _LINE in whole:
            text = "\n".join(
                line.rstrip() for line in whole.replace(_BREAK + _LINE, "\n").replace(_BREAK, "\n").split("\n")
            )
            if text.strip():
                self._add(text.strip("\n"), frame, self.linked, self.links, self.bold, hints)
            return
        groups: list[list[str]] = [[]]
        for raw in whole.split(_BREAK):
            line = " ".join(raw.split())
            if line:
                groups[-1].append(line)
            elif groups[-1]:
                groups.append([])
        for group in groups:
            if group:
                text = "\n".join(group)
                share = min(1.0, len(text) / total)
                self._add(
                    text, frame, int(self.linked * share), round(self.links * share), int(self.bold * share), hints
                )

    def _add(self, text: str, frame: Frame, linked: int, links: int, bold: int, hints: int) -> None:
        size = length = len(text)
        linked, bold = min(linked, length), min(bold, length)
        if not text.isascii() and (wide := len(_WIDE.findall(text))):
            size += wide
            linked, bold = linked * size // length, bold * size // length
        segment = Segment(frame, frame.tag, text, linked, links, self.jumps, hints, bold, self.marker, size)
        self.marker = ""
        if self.pictures:
            segment.pictures, segment.alt = self.pictures, _alt(self.picture)
            self.pictures = 0
        self.layout.segments.append(segment)

    def _row(self, row: HtmlElement, frame: Frame) -> bool:
        """Add a row of a data table as one block; False if the table is there for the layout."""
        if any(True for _ in row.iter(*_UNDOES_ROW)) or (row.text or "").strip():
            return False
        texts: list[str] = []
        linked = links = 0
        for cell in row:
            if cell.tag not in ("td", "th") or (cell.tail or "").strip():
                return False
            parts: list[str] = []
            _gather(cell, parts)
            text = " ".join("".join(parts).split())
            if len(text) > ROW_CELL_CHARS:
                return False
            texts.append(text)
            for link in cell.iter("a"):
                links += 1
                linked += len(link.text_content().strip())
        line = " | ".join(text for text in texts if text)
        if line:
            leaf = self._enter(row, "tr", frame)
            self._add(line, leaf, linked, links, 0, 0)
            leaf.end = len(self.layout.segments)
        return True

    def _list_marker(self, outer: Frame) -> str:
        if outer.tag != "ol":
            return "- "
        outer.items += 1
        return f"{outer.items}. "

    def _sum(self) -> None:
        for segment in self.layout.segments:
            segment.frame.chars += segment.chars
            segment.frame.link_chars += segment.link_chars
        for frame in reversed(self.layout.frames):
            if frame.parent is not None:
                frame.parent.chars += frame.chars
                frame.parent.link_chars += frame.link_chars
                frame.parent.images += frame.images


def _alt(picture: HtmlElement | None) -> str:
    """Text alternative of a picture, white space folded; empty if it has none."""
    if picture is not None and picture.tag == "picture":
        picture = next(picture.iter("img"), None)
    return " ".join((picture.get("alt") or "").split()) if picture is not None else ""


def _gather(element: HtmlElement, parts: list[str]) -> None:
    """Collect the text in ``element``, blanks where a block or a line ends."""
    if element.text:
        parts.append(element.text)
    for child in element:
        if child.tag not in SKIPPED:
            gap = child.tag in BLOCK_TAGS or child.tag == "br"
            if gap:
                parts.append(" ")
            _gather(child, parts)
            if gap:
                parts.append(" ")
        if child.tail:
            parts.append(child.tail)
