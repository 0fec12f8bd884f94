"""What the parts of an export's page have in common: their order, their frame, tables. Owns no figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.dataset.pictures import words

PARTS = (
    ("coverage", "Coverage"), ("missing", "What is missing"), ("fields", "Fields"), ("texts", "Texts"), ("rights", "Rights"),
    ("samples", "Samples"), ("load", "Load it"), ("files", "Files"), ("cite", "Cite"),
)  # fmt: skip
"""Anchors and titles, in order."""


def section(key: str, intro: str, content: str) -> str:
    """A part of the page; ``intro`` and ``content`` are HTML."""
    title = dict(PARTS)[key]
    return f'<section id="{key}">\n<h2>{title}</h2>\n<p class="soft">{intro}</p>\n{content}\n</section>\n'


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A table; the columns whose head begins with ``#`` hold numbers."""
    looks = [
        " class=num"
        if name.startswith("#")
        else " class=digest"
        if name == "SHA-256"
        else " class=day"
        if name in ("from", "to")
        else ""
        for name in head
    ]
    top = "".join(f"<th{look}>{words(name.lstrip('#'))}</th>" for name, look in zip(head, looks, strict=True))

    def lines() -> Iterator[str]:
        for row in rows:
            cells = (f"{value:,}" if isinstance(value, int) else words(value) for value in row)
            yield "<tr>" + "".join(f"<td{look}>{cell}</td>" for cell, look in zip(cells, looks, strict=True)) + "</tr>"

    return f'<div class="table"><table><thead><tr>{top}</tr></thead><tbody>{"".join(lines())}</tbody></table></div>'
