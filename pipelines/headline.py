"""The stage that finds the headline: where the page's own headings and its structured data agree.

Owns ``title`` and what a site's name at the end of a title is. Never trusts one source alone while another can confirm it: logos are
``<h1>`` on some sites, search titles are ``headline`` on others, but both are rarely wrong in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.page import Draft, Page, Source
from pipelines.plain import key, plain
from pipelines.schemaorg import text_of
from pipelines.site_names import site_names

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_TITLE = 500
"""Longest title, in characters; the longest headline of a thousand news pages has 250."""
MAX_HEADINGS = 12
"""How many headings of a page are looked at."""

_META = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "citation_title",
    "sailthru.title",
    "parsely-title",
    "headline",
    "title",
)
_APART = re.compile(r"(?:\s+[|\-–—·•»«:/]{1,3}\s+|\s*[|｜：»]\s*|\s*--\s*|[:,]\s+)")
_SPACED = frozenset({"br", "div", "p", "span", "small", "strong", "em", "a", "time"})
_UNSEEN = frozenset({"script", "style", "svg", "button", "noscript", "template", "form", "sup"})
_WORD_CHARS = 5
_LONGER = 2.5
_PARAGRAPH = 120
_KEEPS = 0.5
_LABEL = 4
_MOST = 0.25
_HOME = re.compile(r"(?:(?:https?:)?//[^/?#]+)?/?(?:index\.\w+)?", re.I)
_WORD = re.compile(r"\w\w+")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One wording of the headline, and where it stands."""

    text: str
    source: Source
    key: str


def headline(page: Page, draft: Draft) -> Draft:
    """Fill ``title``; flag ``title-unconfirmed`` if no second source knows its words."""
    if draft.tree is None:
        return draft
    names = site_names(page, draft)
    stated = [c for c in _stated(page, draft) if c.key not in names]
    printed = [c for c in _printed(draft.tree) if c.key not in names]
    whole = [c.key for c in stated]
    stated = [_without_site(c, names, printed) for c in stated]
    best = _chosen(printed, stated, whole)
    if best is None:
        return draft
    best = _without_tail(best, page, names, stated)
    support = sum(_agree(best.key, other.key) for other in (*stated, *printed) if other is not best)
    flags = draft.flags if support else draft.flagged("title-unconfirmed")
    return replace(draft, title=best.text, sources=replace(draft.sources, title=best.source), flags=flags)


def _chosen(printed: list[_Candidate], stated: list[_Candidate], whole: list[str]) -> _Candidate | None:
    """The printed heading that most sources confirm; if none is confirmed, the wording that most sources state."""
    scored = [(sum(_agree(c.key, s) for s in whole), -place, c) for place, c in enumerate(printed)]
    scored = [entry for entry in scored if entry[0]]
    if scored:
        return _with_fit_kicker(max(scored, key=lambda entry: entry[:2])[2], stated)
    counts = {c.key: sum(c.key == other.key for other in stated) for c in stated}
    similar = [c for c in printed if any(_similar(c.text, s.text) for s in stated)]
    if similar:
        return _with_fit_kicker(similar[0], stated)
    if stated:
        return _without_section(max(stated, key=lambda c: counts[c.key]))
    return printed[0] if printed else None


def _without_section(candidate: _Candidate) -> _Candidate:
    """The candidate without a last few words behind a bar: a section or a site whose name nothing else tells."""
    head, bar, tail = candidate.text.rpartition(" | ")
    return (
        replace(candidate, text=head, key=key(head))
        if bar and len(tail.split()) <= 3 <= len(head.split())
        else candidate
    )


def _without_tail(best: _Candidate, page: Page, names: frozenset[str], stated: list[_Candidate]) -> _Candidate:
    """The headline without the site's name, if a source states it so, and without a section behind a bar that its address names, too."""
    bare = _without_site(best, names, [])
    if any(bare.key == other.key for other in stated):
        best = bare
    head, bar, tail = best.text.rpartition(" | ")
    if bar and key(tail) in map(key, page.url.split("/")[3:-1]) and key(head):
        return replace(best, text=head, key=key(head))
    return best


def _with_fit_kicker(heading: _Candidate, stated: list[_Candidate]) -> _Candidate:
    """The stated wording that has the heading's words without the label before them, or the kicker that is printed apart from it.

    A heading that ends in what a source states holds a label ("Opinion", "Premier League") as its first words. A heading of which no
    source knows as it stands, while two sources state the same longer or shorter wording, lacks its kicker or holds a byline.
    """
    for candidate in stated:
        if _is_part(candidate, heading) and heading.key.endswith(candidate.key):
            label = heading.key[: -len(candidate.key)]
            if len(label) >= _LABEL and not label.isdigit():
                return candidate
    if all(candidate.key != heading.key for candidate in stated):
        for candidate in stated:
            whole = candidate.key.endswith(heading.key) or (
                _is_part(candidate, heading) and heading.key.startswith(candidate.key)
            )
            if whole and sum(candidate.key == other.key for other in stated) >= 2:
                return candidate
    return heading


