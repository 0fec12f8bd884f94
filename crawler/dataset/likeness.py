"""Likeness: how much of one text stands in another, counted in runs of three words; and the same in a sentence.

Owns what a word and a run are, and from which shares on two texts are called copies. Pure: knows no row and no file.

Runs of words ("shingles") after Broder, On the resemblance and containment of documents, 1997. Three words are long enough that texts
which share no sentence share next to no run, and short enough that a text in which one word in five was changed still share half.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.record import DuplicateKind

RUN = 3
"""Words to a run."""
PART = 0.75
"""Share of a text's runs from which on it is a part of the other."""
LONGER = 1.2
"""How many times the words of a part the whole must have; else they are near copies."""
NEAR = 0.4
"""Share, of both, from which on they are near copies."""
LEAST_WORDS = 20
"""Words that the shorter text must have: a shorter one counts as a copy only if all its words are the same."""

_IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W_{_IDEOGRAPH}]+")
_MARKS = re.compile("[\u00ad\u2019'\u02bc\u200b-\u200f\u2060]")
"""Soft hyphens and invisible characters, and apostrophes, which papers set in different ways."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How one text relates to another."""

    similarity: float
    """Runs in both, of all (Jaccard)."""
    share: float
    """Share of this text's runs that stand in the other."""
    share_of_other: float
    """Share of the other's runs that stand in this one."""
    words: int
    """Words of this text."""
    words_in_common: int
    """Words of this text within runs that both have."""
    words_of_other: int
    """Words of the other text."""
    same: bool = False
    """Whether all words are the same, in the same order."""

    @property
    def kind(self) -> DuplicateKind | None:
        """What this text is to the other; None if it is no copy."""
        if self.same:
            return "exact"
        if min(self.words, self.words_of_other) < LEAST_WORDS:
            return None
        if self.share >= PART and self.words_of_other >= LONGER * self.words:
            return "contained"
        if self.share_of_other >= PART and self.words >= LONGER * self.words_of_other:
            return "contains"
        return "near" if min(self.share, self.share_of_other) >= NEAR else None


def words_of(text: str) -> list[str]:
    """The words of a text: case, punctuation and white space do not count; a character of Chinese, Japanese or Korean is a word."""
    return _WORD.findall(_MARKS.sub("", text).casefold())


def runs_of(words: Sequence[str]) -> list[str]:
    """All runs of three words, in order; the whole, where there are fewer."""
    if len(words) < RUN:
        return [" ".join(words)] if words else []
    return list(map(" ".join, zip(words, words[1:], words[2:], strict=False)))


def compare(words: Sequence[str], other: Sequence[str]) -> Likeness:
    """Hold a text's words against another's."""
    runs, other_runs = runs_of(words), runs_of(other)
    ours, theirs = set(runs), set(other_runs)
    both = ours & theirs
    covered = 0
    free = 0  # first word that no shared run has covered yet
    for i, run in enumerate(runs):
        if run in both:
            end = min(i + RUN, len(words))
            covered += end - max(i, free)
            free = end
    return Likeness(
        similarity=_ratio(len(both), len(ours | theirs)),
        share=_ratio(len(both), len(ours)),
        share_of_other=_ratio(len(both), len(theirs)),
        words=len(words),
        words_in_common=covered,
        words_of_other=len(other),
        same=list(words) == list(other),
    )


def explain(found: Likeness, *, of: str, agency: str | None) -> str:
    """Say in a sentence why a text is called a copy.

    Args:
        found: the numbers; ``kind`` is not None.
        of: what the other text is called, for example its address.
        agency: news agency that either text credits.
    """
    numbers = (
        f"{found.words_in_common} of its {found.words} words stand there in runs of {RUN} or more; it holds "
        f"{_percent(found.share_of_other)} of the other text's runs, the other {_percent(found.share)} of its"
    )
    said = {
        "exact": f"Has the same {found.words} words, in the same order, as {of}",
        "near": f"Is nearly the text of {of}: {numbers}",
        "contained": f"Is a part of {of}: {numbers}",
        "contains": f"Holds the text of {of} and adds to it: {numbers}",
    }[found.kind or "near"]
    credit = f" {agency} is credited, so both may print its report." if agency else ""
    return f"{said}.{credit}"


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
