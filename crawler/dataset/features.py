"""A table's columns as Hugging Face ``datasets`` names them in a dataset card (``dataset_info.features``)."""

from __future__ import annotations

from typing import Any

from crawler.dataset.fields import Field

_TYPES = {"integer": "int64", "number": "float64", "boolean": "bool", "string": "string"}


def features(fields: tuple[Field, ...], *, typed_times: bool) -> list[dict[str, Any]]:
    """The features, in order. ``typed_times``: times are timestamps, as in Parquet, and not text, as in JSON."""
    return [{"name": field.name, **_feature(field, typed_times)} for field in fields]


def _feature(field: Field, typed_times: bool) -> dict[str, Any]:
    if field.kind == "record":
        return {"struct": features(field.parts, typed_times=typed_times)}
    if field.kind == "list":
        (entry,) = field.parts
        if entry.kind == "record":
            return {"list": features(entry.parts, typed_times=typed_times)}
        return {"list": _scalar(entry, typed_times)}
    return {"dtype": _scalar(field, typed_times)}


def _scalar(field: Field, typed_times: bool) -> str:
    if field.kind == "time":
        return "timestamp[us, tz=UTC]" if typed_times else "string"
    return _TYPES[field.kind]
