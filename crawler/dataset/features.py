"""A table's columns as Hugging Face ``datasets`` names them in a dataset card (``dataset_info.features``)."""

from __future__ import annotations

from typing import Any

from crawler.dataset.fields import Field

_TYPES = {
    "integer": "int64", "number": "float64", "boolean": "bool", "string": "string", "time": "timestamp[us, tz=UTC]",
}  # fmt: skip


def features(fields: tuple[Field, ...]) -> list[dict[str, Any]]:
    """The features, in order. Times are timestamps; ``datasets`` makes them of the text that stands in JSON lines."""
    return [{"name": field.name, **_feature(field)} for field in fields]


def _feature(field: Field) -> dict[str, Any]:
    if field.kind == "record":
        return {"struct": features(field.parts)}
    if field.kind == "list":
        (entry,) = field.parts
        return {"list": features(entry.parts) if entry.kind == "record" else _TYPES[entry.kind]}
    return {"dtype": _TYPES[field.kind]}
