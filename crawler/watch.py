"""The watch: known articles that one run looks at again, when each is due, and what was found.

Owns when an article is looked at next. A look's answer is judged by the stages, with the captures of its run; that a look could not be
made, or that the server says nothing has changed, is told here at once. Never fetches and never extracts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from crawler.errors import Reason
from crawler.ledger import Entry, Ledger, Look, Validators, next_due
from crawler.record import Article
from crawler.report.watched import Watched
from crawler.warc.exchange import Pointer

_LOOK_AGAIN = timedelta(hours=6)
"""After how long an article that could not be looked at is tried again, if it is not due earlier."""
_MADE_SURE_WITHIN = timedelta(days=7)
"""How long an article that a look did not find is looked at again, whatever its age, until it is found or said to be gone."""


class Watch:
    """The articles of one site that a run looks at again.

    Args:
        ledger: the site's, open for writing.
        ages: how old an article is, in seconds, when it is looked at again; none where the run looks at no article again.
        now: the clock (aware).
        withdrawn: whether a URL was taken down.
    """

    def __init__(
        self,
        ledger: Ledger,
        ages: tuple[float, ...],
        *,
        now: Callable[[], datetime],
        withdrawn: Callable[[str], bool],
    ) -> None:
        self._ledger = ledger
        self._ages = ages
        self._now = now
        self._withdrawn = withdrawn
        self._validators: dict[str, Validators] = {}
        self.found = Watched()
        """What looking again has found in this run."""

    def begin(self) -> None:
        """The site's configuration may have come to say it today: take up the articles that are young enough."""
        now = self._now()
        if self._ages and not self._ledger.watches():
            with self._ledger.transaction():
                for key, article_id, since in self._ledger.unwatched(now - timedelta(seconds=max(self._ages))):
                    look = Look(key, article_id, since, Validators())
                    self._ledger.watch(look, next_due(since, self._ages, now))

    def captured(self, record_id: str, validators: Validators) -> None:
        """What the server of a page gave with it, in case it turns out to be an article."""
        if self._ages:
            self._validators[record_id] = validators

    def add(self, article: Article) -> None:
        """Look at a new article again, when it has the first of the ages that is still to come."""
        if not self._ages:
            return
        entry, since = self._ledger.by_record(article.id), datetime.fromisoformat(article.fetched_at)
        if entry:
            look = Look(entry.key, article.article_id, since, self._validators.pop(article.id, Validators()))
            self._ledger.watch(look, next_due(since, self._ages, self._now()))

    def due(self, room: int, *, after: Iterable[str]) -> list[tuple[Entry, Look]]:
        """The articles to be looked at again now, at most ``room``, without the keys in ``after``."""
        if not self._ages or room <= 0:
            return []
        entries = self._ledger.due(room, self._now(), after=after)
        looks = ((entry, self._ledger.look(entry.key)) for entry in entries)
        return [(entry, look) for entry, look in looks if look and not self._withdrawn(entry.url)]

    def is_last(self, look: Look) -> bool:
        """Whether an article is not looked at again after this time."""
        return next_due(look.since, self._ages, self._now()) is None

    def looked(self, look: Look, pointer: Pointer, validators: Validators) -> None:
        """The answer to a look is in the archive, synced: it will be judged with the captures of this run."""
        with self._ledger.transaction():
            self._ledger.mark_looked(look.key, pointer)
            self._next(dataclasses.replace(look, validators=validators))
            self.found.looked += 1

    def unmodified(self, look: Look) -> None:
        """The server says that an article is as it was."""
        self._next(look)
        self.found.looked += 1
        self.found.unchanged += 1

    def failed(self, look: Look, reason: Reason) -> None:
        """An article could not be looked at; it is tried again when it is due next, and within six hours while it is watched."""
        due = self._due(look)
        self._ledger.watch(look, due and min(due, self._now() + _LOOK_AGAIN))
        self.found.failed[reason] = self.found.failed.get(reason, 0) + 1

    def judged(self, record_id: str, article: Article | None, reason: Reason | None) -> None:
        """A look is judged: the row that it gives, or why it gives none. Call it inside the transaction that commits the row."""
        look = self._ledger.look_of(record_id)
        if look and reason is Reason.NOT_FOUND_ONCE:
            self._next(look)
        self._ledger.mark_judged(record_id)
        self.found.judged(article, reason, look.key if look else None)

    def _next(self, look: Look) -> None:
        self._ledger.watch(look, self._due(look))

    def _due(self, look: Look) -> datetime | None:
        """When an article is looked at next: at its next age; one that a look did not find soon, to make sure."""
        now, known = self._now(), self._ledger.article(look.article_id)
        due = next_due(look.since, self._ages, now)
        if known and known.missing_at and now - datetime.fromisoformat(known.missing_at) < _MADE_SURE_WITHIN:
            return min(due or now + _LOOK_AGAIN, now + _LOOK_AGAIN)
        return due
