"""The reader: captures out of any WARC or WACZ, ours or not, from a file or a pipe, as a stream.

Owns which records make a capture: a response with the metadata record that follows it, a revisit with the earlier body it stands
for (in the same file or package, or in the file beside it that the revisit names). Damage never ends the iteration. Never changes a file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from crawler.errors import StorageError
from crawler.layout import OPEN, WARC
from crawler.warc import capture, coding, fields, notes, zstdframe
from crawler.warc.capture import Content
from crawler.warc.exchange import Capture
from crawler.warc.scan import Damage, Entry, scan
from crawler.warc.source import Broken

OnDamage = Callable[[Damage], object]

Reopen = Callable[[int], BinaryIO]
"""Opens a file again, at an offset."""
Original = tuple[Reopen, int]
"""Where a capture stands that revisits may stand for."""
Beside = Callable[[str], Reopen | None]
"""Finds a WARC by its name."""

_WINDOW = 4
_NOTES_LIMIT = 1 << 20


def read_captures(
    source: Path | BinaryIO, *, body_limit: int = coding.LIMIT, on_damage: OnDamage | None = None
) -> Iterator[Capture]:
    """Yield the captures of a WARC (``.warc``, ``.warc.gz``, ``.warc.zst``, ``.open`` too), a WACZ, or a pipe, in order.

    Args:
        source: the file's path, or an open binary file or pipe that holds a WARC.
        body_limit: bytes of a decoded body that are kept.
        on_damage: called for each place that holds no whole record; the iteration goes on behind it.

    Raises:
        StorageError: the file cannot be opened or read.

    """
    if not isinstance(source, Path):
        yield from _Reading(source, None, None, body_limit, on_damage).captures()
    elif _is_zip(source):
        yield from _read_wacz(source, body_limit, on_damage)
    else:
        yield from read_captures_from(source, 0, body_limit=body_limit, on_damage=on_damage)


def read_captures_from(
    path: Path, offset: int, *, body_limit: int = coding.LIMIT, on_damage: OnDamage | None = None
) -> Generator[Capture, None, None]:
    """Yield the captures of a WARC file from the member (or plain record) at ``offset`` on.

    Raises:
        StorageError: the file cannot be opened or read.

    """

    reopen = _opener(path)
    name = path.name.removesuffix(OPEN)
    try:
        with reopen(offset) as file:
            yield from _Reading(
                file, name, reopen, body_limit, on_damage, offset, beside=lambda other: _beside(path, other)
            ).captures()
    except OSError as error:
        raise _unreadable(path, error) from error


def _opener(path: Path) -> Reopen:
    def reopen(at: int) -> BinaryIO:
        file = path.open("rb")
        file.seek(at)
        return file

    return reopen


def _beside(path: Path, name: str) -> Reopen | None:
    """The WARC called ``name`` in the folder of ``path``, closed or still being written; never one elsewhere."""
    if not name.endswith(WARC) or PurePosixPath(name).name != name or "\\" in name or "\0" in name:
        return None
    found = next((file for file in (path.with_name(name), path.with_name(name + OPEN)) if file.is_file()), None)
    return _opener(found) if found else None


def holds(path: Path, offset: int, record_id: str) -> bool:
    """Whether the record ``record_id`` begins at ``offset`` and is whole."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            for entry in scan(file, offset=offset):
                if entry.offset != offset or entry.record_id != record_id:
                    return False
                entry.finish()
                return True
    except (OSError, Broken):
        pass
    return False


def read_capture_at(path: Path, offset: int, *, body_limit: int = coding.LIMIT) -> Capture:
    """Read the one capture whose record begins at ``offset``.

    Raises:
        StorageError: the file cannot be read, or no whole capture begins there.

    """
    damages: list[Damage] = []
    with closing(read_captures_from(path, offset, body_limit=body_limit, on_damage=damages.append)) as captures:
        found = next(captures, None)
    if found is None or found.pointer.offset != offset:
        why = f": {damages[0].detail}" if damages else ""
        raise StorageError(
            f"{path}: no whole capture begins at {offset}{why}",
            hint="'pressmark verify' lists what is damaged in the file.",
        )
    return found


