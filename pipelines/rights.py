"""The stage that reads what a page says of its use: robots directives, text and data mining, licence.

Owns the reading, never the decision: what may be done with a page is for people to judge, from the signals as they were at capture.

Source: Robots meta tag and X-Robots-Tag (Google, 2007; RFC 9309 leaves them out); TDM Reservation Protocol (W3C CG Final Report,
2024-05-10), sections 5 and 6; HTML, 4.6.7.8 (``rel=license``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

from pipelines.page import Draft, Page
from pipelines.plain import plain
from pipelines.schemaorg import address_of

MAX_DIRECTIVES = 500
"""Longest list of directives, in characters."""
MAX_ADDRESS = 2_000
"""Longest address, in characters."""
_AGENTS = ("robots", "googlebot", "googlebot-news", "bingbot", "ai-robots", "gptbot", "ccbot")


def rights(page: Page, draft: Draft) -> Draft:
    """Fill ``meta_robots``, ``tdm_reservation``, ``tdm_policy`` and ``license_url``."""
    if draft.tree is None:
        return draft
    seen = dict(reversed(draft.meta))
    # section 6: the header and the meta element are both statements of the page; the file of the whole host is not ours to read here
    reservation = page.header("tdm-reservation") or seen.get("tdm-reservation")
    policy = page.header("tdm-policy") or seen.get("tdm-policy")
    return replace(
        draft,
        meta_robots=plain(", ".join(dict.fromkeys(_robots(page, draft))), MAX_DIRECTIVES),
        tdm_reservation={"1": True, "0": False}.get((reservation or "").partition(",")[0].strip()),
        tdm_policy=_address(page, policy),
        license_url=next(filter(None, (_address(page, found) for found in _licences(draft))), None),
    )


def _robots(page: Page, draft: Draft) -> Iterator[str]:
    """Directives for all robots as they stand, those for one robot with its name before them as in the header."""
    for name, value in draft.meta:
        if name in _AGENTS:
            yield value if name == "robots" else f"{name}: {value}"
    if header := page.header("X-Robots-Tag"):
        yield header


def _licences(draft: Draft) -> Iterator[str | None]:
    for rel, href in draft.links:
        if "license" in rel.split():
            yield href
    for _, node in draft.works:
        yield address_of(node.get("license"))
    assert draft.tree is not None
    for element in draft.tree.iter("a"):
        if "license" in (element.get("rel") or "").split():
            yield element.get("href")


def _address(page: Page, value: str | None) -> str | None:
    if not value or not value.strip():
        return None
    try:
        address = urljoin(page.url, value.strip())
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) and len(address) <= MAX_ADDRESS else None
