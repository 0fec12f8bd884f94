"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.x. Bytes in, links out; lenient, bounded, and never raises.

libxml2 mends what is broken, feedparser knows the dialects: it is given well-formed bytes only, so that its second parser, which takes
quadratic time, never runs; and never a string, which it would take for an address or a file.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from itertools import islice
from typing import Any

import feedparser
from lxml import etree

from spiders.discovery.gather import Gatherer
from spiders.discovery.link import Found
from spiders.discovery.text import decode, gunzip
from spiders.discovery.xmltext import cut, first_fault, local, parser_options, root, tidy

MAX_BYTES = 8 * 1024 * 1024
"""Largest feed that is read, in bytes after decompression; the rest is cut off."""
MAX_ENTRIES = 5_000
"""Most entries taken of a feed."""
MAX_TAGS = 600_000
"""Most tags read of a feed."""

_LOCAL_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_FIELDS = frozenset({
    "title", "link", "guid", "id", "pubdate", "date", "published", "updated", "modified", "issued", "created", "origlink",
})  # fmt: skip
_NAMES = _FIELDS | {
    "rss", "rdf", "channel", "feed", "item", "items", "entry", "image", "source", "textinput", "author", "group", "content", "description",
    "encoded", "summary",
}  # fmt: skip
_ATTRIBUTES = frozenset({"href", "rel", "type", "mode", "version", "ispermalink", "base", "about", "resource"})
_MAX_FIELDS = 20
_MAX_FIELD = 8_000
_KNOWN_ROOT = re.compile(r"<(?:rss|feed|rdf:rdf)(?=[\s>])", re.I)
_PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "a10": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_JSON_ITEMS = re.compile(r"\"items\"\s*:\s*\[\s*")
_JSON_NEXT = re.compile(r"\s*,\s*")


def parse_feed(body: bytes, content_type: str | None, url: str) -> Found:
    """Read the feed that ``url`` served.

    Relative addresses are resolved by ``xml:base`` and ``url``. An entry's address is FeedBurner's original link, else its link, else its
    id where that is an address. Dates stay as they stand; what has none gets none.
    """
    gather = Gatherer(url, MAX_ENTRIES)
    body, problem = gunzip(body, MAX_BYTES)
    if problem:
        gather.problem(problem, "the rest of the feed was not read")
    text, replaced = decode(body, content_type)
    if replaced:
        gather.problem("bad-encoding", "bytes that are not of its encoding")
    text = text.lstrip()
    if text.startswith("{"):
        _json_feed(text, gather)
    else:
        _xml_feed(text, gather, url)
    found = gather.found()
    if not found.links and not found.problems:
        gather.problem("empty", "a feed without entries")
        found = gather.found()
    return found


