"""Pictures of an export as inline SVG: bars, columns, strips of days. Pure; every word is escaped, every colour is the style sheet's.

The drawings hold no text, so that they can be stretched to any width: labels are HTML beside them. A figure says in words what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import sqrt

_WIDEST = 1 / 16
"""Share of a picture's width that one step of time takes, at most: a single day does not fill a page."""


def words(text: object) -> str:
    """Text for HTML: escaped, and without the controls that HTML does not allow."""
    return escape("".join(c for c in str(text) if c.isprintable() or c in "\n\t"))


def bar(share: float, kind: str = "") -> str:
    """A horizontal bar that fills ``share`` (0 to 1) of its width."""
    width = 100 * min(max(share, 0.0), 1.0)
    return (
        f'<svg class="bar {kind}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="rail" width="100" height="10"/><rect class="fill" width="{_number(width)}" height="10"/></svg>'
    )


def bars(rows: Iterable[tuple[str, int, str]], whole: int | None = None, kind: str = "") -> str:
    """A list of bars, each with a label, a number, and a note in small; shares are of ``whole``, or of the largest."""
    given = list(rows)
    most = whole or max((number for _, number, _ in given), default=1) or 1
    lines = [
        f'<li><span class="name">{words(name)}</span>{bar(number / most, kind)}<span class="n">{number:,}</span>'
        + (f'<span class="note">{words(note)}</span>' if note else "")
        + "</li>"
        for name, number, note in given
    ]
    return f'<ul class="bars">{"".join(lines)}</ul>'


def columns(values: Sequence[int], titles: Sequence[str], *, label: str, widest: float = _WIDEST) -> str:
    """Columns side by side, each with a title that a pointer shows, and no wider than that share of the picture."""
    most = max(values, default=0) or 1
    unit = max(len(values), 1 / widest)
    drawn = []
    for n, (value, title) in enumerate(zip(values, titles, strict=True)):
        if value:
            height = 100 * value / most
            place = f'x="{_number(n + 0.08)}" y="{_number(100 - height)}" width="0.84" height="{_number(height)}"'
            drawn.append(f'<rect class="fill" {place}><title>{words(title)}</title></rect>')
    return (
        f'<svg class="columns" viewBox="0 0 {_number(unit)} 100" preserveAspectRatio="none" role="img" aria-label="{words(label)}">'
        f'<rect class="base" y="99.2" width="{_number(unit)}" height="0.8"/>{"".join(drawn)}</svg>'
    )


def strip(values: Sequence[int], reasons: Sequence[str | None], titles: Sequence[str], most: int, *, label: str) -> str:
    """A strip of steps in time: the more rows, the darker; where there are none, the colour of the reason."""
    unit = max(len(values), 1 / _WIDEST)
    drawn = []
    for n, (value, reason, title) in enumerate(zip(values, reasons, titles, strict=True)):
        if value:
            look = f'class="rows" fill-opacity="{_number(0.25 + 0.75 * sqrt(value / (most or 1)))}"'
        else:
            look = f'class="{reason or "outside"}"'
        drawn.append(
            f'<rect {look} x="{_number(n + 0.04)}" width="0.92" height="10"><title>{words(title)}</title></rect>'
        )
    return (
        f'<svg class="strip" viewBox="0 0 {_number(unit)} 10" preserveAspectRatio="none" role="img" aria-label="{words(label)}">'
        f"{''.join(drawn)}</svg>"
    )


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
