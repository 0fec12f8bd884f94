"""Bytes to text, and markup to plain text, for what sources say. Never raises; labels go by the WHATWG table, never by Python's codecs."""

from __future__ import annotations

import html
import re
import zlib

import webencodings

MAX_TITLE = 1000
"""Longest title or anchor text kept, in characters."""
MAX_NESTED_GZIP = 2
"""How often a body may be compressed."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16be"), (b"\xff\xfe", "utf-16le"))
_UTF16 = ((b"\x00<", "utf-16be"), (b"<\x00", "utf-16le"))
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.I)
_DECLARED = re.compile(
    rb"<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})|<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.I,
)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?li|/?h[1-6])\b[^<>]*>", re.I)
_TAG = re.compile(r"<!--(?:(?!-->).)*+(?:-->|\Z)|</?[A-Za-z][^<>]*>", re.S)
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


def gunzip(body: bytes, limit: int) -> tuple[bytes, str | None]:
    """Decompress ``body`` if it is gzip (by its first bytes), to at most ``limit`` bytes, and say what was wrong: a slug or None.

    ``too-large``: more came. ``bad-gzip``: torn or damaged; what came before is kept.
    """
    problem = None
    for _ in range(MAX_NESTED_GZIP):
        if not body.startswith(b"\x1f\x8b"):
            break
        parts: list[bytes] = []
        room, rest, whole = limit, body, False
        while room > 0 and rest.startswith(b"\x1f\x8b"):
            stream = zlib.decompressobj(wbits=31)
            try:
                parts.append(stream.decompress(rest, room))
            except zlib.error:
                break
            room -= len(parts[-1])
            whole, rest = stream.eof, stream.unused_data
            if not whole:
                break
        if room <= 0 and not whole:
            problem = "too-large"
        elif not whole or rest.strip(b"\x00"):
            problem = problem or "bad-gzip"
        body = b"".join(parts)
    if len(body) > limit:
        body, problem = body[:limit], "too-large"
    return body, problem


def decode(body: bytes, content_type: str | None = None) -> tuple[str, bool]:
    """Return ``body`` as text, and whether bytes had to be replaced.

    Byte order mark first; then UTF-8 if the body is valid UTF-8, whatever labels say, since nothing else looks like it by chance; then
    the labels of ``content_type`` and of the document; at last Windows-1252.
    """
    for mark, name in (*_BOMS, *_UTF16):
        if body.startswith(mark):
            encoding = webencodings.lookup(name)
            text = encoding.codec_info.decode(body, "replace")[0].removeprefix("\ufeff")
            return text, "\ufffd" in text
    labels = [m[1] for m in [_HTTP_CHARSET.search(content_type or "")] if m]
    labels += [(m[1] or m[2]).decode("ascii", "replace") for m in [_DECLARED.search(body, 0, 4096)] if m]
    named = [
        e
        for e in map(webencodings.lookup, labels)
        if e is not None and e.name not in ("replacement", "utf-16le", "utf-16be")
    ]
    for encoding in (e for e in named if e.name == "iso-2022-jp"):  # its bytes are valid UTF-8 too
        return encoding.codec_info.decode(body, "replace")[0], False
    for encoding in (webencodings.UTF8, *named):
        try:
            return encoding.codec_info.decode(body, "strict")[0], False
        except UnicodeError:
            continue
    last = named[0] if named else webencodings.lookup("windows-1252")
    return last.codec_info.decode(body, "replace")[0], True


def plain(value: object, limit: int = MAX_TITLE) -> str | None:
    """``value`` as one line of plain text: tags, controls and bidirectional overrides removed, references resolved, white space folded.

    None if it is no text or nothing is left.
    """
    if not isinstance(value, str):
        return None
    text = value[: 20 * limit]
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    return line(html.unescape(text), limit)


def line(text: str, limit: int = MAX_TITLE) -> str | None:
    """``text``, which is no markup, as one line: controls and bidirectional overrides removed, white space folded; None if it is empty."""
    return " ".join(_UNSEEN.sub("", text[: 20 * limit]).split())[:limit].rstrip() or None
