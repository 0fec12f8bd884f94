"""What a takedown touches: every record in a site's WARC files that belongs to what a person has named, and what will be left of it.

Reads only. Belonging goes by the records' own words (WARC-Concurrent-To, WARC-Refers-To) and by address. A revisit of a capture that goes
stands for its bytes, and goes too; the original of a revisit that goes does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from crawler.errors import StorageError
from crawler.layout import OPEN, TORN, SiteLayout
from crawler.takedown.log import Captured, Member
from crawler.upgrade import Row
from crawler.warc import fields
from crawler.warc.reader import read_captures
from crawler.warc.scan import scan
from crawler.warc.source import Broken, read_pieces

_CAPTURES = ("response", "revisit", "resource")
_LISTS = ("feed", "sitemap", "section")


@dataclass(frozen=True, slots=True)
class _Seen:
    path: Path
    offset: int
    length: int | None
    kind: str
    url: str
    date: str


@dataclass(slots=True)
class Reach:
    """What a takedown at one site touches."""

    site: SiteLayout
    urls: tuple[str, ...]
    """Addresses that are never fetched again."""
    captures: list[Captured] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    rows: int = 0
    """Rows of articles that become tombstones, or are shown no more."""
    lists: int = 0
    """Archived feeds, sitemaps and section pages that name one of the addresses: title and summary may stand there."""
    copies: list[str] = field(default_factory=list)
    """Other addresses of the site with a text that is the same to the letter, which stay."""
    torn: int = 0
    """Files of cut-off bytes, which are not looked into."""


def reach(site: SiteLayout, rows: Callable[[], Iterable[Row]], urls: Iterable[str], ids: Iterable[str]) -> Reach:
    """Find what belongs to the captures ``ids`` and to the addresses ``urls``.

    Args:
        site: the site.
        rows: gives all rows of the site's articles.
        urls: addresses all of whose captures go; none if single captures were named.
        ids: ``urn:uuid:…`` of the captures that were named.

    Raises:
        StorageError: a WARC file cannot be read.
    """
    found = Reach(site, tuple(sorted(set(urls))))
    records, near, revisits = _read(site)
    wanted = {id for id in ids if id in records}
    wanted |= {id for id, seen in records.items() if seen.url in found.urls and seen.kind != "warcinfo"}
    queue = list(wanted)
    while queue:
        for other in (near[here := queue.pop()] | revisits[here]) - wanted:
            if other in records:
                wanted.add(other)
                queue.append(other)
    gone = [row for row in rows() if row["id"] in wanted]
    texts = {row["id"]: row["text_sha256"] for row in gone}
    alike = {row["text_sha256"] for row in gone if row["text"]}
    found.copies = sorted({row["url"] for row in rows() if row["text_sha256"] in alike and row["id"] not in wanted})
    order = sorted(wanted, key=lambda id: (records[id].path.name, records[id].offset))
    for record_id in order:
        seen = records[record_id]
        name = seen.path.name.removesuffix(OPEN)
        if seen.length is None:
            raise StorageError(
                f"{seen.path}: the record at {seen.offset} shares its gzip member with others",
                hint="'pressmark repair' writes each into its own; this file was not made by Pressmark.",
            )
        found.members.append(
            Member(
                filename=name, offset=seen.offset, length=seen.length, record_id=record_id, kind=seen.kind,
                sha256=_digest(seen.path, seen.offset, seen.length),
            )
        )  # fmt: skip
        if seen.kind in _CAPTURES:
            found.captures.append(
                Captured(
                    id=record_id, url=seen.url, fetched_at=seen.date, filename=name, offset=seen.offset, text_sha256=texts.get(record_id)
                )
            )  # fmt: skip
    found.rows = len(gone)
    found.lists = sum(1 for _ in _naming(site, found.urls or tuple(row["url"] for row in gone)))
    found.torn = sum(
        1 for folder in (site.warc, site.root / "articles", site.root / "removed") for _ in folder.glob(f"*{TORN}")
    )
    return found


def _read(site: SiteLayout) -> tuple[dict[str, _Seen], defaultdict[str, set[str]], defaultdict[str, set[str]]]:
    """All records by id; which belong together; which revisits stand for which capture."""
    records: dict[str, _Seen] = {}
    near: defaultdict[str, set[str]] = defaultdict(set)
    revisits: defaultdict[str, set[str]] = defaultdict(set)
    for path in site.warc_files():
        try:
            with path.open("rb") as file:
                for entry in scan(file):
                    try:
                        entry.finish()
                    except Broken:
                        continue
                    record_id, kind = entry.record_id, entry.get("WARC-Type") or ""
                    if not record_id:
                        continue
                    url = fields.bare(entry.get("WARC-Target-URI") or "")
                    records[record_id] = _Seen(
                        path, entry.offset, entry.length, kind, url, entry.get("WARC-Date") or ""
                    )
                    refers = fields.bare(entry.get("WARC-Refers-To") or "")
                    if kind == "revisit" and refers:
                        revisits[refers].add(record_id)
                        refers = ""
                    for other in [*map(fields.bare, fields.get_all(entry.fields, "WARC-Concurrent-To")), refers]:
                        if other:
                            near[record_id].add(other)
                            near[other].add(record_id)
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror}", hint="Check the disk.") from error
    return records, near, revisits


def _naming(site: SiteLayout, urls: tuple[str, ...]) -> Iterator[str]:
    """Archived lists that name one of the addresses."""
    needles = [part.encode() for url in urls if len(part := url.partition("://")[2].partition("/")[2]) > 3]
    for path in site.warc_files():
        for capture in read_captures(path, on_damage=lambda _: None):
            if capture.provenance.role in _LISTS and any(needle in capture.body for needle in needles):
                yield capture.pointer.record_id


def _digest(path: Path, offset: int, length: int) -> str:
    digest = sha256()
    with path.open("rb") as file:
        file.seek(offset)
        for piece in read_pieces(file, length):
            digest.update(piece)
    return digest.hexdigest()
