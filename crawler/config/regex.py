"""Regular expressions from a configuration: compiled when it is read, and refused if they could backtrack without end.

Owns the guard; never matches anything. Python's ``re`` cannot be stopped while it matches, and scope patterns are matched where all
sites of a run wait for them. So what can cost exponential time is refused, a repeated group whose inside can match in more than one
way, as in ``(a+)+`` or ``(a|ab)*``; and so are more than three ``.*`` in one pattern: each multiplies the time by the text's length.
"""

from __future__ import annotations

import re
import warnings
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MAX_LENGTH = 500
"""Longest pattern, in characters."""
MAX_WIDE = 3
"""Most ``.*`` or ``.+`` in one pattern."""

_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)
_ATOMIC = (op.POSSESSIVE_REPEAT, op.ATOMIC_GROUP)


def read_regex(text: str) -> str:
    """Return ``text`` if it is a safe regular expression.

    Raises:
        ValueError: it is not one, is too long, or could backtrack without end; the message says what to write.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"{len(text)} characters; a pattern has at most {MAX_LENGTH}: write several")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what a later Python will read differently, such as [[a]
            re.compile(text)
            tree = parser.parse(text)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if _wide(tree) > MAX_WIDE:
        raise ValueError(
            f"more than {MAX_WIDE} times '.*': name what stands between, as in [^/]*, or write several patterns"
        )
    if _ambiguous_repeat(tree):
        raise ValueError(
            "a repeated group that can match in more than one way, as in (a+)+, can take for ever; "
            "make the inner repeat possessive, as in (?:[^/]++/)+"
        )
    return text


def _parts(node: Any) -> list[Any]:
    """Return the sub-patterns of one parsed item."""
    found: list[Any] = []
    for value in node if isinstance(node, (list, tuple)) else ():
        if isinstance(value, parser.SubPattern):
            found.append(value)
        elif isinstance(value, (list, tuple)):
            found += _parts(value)
    return found


def _ambiguous_repeat(pattern: Any) -> bool:
    """Whether a group is repeated whose inside can match one text in several ways."""
    for code, argument in pattern:
        if code in _REPEATS and argument[1] > 1 and _varies(argument[2]):
            return True
        if any(_ambiguous_repeat(part) for part in _parts(argument)):
            return True
    return False


def _varies(pattern: Any) -> bool:
    """Whether ``pattern`` gives backtracking a choice: an inner repeat or alternative that is not atomic."""
    for code, argument in pattern:
        if code in _ATOMIC:
            continue
        if (code is op.BRANCH and not _distinct(argument[1])) or (code in _REPEATS and argument[0] != argument[1]):
            return True
        if any(_varies(part) for part in _parts(argument)):
            return True
    return False


def _distinct(alternatives: Any) -> bool:
    """Whether each alternative begins with a character that no other begins with, so that one at most can match."""
    first = [part[0] if len(part) else None for part in alternatives]
    letters = [chr(item[1]).lower() for item in first if item and item[0] is op.LITERAL]
    return len(set(letters)) == len(first)


def _wide(pattern: Any) -> int:
    """Count the repeats of any character."""
    count = 0
    for code, argument in pattern:
        if code in _REPEATS and argument[1] > 100 and argument[2][0][0] is op.ANY:
            count += 1
        count += sum(_wide(part) for part in _parts(argument))
    return count
