"""What verification finds: one thing wrong at one place, with the rule it breaks. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be."""

    severity: Severity
    """``error``: the standard says shall, or the bytes do not prove what they should. ``warning``: it says should, or readers stumble."""
    file: str
    """Name of the file, as it was given."""
    offset: int | None
    """Where the record, or its gzip member, begins in bytes; None if the file as a whole is meant."""
    record_id: str | None
    """``urn:uuid:…`` of the record; None if it could not be read."""
    rule: str
    """Slug of the rule."""
    section: str
    """Where the rule stands: ``WARC 1.1, 5.4``."""
    message: str
    """What was found, for people."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A finding about the record in hand, before its place is added."""

    severity: Severity
    rule: str
    section: str
    message: str


def error(rule: str, section: str, message: str) -> Breach:
    """A breach of what the standard says shall be."""
    return Breach("error", rule, section, message)


def warning(rule: str, section: str, message: str) -> Breach:
    """A breach of what the standard recommends, or what readers stumble over."""
    return Breach("warning", rule, section, message)
