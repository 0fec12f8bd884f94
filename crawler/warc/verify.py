"""The verifier: reads a WARC of any tool to its last byte and says what is wrong with it, where, and by which rule.

Owns the order of the checks and what is said of damaged places. Streams; never changes a file. A record that is not whole gets no
other finding: nothing in it is sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from crawler.errors import StorageError
from crawler.warc import fields, notes
from crawler.warc.check_block import BlockCheck
from crawler.warc.check_header import check_header
from crawler.warc.check_links import LinkCheck
from crawler.warc.finding import Breach, Finding
from crawler.warc.gzipmember import HEADER
from crawler.warc.scan import Damage, Entry, scan
from crawler.warc.source import Broken

_DAMAGE = {
    "torn": ("RFC 1952, 2.2", "the file ends in the middle of a record"),
    "bad-gzip": ("RFC 1952, 2.2", "a gzip member is damaged"),
    "bad-checksum": ("RFC 1952, 2.3", "a gzip member is not what its checksum says"),
    "bad-header": ("WARC 1.1, 4", "a record's header is damaged"),
    "bad-length": ("WARC 1.1, 5.3", "a record's Content-Length is not its block's"),
    "garbage": ("WARC 1.1, 4", "there are bytes that belong to no record"),
}


def verify_file(path: Path, *, resolves: Callable[[str], bool] = lambda key: False) -> Iterator[Finding]:
    """Yield what is wrong with a WARC file, plain or compressed, closed or still ``.open``.

    Args:
        path: the file.
        resolves: whether a record id, or a target URI, a blank and a date, is known from other files; for revisits whose
            original is not in this one.

    Raises:
        StorageError: the file cannot be read.

    """
    try:
        with path.open("rb") as file:
            yield from verify_stream(file, str(path), resolves=resolves)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read: {error.strerror or error}", hint="Check that it is there and may be read."
        ) from error


def verify_stream(
    stream: BinaryIO, name: str, *, resolves: Callable[[str], bool] = lambda key: False
) -> Iterator[Finding]:
    """As ``verify_file``, for an open file or pipe that is called ``name`` in the findings."""
    damages: list[Damage] = []
    links = LinkCheck()
    ours = False
    number = 0

    def report(offset: int, record_id: str | None, breach: Breach) -> Finding:
        return Finding(
            severity=breach.severity,
            file=name,
            offset=offset,
            record_id=record_id,
            rule=breach.rule,
            section=breach.section,
            message=breach.message,
        )

    for entry in scan(stream, on_damage=damages.append):
        yield from (_damaged(name, damage) for damage in _drain(damages))
        number += 1
        block = BlockCheck(entry)
        try:
            ours = ours or _is_ours(entry)
            breaches = [*check_header(entry), *block.run()]
        except Broken:
            continue  # scan reports it
        breaches += _member(entry, ours)
        breaches += links.add(entry, block.method, block.empty_body)
        for breach in breaches:
            yield report(entry.offset, entry.record_id, breach)
    yield from (_damaged(name, damage) for damage in _drain(damages))
    if not number:
        yield report(0, None, Breach("error", "no-record", "WARC 1.1, 3", "there is no record in the file"))
    for (offset, record_id), breach in links.finish(resolves):
        yield report(offset, record_id, breach)


def _member(entry: Entry, ours: bool) -> Iterator[Breach]:
    if entry.compressed and entry.length is None:
        text = "several records share a gzip member: none but the first can be read by its offset"
        yield Breach("warning", "member-alignment", "WARC 1.1, A.2", text)
    elif ours and entry.compressed and entry.member_header != HEADER:
        yield Breach(
            "error", "member-header", "RFC 1952, 2.3", "the gzip header is not the one Pressmark writes: it was changed"
        )


def _is_ours(entry: Entry) -> bool:
    if entry.get("WARC-Type") != "warcinfo" or entry.block_length > 1 << 16:
        return False
    return entry.peek().startswith(fields.to_block([notes.MARK]))


def _drain(damages: list[Damage]) -> list[Damage]:
    taken = damages[:]
    damages.clear()
    return taken


def _damaged(name: str, damage: Damage) -> Finding:
    section, text = _DAMAGE[damage.reason]
    return Finding(
        severity="error",
        file=name,
        offset=damage.offset,
        record_id=damage.record_id,
        rule=damage.reason,
        section=section,
        message=f"{text}: {damage.detail}",
    )


__all__ = ["Finding", "verify_file", "verify_stream"]
