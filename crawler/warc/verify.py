"""The verifier: reads a WARC or WACZ of any tool to its last byte and says what is wrong with it, where, and by which rule.

Owns the order of the checks and what is said of damaged places. Streams, and memory does not grow with the file; never changes a file.
A record that is not whole gets no other finding: nothing in it is sure.
"""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from crawler.errors import StorageError
from crawler.layout import OPEN
from crawler.warc import check_index, check_links, check_wacz, fields, notes
from crawler.warc.check_block import BlockCheck
from crawler.warc.check_header import check_header
from crawler.warc.finding import Breach, Finding, error
from crawler.warc.gzipmember import HEADER
from crawler.warc.reader import warc_members
from crawler.warc.scan import Damage, Entry, scan
from crawler.warc.scratch import scratch
from crawler.warc.source import Broken

_DAMAGE = {
    "torn": ("WARC 1.1, 4", "the file ends in the middle of a record"),
    "bad-gzip": ("RFC 1952, 2.2", "a gzip member is damaged"),
    "bad-zstd": ("RFC 8878, 3.1", "a Zstandard frame is damaged"),
    "bad-checksum": ("RFC 1952, 2.3", "a gzip member is not what its checksum says"),
    "bad-header": ("WARC 1.1, 4", "a record's header is damaged"),
    "bad-length": ("WARC 1.1, 5.3", "a record's Content-Length is not its block's"),
    "garbage": ("WARC 1.1, 4", "there are bytes that belong to no record"),
}


def verify_file(path: Path) -> Iterator[Finding]:
    """Yield what is wrong with one WARC or WACZ file, closed or still ``.open``.

    Raises:
        StorageError: the file cannot be read.

    """
    yield from verify_files([path])


def verify_stream(stream: BinaryIO) -> Iterator[Finding]:
    """Yield what is wrong with a WARC that comes through a pipe; findings call it ``-``."""
    with verifying() as verifier:
        yield from verifier.verify(stream, "-")
        yield from verifier.finish()


def verify_files(
    paths: list[Path], index: Path | None = None, hidden: Collection[tuple[str, int]] = ()
) -> Iterator[Finding]:
    """Yield what is wrong with files that belong together: a revisit's original may be in any of them.

    Args:
        paths: the files.
        index: their CDXJ, which may be behind the one that is being written.
        hidden: places (file and offset) of captures that were taken down, which have no line in the index.

    Raises:
        StorageError: a file cannot be read.

    """
    with verifying() as verifier:
        for path in paths:
            try:
                with path.open("rb") as file:
                    if file.read(4) == b"PK\x03\x04":
                        yield from _verify_wacz(path)
                    else:
                        file.seek(0)
                        yield from verifier.verify(file, str(path))
            except OSError as broken:
                why = broken.strerror or broken
                raise StorageError(
                    f"{path} cannot be read: {why}", hint="Check that it is there and may be read."
                ) from broken
        yield from verifier.finish()
        if index is not None:
            yield from _site_index(index, paths, verifier, hidden)


def _site_index(
    index: Path, paths: list[Path], verifier: Verifier, hidden: Collection[tuple[str, int]]
) -> Iterator[Finding]:
    files = {_indexed(str(path)): str(path) for path in paths}
    verifier.forget(hidden)
    try:
        with index.open("rb") if index.exists() else io.BytesIO() as lines:
            for name, breach in verifier.check_index(((str(index), line) for line in lines), "CDXJ", growing=True):
                yield _finding(files.get(name, name), None, None, breach)
    except OSError as broken:
        yield _finding(
            str(index), None, None, error("index-unreadable", "CDXJ", f"it cannot be read: {broken.strerror}")
        )


@contextmanager
def verifying() -> Iterator[Verifier]:
    """Give a verifier for WARCs that belong together. What it remembers of them is on disk.

    Raises:
        StorageError: there is no room for temporary files.

    """
    with scratch(check_links.SCHEMA + check_index.SCHEMA) as database:
        yield Verifier(database)


