"""JSON Schema (draft 2020-12) of a dataclass, with its docstrings as descriptions.

Owns the translation of types; knows no class by name. Serves the published record, whose every key is always there, and the settings, most
of which may be left out.
"""

from __future__ import annotations

import dataclasses
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from crawler.config.kinds import REGEX, Kind, Range
from crawler.report.docstrings import field_docs, fold

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"}, int: {"type": "integer"}, float: {"type": "number"}, bool: {"type": "boolean"}, NoneType: {"type": "null"},
}  # fmt: skip


def json_schema(cls: type, title: str, *, whole: bool) -> dict[str, Any]:
    """Return the schema of ``cls``; classes that it uses stand in ``$defs``. ``whole``: every key is always there, whatever its default."""
    writer = _Writer(whole)
    schema = {"$schema": DIALECT, "title": title, **writer.of_class(cls)}
    return schema | ({"$defs": dict(sorted(writer.definitions.items()))} if writer.definitions else {})


def plain(value: Any, kind: Any = None) -> Any:
    """Return a default as it would stand in JSON or YAML: durations and sizes as their texts, classes as mappings."""
    if get_origin(kind) in (Union, UnionType):
        kind = next((a for a in get_args(kind) if (a is NoneType) == (value is None)), None)
    spelling = (
        next((m for m in get_args(kind)[1:] if isinstance(m, Kind)), None) if get_origin(kind) is Annotated else None
    )
    if spelling and value is not None:
        shown: str = spelling.show(value)
        return shown
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        types = get_type_hints(type(value), include_extras=True)
        return {f.name: plain(getattr(value, f.name), types[f.name]) for f in dataclasses.fields(value)}
    return list(value) if isinstance(value, tuple) else value


def default_of(field: dataclasses.Field[Any]) -> Any:
    """Return a field's default, or ``dataclasses.MISSING``."""
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


class _Writer:
    """Writes schemas, and remembers the classes that it met."""

    def __init__(self, whole: bool) -> None:
        self.whole = whole
        self.definitions: dict[str, Any] = {}

    def of_class(self, cls: type) -> dict[str, Any]:
        """Schema of a class."""
        docs, types = field_docs(cls), get_type_hints(cls, include_extras=True)
        properties: dict[str, Any] = {}
        required: list[str] = []
        for field in dataclasses.fields(cls):
            found: dict[str, Any] = {"description": docs[field.name], **self.of_type(types[field.name])}
            if field.name.endswith("_at") and "string" in _names(found) and "enum" not in found:
                found["format"] = "date-time"
            default = default_of(field)
            if self.whole or default is dataclasses.MISSING:
                required.append(field.name)
            elif not dataclasses.is_dataclass(default):
                found["default"] = plain(default, types[field.name])
            properties[field.name] = found
        return {
            "description": fold(cls.__doc__ or ""),
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }

    def of_type(self, kind: Any) -> dict[str, Any]:
        """Schema of a field's type."""
        origin, args = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return _union([self.of_type(a) for a in args])
        if origin is Literal:
            return {"type": "integer" if isinstance(args[0], int) else "string", "enum": list(args)}
        if origin in (tuple, list):
            return {"type": "array", "items": self.of_type(args[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of_type(args[1])}
        if origin is Annotated:
            return self.annotated(args)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            name = kind.__name__
            if name not in self.definitions:
                self.definitions[name] = {}
                self.definitions[name] = self.of_class(kind)
            return {"$ref": f"#/$defs/{name}"}
        return dict(_SCALARS[kind])

    def annotated(self, args: tuple[Any, ...]) -> dict[str, Any]:
        """Schema of a type with its kind and its range."""
        spelling = next((m for m in args[1:] if isinstance(m, Kind)), None)
        limits = next((m for m in args[1:] if isinstance(m, Range)), None)
        if spelling is None:
            found = self.of_type(args[0])
            return found | ({"minimum": limits.least, "maximum": limits.most} if limits else {})
        found = {"type": "string"} | ({"pattern": spelling.pattern} if spelling.pattern else {})
        return found | ({"format": "regex"} if spelling is REGEX else {})


def _names(schema: dict[str, Any]) -> list[str]:
    kinds = schema.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]


def _union(choices: list[dict[str, Any]]) -> dict[str, Any]:
    """One schema for several: the short form where only one of them says more than its type."""
    if all(set(c) == {"type"} for c in choices):
        return {"type": [c["type"] for c in choices]}
    if len(choices) == 2 and choices[1] == {"type": "null"} and "type" in choices[0]:
        first = choices[0] | {"type": [choices[0]["type"], "null"]}
        return first | ({"enum": [*first["enum"], None]} if "enum" in first else {})
    return {"anyOf": choices}
