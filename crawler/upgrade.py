"""Upgrade: rows of any earlier version of the record, brought to the form of today, one version a step.

Owns the list of versions, what each changed, and how a row of the one before is made into one of it. docs/record.md prints it.
Works on rows, never on files. A row without ``schema_version`` is of version 0.1, which had it in articles only.

Versions are ``major.minor``. A minor one adds fields or values: old readers may pass them over. A major one takes away or gives a field
another meaning: old readers must not guess.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from crawler.errors import StorageError
from crawler.record import SCHEMA_VERSION, Article, Block, Duplicate, Failure

Row = dict[str, Any]
Kind = Literal["articles", "removed", "failures", "duplicates"]
CLASSES: Mapping[Kind, type] = {"articles": Article, "removed": Block, "failures": Failure, "duplicates": Duplicate}
"""What a row of each file is."""
R = TypeVar("R", Article, Block, Failure, Duplicate)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the record."""

    number: str
    """``major.minor``."""
    notes: tuple[str, ...]
    """What changed since the version before, and what an old row says of it, for people."""
    digest: str | None
    """SHA-256 of the record's form (``form_digest``); a test holds the last one against the code. None: it was never noted."""
    step: Callable[[Kind, Row], Row] | None = None
    """Makes a row of the version before into one of this; None for the first."""


def _to_1_0(kind: Kind, row: Row) -> Row:
    if kind == "articles":
        copied = row["duplicate_of"] is not None
        return row | {
            "duplicate_kind": "exact" if copied else None,
            "duplicate_similarity": 1.0 if copied else None,
            "withdrawn_at": None,
            "withdrawn_reason": None,
        }
    if kind == "failures":
        return {"site": "unknown", "run_id": None, "record_id": None} | row
    return row


VERSIONS: tuple[Version, ...] = (
    Version(
        number="0.1",
        notes=("The first form.",),
        digest=None,
    ),
    Version(
        number="1.0",
        notes=(
            "Settled: from here on a field's name and meaning stay until 2.0.",
            "articles: `duplicate_kind` and `duplicate_similarity` say how the text relates to that of `duplicate_of`. In older rows, "
            "where only exact copies were marked, they are read as `exact` and 1.",
            "articles: `withdrawn_at` and `withdrawn_reason` mark a row whose content was taken down. Null in older rows.",
            "removed, failures: `schema_version` in every row. A row without it is of version 0.1.",
            "failures: `site`, `run_id` and `record_id`. In older rows the site is read as `unknown`, the others as null.",
            "duplicates: a file of its own in exports.",
        ),
        digest="ddc7356e38bb73941823dfb57170e19ecc124301e53e44d965510d0b62928a07",
        step=_to_1_0,
    ),
)
"""All versions, oldest first. A version that was published is never changed: a new one is added behind it."""


def upgrade(kind: Kind, row: Row) -> Row:
    """Bring a row, as it was read from a file, to the form of today.

    Fields that a newer minor version added are left in; a row of today is given back as it is.

    Raises:
        StorageError: the row is of a newer major version, or its version is none.
    """
    found = row.get("schema_version", "0.1")
    if found == SCHEMA_VERSION:
        return row
    number, today = _parse(found), _parse(SCHEMA_VERSION)
    if number is None or today is None or number[0] > today[0]:
        raise StorageError(
            f"a row of {kind} has schema version {found}; this Pressmark reads versions up to {SCHEMA_VERSION}",
            hint="Use a newer Pressmark: pip install --upgrade pressmark.",
        )
    if number > today:
        return row
    for version in VERSIONS:
        if version.step and number < (_parse(version.number) or number):
            row = version.step(kind, row)
    return row | {"schema_version": SCHEMA_VERSION}


def load(cls: type[R], row: Mapping[str, Any]) -> R:
    """Make a row into its class, whatever version it is of.

    Args:
        cls: Article, Block, Failure or Duplicate.
        row: one line of its file, parsed.

    Raises:
        StorageError: a field is missing, or the row is of a newer major version.
    """
    kind = next(name for name, known in CLASSES.items() if known is cls)
    made: R = _build(cls, upgrade(kind, dict(row)), kind)
    return made


def form_digest() -> str:
    """SHA-256 (base16) of the record's form: names, types and choices of every field in order, but not what is said of them."""
    form = {kind: _form(cls) for kind, cls in CLASSES.items()}
    return sha256(json.dumps(form, separators=(",", ":")).encode()).hexdigest()


def _parse(number: object) -> tuple[int, int] | None:
    major, dot, minor = str(number).partition(".")
    return (int(major), int(minor)) if dot and major.isdecimal() and minor.isdecimal() else None


def _build(cls: Any, row: Mapping[str, Any], where: str) -> Any:
    types = get_type_hints(cls)
    values = {}
    for field in dataclasses.fields(cls):
        if field.name not in row:
            raise StorageError(
                f"a row of {where} has no field '{field.name}'", hint="Make the rows again: pressmark extract."
            )
        values[field.name] = _value(types[field.name], row[field.name], f"{where}.{field.name}")
    return cls(**values)


def _value(kind: Any, value: Any, where: str) -> Any:
    if isinstance(value, dict) and dataclasses.is_dataclass(kind):
        return _build(kind, value, where)
    if isinstance(value, list) and get_origin(kind) is list:
        return [_value(get_args(kind)[0], each, where) for each in value]
    return value


def _form(kind: Any) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind):
        types = get_type_hints(kind)
        return [[field.name, _form(types[field.name])] for field in dataclasses.fields(kind)]
    if origin in (Union, UnionType):
        return ["any", *map(_form, args)]
    if origin is Literal:
        return ["one", *args]
    if origin is list:
        return ["list", _form(args[0])]
    return "null" if kind is NoneType else kind.__name__
