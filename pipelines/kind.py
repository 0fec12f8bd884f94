"""The stage that says what kind of page this is: article, live blog, opinion, video, gallery, podcast, section or other.

Owns ``page_type`` and the evidence for it, structured data before addresses before looks. Never decides whether a page gives a row:
``quality`` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from crawler.record import PageType
from pipelines.page import Draft, Page, Source
from pipelines.plain import key
from pipelines.schemaorg import items, types
from pipelines.teasers import teasers
from pipelines.words import count_words

ARTICLE_WORDS = 80
"""Words from which a page's text is an article's, if nothing says otherwise."""
PARAGRAPH_CHARS = 240
"""Characters from which a block is no teaser: two of them, and a page is more than a list."""
LISTED = 10
"""Headlines that lead elsewhere from which a page can be a list."""
TEASERS = 3
"""Teasers from which a page can be a list:"""
IN_TEASERS = 0.7
"""if they hold so much of the kept text, or that is short and unlikely an article."""
LIVE_UPDATES = 4
"""Updates from which a page that is called live is a live blog."""
GALLERY_PICTURES = 4
"""Pictures with captions from which a page that is called pictures is a gallery."""

_BY_TYPE: tuple[tuple[str, PageType], ...] = (
    ("LiveBlogPosting", "liveblog"), ("OpinionNewsArticle", "opinion"), ("PodcastEpisode", "podcast"), ("ImageGallery", "gallery"),
    ("MediaGallery", "gallery"),
)  # fmt: skip
_ARTICLES = re.compile(r"Article$|^BlogPosting$|^Report$|^Review$|^ClaimReview$|^SocialMediaPosting$|^Recipe$|^HowTo$")
_LISTS = frozenset({"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"})
_LIVE = re.compile(
    r"/live(?:[-_]?(?:blog|ticker|updates?|stream|feed))?(?:[/-]|$)|live-?blog|live-?ticker|liveticker|-live-(?:updates?|\d)",
    re.I,
)
_LIVE_TITLE = re.compile(
    r"\blive(?:\s+(?:updates?|blog))?\s*[:：–-]|\blive\s+(?:updates?|blog)\b|[+]{3}|\bliveticker\b|\ben\s+(?:direct|vivo|directo)\b|\bin\s+diretta\b",
    re.I,
)
_OPINION = re.compile(
    r"^(?:opinions?|commentisfree|comment|commentary|columns?|columnists?|editorials?|op-?ed|meinung(?:en)?|kommentare?|kolumnen?|gastbeitr\w+|"
    r"leitartikel|tribunes?|opinion-?\w*|opini[oó]n|tribuna|columnas?|opinioni|editoriali|commenti|opinie|opinies|ledare|debatt|debat|meninger|"
    r"kronikk|leder|mielipide|opinie-i-komentarze|komentarze|nazory|komentare|kommentit|mneniya|мнени[ея]|колонки|yazarlar|views?|voices|perspectives?)$",
    re.I,
)
_VIDEO = re.compile(r"^(?:videos?|watch|mediathek|clips?|tv)$", re.I)
_GALLERY = re.compile(
    r"^(?:gallery|galleries|photos?|pictures|slideshow|bildergalerien?|fotostrecken?|fotos|galer[ií]as?|diaporamas?|fotogaler\w+|in-pictures)$",
    re.I,
)
_PODCAST = re.compile(r"^(?:podcasts?|audio|episodes?|radio)$", re.I)
_GALLERY_TITLE = re.compile(
    r"^(?:in (?:pictures|photos|images)|photos?|pictures|gallery|slideshow|bilder(?:galerie)?|fotostrecke|en (?:images|im[aá]genes|fotos)|"
    r"diaporama|fotogaler[ií]a|galer[ií]a|le foto|em imagens|в фото|фото|写真)\b",
    re.I,
)
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}\b")
_LIVE_NAMES = re.compile(r"live-?(?:blog|ticker|update|post|entry)", re.I)


def kind(page: Page, draft: Draft) -> Draft:
    """Fill ``page_type``."""
    if draft.tree is None:
        return draft
    found, source = _decided(page, draft)
    return replace(draft, page_type=found, sources=replace(draft.sources, page_type=source))


def _decided(page: Page, draft: Draft) -> tuple[PageType, Source]:
    source, node = draft.works[0] if draft.works else ("jsonld", {})
    mine = types(node)
    for name, result in _BY_TYPE:
        if name in mine:
            return result, source
    every = frozenset().union(*(types(n) for _, n in draft.works)) if draft.works else mine
    if "LiveBlogPosting" in every or any(
        len(list(items(n.get("liveBlogUpdate")))) >= LIVE_UPDATES for _, n in draft.works
    ):
        return "liveblog", source
    meta = dict(reversed(draft.meta))
    words = count_words(draft.text[:_ENOUGH])
    steps = _steps(page.url)
    og = meta.get("og:type", "").lower()
    if _is_live(page, draft):
        return "liveblog", "html"
    if not _is_stated(page, draft, meta) and _is_of_teasers(draft, words):
        return "section", "guess"
    if meta.get("article:opinion", "").lower() == "true":
        return "opinion", "meta"
    if any(_OPINION.match(step) for step in steps[:-1]) or _OPINION.match(key(draft.section)):
        return "opinion", "guess"
    if og.startswith("video") or ("VideoObject" in mine and words < ARTICLE_WORDS):
        return "video", "meta" if og.startswith("video") else source
    if "AudioObject" in mine and words < ARTICLE_WORDS:
        return "podcast", source
    for pattern, result in _PLACES:
        if any(pattern.match(step) for step in steps[:-1]):
            return result, "guess"
    if _GALLERY_TITLE.match(draft.title or "") and sum(bool(i.caption) for i in draft.images) >= GALLERY_PICTURES:
        return "gallery", "guess"
    if any(_ARTICLES.search(name) for name in mine):
        return "article", source
    if any(types(n) & _LISTS for n in draft.jsonld) and "article" not in og and words < ARTICLE_WORDS:
        return "section", "jsonld"
    if og in ("article", "blog", "news") and words:
        return "article", "meta"
    if _is_section(page, draft, words):
        return "section", "guess"
    if words >= ARTICLE_WORDS:
        return "article", "guess"
    return "other", "guess"


_ENOUGH = 6_000
_PLACES: tuple[tuple[re.Pattern[str], PageType], ...] = (
    (_GALLERY, "gallery"),
    (_PODCAST, "podcast"),
    (_VIDEO, "video"),
)


def _steps(url: str) -> list[str]:
    try:
        return [unquote(step) for step in urlsplit(url).path.split("/") if step]
    except ValueError:
        return []


def _is_live(page: Page, draft: Draft) -> bool:
    """Called live by its address or title, and made of updates."""
    if not (_LIVE.search(page.url) or _LIVE_TITLE.search(draft.title or "")):
        return False
    assert draft.tree is not None
    times = sum(1 for element in draft.tree.iter("time"))
    named = sum(
        1
        for element in draft.tree.iter("article", "section", "div", "li")
        if _LIVE_NAMES.search(element.get("class") or "")
    )
    stamped = sum(1 for block in draft.blocks if block.kept and _CLOCK.match(block.text))
    return max(times, named, stamped) >= LIVE_UPDATES


def _is_stated(page: Page, draft: Draft, meta: Mapping[str, str]) -> bool:
    """Whether the page's data, or the feed that named it, calls it an article."""
    return (
        any(_ARTICLES.search(name) for _, node in draft.works for name in types(node))
        or "article:published_time" in meta
        or page.discovered_via == "feed"
    )


def _is_of_teasers(draft: Draft, words: int) -> bool:
    """Whether nearly all of the text stands in teasers, or a few words that hardly are an article stand beside some."""
    if draft.layout is None:
        return False
    found = teasers(draft.layout, draft.blocks)
    if found.share >= IN_TEASERS:
        return found.kept >= TEASERS or (found.whole >= TEASERS and words < ARTICLE_WORDS)
    return found.whole >= TEASERS and words < ARTICLE_WORDS and draft.method == "fallback"


def _is_section(page: Page, draft: Draft, words: int) -> bool:
    """A page without a date, an author or an article's data of which most blocks are headlines that lead elsewhere."""
    if draft.works or draft.published_at or draft.authors:
        return False
    if sum(1 for block in draft.blocks if block.kept and len(block.text) >= PARAGRAPH_CHARS) > 1:
        return False
    assert draft.tree is not None
    linked = 0
    for element in draft.tree.iter("h2", "h3", "h4"):
        link = next(element.iter("a"), None)
        parent = element.getparent()
        if link is not None or (parent is not None and parent.tag == "a"):
            linked += 1
    return linked >= LISTED and words < 40 * linked
