"""History: what a row says about earlier captures (revision, previous_id, change, duplicate_of).

The second pass over a site's captures, in order of capture; live and offline by the same code. Pure but for the store it is given.
"""

from __future__ import annotations

import dataclasses
from typing import Protocol

from crawler.record import Article


class Store(Protocol):
    """What history must remember; ``crawler.ledger.Ledger`` is one, ``MemoryStore`` another."""

    def article(self, article_id: str) -> tuple[str, int, str] | None:
        """(id, revision, text_sha256) of the last capture of an article."""

    def text(self, text_sha256: str) -> tuple[str, str] | None:
        """(id, article_id) of the first capture with that text."""

    def remember(self, article_id: str, *, id: str, revision: int, text_sha256: str) -> None:
        """Remember a capture of an article."""


class MemoryStore:
    """A store that lives as long as the process: for WARC files read without their collection."""

    def __init__(self) -> None:
        self._articles: dict[str, tuple[str, int, str]] = {}
        self._texts: dict[str, tuple[str, str]] = {}

    def article(self, article_id: str) -> tuple[str, int, str] | None:
        """(id, revision, text_sha256) of the last capture of an article."""
        return self._articles.get(article_id)

    def text(self, text_sha256: str) -> tuple[str, str] | None:
        """(id, article_id) of the first capture with that text."""
        return self._texts.get(text_sha256)

    def remember(self, article_id: str, *, id: str, revision: int, text_sha256: str) -> None:
        """Remember a capture of an article."""
        self._articles[article_id] = (id, revision, text_sha256)
        self._texts.setdefault(text_sha256, (id, article_id))


def place(article: Article, store: Store) -> Article:
    """Fill in the row's place in the history of its site, and remember it.

    The first capture of an article is ``new``, revision 1. A later one with the same text is ``cosmetic`` and keeps its revision; one with
    another text is ``edited`` and counts it up. ``duplicate_of`` names the first capture of the same text under another article's address.
    """
    before = store.article(article.article_id)
    same = store.text(article.text_sha256) if article.text else None
    if before is None:
        placed = dataclasses.replace(article, revision=1, previous_id=None, change="new")
    else:
        previous_id, revision, text_sha256 = before
        edited = text_sha256 != article.text_sha256
        placed = dataclasses.replace(
            article, revision=revision + edited, previous_id=previous_id, change="edited" if edited else "cosmetic"
        )
    if same and same[1] != article.article_id:
        placed = dataclasses.replace(placed, duplicate_of=same[0], duplicate_kind="exact", duplicate_similarity=1.0)
    store.remember(placed.article_id, id=placed.id, revision=placed.revision, text_sha256=placed.text_sha256)
    return placed
