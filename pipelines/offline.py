"""Extraction from WARC files, without network: two passes over the captures, learn each site's memory, then derive the rows.

The same stages, derivation and history as in a crawl. Never writes a file; the caller decides where rows go.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from hashlib import sha256
from typing import TypeVar

from crawler.config import ExtractRules
from crawler.warc.exchange import Capture
from pipelines.basis import Basis
from pipelines.derive import Derived, gives_rows, site_of, teaches
from pipelines.history import Bodies, MemoryStore, Store, before, place
from pipelines.profile import Survey, build_profile
from pipelines.trial import with_rules
from pipelines.workers import WorkerPool, failure_of

_AHEAD = 32
"""Pages handed to the workers ahead of the one whose result is awaited."""
SURVEYS_KEPT = 400
"""Surveys kept a site: those with the lowest order keys, so that the choice does not depend on the order of pages."""

T = TypeVar("T")
Item = TypeVar("Item")


def learn(surveys: Iterable[str], rules: ExtractRules) -> Basis:
    """Make a site's basis from its surveys (JSON); without any, the basis has no memory."""
    found = [Survey.from_json(survey) for survey in surveys]
    return Basis(rules, build_profile(found) if found else None)


def in_order(items: Iterable[Item], submit: Callable[[Item], T]) -> Iterator[tuple[Item, T]]:
    """Hand captures (or what leads to them) to workers some way ahead, and give them back in their own order, each with its future."""
    queue: deque[tuple[Item, T]] = deque()
    for item in items:
        queue.append((item, submit(item)))
        if len(queue) > _AHEAD:
            yield queue.popleft()
    while queue:
        yield queue.popleft()


class Offline:
    """Extraction over streams of captures.

    ``rules_of`` gives a site's own rules by its key; ``memory`` switches what is learnt from a site's other pages on or off;
    ``store`` makes what keeps a site's history.
    """

    def __init__(
        self,
        pool: WorkerPool,
        rules_of: Callable[[str], ExtractRules],
        *,
        memory: bool = True,
        store: Callable[[], Store] = MemoryStore,
    ) -> None:
        self._pool = pool
        self._rules_of = rules_of
        self._memory = memory
        self._store = store
        self._bases: dict[str, Basis] = {}

    def learn(self, captures: Iterable[Capture]) -> None:
        """First pass: learn what the pages of each site share. A page whose survey fails teaches nothing."""
        if not self._memory:
            return
        surveys: dict[str, dict[str, str]] = defaultdict(dict)
        pages = (capture for capture in captures if teaches(capture))
        for capture, future in in_order(pages, lambda c: self._pool.survey(c, Basis(self._rules_of(site_of(c)), None))):
            text = None if future.exception() else future.result()
            if text is None:
                continue
            kept = surveys[site_of(capture)]
            kept[order_key(capture.pointer.record_id)] = text
            if len(kept) > SURVEYS_KEPT:
                del kept[max(kept)]
        for site, kept in surveys.items():
            self._bases[site] = learn((kept[key] for key in sorted(kept)), self._rules_of(site))

    def basis(self, site: str) -> Basis:
        """The basis of a site after ``learn``."""
        return self._bases.get(site) or Basis(self._rules_of(site), None)

    def rows(self, captures: Iterable[Capture]) -> Iterator[tuple[Capture, Derived]]:
        """Second pass: the rows of each capture that gives any, in the order of the captures, each placed in its site's history."""
        stores: dict[str, Store] = defaultdict(self._store)
        bodies = Bodies()
        pages = (capture for capture in captures if gives_rows(capture))
        for capture, future in in_order(pages, lambda c: self._pool.derive(c, self.basis(site_of(c)))):
            derived = settle(
                future, capture.pointer.record_id, month=f"{capture.date:%Y-%m}", timeout=self._pool.timeout
            )
            store = stores[site_of(capture)]
            known = before(derived, store)
            placed = place(derived, store, bodies.get(known.text_id) if known else None)
            bodies.put(placed)
            yield capture, placed

    def trial(self, captures: Iterable[Capture], more: ExtractRules) -> Iterator[tuple[Capture, Derived, Derived]]:
        """What each page gives without and with ``more`` rules, in the order of the captures; nothing is placed in history."""

        tried: dict[str, Basis] = {}

        def both(capture: Capture) -> tuple[Future[Derived], Future[Derived]]:
            site = site_of(capture)
            basis = self.basis(site)
            if site not in tried:
                tried[site] = Basis(with_rules(basis.rules, more), basis.memory)
            return self._pool.derive(capture, basis), self._pool.derive(capture, tried[site])

        for capture, futures in in_order((c for c in captures if teaches(c)), both):
            one, other = (
                settle(f, capture.pointer.record_id, month=f"{capture.date:%Y-%m}", timeout=self._pool.timeout)
                for f in futures
            )
            yield capture, one, other


def settle(future: Future[Derived], record_id: str, *, month: str, timeout: float) -> Derived:
    """The result of a worker; where it failed, a result that says why."""
    error = future.exception()
    if error is None:
        return future.result()
    reason, detail = failure_of(error, timeout=timeout)
    return Derived(record_id, month, None, (), reason, detail)


def order_key(record_id: str) -> str:
    """What orders surveys: a hash that spreads pages evenly, so that the pages kept are a sample of the site."""
    return sha256(record_id.encode("ascii", "replace")).hexdigest()
