"""The memory of a site: which blocks its pages share, learnt from surveys of them, named by the hash of its content.

Owns what is remembered and how much of it. Deterministic and independent of the order of pages; a page never counts itself, and two
addresses of one article count as one page.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from pipelines.blocks import read
from pipelines.decode import decode
from pipelines.page import Draft, Page
from pipelines.parse import parse

VERSION = 1
MAX_PRINTS = 1_500
"""Most block fingerprints of one page."""
MAX_SHARED = 20_000
"""Most fingerprints that a profile remembers: those on most pages."""

_WORD = re.compile(r"\w+")


def fingerprint(text: str) -> str:
    """Fingerprint of a block's words: equal for blocks that differ in nothing but case, digits, punctuation or white space."""
    words = "".join(_WORD.findall(text.casefold()))
    return sha256(re.sub(r"\d+", "0", words).encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Survey:
    """What one page tells of its site."""

    article: str
    """Fingerprint of the article: pages with the same one are one page."""
    prints: tuple[str, ...]
    """Fingerprints of its blocks, each once, sorted."""

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps({"article": self.article, "prints": list(self.prints)}, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Survey:
        """Read a survey back."""
        value = json.loads(text)
        return cls(article=str(value["article"]), prints=tuple(value["prints"]))


@dataclass(frozen=True)
class SiteProfile:
    """What is remembered of a site."""

    pages: int
    """Different pages that were surveyed."""
    shared: dict[str, int] = field(default_factory=dict)
    """On how many pages each block was seen, by its fingerprint, for those seen on more than one."""
    version: int = VERSION

    def to_json(self) -> str:
        """Canonical JSON."""
        value = {"version": self.version, "pages": self.pages, "shared": self.shared}
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> SiteProfile:
        """Read a profile back."""
        value = json.loads(text)
        return cls(
            pages=int(value["pages"]),
            shared={str(k): int(v) for k, v in value["shared"].items()},
            version=int(value["version"]),
        )

    @cached_property
    def sha256(self) -> str:
        """SHA-256 (base16) of the canonical JSON."""
        return sha256(self.to_json().encode()).hexdigest()

    def others(self, text: str) -> int:
        """On how many other pages a block of this text was seen, given that this page was surveyed too."""
        return max(0, self.shared.get(fingerprint(text), 1) - 1)


def survey(page: Page) -> Survey:
    """Survey a page: cheap, and plain data."""
    draft = parse(page, decode(page, Draft()))
    layout = read(draft.tree) if draft.tree is not None else None
    segments = layout.segments if layout else []
    prints = sorted({fingerprint(segment.text) for segment in segments[:MAX_PRINTS]})
    longest = sorted((s.text for s in segments), key=lambda t: (-len(t), t))[:5]
    return Survey(article=fingerprint(" ".join(longest)), prints=tuple(prints))


def build_profile(surveys: Iterable[Survey]) -> SiteProfile:
    """Make a site's profile from the surveys of its pages, whatever their order."""
    by_article: dict[str, set[str]] = defaultdict(set)
    for one in surveys:
        by_article[one.article].update(one.prints)
    counts: Counter[str] = Counter()
    for prints in by_article.values():
        counts.update(prints)
    shared = sorted(((n, p) for p, n in counts.items() if n > 1), key=lambda item: (-item[0], item[1]))[:MAX_SHARED]
    return SiteProfile(pages=len(by_article), shared={p: n for n, p in sorted(shared, key=lambda item: item[1])})
