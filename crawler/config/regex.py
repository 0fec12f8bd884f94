"""Regular expressions from a configuration: compiled when it is read, and refused if a hostile text could make them run for ever.

Owns the guard; never matches anything. Python's ``re`` cannot be stopped while it matches, and scope patterns meet addresses that a
site invents, where all sites of a run wait for them. Two things are refused, by the parsed pattern alone:

- a repeated group whose inside can match one text in several ways, ``(a+)+`` or ``(a|ab)*``: exponential time;
- repeats that can take each other's characters, ``.*foo.*bar``, beyond ``MAX_DEGREE``: each multiplies the time by the text's length.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

MAX_LENGTH = 500
"""Longest pattern, in characters."""
MAX_DEGREE = 2
"""Greatest power of the text's length that matching may take: 2 is some 20 ms for an address of 2,048 characters."""

_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)
_ATOMIC = (op.POSSESSIVE_REPEAT, op.ATOMIC_GROUP)
_SINGLE = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
_LONG = 100
"""A repeat of at most as many counts as a fixed length."""
_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s", op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_SAMPLE = frozenset(map(chr, range(128))) | frozenset("é я 中 ٣ \u00a0")
"""Characters by which sets are compared, with those of the pattern itself."""


class _Token(NamedTuple):
    """A piece of a pattern in its order: the characters it can match, whether it is a long repeat, and one that never gives back."""

    chars: frozenset[str]
    repeats: bool = False
    possessive: bool = False


def read_regex(text: str) -> str:
    """Return ``text`` if it is a safe regular expression.

    Raises:
        ValueError: it is not one, is too long, or could take too long; the message says what to write.
    """
    if not text:
        raise ValueError("an empty pattern is found everywhere; leave it out")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"{len(text)} characters; a pattern has at most {MAX_LENGTH}: write several")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what a later Python will read differently, such as [[a]
            re.compile(text)
            tree = parser.parse(text)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if _ambiguous_repeat(tree):
        raise ValueError(
            "a repeated group that can match in more than one way, as in (a+)+, can take for ever; "
            "make the inner repeat possessive, as in (?:[^/]++/)+"
        )
    if _degree(tree, _SAMPLE | frozenset(text)) > MAX_DEGREE:
        raise ValueError(
            "several repeats that can take each other's characters, as in .*a.*b, can take for ever; begin the pattern with ^, "
            "leave out .* at its ends, and name what stands between, as in [^/]*"
        )
    return text


def _parts(node: Any) -> Iterator[Any]:
    """Yield the sub-patterns of one parsed item."""
    if isinstance(node, parser.SubPattern):
        yield node
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _parts(value)


def _ambiguous_repeat(pattern: Any) -> bool:
    """Whether a group is repeated whose inside can match one text in several ways."""
    return any(
        (code in _REPEATS and argument[1] > 1 and _varies(argument[2])) or any(map(_ambiguous_repeat, _parts(argument)))
        for code, argument in pattern
    )


def _varies(pattern: Any) -> bool:
    """Whether ``pattern`` gives backtracking a choice: an inner repeat or alternative that is not atomic."""
    return any(
        (code is op.BRANCH and not _distinct(argument[1]))
        or (code in _REPEATS and argument[0] != argument[1])
        or any(map(_varies, _parts(argument)))
        for code, argument in pattern
        if code not in _ATOMIC
    )


def _distinct(alternatives: Any) -> bool:
    """Whether each alternative begins with an ASCII character that no other begins with, so that one at most can match."""
    first = [part[0] if len(part) else None for part in alternatives]
    letters = {chr(item[1]).lower() for item in first if item and item[0] is op.LITERAL and item[1] < 128}
    return len(letters) == len(first)


def _degree(pattern: Any, sample: frozenset[str]) -> int:
    """Power of the text's length that a search can take: 1, and 1 more for each repeat that can trade characters with an earlier one."""
    tokens = list(_tokens(pattern, sample))
    anchored = len(pattern) > 0 and pattern[0] in ((op.AT, op.AT_BEGINNING), (op.AT, op.AT_BEGINNING_STRING))
    repeats = [i for i, token in enumerate(tokens) if token.repeats]
    trading = sum(any(_trade(tokens[i : j + 1]) for i in repeats if i < j) for j in repeats)
    return bool(repeats) + trading + (not anchored)


def _trade(tokens: list[_Token]) -> bool:
    """Whether the first and the last of ``tokens``, both repeats, can share out one text in several ways."""
    first, last = tokens[0].chars, tokens[-1].chars
    return bool(first & last) and all(t.chars & first and t.chars & last for t in tokens[1:-1] if not t.repeats)


def _tokens(pattern: Any, sample: frozenset[str]) -> Iterator[_Token]:
    """Yield the pieces of a pattern. What may be left out, and alternatives, give their repeats only: they separate nothing."""
    for code, argument in pattern:
        if code in _REPEATS or code is op.POSSESSIVE_REPEAT:
            least, most, inner = argument
            pieces = list(_tokens(inner, sample))
            if most > _LONG:
                yield from (p for p in pieces if p.repeats and not p.possessive)
                yield _Token(_chars(inner, sample), True, code is op.POSSESSIVE_REPEAT)
            else:
                yield from (p for p in pieces if p.repeats or least)
        elif code in (op.SUBPATTERN, op.ATOMIC_GROUP):
            for part in _parts(argument):
                yield from _tokens(part, sample)
        elif code in _SINGLE:
            yield _Token(frozenset(c for c in sample if _member(code, argument, c)))
        else:
            for part in _parts(argument):
                yield from (p for p in _tokens(part, sample) if p.repeats)


def _chars(pattern: Any, sample: frozenset[str]) -> frozenset[str]:
    """All characters that anything in ``pattern`` can match; a group's echo can be any."""
    found: frozenset[str] = frozenset()
    for code, argument in pattern:
        if code in _SINGLE:
            found |= {c for c in sample if _member(code, argument, c)}
        elif code is op.GROUPREF:
            return sample
        found = found.union(*(_chars(part, sample) for part in _parts(argument)))
    return found


def _member(code: Any, argument: Any, char: str) -> bool:
    """Whether one parsed character or set matches ``char``, upper and lower case taken as one."""
    if code is op.IN:
        negated = argument[0][0] is op.NEGATE
        return negated != any(_member(c, a, char) for c, a in argument[negated:])
    if code is op.CATEGORY:
        return re.match(_CATEGORIES[argument], char) is not None
    if code is op.RANGE:
        return any(argument[0] <= ord(c) <= argument[1] for c in {char, char.lower()[0], char.upper()[0]})
    return code is op.ANY or (char.lower() == chr(argument).lower()) == (code is op.LITERAL)
