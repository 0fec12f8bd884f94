"""The stage that reads what a page says of itself to machines: JSON-LD, microdata, ``<meta>`` and ``<link>``.

Owns every way in which such data is broken in practice, and the limits of what is read of it. Never decides a field of the record:
the stages of the facts do. A block that cannot be read costs a flag, never the page.

Source: JSON-LD 1.1 sections 4.7 and 7.3 (restrictions on script content); HTML 5.2 (microdata).
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipelines.page import Draft, Page, Source
from pipelines.schemaorg import Node, article_nodes, items, types

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_SCRIPT = 1 << 20
"""Longest JSON-LD block that is read, in characters. The longest seen on news pages, whole live blogs, are a third of it."""
MAX_TOTAL = 4 << 20
"""Most characters of JSON-LD of a page."""
MAX_NODES = 2_000
"""Most nodes of a page."""
MAX_DEPTH = 8
"""How deep graphs in graphs are followed."""
MAX_META = 1_000
"""Most ``<meta>`` and ``<link>`` elements that are read."""
MAX_VALUE = 20_000
"""Longest content of a ``<meta>``, and longest microdata value."""
MAX_PROPERTIES = 1_000
"""Most microdata properties that are read."""

_INTO = ("@graph", "@included", "mainEntity", "mainEntityOfPage")
_OPENING = re.compile(r"\A(?:\s|\ufeff|<!--|/\*|//|\*/|<!\[CDATA\[)+")
_BETWEEN = re.compile(r"(?:[\s;,]|-->|\]\]>|//|/\*|\*/)*")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# a string (to the end of the text if it is never closed, so that no input backtracks), a comment, or a comma before a closing bracket
_LOOSE = re.compile(r'"(?:[^"\\]|\\.)*"?|/\*.*?(?:\*/|\Z)|//[^\n]*|,(?=\s*[}\]])', re.S)
_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|["\\/bfnrt])?', re.S)
_SCOPES: Any = etree.XPath("//*[@itemscope]")
_PROPERTIES: Any = etree.XPath("//*[@itemprop]")
_IN_ITEM = frozenset({"mainEntity", "mainEntityOfPage", "mainContentOfPage", "blogPost"})


def structured(page: Page, draft: Draft) -> Draft:
    """Fill ``jsonld``, ``microdata``, ``meta``, ``links`` and ``works``; flag ``jsonld-broken`` and ``jsonld-cut``."""
    if draft.tree is None:
        return draft
    flags: list[str] = []
    meta, links = _pairs(draft.tree)
    jsonld = tuple(_jsonld(draft.tree, flags))
    microdata = tuple(_microdata(draft.tree))
    addresses = [page.url, *(v for k, v in meta if k == "og:url"), *(h for r, h in links if "canonical" in r.split())]
    index = {node["@id"]: node for node in jsonld if isinstance(node.get("@id"), str) and len(node) > 1}
    works: list[tuple[Source, Node]] = [("jsonld", _resolved(n, index)) for n in article_nodes(jsonld, addresses)]
    works += [("microdata", node) for node in article_nodes(microdata, addresses)]
    return replace(
        draft,
        jsonld=jsonld,
        microdata=microdata,
        meta=meta,
        links=links,
        works=tuple(works),
        flags=draft.flagged(*flags),
    )


def read_jsonld(text: str) -> list[Any]:
    """Return the JSON values that one script element holds, however it wraps or damages them.

    Tolerated: comment and CDATA wrappers, several values in a row, raw control characters and line ends in strings, escaped quotes
    (``&quot;``), comments, a comma too many, wrong escapes. NaN, infinities and numbers of more than 18 digits become None.

    Raises:
        ValueError: it is no JSON even so, or nests deeper than the parser can go.
    """
    text = text[_OPENING.match(text).end() :] if _OPENING.match(text) else text  # type: ignore[union-attr]
    try:
        return _values(text)
    except ValueError:
        if "&quot;" in text or "&#34;" in text:
            text = html.unescape(text)
        return _values(_CONTROLS.sub("", _LOOSE.sub(_tightened, text)))


def _values(text: str) -> list[Any]:
    found, place = [], 0
    while place < len(text):
        try:
            value, place = _DECODER.raw_decode(text, place)
        except RecursionError as error:
            raise ValueError("nests too deep") from error
        found.append(value)
        place = _BETWEEN.match(text, place).end()  # type: ignore[union-attr]
    return found


def _tightened(match: re.Match[str]) -> str:
    token = match[0]
    if token[0] != '"':
        return ""
    return _ESCAPE.sub(lambda m: m[0] if m[1] else r"\\", token) if "\\" in token else token


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) < 20 else None


def _float(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


_DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _: None, parse_int=_integer, parse_float=_float)


def _jsonld(tree: HtmlElement, flags: list[str]) -> Iterator[Node]:
    room, count = MAX_TOTAL, 0
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = script.text or ""
        if not text.strip():
            continue
        if len(text) > min(MAX_SCRIPT, room):
            flags.append("jsonld-cut")
            continue
        room -= len(text)
        try:
            values = read_jsonld(text)
        except ValueError:
            flags.append("jsonld-broken")
            continue
        for node in _flat(values):
            if count == MAX_NODES:
                flags.append("jsonld-cut")
                return
            count += 1
            yield node


def _flat(values: list[Any]) -> Iterator[Node]:
    """The nodes in ``values``, in document order: lists opened, graphs and main entities followed."""
    stack: list[tuple[Any, int]] = [(value, 0) for value in reversed(values)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, list):
            if depth < MAX_DEPTH:
                stack.extend((item, depth + 1) for item in reversed(value))
        elif isinstance(value, dict):
            if "@type" in value or "@id" in value:
                yield value
            if depth < MAX_DEPTH:
                stack.extend(
                    (value[key], depth + 1) for key in reversed(_INTO) if isinstance(value.get(key), list | dict)
                )


def _resolved(node: Node, index: dict[str, Node]) -> Node:
    """``node``, its references to other nodes of the page (a dict with nothing but ``@id``) replaced by these, one level deep."""

    def target(value: Any) -> Any:
        if isinstance(value, dict) and value.keys() <= {"@id", "@type"} and isinstance(name := value.get("@id"), str):
            return index.get(name, value)
        return value

    return {
        key: [target(item) for item in items(value)] if isinstance(value, list) else target(value)
        for key, value in node.items()
    }


def _pairs(tree: HtmlElement) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    meta, links = [], []
    for count, element in enumerate(tree.iter("meta", "link")):
        if count == MAX_META:
            break
        if element.tag == "link":
            rel, href = element.get("rel"), element.get("href")
            if rel and href:
                links.append((rel.lower(), href.strip()[:MAX_VALUE]))
            continue
        content = element.get("content")
        if content and content.strip():
            for attribute in ("name", "property", "itemprop", "http-equiv"):
                if name := element.get(attribute):
                    meta.append((name.strip().lower(), content.strip()[:MAX_VALUE]))
    return tuple(meta), tuple(links)


def _microdata(tree: HtmlElement) -> Iterator[Node]:
    """Items of the page in the shape of JSON-LD nodes: those that belong to no other item, and main entities."""
    scopes = _SCOPES(tree)[:MAX_PROPERTIES]
    if not scopes:
        return
    nodes: dict[Any, Node] = {}
    for element in scopes:
        kinds = [kind for kind in (element.get("itemtype") or "").split() if "schema.org/" in kind]
        nodes[element] = {"@type": kinds} | ({"@id": name} if (name := element.get("itemid")) else {})
    for element in _PROPERTIES(tree)[:MAX_PROPERTIES]:
        owner = next((nodes[e] for e in element.iterancestors() if e in nodes), None)
        if owner is None:
            continue
        value: Node | str | None = nodes.get(element)
        for name in (element.get("itemprop") or "").split():
            if name == "articleBody":
                continue  # the text of the page itself, not a statement about it
            if value is None:
                value = _value(element)
            if value is not None:
                owner.setdefault(name, []).append(value)
    for element, node in nodes.items():
        if types(node) and (not element.get("itemprop") or element.get("itemprop") in _IN_ITEM):
            yield node


def _value(element: HtmlElement) -> str | None:
    for attribute in ("content", "datetime", "href", "src", "data"):
        if value := element.get(attribute):
            return value.strip()[:MAX_VALUE]
    text = " ".join("".join(element.itertext())[:MAX_VALUE].split())
    return text or None
