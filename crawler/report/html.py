"""Pages for people: one file, no network, no script; readable on a phone, on paper and in the dark. All text is escaped here."""

from __future__ import annotations

from html import escape

_STYLE = """
:root { color-scheme: light dark; --line: #d5d8dc; --soft: #5b6570; --good: #1b7f4b; --bad: #b3261e; --warn: #9a5b00; --fill: #4a78b5; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a4047; --soft: #a0a9b3; --good: #6fcf97; --bad: #ff8a80; --warn: #f2b35e; --fill: #7ba7e0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
.where, .soft { color: var(--soft); font-size: .875rem; margin: .2rem 0; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
td:nth-child(2) { overflow-wrap: anywhere; min-width: 9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.alarm { border-left: 4px solid var(--bad); padding: .1rem 0 .1rem .9rem; margin: 1rem 0; } .alarm p { margin: .25rem 0; }
.alarm.note { border-color: var(--warn); }
ins { color: var(--good); text-decoration: underline; } del { color: var(--bad); }
svg { display: block; width: 100%; height: auto; } svg rect { fill: var(--fill); } svg rect.bad { fill: var(--bad); }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } svg line { stroke: var(--line); }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } .alarm, tr, svg { break-inside: avoid; } }
"""


def tag(name: str, text: str, *, cls: str | None = None) -> str:
    """An element that holds a text."""
    attribute = f' class="{escape(cls)}"' if cls else ""
    return f"<{name}{attribute}>{escape(text)}</{name}>"


def table(head: list[str], rows: list[list[str]], *, numbers: frozenset[int] = frozenset()) -> str:
    """A table of texts; columns of ``numbers`` are set flush right."""

    def row(cells: list[str], cell: str) -> str:
        found = (tag(cell, text, cls="n" if i in numbers else None) for i, text in enumerate(cells))
        return f"<tr>{''.join(found)}</tr>"

    return (
        f'<div class="wide"><table><thead>{row(head, "th")}</thead>'
        f"<tbody>{''.join(row(cells, 'td') for cells in rows)}</tbody></table></div>"
    )


def page(title: str, body: str) -> str:
    """A whole page; ``body`` is HTML."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n<h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )
