"""Plain text of a value that somebody else wrote: entities resolved, mark-up and controls gone, white space folded, length capped.

Owns what a title, a name, a tag or a caption may contain. Never guesses what a value means, and never raises.
"""

from __future__ import annotations

import html
import re
from typing import Any

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_BREAK = re.compile(r"<(?:br|p|/p|div|/div|li|/li)\b[^<>]{0,200}>", re.I)
# soft hyphen, zero-width space, word joiner, byte order mark: hints for layout. Joiners and bidi marks are text in Indic and Arabic.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_KEY = re.compile(r"\W+")


def plain(value: Any, limit: int = 1000) -> str | None:
    """Return ``value`` as one line of plain text of at most ``limit`` characters; None if it is no string or nothing is left.

    Entities are resolved twice, because many systems escape a value that is escaped already.
    """
    if not isinstance(value, str):
        return None
    text = value[: limit * 6]
    for _ in range(2):
        if "&" in text:
            text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    text = " ".join(_INVISIBLE.sub("", text).split())
    if len(text) > limit:
        cut = text.rfind(" ", limit // 2, limit)
        text = text[: cut if cut > 0 else limit].rstrip()
    return text or None


def key(text: str | None) -> str:
    """Return the letters and digits of ``text``, case folded: equal for two ways to print the same words."""
    return _KEY.sub("", text or "").casefold()
