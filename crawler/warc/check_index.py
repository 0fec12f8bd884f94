"""Rules for an index: sorted bytewise, each line leads to its record, each capture has a line.

Serves packages and the index of a site's folder. Never opens a file: lines and captures are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crawler.warc.cdxj import IndexEntry
from crawler.warc.finding import Breach, error, warning

Captures = Mapping[tuple[str, int], tuple[str, str, int | None]]
"""By (name of the WARC file, offset): URL, WARC-Date and length of each capture and resource."""


def check_index(
    lines: Iterable[tuple[str, bytes]], captures: Captures, section: str, *, growing: bool = False
) -> Iterator[tuple[str, Breach]]:
    """Hold an index against the records. Resources with other addresses (certificates, texts, screenshots) need no line.

    Args:
        lines: name of the index file and line, in order.
        captures: what the WARC files hold.
        section: the standard's words on it, for the findings.
        growing: whether the WARCs may have more than the index knows: then captures behind the last one that it knows of a file are
            a warning, not an error.

    Yields:
        Name of the file, and what is wrong with it.

    """
    missing = {at for at, (url, _, _) in captures.items() if url.lower().startswith(("http://", "https://"))}
    known: dict[str, int] = {}
    before, current = b"", ""
    for member, line in lines:
        before = before if member == current else b""
        if line < before:
            yield member, error("index-order", section, f"the lines are not sorted: {line[:60]!r}")
        before, current = line, member
        try:
            entry = IndexEntry.from_line(line)
        except ValueError:
            text = f"this is no CDXJ line with url, filename, offset and length: {line[:60]!r}"
            yield member, error("index-line", section, text)
            continue
        at = entry.filename, entry.offset
        missing.discard(at)
        known[entry.filename] = max(known.get(entry.filename, 0), entry.offset)
        if breach := _entry(entry, captures.get(at), section):
            yield member, breach
    behind: dict[str, list[int]] = {}
    for name, offset in sorted(missing):
        if growing and offset > known.get(name, -1):
            behind.setdefault(name, []).append(offset)
        else:
            text = f"the capture at {offset} has no line: {captures[name, offset][0]}"
            yield name, error("index-incomplete", section, text)
    for name, offsets in behind.items():
        text = (
            f"the index has no line yet of {len(offsets)} captures from {offsets[0]} on; the site's next run adds them"
        )
        yield name, warning("index-behind", section, text)


def _entry(entry: IndexEntry, found: tuple[str, str, int | None] | None, section: str) -> Breach | None:
    where = f"{entry.url} at {entry.offset} of {entry.filename}"
    if found is None:
        return error("index-offset", section, f"no capture begins there: {where}")
    url, date, length = found
    if url != entry.url or "".join(c for c in date if c.isdigit())[:14] != entry.timestamp:
        return error("index-record", section, f"another capture begins there: {where}")
    if length is not None and length != entry.length:
        return error("index-length", section, f"the record has {length} bytes, not {entry.length}: {where}")
    return None
