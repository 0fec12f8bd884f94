"""History: what a row says about earlier captures (revision, previous_id, change, duplicate_of), and whether a look again gives a row.

The second pass over a site's captures, in order of capture; live, offline and in ``verify`` by the same code. Pure but for the store it is
given. A capture is compared with the last one that gave a row, which its caller has extracted anew by the same code with the same basis.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from crawler.errors import Reason
from crawler.ledger import Known
from crawler.record import Article
from pipelines.derive import Derived, gone
from pipelines.revision import Body, judge

MAKE_SURE = timedelta(hours=1)
"""How far apart the two looks are, at least, that find an article missing before it is said to be gone: a site that is being deployed, or
a cache that has lost a page, answers 404 too. 410 is believed at once: nobody says it by accident (RFC 9110, 15.5.11)."""


class Store(Protocol):
    """What history must remember; ``crawler.ledger.Ledger`` is one, ``MemoryStore`` another."""

    def article(self, article_id: str) -> Known | None:
        """What is remembered of an article."""

    def text(self, text_sha256: str) -> tuple[str, str] | None:
        """(id, article_id) of the first capture with that text."""

    def remember(self, article_id: str, known: Known) -> None:
        """Remember a capture of an article."""


class MemoryStore:
    """A store that lives as long as the process: for WARC files read without their collection."""

    def __init__(self) -> None:
        self._articles: dict[str, Known] = {}
        self._texts: dict[str, tuple[str, str]] = {}

    def article(self, article_id: str) -> Known | None:
        """What is remembered of an article."""
        return self._articles.get(article_id)

    def text(self, text_sha256: str) -> tuple[str, str] | None:
        """(id, article_id) of the first capture with that text."""
        return self._texts.get(text_sha256)

    def remember(self, article_id: str, known: Known) -> None:
        """Remember a capture of an article."""
        self._articles[article_id] = known
        self._texts.setdefault(known.text_sha256, (known.id, article_id))


class Overlay:
    """A store over another one: what is remembered waits until it is settled there."""

    def __init__(self, below: Store) -> None:
        self._below = below
        self._above = MemoryStore()
        self._remembered: list[tuple[str, Known]] = []

    def article(self, article_id: str) -> Known | None:
        """What is remembered of an article."""
        return self._above.article(article_id) or self._below.article(article_id)

    def text(self, text_sha256: str) -> tuple[str, str] | None:
        """(id, article_id) of the first capture with that text."""
        return self._below.text(text_sha256) or self._above.text(text_sha256)

    def remember(self, article_id: str, known: Known) -> None:
        """Remember a capture of an article, here only."""
        self._above.remember(article_id, known)
        self._remembered.append((article_id, known))

    def settle(self) -> None:
        """Remember below what was remembered here."""
        for article_id, known in self._remembered:
            self._below.remember(article_id, known)


class Bodies:
    """Bodies by the id of their capture, on disk and out of the way: a site's whole archive may pass through."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)  # a temporary file of SQLite's
        self._db.execute("CREATE TABLE bodies(id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID")

    def get(self, id: str) -> Body | None:
        """The body of a capture."""
        row = self._db.execute("SELECT body FROM bodies WHERE id = ?", (id,)).fetchone()
        return Body.from_json(row[0]) if row else None

    def put(self, derived: Derived) -> None:
        """Keep what a capture says."""
        if derived.article and derived.article.text:
            self._db.execute(
                "INSERT OR REPLACE INTO bodies VALUES(?,?)", (derived.capture_id, body_of(derived).to_json())
            )


def body_of(derived: Derived) -> Body:
    """What a capture that gave a row is compared by."""
    article = derived.article
    assert article is not None
    return Body(
        title=article.title or "",
        lines=_lines([article.text]),
        around=_lines(block.text for block in derived.blocks),
        access=article.access,
        damaged=any(flag.startswith("damaged-") for flag in article.flags),
        template=derived.template,
    )


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for text in texts for line in text.splitlines() if line.strip())


