"""Words: how many a text has. Pure; knows nothing of pages."""

from __future__ import annotations

import re

_WORD = re.compile(r"[぀-ヿ㐀-鿿豈-﫿가-힯]|[^\W_぀-ヿ㐀-鿿豈-﫿가-힯]+(?:['’\u2011-][^\W_぀-ヿ㐀-鿿豈-﫿가-힯]+)*")


def count_words(text: str) -> int:
    """Number of words in ``text``; a character of Chinese, Japanese or Korean script counts as one, ``don't`` and ``well-known`` too."""
    return sum(1 for _ in _WORD.finditer(text))
