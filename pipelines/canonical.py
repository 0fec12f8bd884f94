"""The stage that finds the address a page itself calls canonical.

Owns when such a statement is believed: it must be on the same site, and not the site's home page. Never fetches it.

Source: RFC 6596 (the canonical link relation).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from crawler import urls
from crawler.errors import PolicyError
from pipelines.page import Draft, Page, Source
from pipelines.schemaorg import address_of, types

_PREFIXES = ("www.", "m.", "amp.", "mobile.", "edition.")


def canonical(page: Page, draft: Draft) -> Draft:
    """Fill ``canonical_url``; flag ``canonical-elsewhere`` if the page names another site's address, or its own home page."""
    if draft.tree is None:
        return draft
    base = next((e.get("href") for e in draft.tree.iter("base") if e.get("href")), None)
    elsewhere = False
    for address, source in _stated(draft):
        try:
            found = urls.canonical(urljoin(urljoin(page.url, base) if base else page.url, address.strip()))
        except (PolicyError, ValueError):
            continue
        if _same_site(found, page.url) and not (_is_home(found) and not _is_home(page.url)):
            flags = draft.flagged("canonical-elsewhere") if elsewhere else draft.flags
            return replace(
                draft, canonical_url=found, sources=replace(draft.sources, canonical_url=source), flags=flags
            )
        elsewhere = True
    return replace(draft, flags=draft.flagged("canonical-elsewhere")) if elsewhere else draft


def _stated(draft: Draft) -> Iterator[tuple[str, Source]]:
    links = dict.fromkeys(href for rel, href in draft.links if "canonical" in rel.split())
    if len(links) == 1:
        # two different ones contradict each other
        yield next(iter(links)), "html"
    for name, value in draft.meta:
        if name == "og:url":
            yield value, "meta"
            break
    for source, node in draft.works[:1]:
        for name in ("mainEntityOfPage", "url"):
            if (address := address_of(node.get(name))) and address.startswith("http"):
                yield address, source
    for node in draft.jsonld:
        if "WebPage" in types(node) and (address := address_of(node.get("url"))) and address.startswith("http"):
            yield address, "jsonld"


def _same_site(one: str, other: str) -> bool:
    mine, theirs = _bare(urls.host(one)), _bare(urls.host(other))
    if not mine or not theirs:
        return False
    if mine == theirs or mine.endswith("." + theirs) or theirs.endswith("." + mine):
        return True
    tail = mine.split(".")[-2:]
    # a second label of up to three letters is a registry's ("co.uk", "com.au"), not a site's
    return tail == theirs.split(".")[-2:] and len(tail[0]) > 3


def _bare(host: str) -> str:
    for prefix in _PREFIXES:
        host = host.removeprefix(prefix)
    return host


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
