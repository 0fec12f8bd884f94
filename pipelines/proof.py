"""The proof of a row: its record stands where the row says, bears the digest that it names, and gives the same row when extracted again.

Owns the steps, and the slugs of what does not hold. Where WARC files and profiles lie is the caller's to say; whether the captures before
it are known too, so that its place in history can be proved, is as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.errors import StorageError
from crawler.record import to_json
from crawler.takedown.tombstone import tombstone
from crawler.upgrade import Row
from crawler.warc.erasure import erased_at
from crawler.warc.exchange import Capture
from crawler.warc.finding import Severity
from crawler.warc.reader import read_capture_at
from pipelines.basis import Basis
from pipelines.derive import VERSION, Derived
from pipelines.offline import settle
from pipelines.workers import WorkerPool

HISTORY = frozenset({"revision", "previous_id", "change"})
"""Fields that rest on the captures before."""
COPIES = frozenset({"duplicate_of", "duplicate_kind", "duplicate_similarity"})
"""Fields that rest on the other articles."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing about a row that does not hold, or cannot be proved."""

    rule: str
    """Slug."""
    message: str
    severity: Severity = "error"
    """``warning``: nothing is wrong, but it cannot be proved."""


class Prover:
    """Proves rows.

    Args:
        pool: extracts.
        warc: gives the WARC file of a name; None if it is not at hand.
        profile: gives the file of the profile with a digest.
    """

    def __init__(self, pool: WorkerPool, warc: Callable[[str], Path | None], profile: Callable[[str], Path]) -> None:
        self._pool = pool
        self._warc = warc
        self._profile = profile
        self._bases: dict[str, Basis] = {}

    def record(self, row: Row) -> Capture | Doubt:
        """The record a row points to, if it is the one that the row means."""
        name, offset = row["warc_filename"], row["warc_record_offset"]
        if name is None or offset is None:
            return Doubt("row-without-record", "the row names no record")
        path = self._warc(name)
        if path is None:
            return Doubt("warc-missing", f"{name} is not at hand, so nothing proves the row", "warning")
        if path.is_file() and (gone := erased_at(path, offset)) and gone.record_id == row["id"]:
            return Doubt("erased", f"its record was erased by order of {gone.at}: {gone.reason}", "warning")
        try:
            capture = read_capture_at(path, offset)
        except (OSError, StorageError, ValueError) as error:
            why = error.message if isinstance(error, StorageError) else error
            return Doubt("record-unreadable", f"the row's record cannot be read: {why}")
        at = capture.pointer
        if at.record_id != row["id"]:
            return Doubt("record-differs", f"another record stands there: {at.record_id}")
        if at.payload_digest != row["payload_digest"]:
            return Doubt(
                "digest-differs", f"the payload's digest is {at.payload_digest}, the row says {row['payload_digest']}"
            )
        return capture

    def unusable(self, row: Row) -> Doubt | None:
        """Why the row cannot be made again although its record holds; None if it can."""
        if row["extraction"]["version"] != VERSION:
            text = f"made by {row['extraction']['version']}, which {VERSION} cannot repeat; its record holds"
            return Doubt("other-version", text, "warning")
        digest = str(row["extraction"]["profile_sha256"])
        if digest in self._bases:
            return None
        try:
            basis = Basis.from_json(self._profile(digest).read_bytes())
        except (OSError, ValueError) as error:
            return Doubt("profile-unreadable", f"the site profile that the row names cannot be read: {error}")
        if basis.sha256 != digest:
            return Doubt("profile-differs", f"the site profile {digest} has been changed: it is {basis.sha256} now")
        self._bases[digest] = basis
        return None

    def derive(self, capture: Capture, row: Row) -> Future[Derived]:
        """Extract a capture with the basis that a row names, which ``unusable`` has found good."""
        return self._pool.derive(capture, self._bases[row["extraction"]["profile_sha256"]])

    def settled(self, future: Future[Derived], capture: Capture) -> Derived:
        """What came of it."""
        return settle(future, capture.pointer.record_id, month=f"{capture.date:%Y-%m}", timeout=self._pool.timeout)


def differences(
    row: Row, removed: list[Row] | None, derived: Derived, *, unproved: frozenset[str] = frozenset()
) -> list[Doubt]:
    """What a row says, held against what its record gives.

    Args:
        row: the row.
        removed: its removed blocks; None if they are not looked at.
        derived: what the record gives.
        unproved: fields that rest on more than the record.
    """
    if derived.article is None:
        return [Doubt("row-not-derived", f"the record gives no row any more: {derived.verdict}: {derived.detail}")]
    again: dict[str, Any] = json.loads(to_json(derived.article))
    blocks = [json.loads(to_json(block)) for block in derived.blocks]
    if row["withdrawn_at"]:
        again, blocks = tombstone(again, row["withdrawn_at"], row["withdrawn_reason"]), []
    doubts = [
        Doubt("row-differs", f"field '{field}' is not what the record gives")
        for field in sorted((again.keys() | row.keys()) - unproved)
        if again.get(field) != row.get(field)
    ]
    if removed is not None and blocks != removed:
        doubts.append(Doubt("removed-differs", "the removed blocks are not what the record gives"))
    return doubts
