"""The small markup that articles are written in: body text to blocks, blocks to the lines of the truth. Knows no HTML.

Blocks are parted by blank lines. ``## `` begins a heading, ``> `` a quotation, ``- `` and ``1. `` list items, ``| `` a table's row;
``{figure | name | caption | credit | alt}`` is a picture, and ``{pull | …}``, ``{also | slug}``, ``{signup}``, ``{promo}`` and ``{split}``
are things that the page puts between paragraphs. Within a paragraph: ``[words](slug)``, ``**strong**``, ``*emphasis*``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .model import Picture


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading within the article."""

    text: str


@dataclass(frozen=True)
class Quote:
    """A block quotation of one or more paragraphs."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True)
class Table:
    """A table; the first row is its head."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A picture between paragraphs."""

    picture: Picture


@dataclass(frozen=True)
class Insert:
    """Something that is no part of the text: ``pull``, ``also``, ``signup``, ``promo``, or ``split``, where one container ends."""

    name: str
    argument: str


Block = Paragraph | Heading | Quote | Items | Table | Figure | Insert

_ITEM = re.compile(r"(?:- |\d+\. )")
_INLINE = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<slug>[^)]+)\)|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*]+)\*")
_WIDE = "[\u3000-\u9fff\uff00-\uffef]"


@dataclass(frozen=True)
class Run:
    """A stretch of a paragraph: plain, strong, emphasised, or linked to the article ``slug``."""

    text: str
    style: str = "plain"
    slug: str = ""


def runs(text: str) -> list[Run]:
    """Split a paragraph into its runs."""
    found: list[Run] = []
    end = 0
    for match in _INLINE.finditer(text):
        found.append(Run(text[end : match.start()]))
        style = "link" if match["words"] else match.lastgroup or "plain"
        found.append(Run(match["words"] or match["strong"] or match["em"], style, match["slug"] or ""))
        end = match.end()
    found.append(Run(text[end:]))
    return [run for run in found if run.text]


def plain(text: str) -> str:
    """A paragraph without its markup: what a reader sees."""
    return "".join(run.text for run in runs(text))


def _join(text: str) -> str:
    """Undo line breaks: a blank in scripts that part words, nothing in those that do not."""
    return " ".join(re.sub(f"(?<={_WIDE})\n(?={_WIDE})", "", text).split())


def _block(source: str) -> Block:
    """Read one block."""
    if source.startswith("## "):
        return Heading(_join(source[3:]))
    if source.startswith("{"):
        name, *rest = (part.strip() for part in _join(source.strip("{}")).split("|"))
        if name == "figure":
            picture, caption, credit, alt = rest
            return Figure(Picture(name=picture, caption=caption, credit=credit, alt=alt))
        return Insert(name, rest[0] if rest else "")
    if source.startswith(">"):
        inner = re.sub(r"^> ?", "", source, flags=re.MULTILINE)
        return Quote(tuple(_join(paragraph) for paragraph in inner.split("\n\n")))
    if source.startswith("|"):
        return Table(tuple(tuple(c.strip() for c in row.strip("| ").split("|")) for row in source.splitlines()))
    if _ITEM.match(source):
        items = re.split(r"\n(?=- |\d+\. )", source)
        return Items(tuple(_join(_ITEM.sub("", item, count=1)) for item in items), ordered=source[0] != "-")
    return Paragraph(_join(source))


def read(body: str) -> tuple[Block, ...]:
    """Read a body: its blocks in order."""
    return tuple(_block(source) for source in re.split(r"\n\s*\n", body.strip()) if source)


def lines(blocks: tuple[Block, ...]) -> list[str]:
    """The article's text, one entry a block, as an extractor should give it: what the truth holds.

    Paragraphs and headings are one entry each; a quotation's paragraphs too; a list's items begin with ``- `` or their number; a
    table's row is its cells joined by `` | ``. Figures and inserts are not text.
    """
    found: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(text) | Heading(text):
                found.append(plain(text))
            case Quote(paragraphs):
                found.extend(map(plain, paragraphs))
            case Items(items, ordered):
                found.extend(f"{n}. {plain(i)}" if ordered else f"- {plain(i)}" for n, i in enumerate(items, 1))
            case Table(rows):
                found.extend(" | ".join(map(plain, row)) for row in rows)
    return found
