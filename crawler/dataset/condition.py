"""A condition on a field, as ``--where`` takes it: ``word_count>=200``, ``section=Politics``, ``rights.tdm_reservation!=true``.

Owns the small language: a field's name, one of ``= != < <= > >= ~``, and a value. Nothing in it is ever run as code.

- The value has the field's type; ``null`` is an unknown value. ``~`` is "contains", without regard to case.
- A list fulfils ``=``, ``~`` if any of its entries does, and ``!=`` if none is equal; ``tags=null`` is an empty list.
- A time is compared to the precision that is given: ``published_at<=2026-11`` takes all of November (UTC).
- An unknown value fulfils ``=null``, ``!=VALUE``, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from crawler.dataset.fields import EACH, Field, Path, dotted
from crawler.dataset.moment import digits, moment
from crawler.errors import UsageError

_FORM = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_.]*)\s*(!=|<=|>=|=|<|>|~)\s*(.*?)\s*", re.DOTALL)
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge, "~": lambda have, want: want in have.lower(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one field."""

    text: str
    """As it was written."""
    path: Path
    field: Field
    operator: str
    value: Any
    """Of the field's type; None for ``null``."""

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row fulfils it."""
        return self._holds(row, 0)

    def _holds(self, value: Any, step: int) -> bool:
        if step == len(self.path):
            return self._compare(value)
        if self.path[step] != EACH:
            return self._holds(None if value is None else value[self.path[step]], step + 1)
        if self.value is None:
            return (self.operator == "=") == (not value)
        entries = (self._holds(entry, step + 1) for entry in value or ())
        return all(entries) if self.operator == "!=" else any(entries)

    def _compare(self, have: Any) -> bool:
        if self.value is None or have is None:
            return (have is None) == (self.value is None) if self.operator == "=" else (
                self.operator == "!=" and (have is None) != (self.value is None)
            )  # fmt: skip
        if self.field.kind == "time":
            have = digits(have)[: len(self.value)]
        return _OPERATORS[self.operator](have, self.value)


def parse_condition(text: str, fields: tuple[Field, ...]) -> Condition:
    """Read a condition on rows that have these fields.

    Raises:
        UsageError: it has not the form; there is no such field (the nearest is named); the value has not the field's type.
    """
    match = _FORM.fullmatch(text)
    if not match:
        raise UsageError(
            f"'{text}' is no condition",
            hint="Write FIELD OPERATOR VALUE, as in 'word_count>=200' or 'section=Politics'.",
        )
    name, operator, written = match.groups()
    known = dict(_paths(fields, ()))
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.0)[0]
        raise UsageError(f"there is no field '{name}'", hint=f"Did you mean '{near}'? docs/record.md has them all.")
    path, field = known[name]
    if written == "null":
        if operator not in ("=", "!="):
            raise UsageError(f"'{text}': null is neither more nor less than a value", hint="Write =null or !=null.")
        return Condition(text, path, field, operator, None)
    if operator == "~" and field.kind != "string":
        raise UsageError(f"'{text}': {name} is no text", hint="~ looks for a piece of text; compare with = < or >.")
    if field.kind == "boolean" and operator not in ("=", "!="):
        raise UsageError(f"'{text}': {name} is true or false", hint="Compare it with = or !=.")
    value = _value(written, field, text)
    return Condition(text, path, field, operator, value.lower() if operator == "~" else value)


def _paths(fields: tuple[Field, ...], above: Path) -> list[tuple[str, tuple[Path, Field]]]:
    """Names that may be written, each with its path: a list stands for its entries."""
    found: list[tuple[str, tuple[Path, Field]]] = []
    for field in fields:
        path = (*above, field.name)
        if field.kind == "list":
            (entry,) = field.parts
            path = (*path, EACH)
            if entry.kind == "record":
                found += _paths(entry.parts, path)
            else:
                found.append((dotted((*above, field.name)), (path, entry)))
        elif field.kind == "record":
            found += _paths(field.parts, path)
        else:
            found.append((dotted(path).replace(EACH, ""), (path, field)))
    return found


def _value(written: str, field: Field, text: str) -> Any:
    quoted = len(written) > 1 and written[0] == written[-1] and written[0] in "'\""
    written = written[1:-1] if quoted else written
    try:
        if field.kind == "integer":
            return int(written)
        if field.kind == "number":
            return float(written)
        if field.kind == "time":
            return moment(written)
    except ValueError as error:
        what = {"integer": "a whole number", "number": "a number"}.get(field.kind)
        why = f"{field.name} is {what}, and '{written}' is none" if what else str(error)
        raise UsageError(f"'{text}': {why}") from error
    if field.kind == "boolean":
        if written not in ("true", "false"):
            raise UsageError(f"'{text}': {field.name} is true, false or null, not '{written}'")
        return written == "true"
    if field.choices and written not in field.choices:
        near = get_close_matches(written, field.choices, n=1, cutoff=0.0)[0]
        raise UsageError(
            f"'{text}': {field.name} is never '{written}'",
            hint=f"Did you mean '{near}'? It is one of: {', '.join(field.choices)}.",
        )
    return written
