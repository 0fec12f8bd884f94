"""croissant.json: the export for machine learning tools (MLCommons Croissant 1.0): its files, and where each column stands in them."""

from __future__ import annotations

import json
from typing import Any

from crawler.dataset.citation import citation_text
from crawler.dataset.fields import Field
from crawler.dataset.portrait import DataFile, Portrait

_NAMES = """
    citeAs column extract field fileProperty fileObject fileSet format includes isLiveDataset jsonPath key md5 parentField path recordSet
    references regex repeated replace separator source subField transform
"""
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    **{
        name: f"cr:{name}"
        for name in _NAMES.split()
    },
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}  # fmt: skip
"""Names of the vocabulary (Croissant 1.0, appendix 1)."""
_TYPES = {
    "string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "time": "sc:DateTime",
}  # fmt: skip
_MEDIA = {"csv": "text/csv", "jsonl": "application/jsonlines", "parquet": "application/x-parquet"}
_WITHOUT_LICENCE = "https://rightsstatements.org/vocab/InC/1.0/"
"""In Copyright (rightsstatements.org): what holds of articles whose publishers gave no licence."""


def croissant_json(portrait: Portrait) -> str:
    """The file. A record set describes each table's best file, whose columns are read by name."""
    plan = portrait.plan
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": portrait.name,
        "alternateName": portrait.title,
        "description": plan.description or portrait.summary,
        "license": plan.licence or _WITHOUT_LICENCE,
        "url": f"urn:sha256:{portrait.fingerprint}",
        "citeAs": citation_text(portrait),
        "creator": [{"@type": "sc:Organization", "name": name} for name in portrait.creators],
        "datePublished": f"{plan.made_at:%Y-%m-%d}",
        "version": f"{plan.made_at:%Y.%-m.%-d}",
        "inLanguage": sorted(portrait.articles.languages.keys() - {"unknown"}),
        "temporalCoverage": f"{portrait.first_day}/{portrait.last_day}",
        "distribution": [_file(file) for file in portrait.files],
        "recordSet": [_records(portrait.best(table.name)) for table in portrait.tables if portrait.rows[table.name]],
    }
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def _file(file: DataFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "description": file.table.doc,
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": _MEDIA[file.form],
        "sha256": file.sha256,
    }


def _records(file: DataFile) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": file.table.name,
        "name": file.table.name,
        "description": file.table.doc,
        "field": [_field(file, field) for field in file.table.fields],
    }


def _field(file: DataFile, field: Field) -> dict[str, Any]:
    inner = field.parts[0] if field.kind == "list" else field
    described = {
        "@type": "cr:Field",
        "@id": f"{file.table.name}/{field.name}",
        "name": field.name,
        "description": field.doc,
        **({"repeated": True} if field.kind == "list" else {}),
    }
    if inner.kind != "record":
        return described | {"dataType": _TYPES[inner.kind], "source": _source(file, field)}
    return described | {
        "subField": [
            {
                "@type": "cr:Field",
                "@id": f"{file.table.name}/{field.name}/{part.name}",
                "name": part.name,
                "description": part.doc,
                "dataType": _TYPES[part.kind],
                "source": _source(file, field) | {"transform": {"jsonPath": f"$.{part.name}"}},
            }
            for part in inner.parts
        ]
    }


def _source(file: DataFile, field: Field) -> dict[str, Any]:
    return {"fileObject": {"@id": file.path}, "extract": {"column": field.name}}
