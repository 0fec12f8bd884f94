"""Rules that tie the records of one file together: unique ids, records of one capture, revisits and their originals.

Remembers a few strings for each record; never reads a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.warc import capture, fields
from crawler.warc.finding import Breach, error, warning
from crawler.warc.scan import Entry

Place = tuple[int, str | None]
"""Offset and id of a record."""


@dataclass(slots=True)
class _Seen:
    offset: int
    kind: str
    date: str
    method: str


class LinkCheck:
    """Takes each record in turn, then says at the end what does not fit together."""

    def __init__(self) -> None:
        self.captures: dict[int, tuple[str, str, int | None]] = {}
        """Offset of each record that an index may name: its URL, WARC-Date and length."""
        self._records: dict[str, _Seen] = {}
        self._payloads: dict[str, str] = {}
        self._tied: list[tuple[str, str]] = []
        self._infos: list[tuple[str, str]] = []
        self._revisits: list[tuple[Place, str, str]] = []
        self._empty: list[tuple[Place, Breach]] = []

    def add(self, entry: Entry, method: str, empty_body: Breach | None) -> Iterator[Breach]:
        """Take a whole record; yield what is wrong already.

        Args:
            entry: the record, finished.
            method: its method, where it is a request.
            empty_body: what to say of it unless its request was HEAD.

        """
        kind = entry.get("WARC-Type") or ""
        record_id = entry.record_id
        if not self._records and kind != "warcinfo":
            yield warning("warcinfo-first", "WARC 1.1, 5.5", "the file does not begin with a warcinfo record")
        if record_id is None:
            return
        if record_id in self._records:
            before = self._records[record_id].offset
            yield error("id-doubled", "WARC 1.1, 5.2", f"the record at {before} has the same WARC-Record-ID")
            return
        self._records[record_id] = _Seen(entry.offset, kind, entry.get("WARC-Date") or "", method)
        for value in fields.get_all(entry.fields, "WARC-Concurrent-To"):
            self._tied.append((record_id, fields.bare(value)))
        if info := entry.get("WARC-Warcinfo-ID"):
            self._infos.append((record_id, fields.bare(info)))
        url = fields.bare(entry.get("WARC-Target-URI") or "")
        if kind in ("response", "resource"):
            self._payloads[f"{url} {entry.get('WARC-Date')}"] = record_id
        if (capture.is_capture(entry) or kind == "resource") and entry.first:
            self.captures[entry.offset] = (url, entry.get("WARC-Date") or "", entry.length)
        if kind == "revisit" and capture.profile(entry):
            target = f"{fields.bare(entry.get('WARC-Refers-To-Target-URI') or '')} {entry.get('WARC-Refers-To-Date')}"
            self._revisits.append(((entry.offset, record_id), fields.bare(entry.get("WARC-Refers-To") or ""), target))
        if empty_body:
            self._empty.append(((entry.offset, record_id), empty_body))

    def knows(self, key: str) -> bool:
        """Whether ``key`` is the id of a response or resource, or the URI, a blank and the date of one."""
        seen = self._records.get(key)
        return key in self._payloads or (seen is not None and seen.kind in ("response", "resource"))

    def finish(self, resolves: Callable[[str], bool]) -> Iterator[tuple[Place, Breach]]:
        """Yield what does not fit together, with the place of the record that is to blame.

        Args:
            resolves: whether an original is known, by its record id or by its URI, a blank and its date.

        """
        for one, other in self._tied:
            here, there = self._records[one], self._records.get(other)
            if there is None:
                yield (
                    (here.offset, one),
                    warning("concurrent-to", "WARC 1.1, 5.7", f"there is no record {other} in this file"),
                )
            elif here.date != there.date:
                text = f"records of one capture shall share one date: {here.date}, but {there.date} at {there.offset}"
                yield (here.offset, one), error("date-of-capture", "WARC 1.1, 5.4", text)
        for one, other in self._infos:
            there = self._records.get(other)
            if there is None or there.kind != "warcinfo":
                yield (
                    (self._records[one].offset, one),
                    warning("warcinfo-id", "WARC 1.1, 5.16", f"there is no warcinfo {other} in this file"),
                )
        for place, refers_to, target in self._revisits:
            there = self._records.get(refers_to)
            if there and there.kind not in ("response", "resource"):
                yield place, error("revisit-target", "WARC 1.1, 6.7", f"WARC-Refers-To names a {there.kind} record")
            elif not resolves(refers_to) and not resolves(target):
                yield (
                    place,
                    warning("revisit-target", "WARC 1.1, 6.7", f"the original is in none of the files: {target}"),
                )
        heads = {i for i, seen in self._records.items() if seen.method == "HEAD"}
        tied = {one for one, other in self._tied if other in heads} | {
            other for one, other in self._tied if one in heads
        }
        for place, breach in self._empty:
            if place[1] not in tied:
                yield place, breach
