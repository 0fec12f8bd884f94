"""The fields of a table, nested as they are: what a dataclass of the record says of each, for every writer of an export.

Owns the reading of types and docstrings into one tree; Parquet, CSV, JSON Schema's neighbours, the card and the page are written from it,
so that no two of them can disagree. Never reads a row's file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from crawler.report.docstrings import field_docs

Kind = Literal["string", "integer", "number", "boolean", "time", "record", "list"]
Path = tuple[str, ...]
"""Way to a value in a row: names, and ``[]`` for each entry of a list: ``("images", "[]", "caption")``."""

_SCALARS: dict[Any, Kind] = {str: "string", int: "integer", float: "number", bool: "boolean"}
EACH = "[]"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row, of a nested record, or the entry of a list."""

    name: str
    kind: Kind
    nullable: bool
    doc: str
    """Its meaning, in a sentence or two."""
    choices: tuple[str, ...] = ()
    """The values it may have, if they are listed."""
    parts: tuple[Field, ...] = ()
    """Fields of a record; the one entry of a list."""


def fields_of(cls: type) -> tuple[Field, ...]:
    """The fields of a dataclass, in order.

    Raises:
        ValueError: a field has no docstring. KeyError: a type that no table has.
    """
    docs, types = field_docs(cls), get_type_hints(cls)
    return tuple(_field(f.name, types[f.name], docs[f.name]) for f in dataclasses.fields(cls))


def _field(name: str, kind: Any, doc: str) -> Field:
    nullable = False
    if get_origin(kind) in (Union, UnionType):
        nullable = NoneType in get_args(kind)
        (kind,) = (part for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is Literal:
        return Field(name, "string", nullable, doc, choices=get_args(kind))
    if get_origin(kind) is list:
        return Field(name, "list", nullable, doc, parts=(_field(EACH, get_args(kind)[0], doc),))
    if dataclasses.is_dataclass(kind):
        return Field(name, "record", nullable, doc, parts=fields_of(kind))  # type: ignore[arg-type]
    if kind is str and name.endswith("_at"):
        return Field(name, "time", nullable, doc)
    return Field(name, _SCALARS[kind], nullable, doc)


def leaves(fields: tuple[Field, ...], above: Path = ()) -> Iterator[tuple[Path, Field]]:
    """Every field that holds a value of its own, with the way to it, in order."""
    for field in fields:
        path = (*above, field.name)
        if field.kind in ("record", "list"):
            yield from leaves(field.parts, path)
        else:
            yield path, field


def columns(fields: tuple[Field, ...]) -> Iterator[tuple[str, Path, Field]]:
    """The fields as columns of a flat table: a record's fields become columns (``rights_robots``), a list stays one."""
    for field in fields:
        if field.kind == "record":
            for name, path, part in columns(field.parts):
                yield f"{field.name}_{name}", (field.name, *path), part
        else:
            yield field.name, (field.name,), field


def dotted(path: Path) -> str:
    """A path as people write it: ``rights.robots``, ``images[].caption``."""
    return ".".join(path).replace("." + EACH, EACH)


def at(row: Any, path: Path) -> Any:
    """The value at a path without lists; None where there is none."""
    for name in path:
        if row is None:
            return None
        row = row.get(name)
    return row
