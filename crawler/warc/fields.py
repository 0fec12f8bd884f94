"""WARC named fields: written so that no value can break out of its line, and read as every tool writes them (WARC 1.1, 4).

Owns the syntax of a record's header and of ``application/warc-fields`` blocks; knows no field's meaning but the URI's form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

Fields = tuple[tuple[str, str], ...]

VERSION = "WARC/1.1"
"""Version line of every record that we write."""

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ESCAPED = re.compile(r"\\(?:\\|u([0-9a-f]{4}))")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_URI_SAFE = "!#$%&'()*+,-./:;=?@[]_~"


def clean(value: str) -> str:
    """Percent-encode what may not stand in a field's value: control characters, line separators, lone surrogates."""
    return _UNSAFE.sub(lambda m: quote(m[0], safe="", errors="surrogatepass"), value).strip()


def uri(value: str) -> str:
    """Percent-encode what may not stand in a URI (RFC 3986); what is encoded already stays as it is."""
    return quote(value.strip(), safe=_URI_SAFE, errors="surrogatepass")


def to_header(fields: Iterable[tuple[str, str]]) -> bytes:
    """Serialise a record's header: version line, fields, blank line.

    Raises:
        ValueError: a field's name is no token. Names are ours, so that is a bug.
    """
    lines = [VERSION]
    for name, value in fields:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a field name: {name!r}")
        lines.append(f"{name}: {clean(value)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def to_block(fields: Iterable[tuple[str, str]]) -> bytes:
    r"""Serialise an ``application/warc-fields`` block, a line a field, without loss.

    A backslash is written ``\\``, a control character, a lone surrogate and a space at either end ``\u000a``: so no value needs
    folding and ``from_block`` gives exactly what went in.
    """
    return b"".join(f"{name}: {_escape(value)}\r\n".encode() for name, value in fields)


def from_block(block: bytes) -> Fields:
    """Read an ``application/warc-fields`` block; folded lines are joined, lines without a colon left out."""
    return tuple((name, _ESCAPED.sub(_unescape, value)) for name, value in parse(block))


def parse(text: bytes) -> Fields:
    """Read field lines (CRLF or bare LF, folded or not) as UTF-8; bytes that are not become U+FFFD."""
    fields: list[list[str]] = []
    for raw in text.decode("utf-8", "replace").split("\n"):
        line = raw.removesuffix("\r")
        if line[:1] in (" ", "\t"):
            if fields:
                fields[-1][1] = " ".join((fields[-1][1], line.strip(" \t"))).strip(" ")
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            fields.append([name.strip(), value.strip(" \t")])
    return tuple((name, value) for name, value in fields)


def get(fields: Fields, name: str) -> str | None:
    """First value of the field called ``name`` (any case); None if there is none."""
    lower = name.lower()
    for field, value in fields:  # asked a dozen times of each record: a generator would cost as much again
        if field == name or field.lower() == lower:
            return value
    return None


def get_all(fields: Fields, name: str) -> list[str]:
    """All values of the field called ``name`` (any case), in order."""
    lower = name.lower()
    return [value for field, value in fields if field.lower() == lower]


def bare(value: str) -> str:
    """Take the angle brackets off an id or a URI."""
    return value[1:-1] if value[:1] == "<" and value[-1:] == ">" else value


def _escape(value: str) -> str:
    text = _UNSAFE.sub(lambda m: f"\\u{ord(m[0]):04x}", value.replace("\\", "\\\\"))
    if text[:1].isspace():
        text = f"\\u{ord(text[0]):04x}{text[1:]}"
    if text[-1:].isspace():
        text = f"{text[:-1]}\\u{ord(text[-1]):04x}"
    return text


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else "\\"
