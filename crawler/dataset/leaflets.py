"""The leaflets of an export: what lies beside its data and says what it is. Owns their names; each is written by a module of its own."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import astuple, fields
from pathlib import Path

from crawler.dataset.card import card
from crawler.dataset.citation import citation_cff
from crawler.dataset.columns import columns_csv
from crawler.dataset.croissant import croissant_json
from crawler.dataset.datapackage import datapackage_json
from crawler.dataset.gaps import Gap
from crawler.dataset.loading import LOADERS
from crawler.dataset.page import page
from crawler.dataset.portrait import Portrait
from crawler.report.schema import json_schema


def write_leaflets(root: Path, portrait: Portrait) -> None:
    """Write the card, the schemas, and the metadata for other tools."""
    leaflets = {
        "README.md": card(portrait),
        "index.html": page(portrait),
        "CITATION.cff": citation_cff(portrait),
        "datapackage.json": datapackage_json(portrait),
        "croissant.json": croissant_json(portrait),
        "schema/columns.csv": columns_csv(portrait),
    }
    for table in portrait.tables:
        schema = json_schema(table.cls, f"Pressmark: a row of {table.name}", whole=True)
        leaflets[f"schema/{table.name}.schema.json"] = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    for name, text in leaflets.items():
        (root / name).write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    if "jsonl" in portrait.plan.formats:
        for loader in LOADERS:
            shutil.copyfile(loader, root / loader.name)
    with (root / "provenance/gaps.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(field.name for field in fields(Gap))
        rows.writerows(map(astuple, portrait.gaps))