def before(derived: Derived, store: Store) -> Known | None:
    """The earlier capture that ``place`` must have the body of; None if it needs none."""
    if derived.article is None or derived.article.change == "gone":
        return None
    return store.article(derived.article.article_id)


def place(derived: Derived, store: Store, earlier: Body | None) -> Derived:
    """Fill in a row's place in the history of its site, and remember it; a look again that found nothing new gives no row, but a reason.

    The first capture of an article is ``new``, revision 1. A later one whose words are the same is ``cosmetic`` and keeps its revision; one
    with other words is ``edited`` and counts it up; one that is not there any more is ``gone``, once two looks have found so.
    ``duplicate_of`` names the first capture of the same text under another article's address.

    Args:
        derived: what the capture gives.
        store: what is known of earlier captures; changed.
        earlier: the body of the capture that ``before`` names, extracted with the same basis; None if it cannot be had any more.
    """
    article = derived.article
    if article is None:
        return derived
    known = store.article(article.article_id)
    if known is None:
        return _keep(derived, article, store, None)
    if article.change == "gone":
        return _missing(derived, article, store, known)
    judgement = (
        judge(earlier, body_of(derived), moved=derived.look and derived.moved) if earlier else _by_text(article, known)
    )
    if judgement == "unrelated":
        return _missing(derived, gone(article, "redirected"), store, known)
    if derived.look:
        if judgement == "less":
            return _without(derived, Reason.WALLED, f"access: {article.access}")
        if judgement == "unsure":
            return _without(derived, Reason.WALLED, ", ".join(article.flags))
        if judgement == "same" and not known.gone:
            if known.missing_at:  # it is there again
                store.remember(article.article_id, dataclasses.replace(known, missing_at=None))
            return _without(derived, Reason.NOT_MODIFIED, None)
    edited = judgement == "edited"
    placed = dataclasses.replace(
        article, revision=known.revision + edited, previous_id=known.id, change="edited" if edited else "cosmetic"
    )
    return _keep(derived, placed, store, known)


def _by_text(article: Article, known: Known) -> str:
    """What can be said without the earlier capture's page: whether the text is the same, to the letter."""
    return "same" if article.text_sha256 == known.text_sha256 else "edited"


def _missing(derived: Derived, article: Article, store: Store, known: Known) -> Derived:
    """A look did not find the article: it is gone if that is sure, else it is remembered until another look makes sure."""
    if known.gone:
        return _without(derived, Reason.NOT_FOUND, "still gone")
    first = known.missing_at or article.fetched_at
    apart = datetime.fromisoformat(article.fetched_at) - datetime.fromisoformat(first)
    if article.http_status == 410 or apart >= MAKE_SURE:
        return _keep(derived, article, store, known)
    store.remember(article.article_id, dataclasses.replace(known, missing_at=first))
    return _without(derived, Reason.NOT_FOUND_ONCE, f"not found since {first}")


def _without(derived: Derived, reason: Reason, detail: str | None) -> Derived:
    return dataclasses.replace(derived, article=None, blocks=(), verdict=reason, detail=detail)


def _keep(derived: Derived, article: Article, store: Store, known: Known | None) -> Derived:
    """The row, its place in history filled in and remembered."""
    if article.change == "gone":
        # one that was never there cannot go, but the record says what it says
        article = dataclasses.replace(
            article, revision=known.revision if known else 1, previous_id=known.id if known else None
        )
        if known:
            store.remember(article.article_id, dataclasses.replace(known, id=article.id, missing_at=None))
        return dataclasses.replace(derived, article=article, blocks=())
    same = store.text(article.text_sha256) if article.text else None
    if same and same[1] != article.article_id:
        article = dataclasses.replace(article, duplicate_of=same[0], duplicate_kind="exact", duplicate_similarity=1.0)
    at = (article.warc_filename, article.warc_record_offset)
    store.remember(article.article_id, Known(article.id, article.revision, article.text_sha256, article.id, *at))
    return dataclasses.replace(derived, article=article)
