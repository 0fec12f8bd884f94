"""The stage that finds the article's pictures, with their captions and text alternatives.

Owns ``images``: which pictures belong to the article, and which words belong to a picture. Never fetches one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.record import Image
from pipelines.page import Draft, Page
from pipelines.plain import key, plain
from pipelines.schemaorg import address_of, items, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_IMAGES = 200
"""Most pictures of an article."""
MAX_CAPTION = 1_000
"""Longest caption, in characters."""
MAX_ADDRESS = 4_000
"""Longest address, in characters."""
MAX_ELEMENTS = 2_000
"""How many elements are looked at for pictures."""
MIN_SIDE = 80
"""A picture that says it is smaller is an icon."""

_CAPTION = re.compile(
    r"caption|credit|legend|bildunter|bildtext|copyright|pie-?foto|didascalia|descri|info-?_*text|mediainfo", re.I
)
_FOREIGN = re.compile(
    r"related|recommend|promo|newsletter|share|social|avatar|comment|sidebar|\blogo|author-|byline|teaser|outbrain|taboola|advert|"
    r"more-from|most-read|read-more|trending|footer|\bnav\b|\bmenu|breadcrumb|subscribe|signup|bio\b|card-list|paywall|carousel-related",
    re.I,
)
_FOREIGN_TAGS = frozenset({"aside", "nav", "footer", "form", "noscript", "article"})
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-srcset", "srcset", "src")
_NO_PICTURE = re.compile(
    r"^(?:data|blob|javascript|about):|^[{#]|placeholder|spacer|blank\.|pixel|/logo|sprite|1x1|gravatar|emoji"
)
"""In lower case: the pattern is three times as fast so."""

MAX_CAPTION_DEPTH = 4
"""How many elements above a caption its picture is looked for."""
_DRAWING = re.compile(r"\.svg(?:$|\?)", re.I)
"""A drawing: an icon or a logo, unless a caption says that it is shown."""


def images(page: Page, draft: Draft) -> Draft:
    """Fill ``images``."""
    if draft.tree is None:
        return draft
    found: dict[str, Image] = {}
    for image in _printed(page, draft):
        known = found.get(image.url)
        if known is None or (known.caption is None and image.caption):
            found[image.url] = image
        if len(found) >= MAX_IMAGES:
            break
    if not found:
        found = {image.url: image for image in _stated(page, draft)}
    return replace(draft, images=tuple(found.values()))


def _printed(page: Page, draft: Draft) -> Iterator[Image]:
    found = _container(draft)
    if found is None:
        return
    container, around = found
    beside = _captions_beside(draft)
    # a picture whose caption was recognised is the article's, wherever the page puts it
    outside = [picture for picture in beside if container not in picture.iterancestors()]
    for element in chain(outside, islice(container.iter("img", "amp-img"), MAX_ELEMENTS)):
        address = _address(page, element)
        if address is None or (element not in beside and _is_foreign(element, around)):
            continue
        figure = next((e for e in element.iterancestors("figure") if e is not container), None)
        caption = _caption(element, figure) or beside.get(element)
        if caption is None and _DRAWING.search(address):
            continue
        link = next(element.iterancestors("a"), None)
        if link is not None and caption is None and not _leads_to_picture(link):
            continue
        alt = plain(element.get("alt"), MAX_CAPTION)
        yield Image(url=address, caption=caption, alt=alt)


def _captions_beside(draft: Draft) -> dict[HtmlElement, str]:
    """Captions that no element and no class names, by their picture: blocks that ``chrome`` told to be captions, by where they stand."""
    assert draft.tree is not None
    body = next(draft.tree.iter("body"), draft.tree)
    found: dict[HtmlElement, list[str]] = {}
    for block in draft.blocks:
        if block.kind != "caption" or block.pages_sharing:
            continue
        for around in islice(_at(body, block.path.split(" > ")[1:]).iterancestors(), MAX_CAPTION_DEPTH):
            pictures = list(islice(around.iter("img", "amp-img"), 2))
            if pictures:
                if len(pictures) == 1:
                    found.setdefault(pictures[0], []).append(" ".join(block.text.split()))
                break
    return {picture: " ".join(texts)[:MAX_CAPTION] for picture, texts in found.items()}


def _container(draft: Draft) -> tuple[HtmlElement, frozenset[HtmlElement]] | None:
    """The element that holds the headline and the text, and the elements around the text: the article as the page sees it."""
    tree = draft.tree
    assert tree is not None
    body = next(tree.iter("body"), tree)
    kept = [block.path.split(" > ") for block in draft.blocks if block.kept]
    if not kept:
        return None
    shared = kept[0][:-1]
    for path in (kept[len(kept) // 4], kept[len(kept) // 2], kept[3 * len(kept) // 4]):
        n = 0
        while n < min(len(shared), len(path) - 1) and shared[n] == path[n]:
            n += 1
        shared = shared[:n]
    text = _at(body, shared[1:])
    around = (text, *text.iterancestors())
    article = next((e for e in around if e.tag == "article" and next(e.iter("h1"), None) is not None), None)
    # the picture at the top often stands beside the text: go up to where the headline is
    headed = article if article is not None else next((e for e in around if next(e.iter("h1"), None) is not None), text)
    return headed, frozenset(around)


def _at(body: HtmlElement, steps: list[str]) -> HtmlElement:
    """The element at a CSS path as ``pipelines.paths`` writes it."""
    element = body
    for step in steps:
        tag, _, place = step.partition(":nth-of-type(")
        number = int(place.rstrip(")")) if place else 1
        found = None
        for count, child in enumerate(element.iterchildren(tag), 1):
            if count == number:
                found = child
                break
        if found is None:
            return element
        element = found
    return element


def _address(page: Page, element: HtmlElement) -> str | None:
    for side in ("width", "height"):
        value = (element.get(side) or "").removesuffix("px")
        if value.isdigit() and len(value) < 6 and int(value) < MIN_SIDE:
            return None
    for name in _SOURCES:
        value = (element.get(name) or "").strip()
        if name.endswith("srcset"):
            # the last candidate is the largest: "small.jpg 300w, large.jpg 1200w"
            value = next((part.split()[0] for part in reversed(value.split(", ")) if part.split()), "")
        if address := _picture(page, value):
            return address
    return None


def _picture(page: Page, value: str | None) -> str | None:
    """The absolute address of a picture; None if it is a placeholder, an icon, or nothing that could be fetched."""
    if not value or len(value) > MAX_ADDRESS or _NO_PICTURE.search(value.lower()):
        return None
    try:
        address = urljoin(page.url, value)
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None


def _is_foreign(element: HtmlElement, around: frozenset[HtmlElement]) -> bool:
    """Whether it stands in a box, a menu or another article: what is around the text itself is the article's, whatever its name."""
    for ancestor in element.iterancestors():
        if ancestor in around:
            return False
        if ancestor.tag in _FOREIGN_TAGS or _is_foreign_name(
            f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        ):
            return True
    return False


