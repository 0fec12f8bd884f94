"""XML as it is found on the web, made harmless and nearly well-formed before a parser sees it.

Owns what precedes the root element, references, and characters that XML forbids; what tags do wrong is left to libxml2's recovery.
With the prolog goes the DTD, and with it every entity: no expansion, no outside reference. Linear in time, and never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from html.entities import html5
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

MAX_REFERENCES = 1_000_000
"""Most references that are mended in a document; the rest is left to libxml2's recovery, which is quick and forgetful."""

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(?:([0-9]{1,7})|[xX]([0-9a-fA-F]{1,6}));|([A-Za-z][A-Za-z0-9]{1,31});)?"
)
_MARKUP = (
    r"<(?!/?(?:[\w.-]+:)?(?:%s)/?>)(?:(/?)([A-Za-z_][\w:.-]*+)([^<>]*+)>|!--(?:(?!-->).)*+(?:-->|\Z)|[?!][^<>]*+>)?"
)
_ATTRIBUTE = re.compile(r"""(?<=\s)([A-Za-z_][\w.:-]*+)\s*=\s*("[^"<]*"|'[^'<]*')""")
_NAME = re.compile(r"[A-Za-z_][\w:.-]*")
_SUBSET_END = re.compile(r"\]\s*>")


def root(text: str) -> tuple[str, int] | None:
    """Name of the first element and where its tag begins; None if there is none. Comments, instructions and DTDs are skipped."""
    at = text.find("<")
    while at >= 0:
        if text.startswith("<!--", at):
            after = text.find("-->", at + 4)
        elif text.startswith("<?", at):
            after = text.find("?>", at + 2)
        elif text.startswith("<!", at):
            after = text.find(">", at + 2)
            subset = text.find("[", at + 2, after)
            if subset >= 0:
                end = _SUBSET_END.search(text, subset)
                after = end.start() if end else -1
        else:
            if match := _NAME.match(text, at + 1):
                return match[0], at
            after = at
        at = text.find("<", after + 1) if after >= 0 else -1
    return None


def cut(text: str, start: int, tags: int) -> tuple[str, bool]:
    """``text`` up to the first ``tags`` tags after ``start``, and whether that left something out: a tree of millions fills the memory."""
    if text.count("<", start) <= tags:
        return text, False
    last = next(islice(re.compile("<").finditer(text, start), tags, None))
    return text[: last.start()], True


def tidy(text: str, start: int, names: frozenset[str] | None = None) -> bytes:
    """The document that begins at ``start`` as UTF-8 without prolog, its references and characters such that XML allows them.

    A ``&`` that begins no reference is escaped, HTML's named characters are resolved, entities of a DTD stay as the text they were.
    What follows the last tag is left out: in a torn document it can be the half of an address.

    With ``names``, for a document that turned out to be broken, only tags of these local names are left, with the attributes that can be
    read: one ``<br>`` in a title would else swallow all that follows.
    """
    whole = text[start : text.rfind(">") + 1]
    return b"".join(part.encode("utf-8") for part in _mended(_ILLEGAL.sub("", whole), names))


def parser_options() -> dict[str, Any]:
    """Options of lxml's XML parsers for what strangers send: recovering, within libxml2's limits, and closed to files and network."""
    return {"recover": True, "resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}


def first_fault(log: Iterable[etree._LogEntry]) -> str | None:
    """The first error that libxml2 noted; a prefix that nobody declared is none."""
    return next(
        (
            f"line {e.line}: {e.message}"
            for e in log
            if e.level_name != "WARNING" and e.type_name != "NS_ERR_UNDEFINED_NAMESPACE"
        ),
        None,
    )


def local(element: etree._Element) -> str:
    """Name of ``element`` in lower case, without namespace or prefix; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _mended(text: str, names: frozenset[str] | None) -> Iterator[str]:
    at, room = 0, MAX_REFERENCES
    while at < len(text):
        data = text.find("<![CDATA[", at)
        markup = text[at:] if data < 0 else text[at:data]
        if names:
            markup = _markup(names).sub(partial(_known_tag, names=names), markup)
        if room > 0:
            markup, done = _REFERENCE.subn(_reference, markup, room)
            room -= done
        yield markup
        if data < 0:
            return
        end = text.find("]]>", data)
        at = len(text) if end < 0 else end + 3
        yield text[data:at]


@lru_cache(maxsize=8)
def _markup(names: frozenset[str]) -> re.Pattern[str]:
    """What ``_known_tag`` must look at: all markup but known tags without attributes, which are nearly all."""
    return re.compile(_MARKUP % "|".join(sorted(names)), re.S | re.I)


def _known_tag(match: re.Match[str], names: frozenset[str]) -> str:
    end, name, rest = match.groups()
    if name is None:
        return "&lt;" if match[0] == "<" else ""
    if name.rpartition(":")[2].lower() not in names:
        return ""
    if end:
        return f"</{name}>"
    attributes = {m[1]: m[2] for m in _ATTRIBUTE.finditer(rest)}
    return f"<{name}{''.join(f' {k}={v}' for k, v in attributes.items())}{'/' if rest.endswith('/') else ''}>"


def _reference(match: re.Match[str]) -> str:
    decimal, base16, name = match.groups()
    if name:
        char = html5.get(name + ";")
        return escape(char) if char else "&amp;" + match[0][1:]
    if decimal or base16:
        value = int(decimal) if decimal else int(base16, 16)
        fine = value < 0x110000 and not _ILLEGAL.match(chr(value))
        return match[0] if fine else ""
    return "&amp;"
