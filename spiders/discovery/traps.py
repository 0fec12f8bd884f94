"""Keeps endless address spaces in bounds: calendars, session ids, path loops, facets, mazes. Judges addresses that links alone name.

What a feed or a sitemap names never comes here: it is wanted as it is. Pure, and bounded in memory; what a run learns of a form of
address is kept by the ledger between runs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlsplit

from crawler.config import Traps
from crawler.errors import Reason
from spiders.discovery.likeness import looks_like_trap

Record = tuple[int, int]
"""What the pages of one form of address gave so far: how many an article, how many none."""
EVERYTHING = ""
"""The form that stands for all addresses that links alone named."""

_KEPT = 100_000
"""Digests, forms and paths that are remembered in a run."""
_READ = 1_000_000
"""Bytes of a page that are compared."""
_MARKUP = re.compile(rb"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>", re.S | re.I)
_WORD = re.compile(r"[a-z]{1,24}(?:[-_][a-z]{1,24})?", re.I)
_OVERALL = 200
"""Pages after which it counts how many of all that links named were articles."""


def form_of(url: str) -> str:
    """The form of an address: its first segment if that is a word, ``*`` for a slug, ``#`` for a number; then ``/…`` and the query's names.

    ``/calendar/2031/05/`` and ``/calendar/1999/`` share ``/calendar/…``; ``/shop?size=4&hue=red`` is ``/shop?hue&size``.
    """
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    first = segments[0] if segments else ""
    if first and not _WORD.fullmatch(first):
        first = "#" if first.isdigit() else "*"
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return f"/{first.lower()}{'/…' if len(segments) > 1 else ''}{'?' + '&'.join(names)[:100] if names else ''}"


def is_proven(record: Record) -> bool:
    """Whether at least one in ten pages of a form gave an article."""
    fruitful, fruitless = record
    return fruitful > 0 and fruitful * 10 >= fruitful + fruitless


class TrapBudget:
    """What a run may still take of what links alone name.

    ``record_of`` gives what earlier runs know of a form.
    """

    def __init__(self, limits: Traps, record_of: Callable[[str], Record]) -> None:
        self._limits = limits
        self._record_of = record_of
        self._taken: Counter[str] = Counter()
        self._facets: Counter[str] = Counter()
        self._repeats: Counter[str] = Counter()
        self._bodies: set[bytes] = set()
        overall = record_of(EVERYTHING)
        lean = sum(overall) >= _OVERALL and not is_proven(overall)
        self._most = max(20, limits.max_links // 50) if lean else limits.max_links

    def judge(self, url: str, *, listed: bool) -> tuple[Reason, str] | None:
        """Why a new address is not taken, with one line of detail; None if it is, and then it counts.

        Args:
            listed: a list of the configuration names it, and the scope says what an article's address is: only what is plainly a trap is
                left out.
        """
        slug = looks_like_trap(url)
        if slug is not None:
            return (Reason.TRAP_QUERY if slug == "too-many-params" else Reason.TRAP_PATH), slug
        form = form_of(url)
        if self.is_closed(form):
            return Reason.TRAP_REPEAT, f"pages of the form {form} hold the same again and again"
        record = self._record_of(form)
        if sum(record) >= self._limits.max_fruitless and not is_proven(record):
            return Reason.TRAP_PATTERN, f"{record[1]} pages of the form {form} gave {record[0]} articles"
        if listed:
            return None
        if self._taken[EVERYTHING] >= self._most:
            return Reason.BUDGET, f"links have named {self._most} pages in this run"
        path, _, query = url.partition("?")
        if query.count("&"):
            if self._facets[path] >= self._limits.max_facets:
                return Reason.TRAP_QUERY, f"{self._limits.max_facets} variants of {path} in this run"
            self._count(self._facets, path)
        if self._taken[form] >= self._limits.max_alike and not is_proven(record):
            return Reason.TRAP_PATTERN, f"{self._limits.max_alike} pages of the form {form} in this run"
        self._count(self._taken, form)
        self._taken[EVERYTHING] += 1
        return None

    def fetched(self, url: str, body: bytes) -> None:
        """Take note of the words of a page that links alone named: where a session id stands in its links, its bytes always differ."""
        digest = sha256(b" ".join(_MARKUP.sub(b" ", body[:_READ]).split())).digest()[:16]
        if digest in self._bodies:
            self._count(self._repeats, form_of(url))
        elif len(self._bodies) < _KEPT:
            self._bodies.add(digest)

    def is_closed(self, form: str) -> bool:
        """Whether pages of a form have repeated one another too often."""
        return self._repeats[form] >= self._limits.max_repeats

    @staticmethod
    def _count(counter: Counter[str], key: str) -> None:
        if key in counter or len(counter) < _KEPT:
            counter[key] += 1
