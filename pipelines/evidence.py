"""The evidence on each block: what can be measured of it, its frames, its neighbours and the witnesses, as numbers with names.

Owns the measures and their order, and which blocks need none because they plainly stand in a list of links; nothing of what the measures
weigh: ``judge`` does that. No measure depends on the language of the page, and none needs the names that a template gives its elements,
though they are used where they say something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log1p
from typing import TYPE_CHECKING

from pipelines import context
from pipelines.context import Context
from pipelines.density import HEADINGS, densities
from pipelines.hints import Hint
from pipelines.phrases import BITS, spoken

if TYPE_CHECKING:
    from pipelines.blocks import Frame, Layout

_TAGS = ("p", "li", "div", "tr", "pre")
_NEAR: tuple[tuple[str, int], ...] = (
    (
        "chrome",
        Hint.NAV
        | Hint.FOOTER
        | Hint.CONSENT
        | Hint.SHARE
        | Hint.COMMENTS
        | Hint.NEWSLETTER
        | Hint.AD
        | Hint.PAYWALL
        | Hint.PROMO,
    ),
    ("related", Hint.RELATED | Hint.FEED | Hint.TEASER),
    ("caption", Hint.CAPTION),
    ("figure", Hint.FIGURE),
    ("byline", Hint.BYLINE | Hint.AUTHOR | Hint.TAGS),
    ("body", Hint.BODY),
    ("box", Hint.BOX),
    ("standfirst", Hint.STANDFIRST),
    ("hidden", Hint.HIDDEN),
    ("widget", Hint.WIDGET | Hint.FORM),
)
_FAR: tuple[tuple[str, int], ...] = (
    ("chrome", _NEAR[0][1]),
    ("related", _NEAR[1][1]),
    ("aside", Hint.ASIDE),
    ("figure", Hint.FIGURE),
    ("body", Hint.BODY),
    ("hidden", Hint.HIDDEN),
    ("widget", Hint.WIDGET | Hint.FORM),
    ("comments", Hint.COMMENTS),
)
_SAYS: tuple[tuple[str, int], ...] = (
    ("consent", BITS["consent"]),
    (
        "offer",
        BITS["newsletter"]
        | BITS["paywall"]
        | BITS["promo"]
        | BITS["ad"]
        | BITS["share"]
        | BITS["comments"]
        | BITS["footer"]
        | BITS["nav"],
    ),
    ("credit", BITS["caption"]),
    ("related", BITS["related"] | BITS["feed"]),
    ("author", BITS["author_bio"] | BITS["byline"] | BITS["disclosure"]),
)
MATCHED_CHARS = 600
"""A block of more characters is neither the title nor the description."""
SURE_CHARS = 60
"""A block of more characters that trafilatura takes for the article marks where it begins and ends."""
_WAYS = (-2, -1, 1, 2)
_FARTHEST = 12

NAMES: tuple[str, ...] = (
    "trafilatura", "between", "before-first", "after-last", "kin", "kin-chars", "siblings", "siblings-chars", "jsonld", "not-in-jsonld",
    "chars", "words", "sentences", "ends", "links", "linked", "bold", "capital", "lines",
    *(f"tag-{tag}" for tag in _TAGS), "heading", "next-heading", "again", *context.NAMES,
    "is-title", "is-description", "depth", "place", "place-chars",
    *(f"says-{name}" for name, _ in _SAYS), "head-says",
    "from-headline", "after-headline", "shared-frame", "to-shared-frame", "h1s-before",
    *(f"near-{name}" for name, _ in _NEAR), *(f"far-{name}" for name, _ in _FAR), "in-densest", "is-densest", "density", "frame-share",
    "parent-images", "parent-linked", "outer-linked", "parent-blocks", "parent-chars", "parent-share", "outer-share", "outer-blocks",
    "in-article", "in-first-article", "article-share", "article-has-headline",
    "said-share", "page-chars", "page-blocks", "has-jsonld", "articles", "is-news", "is-article", "is-dated",
    *(f"{name}{way:+d}" for way in _WAYS for name in ("said", "chars", "linked", "heading", "sibling", "tag")),
)  # fmt: skip
"""The measures, in order."""

_WORD_CHARS = 6
"""Characters of a word and the space after it, where a script parts no words."""
_STOPS = (". ", "? ", "! ", "。", "？", "！", "। ", "۔", "؟ ")
_ENDS = frozenset(".!?…。！？।۔؟")
_QUOTES = "\"'”’»)]」』"
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=8_192)
def bare(text: str | None) -> str:
    """Letters and digits of ``text`` alone, case folded: equal for two ways to print the same words."""
    return "".join(_WORD.findall((text or "").casefold()))


@cache
def _tag_measures(tag: str) -> tuple[bool, ...]:
    return tuple(tag == known for known in _TAGS)


@cache
def _said_measures(bits: int) -> tuple[bool, ...]:
    return tuple(bits & wanted != 0 for _, wanted in _SAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a page's data and the witnesses say, before its blocks are measured."""

    said: Sequence[float]
    """For each block, how much of it trafilatura takes for the article."""
    jsonld: Sequence[float] | None
    """For each block, how much of it stands in JSON-LD's ``articleBody``; None if there is none."""
    title: str
    """What the page's data calls its title; empty if nothing does."""
    description: str
    """What it calls its description; empty if nothing does."""
    news: bool = False
    """Whether it calls itself news."""
    article: bool = False
    """Whether it calls itself an article."""
    dated: bool = False
    """Whether it gives a date."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the blocks of a page before they are judged."""

    rows: dict[int, list[float]]
    """The measures of the blocks that need judging, in the order of NAMES, by the block's index."""
    headline: int
    """Index of the block that is the headline; -1 if none was found."""
    densest: Frame | None
    """The frame that holds most prose closest to itself."""
    good: list[bool]
    """Which blocks are prose by their looks."""


