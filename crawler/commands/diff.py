"""Show what changed in an article, revision by revision, word by word.

ID is an article's a_… id or a URL: then all its captures are shown, each against the one before it that had a text. Or it is a capture's
urn:uuid: then only that one. On a terminal words that went are struck out and words that came are underlined; elsewhere they stand as
[-gone-] and {+new+}. A paragraph that stood among the page's other blocks before, or does so now, is no change.

  pressmark diff https://example.org/story
  pressmark diff a_0123456789abcdef --full
  pressmark diff urn:uuid:1f3b7c52-… --json
  pressmark diff https://example.org/story --html > story.html
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.dataset.captures import captures_of
from crawler.dataset.lookup import Row, removed_from
from crawler.dataset.words import Paragraph, Segment, changed, difference
from crawler.errors import EvidenceError, Exit
from crawler.layout import SiteLayout
from crawler.report.html import page, tag
from crawler.report.terminal import plain
from pipelines.revision import line_key

_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_COLOURS = {"same": ("", ""), "removed": ("\x1b[31;9m", "\x1b[0m"), "added": ("\x1b[32;4m", "\x1b[0m")}
_CONTEXT = 12
"""Words shown on each side of a change."""


@dataclass(frozen=True, slots=True)
class Change:
    """Two captures of an article, and what differs."""

    before: Row
    now: Row
    title: Paragraph
    text: list[Paragraph]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("id", metavar="ID|URL", help="article, address or capture")
    parser.add_argument("--full", action="store_true", help="print the paragraphs that did not change too")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print a line of JSON for each revision")
    how.add_argument("--html", action="store_true", help="write a page that needs no network")


def run(args: argparse.Namespace) -> int:
    """Show; exit 8 if the article is not in the collection, or was captured only once."""
    changes = list(_changes(args))
    if args.html:
        print(_page(changes))
    for change in changes if not args.html else ():
        print(json.dumps(_json(change), ensure_ascii=False) if args.json else _text(change, full=args.full) + "\n")
    return Exit.DONE


def _changes(args: argparse.Namespace) -> Iterator[Change]:
    named = captures_of(args.collection, args.id)
    captures = captures_of(args.collection, named[-1][1]["article_id"])
    if len(captures) < 2:
        row = captures[0][1]
        raise EvidenceError(
            f"{row['url']} was captured only once, at {row['fetched_at']}",
            hint="'recheck' in a site's YAML looks at its articles again (docs/scheduled.md); so does 'pressmark archive URL'.",
        )
    wanted = {row["id"] for _, row in named}
    before: tuple[SiteLayout, Row] | None = None
    for site, row in captures:
        if before is not None and (row["id"] in wanted or before[1]["id"] in wanted):
            yield _change(*before, site, row)
        if row["change"] != "gone":
            before = site, row


def _change(old_site: SiteLayout, old: Row, new_site: SiteLayout, new: Row) -> Change:
    if new["change"] == "gone":
        return Change(old, new, (Segment("same", old["title"] or ""),), [])
    before, now = _paragraphs(old, _around(new_site, new)), _paragraphs(new, _around(old_site, old))
    title = difference([old["title"] or ""], [new["title"] or ""])
    return Change(old, new, tuple(segment for paragraph in title for segment in paragraph), difference(before, now))


def _around(site: SiteLayout, row: Row) -> set[str]:
    """Keys of the lines that stood around a capture's article."""
    return {line_key(line) for block in removed_from(site, row["id"]) for line in block["text"].splitlines()}


def _paragraphs(row: Row, elsewhere: set[str]) -> list[str]:
    """The paragraphs of a capture, without those that stand in the other one as chrome."""
    return [text for text in row["text"].split("\n\n") if text.strip() and line_key(text) not in elsewhere]


def _json(change: Change) -> Row:
    def side(row: Row) -> Row:
        return {key: row[key] for key in ("id", "revision", "change", "fetched_at", "url", "warc_filename")}

    return {
        "article_id": change.now["article_id"],
        "before": side(change.before),
        "now": side(change.now),
        "title": [dataclasses.asdict(segment) for segment in change.title],
        "paragraphs": [[dataclasses.asdict(segment) for segment in paragraph] for paragraph in change.text],
    }


def _head(change: Change) -> list[str]:
    before, now = change.before, change.now
    return [
        now["url"],
        f"revision {before['revision']}, {before['fetched_at']}, {before['id']}",
        f"revision {now['revision']}, {now['fetched_at']}, {now['id']}: {now['change']}"
        + (f" (status {now['http_status']})" if now["change"] == "gone" else ""),
    ]


def _text(change: Change, *, full: bool) -> str:
    marks = _COLOURS if sys.stdout.isatty() else _MARKS
    lines = [plain(line) for line in _head(change)]
    if changed([change.title]):
        lines += ["", "headline: " + _marked(change.title, marks)]
    if change.now["change"] != "gone" and not changed([change.title, *change.text]):
        lines += ["", "(no word differs)"]
    for paragraph in change.text:
        if full or changed([paragraph]):
            lines += ["", textwrap.indent(_marked(paragraph if full else _shortened(paragraph), marks), "  ")]
    return "\n".join(lines)


def _marked(paragraph: Paragraph, marks: dict[str, tuple[str, str]]) -> str:
    return "".join(marks[segment.op][0] + plain(segment.text) + marks[segment.op][1] for segment in paragraph)


def _shortened(paragraph: Paragraph) -> Paragraph:
    """A paragraph whose unchanged runs are cut to a few words around each change."""
    return tuple(
        segment
        if segment.op != "same"
        else Segment("same", _cut(segment.text, first=i == 0, last=i == len(paragraph) - 1))
        for i, segment in enumerate(paragraph)
    )


def _cut(text: str, *, first: bool, last: bool) -> str:
    words = text.split(" ")
    if len(words) <= 2 * _CONTEXT:
        return text
    head = [] if first else words[:_CONTEXT]
    tail = [] if last else words[-_CONTEXT:]
    return " ".join([*head, "…", *tail])


def _page(changes: list[Change]) -> str:
    parts = []
    for change in changes:
        address, *sides = _head(change)
        parts.append(tag("h2", change.now["title"] or change.before["title"] or address))
        parts.append(tag("p", address, cls="where") + "".join(tag("p", line, cls="where") for line in sides))
        if changed([change.title]):
            parts.append(f"<h3>{_html(change.title)}</h3>")
        parts += [f"<p>{_html(paragraph)}</p>" for paragraph in change.text]
    return page("Revisions of an article", "\n".join(parts))


def _html(paragraph: Paragraph) -> str:
    names = {"same": "span", "removed": "del", "added": "ins"}
    return "".join(tag(names[segment.op], segment.text) for segment in paragraph)
