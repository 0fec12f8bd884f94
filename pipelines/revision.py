"""Revision: whether two captures of an article say the same. Judged on the article's own lines and its headline, on nothing else.

Owns what counts as an edit. Both captures must have been extracted by the same code with the same basis; then the rule is: a line is new
only if it stood nowhere on the page before, and gone only if it stands nowhere on the page now. So a block that extraction took for
chrome once and for text the other time is no edit, and neither is anything that happens around the article. Pure.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Literal

from crawler.record import Access

Judgement = Literal["same", "cosmetic", "edited", "more", "less", "unsure", "unrelated"]
"""``same``: no difference. ``cosmetic``: no word differs. ``edited``: words differ. ``more``: a wall has fallen, the text goes on where it
stopped before. ``less``: a wall stands where the text was. ``unsure``: the capture is not whole, or a new layout shows too little of the
text. ``unrelated``: another article."""

_RELATED = 0.2
"""Share of an article's characters, in lines, that must still stand at another address for it to be the same article."""
_KEPT = 0.6
"""Share of an article's characters that must still be there for another template to be compared with the old one."""
_NUMBER = re.compile(r"(?<!\w)[-\u2212+]?\d+(?:[.,:/\u2009\u202f'\u2019]\d+)*%?")
_SIGNS = str.maketrans("", "", " '\u2019\u2009\u202f")


@dataclass(frozen=True)
class Body:
    """What two captures are compared by."""

    title: str
    """Headline; empty if there is none."""
    lines: tuple[str, ...]
    """Lines of the article's text, empty ones left out."""
    around: tuple[str, ...]
    """Lines of the page's other blocks."""
    access: Access
    """Whether the whole text was there."""
    damaged: bool = False
    """Whether the capture is not whole."""
    template: str = ""
    """Fingerprint of the template that the page is set in."""

    @cached_property
    def words(self) -> str:
        """Key of the whole text: equal for two captures none of whose words differ."""
        return "".join(map(line_key, self.lines))

    @cached_property
    def everywhere(self) -> frozenset[str]:
        """Keys of all lines of the page."""
        return frozenset(map(line_key, (*self.lines, *self.around)))

    def to_json(self) -> str:
        """As JSON, to be kept aside."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Body:
        """Read back what ``to_json`` wrote."""
        value = json.loads(text)
        return cls(**value | {"lines": tuple(value["lines"]), "around": tuple(value["around"])})


def line_key(line: str) -> str:
    """What is left of a line without white space, case, punctuation and typography: its letters, marks, numbers and money signs.

    Numbers keep their sign, their decimals and a percent sign: ``1.5`` is not ``15``.
    """
    folded = unicodedata.normalize("NFKC", line).casefold()
    found, at = [], 0
    for match in _NUMBER.finditer(folded):
        found += [_letters(folded[at : match.start()]), match[0].translate(_SIGNS).replace("\u2212", "-")]
        at = match.end()
    return "".join((*found, _letters(folded[at:])))


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or unicodedata.category(c) in ("Mn", "Mc", "Sc"))


def judge(before: Body, now: Body, *, moved: bool = False) -> Judgement:
    """Compare a capture with the one before it.

    Args:
        before: the earlier capture, as the code of today extracts it.
        now: the later one.
        moved: whether the later one came from another address than was asked for.
    """
    if moved and not _related(before, now):
        return "unrelated"
    if now.damaged:
        return "unsure"
    if (now.lines, now.title) == (before.lines, before.title):
        return "same"
    if walled := _walled(before, now):
        return walled
    if before.template != now.template and len(now.words) < _KEPT * len(before.words):
        return "unsure"  # a new layout, and most of the text is not found in it: that is our problem, and no edit of theirs
    if line_key(before.title) != line_key(now.title):
        return "edited"
    if before.words == now.words:
        return "cosmetic"
    return _lines(before, now)


def _lines(before: Body, now: Body) -> Judgement:
    old, new = [line_key(line) for line in before.lines], [line_key(line) for line in now.lines]
    if set(old) - now.everywhere - {""} or set(new) - before.everywhere - {""}:
        return "edited"
    both = set(old) & set(new)
    if [key for key in old if key in both] != [key for key in new if key in both]:
        return "edited"
    # what is left differs in what was taken for chrome: only the lines that both have are compared
    kept = dict(zip(new, now.lines, strict=True))
    changed = any(kept[key] != line for key, line in zip(old, before.lines, strict=True) if key in both)
    return "cosmetic" if changed or before.title != now.title else "same"


def _walled(before: Body, now: Body) -> Judgement | None:
    """Whether one of the two is the beginning of the other, cut off by a pay wall."""
    walls = ("paywalled", "consent_wall", "blocked")
    if now.access in walls and before.access not in walls and _begins(now, before):
        return "less"
    if before.access in walls and now.access not in walls and _begins(before, now):
        return "more"
    return None


def _begins(short: Body, long: Body) -> bool:
    """Whether ``short`` is shorter, and says nothing that ``long`` does not, but for a last line that may be cut."""
    if len(short.words) >= len(long.words):
        return False
    strange = [line for line in map(line_key, short.lines) if line and line not in long.everywhere]
    return not strange or (len(strange) == 1 and strange[0][:-1] in long.words)


def _related(before: Body, now: Body) -> bool:
    """Whether two captures can be the same article."""
    if line_key(before.title) and line_key(before.title) == line_key(now.title):
        return True
    shared = sum(len(key) for key in {line_key(line) for line in before.lines} & {line_key(line) for line in now.lines})
    return shared >= _RELATED * min(len(before.words), len(now.words)) > 0