@lru_cache(maxsize=20_000)
def _is_foreign_name(names: str) -> bool:
    return _FOREIGN.search(names) is not None


def _leads_to_picture(link: HtmlElement) -> bool:
    href = (link.get("href") or "").lower().partition("?")[0]
    return not href or href.startswith("#") or href.endswith((".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"))


def _caption(element: HtmlElement, figure: HtmlElement | None) -> str | None:
    if figure is not None:
        for part in figure.iter("figcaption"):
            if text := _text(part):
                return text
        for part in figure.iter("div", "span", "p"):
            if _CAPTION.search(part.get("class") or "") and (text := _text(part)):
                return text
        return None
    parent = element.getparent()
    for _ in range(3):
        if parent is None or parent.tag in ("body", "article", "main"):
            return None
        if len(list(islice(parent.iter("img"), 2))) > 1:
            return None
        for part in parent.iter("div", "span", "p", "figcaption", "small", "dd"):
            if (part.tag == "figcaption" or _CAPTION.search(part.get("class") or "")) and (text := _text(part)):
                return text
        parent = parent.getparent()
    return None


def _text(element: HtmlElement) -> str | None:
    return plain("".join(_walk(element, 0)), MAX_CAPTION)


def _walk(element: HtmlElement, depth: int) -> Iterator[str]:
    """The words of a caption; the line of the credit is often an element of its own, with no space before it."""
    if element.text:
        yield element.text
    for child in element:
        if child.tag not in ("script", "style", "button", "svg", "template") and depth < 20:
            apart = child.tag not in ("b", "i", "em", "strong", "a", "u", "sub", "sup")
            yield " " if apart else ""
            yield from _walk(child, depth + 1)
            yield " " if apart else ""
        if child.tail:
            yield child.tail


def _stated(page: Page, draft: Draft) -> Iterator[Image]:
    for _, node in draft.works[:1]:
        for item in items(node.get("image")):
            if address := _picture(page, address_of(item)):
                caption = plain(text_of(item.get("caption")), MAX_CAPTION) if isinstance(item, dict) else None
                yield Image(url=address, caption=caption, alt=None)
                return
    meta = dict(reversed(draft.meta))
    if address := _picture(page, meta.get("og:image") or meta.get("og:image:url")):
        alt = plain(meta.get("og:image:alt"), MAX_CAPTION)
        yield Image(url=address, caption=None, alt=alt if key(alt) != key(draft.title) else None)
