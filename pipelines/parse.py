"""The stage that parses a page: one tree, made once, that feeds all stages.

Owns the limits of what is parsed: libxml2 loses the text of elements that nest deeper than 2,048, and what stands below a
first ``</html>``, and takes quadratic time over attributes, so these are cut before it sees them. Never changes the text, and never raises.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from lxml import etree, html
from lxml.html import HtmlElement

from crawler.errors import Reason
from pipelines.page import Draft, Page

MAX_DEPTH = 512
"""Deepest nesting; elements below it become children of the deepest one, as browsers do."""
MAX_TAGS = 600_000
"""Most tags, start and end, of a page: a gigabyte of tree. Above it a page gives no row."""
MAX_CHARS = 64 * 1024 * 1024
"""Most characters of a page. Above it a page gives no row."""
MAX_ATTRIBUTES = 4096
"""Most attributes of one element; the rest are dropped."""

_KEPT_DEPTHS = (
    MAX_DEPTH - 12,
    MAX_DEPTH // 5,
)  # room for html, body and what the parser adds; then for cells, rows and items too
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>")
_ATTRIBUTE = re.compile(r"""\s[^\s=<>"'/]+\s*=""")
_DOCUMENT_END = re.compile(
    r"</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s*>"
)  # re.I would look at each character of a page
"""Ends nothing (HTML, 13.2.6.4.19 and .22): browsers go on in the body, but libxml2 loses all after ``</html>``."""
_ODD_NAMES = etree.XPath(
    "//*[translate(name(), 'abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') != '']"
)
# void, or closed by the next of their kind
_NEVER_NEST = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "dt", "dd",
    "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "html", "head", "body", "colgroup", "rt", "rp", "script", "style",
})  # fmt: skip
_METADATA = frozenset({
    "base", "basefont", "bgsound", "link", "meta", "title", "noscript", "noframes", "style", "script", "template",
})  # fmt: skip
"""What may stand in a head (HTML, 13.2.6.4.4); all else ends it."""
_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for all elements: lxml.html's own look-up is a call of Python for each element that is touched."""
_TOO_DEEP = etree.XPath("boolean(" + "/*" * MAX_DEPTH + ")")


def parse(page: Page, draft: Draft) -> Draft:
    """Fill ``tree`` from ``html``; flag ``deep-nesting`` and ``attributes-cut``; verdict ``too-large`` or ``empty``."""
    text, flags = _DOCUMENT_END.sub("", draft.html), []
    tags = text.count("<")
    if len(text) > MAX_CHARS or tags > MAX_TAGS * 4:
        return replace(draft, tree=_tree(""), verdict=draft.verdict or Reason.TOO_LARGE.value)
    cut = _cut_attributes(text)
    if cut is not text:
        text = cut
        flags.append("attributes-cut")
    if tags > MAX_TAGS:
        text = _flatten(text, _KEPT_DEPTHS[0])
        flags.append("deep-nesting")
        if text.count("<") > MAX_TAGS:
            return replace(draft, tree=_tree(""), verdict=draft.verdict or Reason.TOO_LARGE.value)
    tree = _tree(text)
    for depth in _KEPT_DEPTHS:
        if not _TOO_DEEP(tree):
            break
        tree = _tree(_flatten(text, depth))
        flags.append("deep-nesting")
    verdict = draft.verdict if text.strip() else draft.verdict or Reason.EMPTY.value
    return replace(draft, tree=tree, flags=draft.flagged(*flags), verdict=verdict)


def _tree(text: str) -> HtmlElement:
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    parser.set_element_class_lookup(_CLASSES)
    try:
        # bytes, because lxml refuses text that begins with an XML declaration of another encoding
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        tree = html.document_fromstring(b"<html><body></body></html>", parser=parser)
    _end_head(tree)
    # <urn:uuid:0-0>, <o:p>: names that cannot be written again, and that trafilatura fails on
    for element in cast("list[HtmlElement]", _ODD_NAMES(tree)):
        element.tag = "span"
    return tree


def _end_head(tree: HtmlElement) -> None:
    """Move what is no metadata from the head to the body: libxml2 does not know that ``<article>`` ends a head whose end tag is missing."""
    head = tree.find("head")
    at = next((i for i, child in enumerate(head) if child.tag not in _METADATA), None) if head is not None else None
    if head is None or at is None:
        return
    body = tree.find("body")
    if body is None:
        body = html.Element("body")
        head.addnext(body)
    if body.text and body.text.strip():  # it stands behind what is moved
        head[-1].tail = (head[-1].tail or "") + body.text
        body.text = None
    body[:0] = head[at:]


def _cut_attributes(text: str) -> str:
    """Shorten each start tag that has more than MAX_ATTRIBUTES attributes."""
    if text.count("=") <= MAX_ATTRIBUTES:
        return text
    chunks = text.split(">")
    changed = False
    for i in [i for i, chunk in enumerate(chunks) if len(chunk) > 4 * MAX_ATTRIBUTES]:
        chunk = chunks[i]
        if chunk.count("=") <= MAX_ATTRIBUTES:
            continue
        start = re.search(r"<[a-zA-Z][^\s/>]*", chunk)
        if start is None:
            continue
        found = list(_ATTRIBUTE.finditer(chunk, start.end()))
        if len(found) > MAX_ATTRIBUTES:
            chunks[i] = chunk[: found[MAX_ATTRIBUTES].start()]
            changed = True
    return ">".join(chunks) if changed else text


def _flatten(text: str, most: int) -> str:
    """Put a space for each start tag that nests deeper than ``most``, and for its end tag."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in _NEVER_NEST:
            return match[0]
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < most else " "
        depth += 1
        return match[0] if depth <= most else " "

    return _TAG.sub(keep, text)
