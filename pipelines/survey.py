"""The survey of a page: what it tells of its site, small enough to be kept and sent between processes.

Owns the fingerprints of blocks, places and templates. Cheap: a parse and a walk. Never compares pages: ``profile`` does.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from pipelines.blocks import read
from pipelines.decode import decode
from pipelines.page import Draft, Page
from pipelines.parse import parse

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipelines.blocks import Frame, Layout

MAX_PRINTS = 1_500
"""Most blocks of one page that are remembered."""
MAX_PLACES = 200
"""Most link lists of one page that are remembered."""
MAX_PROSE = 100
"""Most paragraphs by which a page is compared with others."""
PROSE_CHARS = 60
"""A paragraph by which pages are compared has at least so many characters."""
LIST_LINKS = 3
"""A list of links has at least so many blocks."""
LIST_SHARE = 0.6
"""Links make up at least this share of the text of a list of links."""

_WORD = re.compile(r"\w+")


@lru_cache(maxsize=50_000)
def fingerprint(text: str) -> str:
    """Fingerprint of a block's words: equal for blocks that differ in nothing but case, punctuation or white space.

    Numbers count: the reports of two match days may differ in nothing else.
    """
    words = " ".join(_WORD.findall(text.casefold())) or text
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def place_of(frame: Frame) -> str:
    """Fingerprint of a frame's place in the template: its element and the two around it, with their classes."""
    steps = []
    walk: Frame | None = frame
    for _ in range(3):
        if walk is None:
            break
        steps.append(f"{walk.tag}.{walk.element.get('class') or ''}")
        walk = walk.parent
    return "p" + fingerprint(" < ".join(steps))


def template_of(layout: Layout) -> str:
    """Fingerprint of the template: the elements around the longest run of prose. Class names change with every build; elements do not."""
    best = max(layout.segments, key=lambda s: s.chars - s.link_chars, default=None)
    steps = []
    walk = best.frame if best else None
    while walk is not None:
        steps.append(walk.tag)
        walk = walk.parent
    return "t" + fingerprint(" < ".join(steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What one page tells of its site."""

    address: str
    """Fingerprint of its address."""
    names: tuple[str, ...]
    """Fingerprints of its title and of its canonical address, by which copies of one article are found."""
    headline: str
    """Fingerprint of its headline; empty if it has none."""
    template: str
    """Fingerprint of its template."""
    prints: tuple[str, ...]
    """Fingerprints of its blocks, each once, sorted."""
    prose: tuple[str, ...]
    """Fingerprints of its paragraphs, sorted: the part of ``prints`` by which pages are compared."""
    places: tuple[str, ...]
    """Fingerprints of the places of its link lists, sorted."""

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Survey:
        """Read a survey back."""
        value = json.loads(text)
        return cls(
            address=str(value["address"]),
            names=tuple(value["names"]),
            headline=str(value["headline"]),
            template=str(value["template"]),
            prints=tuple(value["prints"]),
            prose=tuple(value["prose"]),
            places=tuple(value["places"]),
        )


def survey(page: Page) -> Survey:
    """Survey a page."""
    draft = parse(page, decode(page, Draft()))
    tree = draft.tree
    if tree is None:
        raise ValueError("the page was not parsed")
    layout = read(tree)
    segments = layout.segments[:MAX_PRINTS]
    headline = next((s.text for s in segments if s.tag == "h1"), "")
    prose = [s.text for s in segments if s.chars >= PROSE_CHARS and s.link_chars < 0.5 * s.chars]
    named = [f"title {_title(tree)}", f"canonical {_canonical(tree)}"]
    return Survey(
        address=fingerprint(page.url),
        names=tuple(sorted(fingerprint(name) for name in named if " " in name.strip())),
        headline=fingerprint(headline) if headline else "",
        template=template_of(layout),
        prints=tuple(sorted({fingerprint(s.text) for s in segments})),
        prose=tuple(sorted(sorted({fingerprint(text) for text in prose})[:MAX_PROSE])),
        places=tuple(sorted({place_of(frame) for frame in link_lists(layout)})[:MAX_PLACES]),
    )


def link_lists(layout: Layout) -> list[Frame]:
    """The outermost frames that hold little but links."""
    found: list[Frame] = []
    end = 0
    for frame in layout.frames:
        if (
            frame.start >= end
            and frame.end - frame.start >= LIST_LINKS
            and frame.link_chars >= LIST_SHARE * frame.chars
        ):
            found.append(frame)
            end = frame.end
    return found


def _title(tree: HtmlElement) -> str:
    for element in tree.iter("meta"):
        if element.get("property") == "og:title":
            return element.get("content") or ""
    return tree.findtext(".//title") or ""


def _canonical(tree: HtmlElement) -> str:
    return next(
        (e.get("href") or "" for e in tree.iter("link") if "canonical" in (e.get("rel") or "").lower().split()), ""
    )