def _is_part(candidate: _Candidate, heading: _Candidate) -> bool:
    return candidate.key != heading.key and len(candidate.key) >= _KEEPS * len(heading.key)


def _agree(one: str, other: str) -> float:
    """1 for the same words, a half if one is most of the other, else 0."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    return 0.5 if len(short) >= max(8, _MOST * len(long)) and short in long else 0.0


def _similar(one: str, other: str) -> bool:
    """Whether a heading says what a source says, in other words or in more."""
    if len(one) > max(_PARAGRAPH, _LONGER * len(other)):
        return False
    mine, theirs = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    shared = len(mine & theirs)
    return len(mine) >= 3 and shared >= 0.4 * min(len(mine), len(theirs)) and (shared >= 2 or 0 < shared == len(theirs))


def _stated(page: Page, draft: Draft) -> Iterator[_Candidate]:
    """What structured data, ``<title>`` and discovery call the article, in the order of trust."""
    for source, node in draft.works[:2]:
        for name in ("headline", "name"):
            if found := _candidate(text_of(node.get(name)), source):
                yield found
                break
    seen = dict(reversed(draft.meta))
    for name in _META:
        if found := _candidate(seen.get(name), "meta"):
            yield found
    assert draft.tree is not None
    element = next(draft.tree.iter("title"), None)
    if element is not None and (found := _candidate(element.text, "html")):
        yield found
    via: Source = "feed" if page.discovered_via == "feed" else "sitemap"
    if found := _candidate(page.feed_title, via):
        yield found


def _candidate(value: object, source: Source) -> _Candidate | None:
    text = plain(value, MAX_TITLE)
    return _Candidate(text, source, name) if text and (name := key(text)) else None


def _printed(tree: HtmlElement) -> Iterator[_Candidate]:
    count = 0
    for element in tree.iter("h1"):
        if count == MAX_HEADINGS:
            return
        if (found := _candidate(_shown(element), "html")) and not _leads_home(element):
            count += 1
            yield found


def _leads_home(heading: HtmlElement) -> bool:
    """Whether the heading is the site's logo: a link to its home page."""
    link = next(heading.iter("a"), None)
    if link is None:
        link = next(heading.iterancestors("a"), None)
    return link is not None and _HOME.fullmatch((link.get("href") or "").strip()) is not None


def _shown(element: HtmlElement) -> str:
    """Text of a heading; inline elements that are set as lines of their own are parted by a space."""
    parts: list[str] = []
    stack: list[tuple[HtmlElement, bool]] = [(element, False)]
    while stack:
        node, done = stack.pop()
        if done:
            if node.tag in _SPACED and (node.tag in ("br", "div", "p") or _lines(node)):
                parts.append(" ")
            if node is not element:
                parts.append(node.tail or "")
            continue
        stack.append((node, True))
        if node.tag in _UNSEEN:
            continue
        if node.tag in ("div", "p"):
            parts.append(" ")
        parts.append(node.text or "")
        stack.extend((child, False) for child in reversed(node))
    return "".join(parts)


def _lines(node: HtmlElement) -> bool:
    """Whether another element follows without a character between them: then they are lines, not letters of a word."""
    following = node.getnext()
    return (
        not (node.tail or "") and following is not None and following.tag == node.tag and len(node.text_content()) > 3
    )


def _without_site(candidate: _Candidate, names: frozenset[str], printed: list[_Candidate]) -> _Candidate:
    """The candidate without the site's name (and a section beside it) at its end or its beginning."""
    text = candidate.text
    for heading in printed:
        # "Headline | Section | Site" where the page prints "Headline": cut where the heading ends
        if len(heading.key) >= 8 and candidate.key != heading.key and candidate.key.startswith(heading.key):
            return _Candidate(heading.text, candidate.source, heading.key)
    for match in reversed(list(_APART.finditer(text))[-4:]):
        tail = text[match.end() :]
        if _names_site(key(tail), names) and match.start() > 0:
            text = text[: match.start()]
        else:
            break
    first = _APART.search(text)
    # a headline may begin with the site's name, too: here only the name counts, or the name and a word such as "Blog"
    if first and _names_site(key(text[: first.start()]), names, room=_WORD_CHARS):
        text = text[first.end() :]
    return replace(candidate, text=text, key=key(text)) if key(text) else candidate


def _names_site(words: str, names: frozenset[str], *, room: int = MAX_TITLE) -> bool:
    """Whether a key is the site's name, the beginning of it, or the name with at most ``room`` letters after it."""
    return words in names or any(
        len(n) > 4
        and ((words.startswith(n) and len(words) <= len(n) + room) or (len(words) > 4 and n.startswith(words)))
        for n in names
    )
