"""The memory of a site: what its pages share, learnt from surveys of them, named by the hash of its content.

Owns what is remembered and how much of it. Deterministic and independent of the order of pages. A page never counts itself, and several
addresses of one article count as one page. Never decides what is text: it says on how many other pages a block was seen.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from pipelines.survey import Survey, fingerprint, survey

__all__ = ["SiteProfile", "Survey", "build_profile", "fingerprint", "survey"]

VERSION = 1
MAX_SHARED = 20_000
"""Most blocks that a profile remembers: those on most pages."""
MAX_PLACES = 2_000
"""Most places of link lists that it remembers."""
SAME_PROSE = 0.9
"""Two pages that share so much of the shorter one's prose are one article."""
SAME_NAMED_PROSE = 0.2
"""So much is enough if they share headline or canonical address too."""
KNOWN_PLACES = 0.5
"""Share of a page's link lists whose places must be known for the page to look like the others."""
COMMON = 20
"""Prose that stands on more pages than this says nothing about which pages are one article."""


@dataclass(frozen=True)
class SiteProfile:
    """What is remembered of a site."""

    pages: int
    """Different articles that were surveyed."""
    shared: dict[str, int] = field(default_factory=dict)
    """On how many articles' pages each block was seen, by fingerprint, for those seen on more than one."""
    places: dict[str, int] = field(default_factory=dict)
    """The same for the places of link lists, whatever they list."""
    headlines: frozenset[str] = frozenset()
    """Fingerprints of the articles' headlines."""
    templates: dict[str, int] = field(default_factory=dict)
    """How many articles each template of the site sets."""
    addresses: frozenset[str] = frozenset()
    """Fingerprints of the addresses surveyed: a page among them has been counted itself."""
    version: int = VERSION
    """Version of this form."""

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no white space."""
        value: dict[str, Any] = {
            "version": self.version,
            "pages": self.pages,
            "shared": self.shared,
            "places": self.places,
            "headlines": sorted(self.headlines),
            "templates": self.templates,
            "addresses": sorted(self.addresses),
        }
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> SiteProfile:
        """Read a profile back.

        Raises:
            ValueError: not the JSON of a profile, or of another version.
        """
        value = json.loads(text)
        if value.get("version") != VERSION:
            raise ValueError(
                f"a site profile of version {value.get('version')}; this Pressmark reads version {VERSION}"
            )
        counts = {name: {str(k): int(v) for k, v in value[name].items()} for name in ("shared", "places", "templates")}
        return cls(
            pages=int(value["pages"]),
            shared=counts["shared"],
            places=counts["places"],
            headlines=frozenset(value["headlines"]),
            templates=counts["templates"],
            addresses=frozenset(value["addresses"]),
        )

    @cached_property
    def sha256(self) -> str:
        """SHA-256 (base16) of the canonical JSON."""
        return sha256(self.to_json().encode()).hexdigest()

    def surveyed(self, url: str) -> bool:
        """Whether the page at ``url`` is one of those that were surveyed."""
        return fingerprint(url) in self.addresses

    def others(self, text: str, *, itself: bool) -> int:
        """On how many other pages a block of this text was seen; ``itself`` if this page was counted too."""
        return self._less(self.shared, fingerprint(text), itself)

    def fits(self, page: Survey) -> bool:
        """Whether a page looks like those that were surveyed: its article stands in a template of theirs, or most of its link lists do.

        Names change with every build of a site and lists come and go, but hardly ever both with the elements around the text: a run whose
        pages no longer fit has met a redesign.
        """
        known = sum(place in self.places for place in page.places)
        return page.template in self.templates or known > KNOWN_PLACES * max(1, len(page.places))

    def knows_headline(self, text: str) -> bool:
        """Whether some surveyed article has this headline."""
        return fingerprint(text) in self.headlines

    @staticmethod
    def _less(counts: dict[str, int], key: str, itself: bool) -> int:
        return max(0, counts.get(key, int(itself)) - itself)


def build_profile(surveys: Iterable[Survey]) -> SiteProfile:
    """Make a site's profile from the surveys of its pages, whatever their order."""
    found = sorted(surveys, key=Survey.to_json)
    shared: Counter[str] = Counter()
    places: Counter[str] = Counter()
    templates: Counter[str] = Counter()
    groups = _articles(found)
    for group in groups:
        shared.update({mark for one in group for mark in one.prints})
        places.update({mark for one in group for mark in one.places})
        templates.update({one.template for one in group})
    return SiteProfile(
        pages=len(groups),
        shared=_most(shared, MAX_SHARED),
        places=_most(places, MAX_PLACES),
        headlines=frozenset(one.headline for one in found if one.headline),
        templates=dict(sorted(templates.items())),
        addresses=frozenset(one.address for one in found),
    )


def _most(counts: Counter[str], limit: int) -> dict[str, int]:
    """Those counted more than once, at most ``limit``, the most common first chosen."""
    chosen = sorted(((-n, mark) for mark, n in counts.items() if n > 1))[:limit]
    return {mark: -n for n, mark in sorted(chosen, key=lambda item: item[1])}


def _articles(surveys: list[Survey]) -> list[list[Survey]]:
    """Group the surveys by article: an address with and without parameters, a print view, a copy in another section."""
    parent = list(range(len(surveys)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    by_mark: dict[str, list[int]] = {}
    for i, one in enumerate(surveys):
        for mark in (*one.names, *one.prose, one.address):
            by_mark.setdefault(mark, []).append(i)
    pairs = {
        (i, j)
        for pages in by_mark.values()
        if 1 < len(pages) <= COMMON
        for k, i in enumerate(pages)
        for j in pages[k + 1 :]
    }
    for i, j in sorted(pairs):
        one, other = surveys[i], surveys[j]
        shorter = min(len(one.prose), len(other.prose))
        overlap = len(set(one.prose) & set(other.prose)) / shorter if shorter else 1.0
        named = not set(one.names).isdisjoint(other.names)
        if one.address == other.address or overlap >= (SAME_NAMED_PROSE if named else SAME_PROSE + (shorter == 0)):
            parent[root(i)] = root(j)
    groups: dict[int, list[Survey]] = {}
    for i, one in enumerate(surveys):
        groups.setdefault(root(i), []).append(one)
    return list(groups.values())
