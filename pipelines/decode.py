"""The stage that turns a page's bytes into text: the WHATWG encoding rules, and no code point that XML cannot hold.

Owns the order byte order mark > HTTP > ``<meta>`` > detection, and what becomes of characters that no tree can carry. Labels are
resolved by the WHATWG table alone, never by Python's codecs (``rot13`` and ``unicode_escape`` are codecs there). Never raises.

Source: https://encoding.spec.whatwg.org/ and https://html.spec.whatwg.org/ (13.2.3.2, prescan a byte stream).
"""

from __future__ import annotations

import re
from dataclasses import replace

import webencodings
from charset_normalizer import from_bytes

from pipelines.page import Draft, Page

PRESCAN_BYTES = 65_536
"""How far a ``<meta>`` is looked for. The standard says 1,024 at first, but a late ``<meta>`` still changes a parser's encoding."""
DETECT_BYTES = 65_536
"""How much of a page that names no encoding is looked at; detection is slow."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16be"), (b"\xff\xfe", "utf-16le"))
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.S)
_META = re.compile(rb"<meta\b[^>]*>", re.I)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([a-z0-9][^\s"'/>;]*)""", re.I)
_XML_ENCODING = re.compile(rb"""\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"']+)["']""", re.I)
_HTTP_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]+)""", re.I)

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")
_CONTROL_BYTES = bytes(b for b in range(32) if b not in b"\t\n\r")
_LONE = re.compile("[\ud800-\udfff]")
# a control, a surrogate, a noncharacter or a number too large for any: all others are left to the parser
_SUSPECT = re.compile(
    r"&#(?:[xX]0*(?:[01]?[0-9a-fA-F](?![0-9a-fA-F])|[dD][89a-fA-F]|[0-9a-fA-F]{0,2}[fF]{3}[eEfF]|[0-9a-fA-F]{6})"
    r"|0*(?:[0-2]?\d|3[01])(?!\d)|\d{5})"
)
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|([0-9]+));?", re.I)


def decode(page: Page, draft: Draft) -> Draft:
    """Fill ``html`` and ``replaced_chars``; flag ``encoding-guessed``, ``encoding-errors`` and ``control-characters``."""
    name, guessed = encoding_of(page.header("Content-Type"), page.body)
    text = _decoded(page.body, name)
    bad = text.count("\ufffd")
    flags = ["encoding-guessed"] if guessed else []
    if bad:
        flags.append("encoding-errors")
    text, odd = clean(text, page.body if name == "utf-8" and not bad else None)
    if odd:
        flags.append("control-characters")
    return replace(draft, html=text, replaced_chars=bad + odd, flags=draft.flagged(*flags))


def clean(text: str, data: bytes | None = None) -> tuple[str, int]:
    """Return ``text`` without what XML cannot hold, and how many characters or references that were.

    ``data`` is the text in UTF-8 if the caller has it.

    Controls, which nobody sees, go; vertical tab and form feed become a space; surrogates become U+FFFD. References are treated like
    the characters they name, since a parser resolves them later.
    """
    count = 0
    if data is None:
        data = text.encode("utf-8", "surrogatepass")
    # a look at the bytes is ten times faster than a regular expression over the text, and nearly always enough
    if len(data.translate(None, _CONTROL_BYTES)) != len(data) or "\ufffe" in text or "\uffff" in text:
        text, count = _INVISIBLE.subn("", text.replace("\x0b", " ").replace("\x0c", " "))
    if b"\xed" in data:
        text, n = _LONE.subn("\ufffd", text)
        count += n

    def resolve(match: re.Match[str]) -> str:
        nonlocal count
        digits = (match[1] or match[2]).lstrip("0")
        value = 0x110000 if len(digits) > 7 else int(digits or "0", 16 if match[1] else 10)
        if (
            value in (9, 10, 13)
            or (32 <= value < 0xD800)
            or (0xE000 <= value < 0xFFFE)
            or (0x10000 <= value < 0x110000)
        ):
            return match[0]
        if value in (11, 12):
            return " "
        count += 1
        return "" if value < 32 or value in (0xFFFE, 0xFFFF) else "\ufffd"

    return _REFERENCE.sub(resolve, text) if _SUSPECT.search(text) else text, count


def encoding_of(content_type: str | None, body: bytes) -> tuple[str, bool]:
    """WHATWG name of a page's encoding, and whether it was guessed."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name, False
    if content_type and (match := _HTTP_CHARSET.search(content_type)) and (named := _named(match[1])):
        return named, False
    head = body[:PRESCAN_BYTES]
    labels = [m[1] for m in [_XML_ENCODING.match(head)] if m]
    labels[:0] = [m[1] for tag in _META.findall(_COMMENT.sub(b"", head)) if (m := _CHARSET.search(tag))]
    for label in labels:
        if named := _named(label.decode("ascii", "replace")):
            # whoever could read the label in ASCII is not reading UTF-16
            return {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}.get(named, named), False
    return _detected(body), True


def _named(label: str) -> str | None:
    """The WHATWG encoding that ``label`` stands for."""
    encoding = webencodings.lookup(label.strip())
    # the labels that the standard replaces by one error character tell us nothing: detection is better
    return None if encoding is None or encoding.name == "replacement" else str(encoding.name)


def _detected(body: bytes) -> str:
    try:
        body.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if error.start > DETECT_BYTES or error.end > len(body) - 4:
            return "utf-8"
    best = from_bytes(body[:DETECT_BYTES]).best()
    return (best and _named(best.encoding.replace("_", "-"))) or "windows-1252"


def _decoded(body: bytes, name: str) -> str:
    if name == "gbk":
        # the standard's GBK decoder is GB 18030's
        return body.decode("gb18030", "replace").removeprefix("\ufeff")
    return str(webencodings.decode(body, name, "replace")[0]).removeprefix("\ufeff")
