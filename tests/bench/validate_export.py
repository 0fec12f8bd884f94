"""The validators of the formats over an export: BagIt, JSON Schema, Frictionless, Croissant, the dataset card's YAML, CITATION.cff.

    python tests/bench/validate_export.py EXPORT

Each validator that is installed is run and prints a line; one that is not is named. Exit 1 if any finds a fault.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def bag(root: Path) -> str:
    import bagit

    bagit.Bag(str(root)).validate()
    return "complete and valid"


def schemas(root: Path) -> str:
    import jsonschema  # type: ignore[import-untyped]

    count = 0
    for path in sorted((root / "schema").glob("*.schema.json")):
        schema = json.loads(path.read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        with gzip.open(root / f"data/{path.name.split('.')[0]}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in list(lines)[:3000]:
                validator.validate(json.loads(line))
                count += 1
    return f"{count} rows valid"


def frictionless(root: Path) -> str:
    from frictionless import Package, system

    system.trusted = True
    report = Package(str(root / "datapackage.json")).validate()
    if not report.valid:
        raise ValueError(report.flatten(["name", "fieldName", "type", "message"])[:5])
    return ", ".join(f"{task.name} {task.stats.get('rows', '(file)')}" for task in report.tasks)


def croissant(root: Path) -> str:
    import mlcroissant

    data = mlcroissant.Dataset(jsonld=str(root / "croissant.json"))
    if data.metadata.issues.errors:
        raise ValueError(data.metadata.issues.report())
    first = next(iter(data.records("articles")))
    return f"no error, {len(data.metadata.issues.warnings)} warnings; first record: {str(first['articles/id'])[:30]}"


def card(root: Path) -> str:
    from datasets import load_dataset
    from huggingface_hub import DatasetCard

    metadata = DatasetCard.load(root / "README.md").data
    loaded = load_dataset(str(root), "articles", split="train")
    return f"{metadata.pretty_name}: {len(loaded)} rows, {len(loaded.features)} features"


def citation(root: Path) -> str:
    tool = shutil.which("cffconvert")
    if tool is None:
        raise ImportError("cffconvert")
    done = subprocess.run([tool, "--validate", "-i", str(root / "CITATION.cff")], capture_output=True, text=True)
    if done.returncode:
        raise ValueError(done.stdout + done.stderr)
    return (done.stdout + done.stderr).strip()


CHECKS: dict[str, Callable[[Path], str]] = {
    "bagit": bag, "JSON Schema": schemas, "frictionless": frictionless, "mlcroissant": croissant, "card": card, "cff": citation,
}  # fmt: skip


def main(root: Path) -> int:
    """Run them all."""
    wrong = 0
    for name, check in CHECKS.items():
        try:
            print(f"{name}: {check(root)}", flush=True)
        except ImportError as missing:
            print(f"{name}: not installed ({missing})")
        except Exception as fault:
            wrong = 1
            print(f"{name}: FAULT: {type(fault).__name__}: {str(fault)[:1500]}", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
