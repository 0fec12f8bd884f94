"""The portrait of an export: all that its card, its page and its metadata say of it, gathered once. Pure data.

Owns the names and titles that several files repeat; each file is written by a module of its own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from crawler.dataset.census import ArticleCensus, ColumnCensus
from crawler.dataset.gaps import Gap
from crawler.dataset.plan import Format, Plan
from crawler.dataset.tables import TABLES, Table
from crawler.errors import NOT_ASKED

_BEST_FIRST: tuple[Format, ...] = ("parquet", "jsonl", "csv")


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of ``data/``."""

    table: Table
    form: Format
    path: str
    """Below the export's folder."""
    size: int
    """Bytes."""
    sha256: str


@dataclass(slots=True, kw_only=True)
class Portrait:
    """What there is to say of an export."""

    name: str
    """Its folder's name."""
    plan: Plan
    rows: dict[str, int]
    """Rows by table."""
    files: list[DataFile]
    fingerprint: str
    """SHA-256 of the payload's manifest."""
    columns: dict[str, ColumnCensus]
    """By table."""
    articles: ArticleCensus
    gaps: list[Gap]
    runs: list[dict[str, Any]]
    failed: Counter[tuple[str, str]]
    """Failures by site and day."""
    missing: Counter[str]
    """Addresses that gave no article at any time, by the last reason."""
    left_out: Counter[str]
    """Captures that the filters left out, by reason."""
    extractors: Counter[tuple[str, str]]
    """Rows by version and method of extraction."""
    cut_cells: int = 0
    sites: list[str] = field(default_factory=list)
    """Keys of the sites, those without a row too."""
    collections: list[str] = field(default_factory=list)
    """Names of the collections' folders."""

    @property
    def title(self) -> str:
        """Title, as given or made of the sites and the time."""
        if self.plan.title:
            return self.plan.title
        sites = sorted(self.articles.sites)
        names = ", ".join(sites[:3]) + (f" and {len(sites) - 3} more" if len(sites) > 3 else "")
        return f"News articles of {names}, {self.span}"

    @property
    def first_day(self) -> str:
        """Day of the first capture."""
        return (self.articles.first_at or "")[:10]

    @property
    def last_day(self) -> str:
        """Day of the last capture."""
        return (self.articles.last_at or "")[:10]

    @property
    def span(self) -> str:
        """Time of the captures, in days."""
        return self.first_day if self.first_day == self.last_day else f"{self.first_day} to {self.last_day}"

    @property
    def tried(self) -> Counter[str]:
        """Of the missing addresses those that were asked for, by reason."""
        return Counter({reason: n for reason, n in self.missing.items() if reason not in NOT_ASKED})

    @property
    def not_asked(self) -> Counter[str]:
        """Of the missing addresses those that were never asked for, by reason."""
        return Counter({reason: n for reason, n in self.missing.items() if reason in NOT_ASKED})

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [TABLES[name] for name in self.rows]

    @property
    def creators(self) -> tuple[str, ...]:
        """Who made it, for citation."""
        return self.plan.creators or ("Unnamed",)

    @property
    def summary(self) -> str:
        """What it is, in a sentence."""
        sites = len(self.articles.sites)
        return (
            f"{self.articles.rows:,} news articles of {sites} site{'s' * (sites != 1)}, captured {self.span}, "
            f"{'without their text, ' * (self.plan.text == 'none')}each with the place of the WARC record it was made from."
        )

    def files_of(self, table: str) -> list[DataFile]:
        """The files that hold a table."""
        return [file for file in self.files if file.table.name == table]

    def best(self, table: str) -> DataFile:
        """The file of a table that programs should read: Parquet before JSON lines before CSV."""
        return min(self.files_of(table), key=lambda file: _BEST_FIRST.index(file.form))

    @property
    def loadable(self) -> list[DataFile]:
        """The files of ``articles`` that programs should read: Parquet and JSON lines, CSV only where there is nothing else."""
        files = sorted(self.files_of("articles"), key=lambda file: _BEST_FIRST.index(file.form))
        return [file for file in files if file.form != "csv"] or files
