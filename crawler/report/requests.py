"""The account of a run's requests: each that was made ends once, in one outcome, or the run cannot be trusted and says so. Pure.

Three sums must agree, each counted at another place: requests that the spider made and their ends (callback or errback); fetches begun
and ended by the download handler; pages that ended and what the ledger says of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

_NAMED = 5
"""Addresses that are named, of all that were lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """Requests of a run, and how they ended."""

    finished: bool
    """Whether the run came to its end by itself; one that was stopped leaves requests and fetches open."""
    asked: int
    """Requests made for pages, sources and siblings; tries again and redirects belong to the one that they came from."""
    ended: dict[str, int]
    """Their ends: ``answered``, or the reason why there was no answer that could be used."""
    stopped: int
    """Requests that had not ended when the run was told to stop: the next run makes them again."""
    lost: int
    """Requests that ended in no way although the run came to its end: a bug."""
    twice: int
    """Requests that ended more than once: a bug."""
    unsettled: int
    """Pages that ended and of which the ledger says nothing: a bug."""
    fetches: int
    """Fetches that were begun: each try, each hop, each robots.txt."""
    fetched: int
    """Fetches that gave a whole answer."""
    failed: dict[str, int]
    """Fetches that gave none, by reason."""
    exchanges: int
    """Exchanges that crossed the wire, whole or not."""
    archived: int
    """Of these, those that are in the archive, synced."""
    named: tuple[str, ...] = ()
    """Some of the addresses that were lost or are unsettled."""

    @property
    def problem(self) -> str | None:
        """What does not add up; None if all does."""
        wrong = []
        for number, what in ((self.lost, "lost"), (self.twice, "ended twice"), (self.unsettled, "not in the ledger")):
            if number:
                wrong.append(f"{number} {what}")
        if self.asked != sum(self.ended.values()) + self.stopped + self.lost:
            wrong.append(f"{self.asked} were made and {sum(self.ended.values())} ended")
        if self.finished and self.fetches != self.fetched + sum(self.failed.values()):
            wrong.append(f"{self.fetches} fetches began and {self.fetched + sum(self.failed.values())} ended")
        if self.finished and self.exchanges != self.archived:
            wrong.append(f"{self.exchanges} exchanges crossed the wire and {self.archived} are archived")
        return "; ".join(wrong) + "".join(f"\n  {url}" for url in self.named) if wrong else None


@dataclass(slots=True)
class Account:
    """Counts as the run goes; holds the address of what has not ended yet, and no more."""

    ended: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    _open: dict[int, str] = field(default_factory=dict)
    _asked: int = 0

    def ask(self, url: str) -> int:
        """A request was made; returns its number."""
        self._asked += 1
        self._open[self._asked] = url
        return self._asked

    def end(self, number: int, outcome: str) -> None:
        """A request ended."""
        if self._open.pop(number, None) is None:
            self.twice += 1
        else:
            self.ended[outcome] += 1

    def close(self, *, finished: bool, fetches: Fetches, unsettled: tuple[str, ...] = ()) -> Requests:
        """The account of the run; ``finished`` says that it came to its end by itself, ``unsettled`` names pages that the ledger lacks."""
        left = len(self._open)
        lost = tuple(islice(self._open.values(), _NAMED)) if finished else ()
        return Requests(
            finished=finished,
            asked=self._asked,
            ended=dict(sorted(self.ended.items())),
            stopped=0 if finished else left,
            lost=left if finished else 0,
            twice=self.twice,
            unsettled=len(unsettled),
            named=(*lost, *unsettled)[:_NAMED],
            fetches=fetches.begun,
            fetched=fetches.whole,
            failed=dict(sorted(fetches.failed.items())),
            exchanges=fetches.exchanges,
            archived=fetches.archived,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetches:
    """What the download handler counted."""

    begun: int = 0
    whole: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    exchanges: int = 0
    archived: int = 0
