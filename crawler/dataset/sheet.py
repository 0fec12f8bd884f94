"""A table as CSV for spreadsheets (RFC 4180): one flat row a row, quoted where needed, lines ended by CR LF.

Owns what a spreadsheet needs and a program does not: a byte order mark, without which Excel takes UTF-8 for Latin-1; an apostrophe before
what would be run as a formula (OWASP, CSV Injection); and an end to cells that are too long, which Excel else breaks over the next rows.
``raw`` turns all three off. What lists become: entries parted by `` | ``; lists of records as JSON.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from crawler.dataset.fields import Field, at, columns
from crawler.dataset.tables import Row

JOINT = " | "
"""Stands between the entries of a list."""
LONGEST = 32_767
"""Characters in a cell of Excel, at most."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Sheet:
    """``*.csv``."""

    def __init__(self, path: Path, fields: tuple[Field, ...], *, raw: bool) -> None:
        self._file = path.open("w", encoding="utf-8" if raw else "utf-8-sig", errors="backslashreplace", newline="")
        self._rows = csv.writer(self._file, lineterminator="\r\n")
        self._raw = raw
        self._columns = list(columns(fields))
        self.cut = 0
        """Cells that were too long for a spreadsheet, and were cut."""
        self._rows.writerow([name for name, _, _ in self._columns])

    def write(self, row: Row, line: bytes) -> None:
        """Add a row."""
        self._rows.writerow([self._cell(at(row, path), field) for _, path, field in self._columns])

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _cell(self, value: Any, field: Field) -> Any:
        if value is None:
            return ""
        if field.kind == "boolean":
            return "true" if value else "false"
        if field.kind in ("integer", "number"):
            return value
        if field.kind == "list":
            records = field.parts[0].kind == "record"
            value = json.dumps(value, ensure_ascii=False) if records and value else JOINT.join(value)
        if self._raw:
            return value
        value = tame(value)
        return value if len(value) <= LONGEST // 2 else self._cut(value)

    def _cut(self, text: str) -> str:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if units <= LONGEST:
            return text
        self.cut += 1
        return text[: LONGEST - 1 - (units - len(text))] + "…"


def tame(text: str) -> str:
    """Text that no spreadsheet runs as a formula: an apostrophe stands before what would be one."""
    return "'" + text if text.startswith(_FORMULA) else text
