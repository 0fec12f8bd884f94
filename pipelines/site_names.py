"""The names a site goes by: what its pages call it, and its host. They are neither part of a headline nor an author's name.

Never decides a field of the record.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pipelines.page import Draft, Page
from pipelines.plain import key
from pipelines.schemaorg import text_of, types

_META = frozenset({"og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher"})
_SITES = frozenset({"WebSite", "NewsMediaOrganization"})
_MOST_NODES = 50


def site_names(page: Page, draft: Draft) -> frozenset[str]:
    """Keys (``pipelines.plain.key``) of the names that the page's site goes by."""
    found = [value for name, value in draft.meta if name in _META]
    for node in (*draft.jsonld[:_MOST_NODES], *(node for _, node in draft.works[:2])):
        if "publisher" in node:
            found.append(text_of(node["publisher"]) or "")
        if types(node) & _SITES:
            found.append(text_of(node.get("name")) or "")
    try:
        host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    labels = host.split(".")
    found += [host, ".".join(labels[-2:]), *(label for label in labels[:-1] if len(label) > 2)]
    return frozenset(name for name in map(key, found) if name)
