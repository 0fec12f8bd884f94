"""Edits: what changed from one capture of an article to the next, as a table. Owns its columns and the comparison; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from crawler.record import SCHEMA_VERSION, Change

_FACTS = (
    "title", "description", "authors", "section", "tags", "language", "published_at", "modified_at", "images", "page_type", "access",
    "canonical_url",
)  # fmt: skip
"""Facts that are compared, beside the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One line of an export's edits.jsonl: two captures of an article that follow each other, and what differs."""

    schema_version: str = SCHEMA_VERSION
    """Version of this record's form."""
    site: str
    """Key of the site in the collection."""
    article_id: str
    """``article_id`` of both captures."""
    url: str
    """Address of the later capture."""
    previous_id: str
    """``id`` of the earlier capture."""
    id: str
    """``id`` of the later capture."""
    revision: int
    """``revision`` of the later capture."""
    change: Change
    """What changed: edited (another text), cosmetic (the same text), gone (the server says 404 or 410), or new if a row says so."""
    previous_fetched_at: str
    """When the earlier capture began."""
    fetched_at: str
    """When the later capture began: the edit was made between the two."""
    changed: list[str]
    """Names of the fields that differ: ``text`` and facts of the article."""
    previous_title: str | None
    """Headline before."""
    title: str | None
    """Headline after."""
    words_added: int
    """Words of the later text that the earlier one has not, each as often as it has it more."""
    words_removed: int
    """Words of the earlier text that the later one has not."""
    similarity: float
    """0 to 1: words that both texts have, of all their words (Dice, counting repetitions); 1 for the same words."""
    added: list[str]
    """Paragraphs of the later text that the earlier one has not, in order."""
    removed: list[str]
    """Paragraphs of the earlier text that the later one has not, in order."""


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Edit:
    """Say what changed between two rows of articles, the earlier one first."""
    added, removed = _paragraphs(before["text"], after["text"])
    old, new = Counter(before["text"].split()), Counter(after["text"].split())
    words = old.total() + new.total()
    changed = [name for name in _FACTS if before[name] != after[name]]
    return Edit(
        site=after["site"],
        article_id=after["article_id"],
        url=after["url"],
        previous_id=before["id"],
        id=after["id"],
        revision=after["revision"],
        change=after["change"],
        previous_fetched_at=before["fetched_at"],
        fetched_at=after["fetched_at"],
        changed=(["text"] if before["text"] != after["text"] else []) + changed,
        previous_title=before["title"],
        title=after["title"],
        words_added=(new - old).total(),
        words_removed=(old - new).total(),
        similarity=round(2 * (old & new).total() / words, 4) if words else 1.0,
        added=added,
        removed=removed,
    )


def _paragraphs(before: str, after: str) -> tuple[list[str], list[str]]:
    """Paragraphs that only the later and only the earlier text has, as a diff of the two in order finds them."""
    old, new = ([part for part in text.split("\n\n") if part] for text in (before, after))
    added: list[str] = []
    removed: list[str] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            removed += old[old_from:old_to]
            added += new[new_from:new_to]
    return added, removed
