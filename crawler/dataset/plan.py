"""What an export shall be: which rows, which tables, which files, and what is said of it. Pure data, filled by the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from crawler.dataset.editions import Edition
from crawler.dataset.selection import Selection

Format = Literal["jsonl", "parquet", "csv"]
Text = Literal["full", "none"]
Duplicates = Literal["mark", "drop", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One export."""

    made_at: datetime
    """When it is made."""
    software: str
    """Name and version of what makes it."""
    selection: Selection = field(default_factory=Selection)
    """Which captures."""
    duplicates: Duplicates = "mark"
    """``mark`` says in each row of which earlier one it is a copy, ``drop`` leaves the copies out, ``skip`` looks for none."""
    tables: tuple[str, ...] = ("articles", "removed", "edits", "failures", "duplicates")
    """Which tables, by name; ``articles`` is always one."""
    formats: tuple[Format, ...] = ("jsonl",)
    """In which forms the tables are written."""
    text: Text = "full"
    """``none`` leaves the articles' text and that of removed blocks empty."""
    editions: tuple[Edition, ...] = ()
    """For which tools the articles are written beside the tables."""
    raw_csv: bool = False
    """Whether CSV is written as it is, without what spreadsheets need."""
    title: str | None = None
    """Title of the dataset; None for one made of its sites and its time."""
    description: str | None = None
    """What it was made for, in Markdown."""
    creators: tuple[str, ...] = ()
    """Who made it, for citation."""
    licence: str | None = None
    """SPDX identifier of the licence of the collection as a whole; None: none is given, the articles' rights are their publishers'."""
    config: Path | None = None
    """Folder of the configuration that holds the sites' YAML files; None for the usual one."""
