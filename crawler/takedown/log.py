"""The log of takedowns of a site: who ordered what, when and why, what it touched, whether all of it is done, and who lifted a restriction.

Owns ``takedowns.jsonl``. It is only ever appended to; an order counts from the moment it is written, done or not, and so does a lifting.
What is taken down is never fetched again, and nothing that is made from the WARC files later brings it back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from crawler.disk import append_file
from crawler.errors import StorageError
from crawler.layout import SiteLayout

Mode = Literal["restrict", "tombstone", "erase"]
_STRENGTH: dict[Mode, int] = {"restrict": 0, "tombstone": 1, "erase": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A record in a WARC file."""

    filename: str
    """Name of the file, without ``.open``."""
    offset: int
    length: int
    record_id: str
    kind: str
    """WARC-Type."""
    sha256: str
    """Of its bytes in the file (of the gzip member), before the takedown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A capture that is taken down."""

    id: str
    """``urn:uuid:…`` of its response or revisit record."""
    url: str
    fetched_at: str
    filename: str
    offset: int
    text_sha256: str | None
    """Digest of the text in its row; None if it has no row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takedown:
    """One order."""

    takedown_id: str
    at: str
    mode: Mode
    by: str
    """Who ordered it."""
    reason: str
    asked: str
    """The id or URL that was named."""
    urls: tuple[str, ...]
    """Addresses that are never fetched again; none if single captures were named."""
    captures: tuple[Captured, ...]
    members: tuple[Member, ...]
    """All records that belong to them: requests, metadata, texts."""
    held_by: tuple[str, ...]
    """Exports and packages that hold, or may hold, one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """The word that restrictions do not hold any more."""

    lift_id: str
    at: str
    by: str
    """Who lifted them."""
    reason: str
    asked: str
    """The id or URL that was named."""
    orders: tuple[Takedown, ...]
    """The restrictions; the log names each by its id."""


@dataclass(slots=True)
class Standing:
    """What is in force at a site."""

    orders: list[Takedown] = field(default_factory=list)
    """The orders in force, oldest first."""
    by_id: dict[str, Takedown] = field(default_factory=dict)
    """The strongest order for each capture."""
    urls: set[str] = field(default_factory=set)
    """Addresses that are never fetched again."""
    pending: list[Takedown | Lift] = field(default_factory=list)
    """Orders and liftings that are not carried out to their end."""

    @property
    def restricted(self) -> set[str]:
        """Captures whose rows are kept, and shown to nobody."""
        return {id for id, order in self.by_id.items() if order.mode == "restrict"}

    @property
    def places(self) -> set[tuple[str, int]]:
        """Where the captures stand: file and offset. No index leads to them, and no package holds them."""
        return {(each.filename, each.offset) for order in self.by_id.values() for each in order.captures}

    def order_for(self, capture_id: str) -> Takedown | None:
        """The order that took a capture's content away; None if none did, or it is only restricted."""
        order = self.by_id.get(capture_id)
        return order if order and order.mode != "restrict" else None


def standing(layout: SiteLayout) -> Standing:
    """Read what is in force.

    Raises:
        StorageError: the log cannot be read. Nothing may then be shown: what must not be is not known.
    """
    found = Standing()
    orders: dict[str, Takedown] = {}
    pending: dict[str, Takedown | Lift] = {}
    for event in _events(layout):
        if event["event"] == "done":
            pending.pop(event["takedown_id"], None)
        elif event["event"] == "lifted":
            # only a restriction has a way back, whatever the log says
            lifted = [orders[id] for id in event["takedown_ids"] if id in orders and orders[id].mode == "restrict"]
            for order in lifted:
                del orders[order.takedown_id]
                pending.pop(order.takedown_id, None)
            names = ("lift_id", "at", "by", "reason", "asked")
            lift = Lift(orders=tuple(lifted), **{name: event[name] for name in names})
            pending[lift.lift_id] = lift
        else:
            order = _order(event)
            orders[order.takedown_id] = pending[order.takedown_id] = order
    found.orders, found.pending = list(orders.values()), list(pending.values())
    for order in found.orders:
        found.urls.update(order.urls)
        for each in order.captures:
            known = found.by_id.get(each.id)
            if known is None or _STRENGTH[order.mode] >= _STRENGTH[known.mode]:
                found.by_id[each.id] = order
    return found


def note_order(layout: SiteLayout, order: Takedown) -> None:
    """Write an order into the log, durably: from now on it counts.

    Raises:
        StorageError: it cannot be written; nothing was changed.
    """
    _append(layout, {"event": "ordered", **asdict(order)})


def note_lift(layout: SiteLayout, lift: Lift) -> None:
    """Write into the log, durably, that restrictions are lifted: from now on they do not count.

    Raises:
        StorageError: it cannot be written; they hold.
    """
    event = asdict(lift) | {"event": "lifted", "takedown_ids": [order.takedown_id for order in lift.orders]}
    del event["orders"]
    _append(layout, event)


def note_done(layout: SiteLayout, takedown_id: str, at: str, done: dict[str, Any]) -> None:
    """Write that an order, or a lifting, was carried out, and what was done.

    Raises:
        StorageError: it cannot be written; the order is carried out again by the next takedown, which changes nothing.
    """
    _append(layout, {"event": "done", "takedown_id": takedown_id, "at": at, **done})


def _events(layout: SiteLayout) -> Iterator[dict[str, Any]]:
    path = layout.takedowns
    try:
        if not path.exists():
            return
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    return  # it was being written when the machine stopped: the order was not given
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise StorageError(
                        f"{path}:{number}: not a line of JSON: {error}",
                        hint="The log says what must not be shown. Restore it from a copy before anything else.",
                    ) from error
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror}", hint="The log must be readable: it says what must not be shown."
        ) from error


def _order(event: dict[str, Any]) -> Takedown:
    values = {name: event[name] for name in Takedown.__slots__}
    return Takedown(
        **values
        | {
            "urls": tuple(values["urls"]),
            "captures": tuple(Captured(**each) for each in values["captures"]),
            "members": tuple(Member(**each) for each in values["members"]),
            "held_by": tuple(values["held_by"]),
        }
    )


def _append(layout: SiteLayout, event: dict[str, Any]) -> None:
    path = layout.takedowns
    try:
        if path.exists():
            os.truncate(
                path, path.read_bytes().rfind(b"\n") + 1
            )  # half a line of a write that failed: that order was never given
        append_file(path, json.dumps(event, ensure_ascii=False).encode() + b"\n")
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}", hint="Make room, then run the same command again.") from error
