"""Words: what differs between two texts, word by word, within paragraphs that belong together. Pure; knows nothing of rows or terminals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["same", "removed", "added"]
_WORD = re.compile(r"\w+(?:(?<=\d)[.,:](?=\d)\w+)*|\s+|[^\w\s]")
"""A word, white space, or a sign; ``1,400.50`` and ``7:30`` are one word, for half of a number is none."""
_ALIKE = 0.3
"""Two paragraphs are one that was changed if at least this much of their words is the same."""
_LONGEST = 20_000
"""Words of a paragraph up to which it is compared word by word."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that both texts have, or one of them only."""

    op: Op
    text: str


Paragraph = tuple[Segment, ...]


def difference(before: Sequence[str], now: Sequence[str]) -> list[Paragraph]:
    """Compare two texts, given as paragraphs; returns all paragraphs of both in reading order."""
    found: list[Paragraph] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [(Segment("same", text),) for text in before[a:b]]
        else:
            found += _changed(before[a:b], now[c:d])
    return found


def changed(paragraphs: Iterable[Paragraph]) -> bool:
    """Whether anything differs."""
    return any(segment.op != "same" for paragraph in paragraphs for segment in paragraph)


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """Pair each new paragraph with the next old one that is like it; what is left over was removed or added as a whole."""
    at = 0
    for text in new:
        words = _words(text)
        partner = next((i for i in range(at, len(old)) if _alike(_words(old[i]), words)), None)
        if partner is None:
            yield (Segment("added", text),)
            continue
        for gone in old[at:partner]:
            yield (Segment("removed", gone),)
        yield _merged(_words(old[partner]), words)
        at = partner + 1
    for gone in old[at:]:
        yield (Segment("removed", gone),)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _alike(old: list[str], new: list[str]) -> bool:
    matcher = SequenceMatcher(None, [w for w in old if w.strip()], [w for w in new if w.strip()], autojunk=False)
    return len(old) + len(new) <= _LONGEST and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _merged(old: list[str], new: list[str]) -> Paragraph:
    found: list[Segment] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Segment("same", "".join(old[a:b])))
            continue
        if b > a:
            found.append(Segment("removed", "".join(old[a:b])))
        if d > c:
            found.append(Segment("added", "".join(new[c:d])))
    return tuple(_joined(found))


def _joined(segments: list[Segment]) -> Iterator[Segment]:
    """Bring together changes that only white space parts: ``-four- -dead- +six+ +hurt+`` reads as two runs, not as four."""
    removed = added = ""
    for i, segment in enumerate(segments):
        bridge = (
            segment.op == "same"
            and not segment.text.strip()
            and (removed or added)
            and i + 1 < len(segments)
            and segments[i + 1].op != "same"
        )
        if segment.op == "removed" or bridge:
            removed += segment.text
        if segment.op == "added" or bridge:
            added += segment.text
        if segment.op == "same" and not bridge:
            yield from (Segment(op, text) for op, text in _ops(removed, added) if text)
            removed = added = ""
            yield segment
    yield from (Segment(op, text) for op, text in _ops(removed, added) if text)


def _ops(removed: str, added: str) -> tuple[tuple[Op, str], tuple[Op, str]]:
    return ("removed", removed), ("added", added)
