"""The stage that decides which blocks are the article, and sets its text.

Owns the decision and the text's form: the site's own rules first, then the judge over the evidence, then what no weighing can know (nothing
twice, no other article, what sibling pages share). Leaves the naming of the rest to ``chrome``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.record import BlockKind
from pipelines.density import HEADINGS
from pipelines.evidence import Evidence, Known, bare, gather
from pipelines.hints import Hint
from pipelines.judge import probability
from pipelines.page import Draft, Page, TextBlock
from pipelines.paths import Paths
from pipelines.phrases import HOUSE, spoken
from pipelines.plain import plain
from pipelines.schemaorg import types
from pipelines.siterules import Ruling, rulings
from pipelines.whole import continued, enclosed, headed, in_the_run, notices, of_headlines, quoted, tabled
from pipelines.witness import agreement, trafilatura_says

if TYPE_CHECKING:
    from pipelines.blocks import Segment

KEEP = 0.5
"""Likelihood from which a block is part of the article."""
FILL = 0.2
"""Likelihood from which a heading is, if what stands around it is,"""
TEASER = 0.9
"""unless more of it is part of a link: then it is another article's headline."""
SUREST = 0.15
"""If no block is likely, the likeliest are the article, if they are at least so likely:"""
AS_SURE = 0.6
"""all whose likelihood is at least so great a share of the greatest."""
REPEATED_CHARS = 20
"""A block of fewer characters may stand twice in an article: "Yes." in an interview,"""
CHANCE_PAGES = 2
"""and on so many other pages."""
SURE_CHARS = 30
"""A block of at least so many characters that a page repeats and trafilatura does not know is furniture,"""
DOUBT = 0.7
"""if its likelihood is below this."""
PARAGRAPH_CHARS = 60
"""What has more letters stands once in an article, whatever the likelihood,"""
BELIEVED = 0.9
"""and what has fewer stands twice if both are so likely: "Serves four" under each of two recipes."""
MAX_ARTICLE_BODY = 400_000
"""Characters of JSON-LD's articleBody that are looked at."""
CAPTION_CHARS = 500
"""A caption has fewer characters."""
PICTURE_CHARS = 250
"""What stands in one frame with a picture, and is not called a caption, is one if it has fewer characters."""
BIO_BLOCKS = 2
"""An article ends with at most so many blocks about its author,"""
BIO_CHARS = 400
"""each of fewer characters."""
HEADLINE_CHARS = 300
"""A headline has fewer characters."""
MOSTLY = 0.6
"""If so much of an article stands on other pages, they are the same article."""
MUCH = 0.3
"""Hidden prose beside the article that is left out is told if there is so much of it, as a share of the text."""
_DATES = frozenset({"article:published_time", "og:article:published_time", "date", "datepublished"})


def body(page: Page, draft: Draft) -> Draft:
    """Fill ``blocks``, ``text`` and ``method``; flag ``house-line``, ``mostly-repeated``, ``hidden-text`` and ``hidden-text-left-out``."""
    if draft.tree is None or draft.layout is None:
        return draft
    segments = draft.layout.segments
    said = agreement(segments, trafilatura_says(draft.layout))
    evidence = gather(draft.layout, known(draft, said))
    ruled = rulings(page.rules, draft.tree, segments)
    verdicts = _Verdicts(page, segments, evidence, said)
    verdicts.judge()
    verdicts.uncaption()
    verdicts.behead(draft.title)
    verdicts.sign_off(draft.authors)
    verdicts.remember()
    verdicts.once()
    verdicts.make_whole()
    verdicts.fill_headings()
    method = "judge"
    if not any(verdicts.kept):
        verdicts.fall_back()
        method = "fallback"
    verdicts.obey(ruled)
    if any(ruling and ruling.reason == "include" for ruling in ruled):
        method = "rules"
    verdicts.tell_hidden()
    paths = Paths()
    found = tuple(
        TextBlock(
            index=i,
            path=paths.of(segment.frame.element),
            tag=segment.tag,
            text=segment.text,
            kept=verdicts.kept[i],
            kind=verdicts.kinds[i],
            reason=verdicts.reasons[i],
            pages_sharing=verdicts.sharing[i],
            likelihood=verdicts.odds[i],
        )
        for i, segment in enumerate(segments)
    )
    text = "\n\n".join(segments[b.index].marker + b.text for b in found if b.kept)
    return replace(draft, blocks=found, text=text, method=method, flags=draft.flagged(*verdicts.flags))


def known(draft: Draft, said: Sequence[float]) -> Known:
    """What the page's data and the witnesses say of its blocks."""
    segments = draft.layout.segments if draft.layout else []
    bodies = [plain(node.get("articleBody"), MAX_ARTICLE_BODY) for _, node in draft.works]
    jsonld = agreement(segments, [text for text in bodies if text]) if any(bodies) else None
    meta = dict(reversed(draft.meta))
    kinds = {name for _, node in draft.works for name in types(node)}
    return Known(
        said=said,
        jsonld=jsonld,
        title=draft.title or meta.get("og:title") or "",
        description=meta.get("og:description") or meta.get("description") or "",
        news=any("News" in kind or "LiveBlog" in kind for kind in kinds),
        article=bool(kinds & {"Article", "BlogPosting"}) or meta.get("og:type") == "article",
        dated=not _DATES.isdisjoint(meta) or any("datePublished" in node for _, node in draft.works),
    )


