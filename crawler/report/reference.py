"""Writes what is made from the source: reference pages, JSON Schemas, defaults.yaml. ``--check`` finds the stale ones.

``python -m crawler.report.reference [--check]``, from the root of a checkout. Owns which file is made from what.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from pkgutil import resolve_name

from crawler.config import Settings, SiteConfig
from crawler.record import Article, Block, Duplicate, Failure
from crawler.report import pages
from crawler.report.outcome import Outcome
from crawler.report.schema import json_schema

PARSER = "crawler.cli:build_parser"
"""What makes the command line's parser. A name, not an import: this module is below the shell, and the program only is beside it."""
SCHEMAS: dict[str, tuple[type, str, bool]] = {
    "article": (Article, "Pressmark: a row of articles.jsonl", True),
    "removed": (Block, "Pressmark: a row of removed.jsonl", True),
    "failures": (Failure, "Pressmark: a row of failures.jsonl", True),
    "duplicates": (Duplicate, "Pressmark: a row of duplicates.jsonl", True),
    "report": (Outcome, "Pressmark: the report of a run", True),
    "site": (SiteConfig, "Pressmark: a site", False),
    "defaults": (Settings, "Pressmark: the defaults of all sites", False),
}
"""Schemas by file name: the class, the title, and whether every key is always there."""


def generated(parser: argparse.ArgumentParser) -> dict[str, str]:
    """Make every generated file: path in the checkout, and text. ``parser`` is the command line's."""
    schemas = {
        f"config/schema/{name}.schema.json": json.dumps(
            json_schema(cls, title, whole=whole), indent=2, ensure_ascii=False
        )
        + "\n"
        for name, (cls, title, whole) in SCHEMAS.items()
    }
    return schemas | {
        "config/defaults.yaml": pages.defaults_file(),
        "docs/record.md": pages.record_page(),
        "docs/report.md": pages.report_page(),
        "docs/settings.md": pages.settings_page(),
        "docs/exit-codes.md": pages.exit_codes_page(),
        "docs/cli.md": pages.command_page(parser),
    }


def stale(files: dict[str, str], root: Path) -> list[str]:
    """Paths of ``files`` that under ``root`` are missing or say something else."""
    return [
        path
        for path, text in files.items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text
    ]


def main(argv: Sequence[str] | None = None, root: Path = Path()) -> int:
    """Write the files, or with ``--check`` name those that are stale; returns the exit code."""
    options = argparse.ArgumentParser(prog="python -m crawler.report.reference", description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing; exit 1 and name the files that are stale")
    check = options.parse_args(argv).check
    if not (root / "pyproject.toml").is_file():
        options.error("run it from the root of a checkout")
    files = generated(resolve_name(PARSER)())
    changed = stale(files, root)
    for path in changed:
        if check:
            print(f"{path} is stale: run 'python -m crawler.report.reference' and commit it", file=sys.stderr)
        else:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(files[path], encoding="utf-8")
            print(f"wrote {path}")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
