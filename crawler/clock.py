"""The clock: what tells the wall-clock time wherever time is written down or compared. Tests and simulations pass another one in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the wall-clock time: aware, in UTC."""


def utc_now() -> datetime:
    """The time now: the default clock."""
    return datetime.now(UTC)