def gather(layout: Layout, known: Known) -> Evidence:
    """Measure the blocks of a page."""
    return _Gatherer(layout, known).evidence()


class _Gatherer:
    """The measures of one page; what blocks share is worked out once."""

    def __init__(self, layout: Layout, known: Known) -> None:
        self.known = known
        self.segments = segments = layout.segments
        self.frames = frames = layout.frames
        self.linked = [s.link_chars / s.chars for s in segments]
        # frames around blocks that trafilatura surely takes for the article: the next and the one after, but not the whole page
        voted = {
            around.serial
            for s, vote in zip(segments, known.said, strict=True)
            if vote > 0.5 and s.chars > SURE_CHARS
            for around in (s.frame.parent, s.frame.parent and s.frame.parent.parent)
            if around is not None and around.parent is not None
        }
        # hidden frames whose text may come to light in the article: the visible frame around them is close around that, too
        self.unfolds: set[int] = set()
        for f in frames:
            if f.hidden and (up := f.parent) and up.serial in (self.unfolds if up.hidden else voted):
                self.unfolds.add(f.serial)
        self.good = [s.is_prose or (s.reads_like_prose and s.frame.serial in self.unfolds) for s in segments]
        self.sums = sums = [0]  # characters of prose before each block
        for s, good in zip(segments, self.good, strict=True):
            sums.append(sums[-1] + (s.chars if good else 0))
        self.whole = sums[-1] or 1
        self.total = sum(s.chars for s in segments) or 1
        self.logs = [log1p(s.chars) for s in segments]
        self.heading = [s.tag in HEADINGS for s in segments]
        self.key, self.about = bare(known.title), bare(known.description)
        self.headline = self._find_headline()
        self.densest, self.density = densities(layout)
        self.near: list[int] = []
        self.far: list[int] = []
        self.article: list[Frame | None] = []
        for f in frames:
            # what holds much of a page's prose is named after the page, not after a part of it
            own = f.hints if sums[f.end] - sums[f.start] <= 0.4 * self.whole else f.hints & Hint.BODY
            up = f.parent
            self.near.append(own)
            self.far.append(own | (self.far[up.serial] if up else 0))
            self.article.append(f if f.tag == "article" else self.article[up.serial] if up else None)
        self.first_article = next((f for f in frames if f.tag == "article"), None)
        self.of_frame: dict[int, list[float]] = {}
        self.ways = self._from_headline()

    def evidence(self) -> Evidence:
        return Evidence(self._rows(), self.headline, self.densest, self.good)

    def _find_headline(self) -> int:
        """Index of the headline: the first ``h1`` that agrees with the title, else the first block that does, else the first ``h1``."""
        h1s = [i for i, s in enumerate(self.segments) if s.tag == "h1"]
        key = self.key
        if key:
            for i in h1s:
                here = bare(self.segments[i].text)
                if len(here) > 2 and (here in key or key in here):
                    return i
            for i, s in enumerate(self.segments):
                if 10 < s.chars < 300:
                    here = bare(s.text)
                    if len(here) > 10 and (here in key or key in here):
                        return i
        return h1s[0] if h1s else -1

    def _in_densest(self, i: int) -> bool:
        return self.densest is not None and self.densest.start <= i < self.densest.end

    def needs_judging(self, i: int) -> bool:
        """Whether a block may be part of the article: trafilatura says so, or it is neither hidden nor in a list of links."""
        if self.known.said[i] > 0.5:
            return True
        f = self.segments[i].frame
        if f.hidden and f.serial not in self.unfolds:
            return False
        if self._in_densest(i):
            return True
        up = f.parent or f
        out = up.parent or up
        return self.linked[i] <= 0.9 and up.link_chars <= 0.6 * up.chars and out.link_chars <= 0.5 * out.chars

    def _shared(self, f: Frame) -> list[float]:
        """The measures that all blocks of a frame share."""
        if f.serial in self.of_frame:
            return self.of_frame[f.serial]
        sums, whole = self.sums, self.whole
        up = f.parent or f
        out = up.parent or up
        near = self.near[f.serial] | self.near[up.serial] | self.near[out.serial]
        far = self.far[f.serial]
        rank = 0.0
        walk: Frame | None = f
        for _ in range(4):
            if walk is None:
                break
            rank = max(rank, self.density[walk.serial])
            walk = walk.parent
        densest = self.densest
        article = self.article[f.serial]
        prose = sums[up.end] - sums[up.start]
        row: list[float] = [near & bits != 0 for _, bits in _NEAR]
        row += [far & bits != 0 for _, bits in _FAR]
        row += [
            densest is not None and densest.start <= f.start and f.end <= densest.end, f is densest or up is densest,
            rank / self.density[densest.serial] if densest else 0.0, (sums[f.end] - sums[f.start]) / whole,
            min(5, up.images), up.link_chars / (up.chars or 1), out.link_chars / (out.chars or 1), log1p(up.end - up.start), log1p(prose),
            prose / whole, (sums[out.end] - sums[out.start]) / whole, log1p(out.end - out.start),
            article is not None, article is not None and article is self.first_article,
            (sums[article.end] - sums[article.start]) / whole if article else 0.0,
            article is not None and article.start <= self.headline < article.end,
        ]  # fmt: skip
        self.of_frame[f.serial] = row
        return row

    def _from_headline(self) -> dict[int, tuple[int, int]]:
        """What ``_way`` says of the frames around the headline."""
        ways: dict[int, tuple[int, int]] = {}
        walk: Frame | None = self.segments[self.headline].frame if self.headline >= 0 else None
        while walk is not None:
            ways[walk.serial] = min(_FARTHEST, len(ways)), 0
            walk = walk.parent
        return ways

    def _way(self, frame: Frame) -> tuple[int, int]:
        """Steps up from the headline to the first frame around ``frame`` too, and steps from ``frame`` to that; 12 for more or none."""
        below: list[Frame] = []
        walk: Frame | None = frame
        while walk is not None and walk.serial not in self.ways:
            below.append(walk)
            walk = walk.parent
        common, steps = self.ways[walk.serial] if walk is not None else (_FARTHEST, _FARTHEST)
        for f in reversed(below):
            steps = min(_FARTHEST, steps + 1)
            self.ways[f.serial] = common, steps
        return common, steps

    def _groups(self) -> tuple[list[list[float]], dict[int, list[float]]]:
        """What trafilatura says of the blocks that a template sets alike, and of those in one frame: [characters said, characters]."""
        kin: dict[tuple[object, ...], list[float]] = {}
        kin_of: list[list[float]] = []
        family: dict[int, list[float]] = {}
        name_of: dict[int, tuple[object, ...]] = {}
        for s, said in zip(self.segments, self.known.said, strict=True):
            f = s.frame
            up = f.parent
            name = name_of.get(f.serial)
            if name is None:
                name = (f.tag, f.element.get("class"), up.tag if up else "", up.element.get("class") if up else "")
                name_of[f.serial] = name
            weight = min(s.chars, 300)
            group = kin.setdefault(name, [0.0, 0.0])
            clan = family.setdefault(up.serial if up else -1, [0.0, 0.0])
            group[1] += weight
            clan[1] += weight
            if said:
                group[0] += weight * said
                clan[0] += weight * said
            kin_of.append(group)
        return kin_of, family

    def _rows(self) -> dict[int, list[float]]:
        segments, known, said, linked, logs, heading = (
            self.segments, self.known, self.known.said, self.linked, self.logs, self.heading
        )  # fmt: skip
        count = len(segments)
        kin_of, family = self._groups()
        sure = [i for i, v in enumerate(said) if v > 0.5 and segments[i].chars > SURE_CHARS]
        first, last = (sure[0], sure[-1]) if sure else (count, -1)
        jsonld = known.jsonld
        ending: list[float] = [
            sum(segments[i].chars for i in sure) / self.whole, log1p(self.total), log1p(count), jsonld is not None,
            min(5, sum(f.tag == "article" for f in self.frames)), known.news, known.article, known.dated,
        ]  # fmt: skip
        next_heading = [9] * (count + 1)
        for i in range(count - 1, -1, -1):
            next_heading[i] = 0 if heading[i] else min(9, next_heading[i + 1] + 1)
        around = Context(segments, self.good, title=known.title, densest=self.densest)
        rows: dict[int, list[float]] = {}
        seen: set[str] = set()
        before = h1s = head_says = 0
        head_frame: Frame | None = None
        key, about, headline = self.key, self.about, self.headline
        for i, s in enumerate(segments):
            chars = s.chars
            before += chars
            if not self.needs_judging(i):
                h1s += s.tag == "h1"
                continue
            f = s.frame
            up = f.parent or f
            text = s.text
            said_i = said[i]
            cut = text[:300]
            speaks = spoken(text)
            if heading[i] or (chars < 60 and speaks and s.tag != "li"):
                head_says, head_frame = speaks, up
            group = kin_of[i]
            here = bare(text) if chars < MATCHED_CHARS and (key or about) else ""
            weight = min(chars, 300)
            clan = family[f.parent.serial if f.parent else -1]
            common, steps = self._way(f)
            row: list[float] = [
                said_i, first <= i <= last, min(5, max(0, first - i)), min(5, max(0, i - last)),
                (group[0] - weight * said_i) / (group[1] - weight) if group[1] > weight else -0.2, log1p(group[1] - weight),
                (clan[0] - weight * said_i) / (clan[1] - weight) if clan[1] > weight else -0.2, log1p(clan[1] - weight),
                jsonld[i] if jsonld else 0.0, jsonld is not None and jsonld[i] < 0.3 and chars > 40,
                logs[i], text.count(" ") + 1 if chars == len(text) else chars // _WORD_CHARS, min(3, sum(map(cut.count, _STOPS))),
                text.rstrip(_QUOTES)[-1:] in _ENDS,
                min(5, s.links), linked[i], s.bold_chars / chars, cut[:1].isupper(), min(4, text.count("\n")),
            ]  # fmt: skip
            tag = s.tag
            row += _tag_measures(tag)
            row += [
                heading[i], next_heading[i], chars > 20 and text in seen,
            ]  # fmt: skip
            row += around.of(i)
            row += [
                len(here) > 5 and bool(key) and (here == key or (len(here) > 15 and here in key)),
                len(here) > 20 and bool(about) and (here in about or (about[:40] in here and len(here) < 1.5 * len(about))),
                min(f.depth, 30), i / count, (before - chars) / self.total,
            ]  # fmt: skip
            row += _said_measures(speaks)
            row += [
                head_says != 0 and head_frame is not None and head_frame.start <= i < head_frame.end,
                log1p(abs(i - headline)) if headline >= 0 else 0, i > headline >= 0, common, steps, min(3, h1s),
            ]  # fmt: skip
            shared = self._shared(f)
            if s.hints:
                shared = [
                    bool(value) or s.hints & bits != 0 for value, (_, bits) in zip(shared, _NEAR + _FAR, strict=False)
                ] + shared[18:]
            row += shared
            row += ending
            for way in _WAYS:
                j = i + way
                if 0 <= j < count:
                    other = segments[j]
                    row += [said[j], logs[j], linked[j], heading[j], other.frame.parent is f.parent, other.tag == tag]
                else:
                    row += [0, 0, 0.5, 0, 0, 0]
            rows[i] = row
            seen.add(text)
            h1s += tag == "h1"
        return rows