def read_raw(path: Path, offset: int, length: int | None = None) -> bytes:
    """Return the record at ``offset`` as it is, header and block, without the gzip member around it.

    Args:
        path: the WARC file.
        offset: where the record's member (or the plain record) begins.
        length: length of that member, if it is known; no byte after it is read then.

    Raises:
        StorageError: the file cannot be read, or no whole record is there.

    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            head = file.read(len(zstdframe.MAGIC))
            file.seek(offset)
            # a frame is nothing without the dictionary at the file's beginning
            part = length is not None and head != zstdframe.MAGIC
            for entry in scan(io.BytesIO(file.read(length)) if part else file, offset=offset):
                if entry.offset == offset:
                    data = b"".join((entry.header, *entry.pieces()))
                    entry.finish()
                    return data
                break
    except Broken as error:
        raise StorageError(f"{path}: the record at {offset} is damaged: {error.detail}") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    raise StorageError(f"{path}: no record begins at {offset}")


class _Reading:
    """One pass over one WARC."""

    def __init__(
        self,
        stream: BinaryIO,
        filename: str | None,
        reopen: Reopen | None,
        limit: int,
        on_damage: OnDamage | None,
        offset: int = 0,
        *,
        seen: dict[str, Original] | None = None,
        beside: Beside | None = None,
        applied: list[str] | None = None,
    ) -> None:
        self._filename = filename
        self._beside = beside
        self._reopen = reopen
        self._limit = limit
        self._applied = applied
        self._on_damage = on_damage or (lambda damage: None)
        self._entries = scan(stream, offset=offset, on_damage=self._on_damage)
        self._seen: dict[str, Original] = {} if seen is None else seen

    def captures(self) -> Iterator[Capture]:
        """Yield the captures; each is held until the record after it shows whether it is its metadata."""
        held: tuple[Entry, Content] | None = None
        age = 0
        for entry in self._entries:
            kind = (entry.get("WARC-Type") or "").lower()
            try:
                if held and kind == "metadata" and age < _WINDOW:
                    age += 1
                    if found := self._notes_of(held[0], entry):
                        yield from self._make(*held, found)
                        held = None
                    continue
                if held:
                    yield from self._make(*held, None)
                    held = None
                if capture.is_capture(entry):
                    held, age = (entry, capture.read_content(entry, self._limit, self._applied)), 0
            except Broken:
                continue  # reported by scan
        if held:
            yield from self._make(*held, None)

    def _make(self, entry: Entry, content: Content, found: notes.Notes | None) -> Iterator[Capture]:
        try:
            made = capture.to_capture(entry, content, self._filename, found)
        except ValueError as error:
            self._on_damage(Damage(entry.offset, "bad-header", str(error), entry.record_id))
            return
        if (entry.get("WARC-Type") or "").lower() == "revisit":
            made = self._resolve(entry, made)
        elif self._reopen and entry.length is not None:
            for key in (made.pointer.record_id, f"{made.url} {entry.get('WARC-Date')}", made.pointer.payload_digest):
                self._seen.setdefault(key, (self._reopen, entry.offset))
            if declared := entry.get("WARC-Payload-Digest"):
                self._seen.setdefault(declared, (self._reopen, entry.offset))
        yield made

    def _resolve(self, entry: Entry, made: Capture) -> Capture:
        """Give a revisit the body it stands for, if that is at hand; a 304 keeps none.

        What it shares with its original is the payload, coded as it came. Its own head, which is that of a response (WARC 1.1, 6.7.2),
        says how to decode it; without one, the original's does.
        """
        if capture.profile(entry) == "server-not-modified":
            return replace(made, status=made.status or 304, damaged=None)
        applied = capture.codings(made.headers) if made.status else None
        original = self._original(entry, applied) if capture.profile(entry) else None
        if original:
            return replace(
                made,
                pointer=replace(made.pointer, payload_digest=original.pointer.payload_digest),
                status=made.status or original.status,
                headers=made.headers or original.headers,
                body=original.body,
                damaged=original.damaged,
            )
        declared = entry.get("WARC-Payload-Digest") or ""
        digest = declared if declared.startswith("sha256:") else made.pointer.payload_digest
        return replace(
            made, pointer=replace(made.pointer, payload_digest=digest), body=b"", damaged="revisit-unresolved"
        )

    def _original(self, entry: Entry, applied: list[str] | None) -> Capture | None:
        """The capture that a revisit stands for, ``applied`` taken off its body: among those read before, or where the revisit says."""
        refers_to = fields.bare(entry.get("WARC-Refers-To") or "")
        target = fields.bare(entry.get("WARC-Refers-To-Target-URI") or "")
        declared = entry.get("WARC-Payload-Digest") or ""
        for key in (refers_to, f"{target} {entry.get('WARC-Refers-To-Date')}", declared):
            if (seen := self._seen.get(key)) and (found := self._read_original(*seen, applied)):
                return found
        named, at = entry.get("WARC-Refers-To-Filename") or "", entry.get("WARC-Refers-To-File-Offset") or ""
        reopen = self._beside(named) if self._beside and at.isascii() and at.isdigit() and len(at) < 19 else None
        found = self._read_original(reopen, int(at), applied) if reopen else None
        return found if found and found.pointer.record_id == refers_to else None

    def _read_original(self, reopen: Reopen, offset: int, applied: list[str] | None) -> Capture | None:
        try:
            with reopen(offset) as file:
                reading = _Reading(file, self._filename, None, self._limit, None, offset, applied=applied)
                return next(reading.captures(), None)
        except OSError:
            return None

    def _notes_of(self, held: Entry, entry: Entry) -> notes.Notes | None:
        """The notes in a metadata record, if it is ours and speaks of the record that is held."""
        named = [*fields.get_all(entry.fields, "WARC-Concurrent-To"), *fields.get_all(entry.fields, "WARC-Refers-To")]
        if held.record_id not in [fields.bare(each) for each in named] or entry.block_length > _NOTES_LIMIT:
            return None
        block = b"".join(entry.pieces())
        entry.finish()
        return notes.from_block(block)


def _read_wacz(path: Path, limit: int, on_damage: OnDamage | None) -> Iterator[Capture]:
    try:
        with zipfile.ZipFile(path) as wacz:
            names = warc_members(wacz)
            if not names:
                raise StorageError(f"{path} is a ZIP file without archive/*.warc.gz: no WACZ")
            seen: dict[str, Original] = {}
            for name in names:

                def reopen(at: int, name: str = name) -> BinaryIO:
                    file = wacz.open(name)
                    file.seek(at)
                    return file  # type: ignore[return-value]

                with reopen(0) as file:
                    yield from _Reading(file, PurePosixPath(name).name, reopen, limit, on_damage, seen=seen).captures()
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _unreadable(path, error) from error


def warc_members(package: zipfile.ZipFile) -> list[str]:
    """Names of the WARCs in a WACZ package, in the order in which they are read."""
    return sorted(n for n in set(package.namelist()) if n.startswith("archive/") and n.endswith(WARC))


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> StorageError:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return StorageError(
        f"{path} cannot be read: {why}", hint="Check that the file is there, that it is whole and that you may read it."
    )
