"""The crew: one pool of worker processes for all sites of a process, each site served in its turn.

Two workers a site would be two hundred processes for a hundred sites. Sites with the same limits share a pool; while more than one of them
waits, none may hold the last worker, so that a site whose pages take their whole time limit never keeps the others waiting.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from crawler.config import ExtractLimits
from pipelines.basis import Basis
from pipelines.derive import Derived
from pipelines.workers import Where, WorkerPool

_crews: dict[ExtractLimits, Crew] = {}
_membership = threading.Lock()


def join_crew(limits: ExtractLimits) -> Member:
    """Become a member of the crew that works under these limits; the first one makes it, the last one to close ends it."""
    with _membership:
        if limits not in _crews:
            _crews[limits] = Crew(limits)
        return _crews[limits].add()


class Member:
    """One site's share: it takes pages as a pool does."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self.waiting: deque[tuple[Future[Any], Callable[[], Future[Any]]]] = deque()
        """Pages that wait for a worker, each with what starts it."""
        self.at_work = 0
        """Pages that have one."""

    @property
    def timeout(self) -> float:
        """Longest time of a page, in seconds."""
        return self._crew.limits.timeout

    def survey(self, where: Where, basis: Basis) -> Future[str | None]:
        """As ``WorkerPool.survey``."""
        return self._crew.take(self, lambda pool: pool.survey(where, basis))

    def derive(self, where: Where, basis: Basis) -> Future[Derived]:
        """As ``WorkerPool.derive``."""
        return self._crew.take(self, lambda pool: pool.derive(where, basis))

    def close(self, *, at_once: bool = False) -> None:
        """Leave the crew; pages that still wait are given up. The last member ends the workers: when their pages are done, or at once."""
        self._crew.leave(self, at_once=at_once)


class Crew:
    """The workers, and who waits for them."""

    def __init__(self, limits: ExtractLimits) -> None:
        self.limits = limits
        self._pool = WorkerPool(limits)
        self._lock = threading.RLock()
        self._members: deque[Member] = deque()
        """Whose turn it is next stands first."""
        self._at_work = 0

    def add(self) -> Member:
        """A new member. Called with the membership's lock."""
        member = Member(self)
        with self._lock:
            self._members.append(member)
        return member

    def take(self, member: Member, start: Callable[[WorkerPool], Future[Any]]) -> Future[Any]:
        """Have a page worked on when it is the member's turn."""
        result: Future[Any] = Future()
        with self._lock:
            member.waiting.append((result, partial(start, self._pool)))
            self._go_on()
        return result

    def _go_on(self) -> None:
        """Give free workers to those who wait. One page more than there are workers is handed over, so that none is idle between two."""
        while self._at_work <= self.limits.workers:
            waiting = [member for member in self._members if member.waiting]
            most = max(1, self.limits.workers - 1) if len(waiting) > 1 else self.limits.workers + 1
            member = next((each for each in waiting if each.at_work < most), None)
            if member is None:
                return
            self._members.remove(member)
            self._members.append(member)
            result, start = member.waiting.popleft()
            member.at_work += 1
            self._at_work += 1
            start().add_done_callback(partial(self._done, member, result))

    def _done(self, member: Member, result: Future[Any], done: Future[Any]) -> None:
        with self._lock:
            member.at_work -= 1
            self._at_work -= 1
            self._go_on()
        error = done.exception()
        if error is None:
            result.set_result(done.result())
        else:
            result.set_exception(error)

    def leave(self, member: Member, *, at_once: bool) -> None:
        """A member goes; the last one ends the workers."""
        with _membership, self._lock:
            given_up = [result for result, _ in member.waiting]
            member.waiting.clear()
            self._members.remove(member)
            last = not self._members
            if last:
                del _crews[self.limits]
        for result in given_up:
            result.cancel()
        if last:
            self._pool.close(at_once=at_once)