def is_caption(segment: Segment) -> bool:
    """Whether a block belongs to a picture by where it stands, or says again the text alternative of the picture before it."""
    frame = segment.frame
    if segment.text == segment.alt or frame.tag == "figcaption" or (frame.hints | segment.hints) & Hint.CAPTION:
        return True
    if segment.tag in HEADINGS or segment.marker or segment.tag == "tr":
        return False
    own, around = frame.images, frame.parent
    for _ in range(2):
        if around is None or around.end - around.start > 2:
            return False
        if around.tag in ("figcaption", "figure") or around.hints & Hint.CAPTION:
            return True
        if around.images > own:
            return around.chars < PICTURE_CHARS
        around = around.parent
    return False


class _Verdicts:
    """The verdict on each block of a page, with its reason, while they are being reached."""

    def __init__(self, page: Page, segments: Sequence[Segment], evidence: Evidence, said: Sequence[float]) -> None:
        self.page = page
        self.segments = segments
        self.evidence = evidence
        self.said = said
        self.odds = [0.0] * len(segments)
        self.kept = [False] * len(segments)
        self.reasons: list[str | None] = [None] * len(segments)
        self.kinds: list[BlockKind | None] = [None] * len(segments)
        self.sharing: list[int | None] = [None] * len(segments)
        self.flags: list[str] = []

    def judge(self) -> None:
        """Weigh the evidence."""
        for i, row in self.evidence.rows.items():
            self.odds[i] = probability(row)
            self.kept[i] = self.odds[i] > KEEP
            if self.kept[i]:
                self.reasons[i] = "trafilatura" if self.said[i] > 0.5 else "judge"

    def uncaption(self) -> None:
        """Leave out what belongs to a picture.

        That is a ``<figcaption>``, a block called a caption, one of few in a frame with a picture, or what says again the text alternative
        of the picture before it.
        """
        for i, segment in enumerate(self.segments):
            if segment.chars < CAPTION_CHARS and is_caption(segment):
                self._drop(i, "caption")
                self.kinds[i] = "caption"

    def behead(self, title: str | None) -> None:
        """Leave out the headline: an ``<h1>`` that says what the title says."""
        words = bare(title)
        for i, segment in enumerate(self.segments):
            if self.kept[i] and segment.tag == "h1" and words and bare(segment.text) == words:
                self._drop(i, "headline")
                self.kinds[i] = "other"

    def sign_off(self, authors: Sequence[str]) -> None:
        """Leave out who the author is, where an article ends with it, and what has not one letter: a player's clock, a row of stars."""
        kept = [i for i, keep in enumerate(self.kept) if keep]
        for i in kept[-BIO_BLOCKS:] if len(kept) > 2 * BIO_BLOCKS else []:
            about = self.segments[i].text.startswith(tuple(author + " " for author in authors if author))
            if about and self.segments[i].chars < BIO_CHARS and self.odds[i] < BELIEVED:
                self._drop(i, "author-at-end")
                self.kinds[i] = "author_bio"
        for i in kept:
            if self.segments[i].tag not in ("tr", "li", *HEADINGS) and not any(map(str.isalpha, self.segments[i].text)):
                self._drop(i, "no-letters")
                self.kinds[i] = "other"

    def remember(self) -> None:
        """Leave out what the site's other pages show too, but for house lines and for headings of what is the page's own.

        If that were most of the article, the other pages are copies of this one, and nothing is left out.
        """
        profile = self.page.profile
        if profile is None:
            return
        itself = profile.surveyed(self.page.url)
        repeated: dict[int, tuple[str, BlockKind | None]] = {}
        for i, segment in enumerate(self.segments):
            self.sharing[i] = others = profile.others(segment.text, itself=itself)
            if not self.kept[i] or segment.chars < REPEATED_CHARS:
                continue
            if others:
                repeated[i] = ("repeated", None)
            elif (
                segment.chars < HEADLINE_CHARS and i != self.evidence.headline and profile.knows_headline(segment.text)
            ):
                repeated[i] = ("other-headline", "related")
        for i in list(repeated):
            if HOUSE.match(self.segments[i].text):
                del repeated[i]
                self.flags.append("house-line")
            elif (
                self.segments[i].tag in HEADINGS
                and i + 1 < len(self.kept)
                and self.kept[i + 1]
                and i + 1 not in repeated
            ):
                del repeated[i]
        article = sum(s.chars for s, kept in zip(self.segments, self.kept, strict=True) if kept)
        if sum(self.segments[i].chars for i in repeated) > MOSTLY * article:
            self.flags.append("mostly-repeated")
            return
        for i, (reason, kind) in repeated.items():
            self._drop(i, reason)
            self.kinds[i] = kind

    def obey(self, ruled: Sequence[Ruling | None]) -> None:
        """Apply the site's own rules: they win over everything."""
        for i, ruling in enumerate(ruled):
            if ruling is None or (ruling.kept == self.kept[i] and ruling.reason in ("include", "outside")):
                continue
            self.kept[i], self.reasons[i], self.kinds[i] = ruling.kept, ruling.reason, ruling.kind

    def once(self) -> None:
        """Leave out what the page repeats: the less likely copy, or all copies if no witness knows any."""
        keys = [bare(segment.text) if self.kept[i] else "" for i, segment in enumerate(self.segments)]
        texts = Counter(segment.text for segment in self.segments)
        best: dict[str, int] = {}
        for i, key in enumerate(keys):
            if not self.kept[i]:
                continue
            segment = self.segments[i]
            if texts[segment.text] > 1 and self.said[i] < 0.5 and segment.chars > SURE_CHARS and self.odds[i] < DOUBT:
                self._drop(i, "copies")
            elif len(key) > REPEATED_CHARS and key in best:
                other = best[key]
                worse = other if self.odds[i] > self.odds[other] + 0.15 else i
                if len(key) > PARAGRAPH_CHARS or self.odds[worse] < BELIEVED:
                    self._drop(worse, "copy")
                best[key] = i if worse == other else other
            else:
                best[key] = i

    def make_whole(self) -> None:
        """Take in what belongs to kept blocks without showing it by itself, and leave out what they say already."""
        for i in list(tabled(self.segments, self.kept)):
            if self.reasons[i] is None:
                self._keep(i, "between")
        for i in list(enclosed(self.segments, self.kept)):
            if self._may_be_filled_in(i):
                self._keep(i, "between")
        for i in list(continued(self.segments, self.kept, self.odds)):
            if self._may_be_filled_in(i):
                self._keep(i, "part")
        for i in in_the_run(self.segments, self.kept, self.odds):
            # what is taken in is part of the run for the next
            if i != self.evidence.headline and self._may_be_filled_in(i):
                self._keep(i, "run")
        for i in list(headed(self.segments, self.kept)):
            if self.odds[i] > FILL and self._may_be_filled_in(i):
                self._keep(i, "run")
        if self.page.profile is not None:
            for i in list(of_headlines(self.segments, self.kept, self.page.profile.knows_headline)):
                self._drop(i, "other-headlines")
                self.kinds[i] = "related"
        for i in list(notices(self.segments, self.kept)):
            self._drop(i, "reading-notice")
            self.kinds[i] = "other"
        for i in list(quoted(self.segments, self.kept)):
            self._drop(i, "pull-quote")
            self.kinds[i] = "repeated"

    def _may_be_filled_in(self, i: int) -> bool:
        """Whether nothing is known against a block: no rule, no words of furniture, no page that shows it too but for a word by chance."""
        segment = self.segments[i]
        by_chance = segment.chars < REPEATED_CHARS and (self.sharing[i] or 0) <= CHANCE_PAGES
        return self.reasons[i] is None and (not self.sharing[i] or by_chance) and not spoken(segment.text)

    def fill_headings(self) -> None:
        """Keep a heading that stands between kept blocks."""
        for i in range(1, len(self.segments) - 1):
            maybe = (
                self.segments[i].tag in HEADINGS
                and self.odds[i] > FILL
                and self.reasons[i] is None
                and not self.kept[i]
                and self.segments[i].link_chars <= TEASER * self.segments[i].chars
            )
            if maybe and self.kept[i + 1] and any(self.kept[max(0, i - 2) : i]):
                self._keep(i, "between")

    def fall_back(self) -> None:
        """Keep the surest blocks if none is likely; if none is sure at all, what one witness alone takes for the article."""
        surest = max(self.odds, default=0.0)
        if surest >= SUREST:
            for i, odds in enumerate(self.odds):
                if odds >= AS_SURE * surest and self.reasons[i] is None:
                    self._keep(i, "surest")
        if any(self.kept):
            return
        densest = self.evidence.densest
        for i in range(len(self.segments)):
            if self.said[i] > 0.5:
                self._keep(i, "trafilatura")
        if not any(self.kept) and densest is not None:
            for i in range(densest.start, densest.end):
                if self.evidence.good[i]:
                    self._keep(i, "densest")

    def tell_hidden(self) -> None:
        """Flag text that a reader sees only after a click: that it was kept, or that a good deal of it was not."""
        text = out = 0
        for i, segment in enumerate(self.segments):
            if self.kept[i]:
                text += segment.chars
                if segment.frame.hidden and "hidden-text" not in self.flags:
                    self.flags.append("hidden-text")
            elif segment.frame.hidden and self.evidence.good[i]:
                out += segment.chars
        if out > MUCH * text:
            self.flags.append("hidden-text-left-out")

    def _keep(self, i: int, reason: str) -> None:
        self.kept[i] = True
        self.reasons[i] = reason

    def _drop(self, i: int, reason: str) -> None:
        self.kept[i] = False
        self.reasons[i] = reason
