"""Which rows are wanted: sites, a span of time, languages, conditions, quality, rights signals. Pure.

Owns the judgement of one row by what it says itself; which of an article's captures is the latest is for ``crawler.dataset.catalogue``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crawler.dataset.condition import Condition
from crawler.dataset.moment import within

Respect = Literal["tdm", "robots"]
Revisions = Literal["latest", "all"]

_NO_ARCHIVE = frozenset({"noarchive", "noindex", "none"})
_NO_MINING = frozenset({"noai", "noimageai", "notrain"})


@dataclass(frozen=True, slots=True)
class Selection:
    """Which captures of articles are wanted."""

    sites: frozenset[str] = frozenset()
    """Keys of sites; empty for all."""
    start: str | None = None
    """First day or moment of capture, as ``crawler.dataset.moment`` has it."""
    end: str | None = None
    """Last day or moment of capture; it counts."""
    languages: tuple[str, ...] = ()
    """Language ranges (RFC 4647, 3.3.1: ``pt`` takes ``pt-BR``); empty for all."""
    conditions: tuple[Condition, ...] = ()
    """Conditions on fields, all of which must hold."""
    min_quality: float = 0.0
    """Least ``quality``."""
    respect: frozenset[Respect] = frozenset()
    """Rights signals to be heeded."""
    revisions: Revisions = "latest"
    """Whether an article is there once, as it was captured last, or with all its captures."""

    def in_time(self, time: str) -> bool:
        """Whether a time of the record, or a month (``YYYY-MM``), lies in the span."""
        return within(time, self.start, self.end)

    def why_not(self, row: Mapping[str, Any]) -> str | None:
        """Why a row of articles.jsonl is left out, as a slug; None if it is wanted."""
        if self.sites and row["site"] not in self.sites:
            return "site"
        if not self.in_time(row["fetched_at"]):
            return "time"
        if row.get("withdrawn_at"):
            return "withdrawn"
        if self.languages and not any(_speaks(row["language"], wanted) for wanted in self.languages):
            return "language"
        if row["quality"] < self.min_quality:
            return "quality"
        if self.respect and (signal := self._reserved(row["rights"])):
            return signal
        return next((f"where {each.text}" for each in self.conditions if not each.holds(row)), None)

    def _reserved(self, rights: Mapping[str, Any]) -> str | None:
        said = {word.strip().lower() for word in (rights["meta_robots"] or "").replace(",", " ").split()}
        if "tdm" in self.respect and (rights["tdm_reservation"] or said & _NO_MINING):
            return "respect tdm"
        if "robots" in self.respect and (rights["robots"] in ("ignored", "disallowed") or said & _NO_ARCHIVE):
            return "respect robots"
        return None


def _speaks(language: str | None, wanted: str) -> bool:
    have, want = (language or "").lower(), wanted.lower()
    return have == want or have.startswith(want + "-")
