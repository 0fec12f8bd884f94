"""Editions of the articles for tools that read no tables: Label Studio, Prodigy, and programs for corpora (TXM, IRaMuTeQ).

Owns their forms, and what of a row goes with the text. Each is written beside the tables, from the same rows in the same order; a row
without text is in none of them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from crawler.dataset.sheet import tame
from crawler.dataset.tables import Row, TableFile
from crawler.layout import safe_name
from crawler.record import to_json

Edition = Literal["labelstudio", "prodigy", "text", "iramuteq"]

_FACTS = ("id", "title", "url", "site", "published_at", "fetched_at", "language", "section")
"""What goes with the text."""


def _facts(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in _FACTS} | {"authors": ", ".join(row["authors"])}


class LabelStudio:
    """``labelstudio.json``: tasks to import (Label Studio, "Basic Label Studio JSON format"), a task an article."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "labelstudio.json").open("w", encoding="utf-8")
        self._file.write("[")
        self._count = 0

    def write(self, row: Row, line: bytes) -> None:
        """Add a row."""
        if row["text"]:
            self._file.write(",\n" if self._count else "\n")
            self._file.write(to_json({"data": {"text": row["text"], **_facts(row)}}))
            self._count += 1

    def close(self) -> None:
        """End the list and close the file."""
        self._file.write("\n]\n")
        self._file.close()


class Prodigy:
    """``prodigy.jsonl``: a task a line, with ``text`` and ``meta``, which Prodigy shows under it."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "prodigy.jsonl").open("w", encoding="utf-8")

    def write(self, row: Row, line: bytes) -> None:
        """Add a row."""
        if row["text"]:
            self._file.write(to_json({"text": row["text"], "meta": _facts(row)}) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class TextFiles:
    """``text/*.txt``, a file an article, and ``text/metadata.csv``, whose first column is the file's name (TXM's "TXT + CSV")."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "text"
        self._folder.mkdir()
        self._file = (self._folder / "metadata.csv").open("w", encoding="utf-8", errors="backslashreplace", newline="")
        self._rows = csv.writer(self._file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self._rows.writerow(["id", "record", *_FACTS[1:], "authors"])

    def write(self, row: Row, line: bytes) -> None:
        """Add a row."""
        if row["text"]:
            name = safe_name(f"{row['site']}-{row['fetched_at'][:10]}-{row['id'].removeprefix('urn:uuid:')}")
            text = "\n\n".join(part for part in (row["title"], row["text"]) if part)
            (self._folder / f"{name}.txt").write_text(
                text + "\n", encoding="utf-8", errors="backslashreplace", newline="\n"
            )
            self._rows.writerow([name, *(tame(str(value or "")) for value in _facts(row).values())])

    def close(self) -> None:
        """Close the table."""
        self._file.close()


class Iramuteq:
    """``iramuteq.txt``: one corpus in the form of Alceste, ``**** *site_x *date_20261120``, then the text; UTF-8."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "iramuteq.txt").open("w", encoding="utf-8", errors="backslashreplace", newline="\n")

    def write(self, row: Row, line: bytes) -> None:
        """Add a row."""
        if row["text"]:
            day = (row["published_at"] or row["fetched_at"])[:10].replace("-", "")
            values = {
                "site": row["site"],
                "date": day,
                "lang": row["language"] or "none",
                "id": row["id"].removeprefix("urn:uuid:"),
            }
            stars = " ".join(f"*{name}_{re.sub('[^A-Za-z0-9]', '', value)}" for name, value in values.items())
            text = "\n\n".join(part for part in (row["title"], row["text"]) if part)
            self._file.write(f"**** {stars}\n{text.replace('*', ' ')}\n\n")  # a star begins a variable

    def close(self) -> None:
        """Close the file."""
        self._file.close()


EDITIONS: dict[Edition, tuple[Callable[[Path], TableFile], str]] = {
    "labelstudio": (LabelStudio, "data/labelstudio.json"),
    "prodigy": (Prodigy, "data/prodigy.jsonl"),
    "text": (TextFiles, "data/text/"),
    "iramuteq": (Iramuteq, "data/iramuteq.txt"),
}
"""What makes each edition, and where it lies."""