class Verifier:
    """Verifies WARCs that belong together: ``verify`` each, then ``finish``, then ``check_index``."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._links = check_links.LinkCheck(database)
        self._captures = check_index.IndexCheck(database)

    def verify(self, stream: BinaryIO, name: str) -> Iterator[Finding]:
        """Read a WARC that is called ``name`` in the findings; yield what is wrong with its records by themselves."""
        damages: list[Damage] = []
        self._links.begin(name)
        ours = False
        number = 0
        for entry in scan(stream, on_damage=damages.append):
            yield from _damaged(name, damages)
            number += 1
            block = BlockCheck(entry)
            try:
                ours = ours or _is_ours(entry)
                breaches = [*check_header(entry), *block.run()]
            except Broken:
                continue  # scan reports it
            breaches += _member(entry, ours)
            breaches += self._links.add(entry, block.method, block.empty_body)
            self._captures.add(_indexed(name), entry)
            for breach in breaches:
                yield _finding(name, entry.offset, entry.record_id, breach)
        yield from _damaged(name, damages)
        if not number:
            yield _finding(name, 0, None, error("no-record", "WARC 1.1, 3", "there is no record in the file"))

    def finish(self) -> Iterator[Finding]:
        """Yield what does not fit together."""
        for (name, offset, record_id), breach in self._links.finish():
            yield _finding(name, offset, record_id, breach)

    def forget(self, hidden: Iterable[tuple[str, int]]) -> None:
        """No index may lead to the captures at these places (file and offset)."""
        self._captures.forget(hidden)

    def check_index(
        self, lines: Iterable[tuple[str, bytes]], section: str, *, growing: bool = False
    ) -> Iterator[tuple[str, Breach]]:
        """Yield what is wrong with an index of these WARCs; see ``check_index.IndexCheck.check``."""
        return self._captures.check(lines, section, growing=growing)


def _verify_wacz(path: Path) -> Iterator[Finding]:
    def report(member: str, breach: Breach, offset: int | None = None) -> Finding:
        return _finding(f"{path}/{member}" if member else str(path), offset, None, breach)

    try:
        with zipfile.ZipFile(path) as archive:
            for member, breach in check_wacz.check_wacz(archive):
                yield report(member, breach)
            with verifying() as verifier:
                for name in warc_members(archive):
                    with archive.open(name) as stream:
                        yield from verifier.verify(stream, f"{path}/{name}")  # type: ignore[arg-type]
                yield from verifier.finish()
                for member, breach in _index(archive, verifier):
                    yield report(member, breach)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as broken:
        yield report("", error("zip-damaged", "WACZ 1.1.1, Zip Format", f"the ZIP file cannot be read: {broken}"))


def _index(archive: zipfile.ZipFile, verifier: Verifier) -> Iterator[check_wacz.Member]:
    if not any(True for _ in check_wacz.read_lines(archive)):
        return
    warcs = {_indexed(name): name for name in warc_members(archive)}
    for member, breach in verifier.check_index(check_wacz.read_lines(archive), "WACZ 1.1.1, indexes"):
        yield warcs.get(member, member), breach


def _indexed(name: str) -> str:
    """What an index calls a WARC."""
    return name.rpartition("/")[2].removesuffix(OPEN)


def _member(entry: Entry, ours: bool) -> Iterator[Breach]:
    if entry.compressed and entry.length is None:
        what, section = ("frame", "WARC-zstd 1.0, 4") if entry.zstandard else ("gzip member", "WARC 1.1, A.2")
        text = f"several records share a {what}: none but the first can be read by its offset"
        yield Breach("warning", "member-alignment", section, text)
    if not entry.sure:
        text = "a Zstandard frame without its content's size or checksum: a changed byte in it would not be noticed"
        yield Breach("warning", "frame-unsure", "WARC-zstd 1.0, 4.1", text)
    if ours and entry.member_header not in (b"", HEADER):
        yield error("member-header", "RFC 1952, 2.3", "the gzip header is not the one Pressmark writes: it was changed")


def _is_ours(entry: Entry) -> bool:
    if entry.get("WARC-Type") != "warcinfo":
        return False
    return entry.peek().startswith(fields.to_block([notes.MARK]))


def _finding(name: str, offset: int | None, record_id: str | None, breach: Breach) -> Finding:
    return Finding(
        severity=breach.severity,
        file=name,
        offset=offset,
        record_id=record_id,
        rule=breach.rule,
        section=breach.section,
        message=breach.message,
    )


def _damaged(name: str, damages: list[Damage]) -> Iterator[Finding]:
    """Report the damages and forget them."""
    while damages:
        damage = damages.pop(0)
        section, text = _DAMAGE[damage.reason]
        yield _finding(name, damage.offset, damage.record_id, error(damage.reason, section, f"{text}: {damage.detail}"))


__all__ = ["Finding", "verify_file", "verify_files", "verify_stream", "verifying"]
