"""datapackage.json: the export for Frictionless tools (Data Package 1, Table Schema 1)."""

from __future__ import annotations

import json
from typing import Any

from crawler.dataset.fields import Field, columns
from crawler.dataset.portrait import DataFile, Portrait
from crawler.dataset.sheet import JOINT
from crawler.layout import safe_name

_TYPES = {"time": "datetime", "list": "array", "record": "object"}
_MEDIA = {"csv": "text/csv", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}


def datapackage_json(portrait: Portrait) -> str:
    """The file. Each table is a resource for each form it has; CSV and JSON lines with a Table Schema."""
    plan = portrait.plan
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": safe_name(portrait.name.lower()),
        "id": f"sha256:{portrait.fingerprint}",
        "title": portrait.title,
        "description": plan.description or portrait.summary,
        "created": plan.made_at.isoformat().replace("+00:00", "Z"),
        "version": f"{plan.made_at:%Y-%m-%d}",
        "contributors": [{"title": name, "role": "author"} for name in portrait.creators],
        "keywords": ["news", "web archive", "WARC"],
        **({"licenses": [{"name": plan.licence}]} if plan.licence else {}),
        "resources": [_resource(file, portrait) for file in portrait.files],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(file: DataFile, portrait: Portrait) -> dict[str, Any]:
    common = {
        "name": f"{file.table.name}-{file.form}",
        "path": file.path,
        "description": file.table.doc,
        "format": file.form,
        "mediatype": _MEDIA[file.form],
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if file.form == "parquet" or (file.form == "jsonl" and not portrait.rows[file.table.name]):
        # Parquet bears its own schema, and not every reader of packages reads it; of JSON lines none reads a file without a line
        return common | {"profile": "data-resource", "type": "file"}
    if file.form == "jsonl":
        schema = {"fields": [_field(field.name, field, nested=True) for field in file.table.fields]}
        return common | {
            "profile": "tabular-data-resource",
            "type": "table",
            "encoding": "utf-8",
            "compression": "gz",
            "schema": schema,
        }
    flat = [_field(name, field, nested=False) for name, _, field in columns(file.table.fields)]
    return common | {
        "profile": "tabular-data-resource",
        "type": "table",
        "encoding": "utf-8" if portrait.plan.raw_csv else "utf-8-sig",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True},
        "schema": {"fields": flat, "missingValues": [""]},
    }


def _field(name: str, field: Field, *, nested: bool) -> dict[str, Any]:
    kind = _TYPES.get(field.kind, field.kind)
    doc = field.doc
    if field.kind == "list" and not nested:
        kind = "string"
        doc += " As JSON." if field.parts[0].kind == "record" else f" Entries are parted by '{JOINT}'."
    described: dict[str, Any] = {"name": name, "type": kind, "description": doc}
    if kind == "datetime":
        described["format"] = "any"
    if field.choices:
        described["constraints"] = {"enum": list(field.choices)}
    return described
