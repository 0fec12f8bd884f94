"""What a payload is, by looking at its first bytes: for WARC-Identified-Payload-Type, never by believing the server.

After the WHATWG MIME Sniffing Standard (sections 6 and 7), with feeds and JSON added, which news sites serve. Pure.
"""

from __future__ import annotations

import re

PREFIX = 4096
"""Bytes that are looked at."""

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"%!PS-Adobe-", "application/postscript"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBPVP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (0, b"\x00\x00\x01\x00", "image/x-icon"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS\x00", "application/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (8, b"WAVE", "audio/wave"),
    (0, b"\x1f\x8b\x08", "application/x-gzip"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"Rar!\x1a\x07", "application/x-rar-compressed"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
)
_TEXT_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HTML = re.compile(
    r"<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link|main|article|header|section"
    r"|nav)[\s>/]|<!--",
    re.IGNORECASE,
)
_XML_PROLOGUE = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>)*", re.DOTALL | re.IGNORECASE)
_JSON = re.compile(r'(?:\{\s*(?:"|\}\s*\Z)|\[\s*(?:["\[{\]]|-?[0-9]|true|false|null))')
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def identify(payload: bytes) -> str | None:
    """Media type of ``payload`` (content coding removed; its beginning is enough); None if it is empty."""
    head = payload[:PREFIX]
    if not head:
        return None
    for at, magic, media_type in _MAGIC:
        if head.startswith(magic, at):
            return media_type
    for bom, encoding in _TEXT_BOMS:
        if head.startswith(bom):
            return _text(head[len(bom) :].decode(encoding, "replace"))
    if _BINARY.search(head):
        return "application/octet-stream"
    return _text(head.decode("latin-1"))


def _text(text: str) -> str:
    text = text.lstrip("\t\n\f\r ")
    if text.startswith("<?xml"):
        end = _XML_PROLOGUE.match(text)
        return _xml(text[end.end() :] if end else text)
    if _HTML.match(text):
        return "text/html"
    if text.startswith("<") and (root := _xml(text)) != "application/xml":
        return root
    return "application/json" if _JSON.match(text) else "text/plain"


def _xml(root: str) -> str:
    """Media type by the root element."""
    name = re.match(r"<([\w:.-]+)", root)
    match name and name[1].lower().rpartition(":")[2]:
        case "rss" | "rdf":
            return "application/rss+xml"
        case "feed":
            return "application/atom+xml"
        case "html":
            return "application/xhtml+xml"
        case "svg":
            return "image/svg+xml"
    return "application/xml"