def _xml_feed(text: str, gather: Gatherer, url: str) -> None:
    first = root(text)
    if first is not None and first[0].rpartition(":")[2].lower() not in ("rss", "feed", "rdf", "channel"):
        known = _KNOWN_ROOT.search(text)
        if known is None:
            gather.problem("not-a-feed", f"its first element is <{first[0][:40]}>")
            return
        gather.problem("leading-text", "something stands before the feed")
        first = known[0][1:], known.start()
    if first is None:
        gather.problem("not-a-feed" if text else "empty", "no element in it" if text else "nothing came")
        return
    text, shortened = cut(text, first[1], MAX_TAGS)
    if shortened:
        gather.problem("too-large", f"only its first {MAX_TAGS} tags were read")
    tree, fault = _tree(tidy(text, first[1]))
    if fault:
        gather.problem("broken-xml", fault)
        tree, _ = _tree(tidy(text, first[1], _NAMES))
    if tree is None:
        return
    _prune(tree, gather)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(
            io.BytesIO(etree.tostring(tree, encoding="utf-8")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # whatever a library trips over on a stranger's bytes costs this feed, never the run
        gather.problem("unreadable", f"{type(error).__name__}: {error}"[:200])
        return
    atom = parsed.version.startswith("atom")
    for entry in parsed.entries:
        _entry(entry, gather, atom=atom)
    gather.next_page = next(
        (gather.absolute(link.get("href")) for link in parsed.feed.get("links", ()) if link.get("rel") == "next"), None
    )


def _tree(document: bytes) -> tuple[etree._Element | None, str | None]:
    """The tree, as far as there is one, and the first fault in the document."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, **parser_options())
    try:
        tree = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        return None, str(error)
    return tree, "nothing in it can be read" if tree is None else first_fault(parser.error_log)


def _prune(tree: etree._Element, gather: Gatherer) -> None:
    """Keep the fields that are read, of MAX_ENTRIES entries: what strangers put around them costs feedparser minutes."""
    entries = [e for e in tree.iter(etree.Element) if local(e) in ("item", "entry")]
    if len(entries) > MAX_ENTRIES:
        gather.problem("too-many-links", f"only the first {MAX_ENTRIES} of {len(entries)} were taken")
    structure = {tree, *(e for e in tree if local(e) == "channel")}
    for entry in entries[:MAX_ENTRIES]:
        node: etree._Element | None = entry
        while node is not None and node not in structure:
            structure.add(node)
            node = node.getparent()
    for parent in structure:
        _clean_tag(parent)
        fields: Counter[str] = Counter()
        for child in list(parent):
            name = local(child)
            fields[name] += 1
            if child in structure:
                continue
            if name in _FIELDS and fields[name] <= _MAX_FIELDS:
                text = "".join(islice(map(str, child.itertext()), _MAX_FIELDS))[:_MAX_FIELD]
                del child[:]
                child.text = text
                _clean_tag(child)
            else:
                parent.remove(child)
    etree.cleanup_namespaces(tree)


def _clean_tag(element: etree._Element) -> None:
    """Drop the attributes that nobody reads, and give prefixes that nobody declared a namespace: the known one, or one of their own."""
    prefix, colon, name = str(element.tag).rpartition("}")[2].partition(":")
    if colon:
        space = _PREFIXES.get(prefix.lower(), "urn:undeclared:" + prefix)
        element.tag = f"{{{space}}}{name}" if _LOCAL_NAME.fullmatch(name) else "unknown"
    for key in element.attrib.keys():  # noqa: SIM118 (a copy, since keys go)
        if str(key).rpartition("}")[2].lower() not in _ATTRIBUTES:
            del element.attrib[key]


def _entry(entry: dict[str, Any], gather: Gatherer, *, atom: bool) -> None:
    published, updated = dict.get(entry, "published"), dict.get(entry, "updated")
    if not atom and not published:
        published, updated = (
            updated,
            None,
        )  # dc:date, which feedparser files under updated, is when an item of RSS was published
    address = dict.get(entry, "feedburner_origlink") or dict.get(entry, "link")
    if not address:
        links = dict.get(entry, "links") or [{}]
        address = next((x.get("href") for x in links if x.get("rel", "alternate") == "alternate"), None)
    if not address and str(dict.get(entry, "id", "")).startswith(("http://", "https://")):
        address = dict.get(entry, "id")
    gather.link(address, "feed", title=dict.get(entry, "title"), published=published, modified=updated)


def _json_feed(text: str, gather: Gatherer) -> None:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        gather.problem("broken-json", str(error)[:200])
        feed = {"items": _items_before_the_break(text)}
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        gather.problem("not-a-feed", "JSON without a list of items")
        return
    for item in items:
        if not isinstance(item, dict):
            gather.problem("bad-entry", "an item is no object")
            continue
        if gather.full:
            break
        address = item.get("url") or item.get("external_url")
        if not address and str(item.get("id", "")).startswith(("http://", "https://")):
            address = item["id"]
        gather.link(
            address,
            "feed",
            title=item.get("title"),
            published=item.get("date_published"),
            modified=item.get("date_modified"),
        )
    gather.next_page = gather.absolute(feed.get("next_url"))


def _items_before_the_break(text: str) -> list[object]:
    """The whole items of a JSON feed that ends too early or breaks off in the middle."""
    items: list[object] = []
    match = _JSON_ITEMS.search(text)
    decoder = json.JSONDecoder()
    while match and len(items) <= MAX_ENTRIES:
        try:
            item, at = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            break
        items.append(item)
        match = _JSON_NEXT.match(text, at)
    return items
