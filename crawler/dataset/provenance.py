"""Where the rows of an export come from: an index from each row to its WARC record, the WARC files with their digests, the runs, the sites'
configuration, the profiles that extraction used, and the software.

Owns ``provenance/``. With it, the WARC files and Pressmark, every row can be made again. Never changes a row.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import platform
import shutil
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from crawler.config import find_config
from crawler.dataset.portrait import Portrait
from crawler.dataset.snapshot import Snapshot
from crawler.dataset.tables import Row
from crawler.errors import ConfigError
from crawler.layout import SiteLayout
from crawler.record import SCHEMA_VERSION, utc

FOLDER = "provenance"
INDEX = "index.csv.gz"
INDEX_COLUMNS = (
    "row", "id", "site", "warc_filename", "warc_record_offset", "warc_record_length", "payload_digest", "row_sha256",
)  # fmt: skip
WARC_COLUMNS = ("site", "warc_filename", "state", "bytes", "sha256", "rows")
_SUMMARY = ("articles", "failed", "reasons", "waiting", "problems", "closed")


@dataclass(slots=True)
class _Warc:
    site: SiteLayout
    name: str
    rows: int = 0
    end: int = 0
    """Where the last record that a row names ends."""


@dataclass(slots=True)
class Origins:
    """What the rows of ``articles`` name, gathered while they are written."""

    warcs: dict[tuple[Path, str], _Warc] = field(default_factory=dict)
    profiles: dict[str, Path] = field(default_factory=dict)
    extractors: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rows by version and method of extraction."""

    def add(self, row: Row, site: SiteLayout) -> None:
        """Take a row in."""
        made = row["extraction"]
        self.extractors[made["version"], made["method"]] += 1
        if made["profile_sha256"]:
            self.profiles.setdefault(made["profile_sha256"], site.profile(made["profile_sha256"]))
        if name := row["warc_filename"]:
            warc = self.warcs.setdefault((site.root, name), _Warc(site, name))
            warc.rows += 1
            warc.end = max(warc.end, (row["warc_record_offset"] or 0) + (row["warc_record_length"] or 0))


class Index:
    """``provenance/index.csv.gz``: a line for each row of ``articles``, in the same order."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._gzip = gzip.GzipFile(filename="", mode="wb", compresslevel=4, fileobj=self._file, mtime=0)
        self._text = io.TextIOWrapper(self._gzip, encoding="utf-8", newline="")
        self._rows = csv.writer(self._text, lineterminator="\n")
        self._rows.writerow(INDEX_COLUMNS)
        self._count = 0

    def write(self, row: Row, line: bytes) -> None:
        """Add a row; its digest is that of its line of JSON without the line feed."""
        self._count += 1
        self._rows.writerow([self._count, *(row[name] for name in INDEX_COLUMNS[1:-1]), sha256(line[:-1]).hexdigest()])

    def close(self) -> None:
        """Close the file."""
        self._text.close()
        self._file.close()


def write_provenance(folder: Path, snapshot: Snapshot, origins: Origins, portrait: Portrait) -> None:
    """Write all but the index: WARC files, runs, sites, profiles, and how the export was made."""
    with (folder / "warcs.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(WARC_COLUMNS)
        rows.writerows(
            _warc(warc) for _, warc in sorted(origins.warcs.items(), key=lambda item: (item[1].site.site, item[0][1]))
        )
    with (folder / "runs.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(run, ensure_ascii=False) + "\n" for run in portrait.runs)
    _copy_sites(folder / "sites", snapshot, portrait.plan.config)
    (folder / "profiles").mkdir()
    for digest, profile in sorted(origins.profiles.items()):
        if profile.is_file():
            shutil.copyfile(profile, folder / "profiles" / f"{digest}.json")
    (folder / "export.json").write_text(
        json.dumps(_facts(portrait), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def _facts(portrait: Portrait) -> dict[str, Any]:
    """What ``export.json`` says: how the export was made."""
    plan = portrait.plan
    chosen = plan.selection
    return {
        "software": plan.software,
        "python": platform.python_version(),
        "schema_version": SCHEMA_VERSION,
        "made_at": utc(plan.made_at),
        "collections": portrait.collections,
        "sites": portrait.sites,
        "selection": {
            "sites": sorted(chosen.sites),
            "from": chosen.start,
            "to": chosen.end,
            "languages": list(chosen.languages),
            "where": [each.text for each in chosen.conditions],
            "min_quality": chosen.min_quality,
            "respect": sorted(chosen.respect),
            "revisions": chosen.revisions,
        },
        "text": plan.text,
        "duplicates": plan.duplicates,
        "formats": list(plan.formats),
        "rows": portrait.rows,
        "left_out": {reason: number for reason, number in sorted(portrait.left_out.items()) if number},
        "missing": dict(sorted(portrait.missing.items())),
        "cut_cells": portrait.cut_cells,
        "extractors": [
            {"version": version, "method": method, "rows": rows}
            for (version, method), rows in sorted(portrait.extractors.items())
        ],
        "manifest_sha256": portrait.fingerprint,
    }


def runs_of(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The runs of all sites, oldest first: when, how they ended, and what they say of themselves."""
    return sorted(
        (
            {
                "site": site.site,
                "run_id": run.run_id,
                "command": run.command,
                "started_at": run.started_at,
                "ended_at": run.ended_at,
                "exit_code": run.exit_code,
                "summary": {name: run.summary[name] for name in _SUMMARY if name in run.summary}
                if run.summary
                else None,
            }
            for site in snapshot.sites
            for run in snapshot.runs.get(str(site.root), [])
        ),
        key=lambda run: (run["started_at"], run["site"], run["run_id"]),
    )


def _warc(warc: _Warc) -> tuple[object, ...]:
    """A line of ``warcs.csv``. Of a file that is still being written, the bytes up to the last record that a row names."""
    path = warc.site.warc_file(warc.name)
    if not path.is_file():
        return warc.site.site, warc.name, "missing", "", "", warc.rows
    closed = path.name == warc.name
    size = path.stat().st_size if closed else warc.end
    return warc.site.site, warc.name, "closed" if closed else "open", size, _digest(path, size), warc.rows


def _digest(path: Path, size: int) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while size > 0 and (piece := file.read(min(size, 1 << 20))):
            digest.update(piece)
            size -= len(piece)
    return digest.hexdigest()


def _copy_sites(folder: Path, snapshot: Snapshot, config: Path | None) -> None:
    """The sites' YAML files, as they stand now; a site that has none (a page archived by hand) has none here."""
    folder.mkdir()
    try:
        source = find_config(config) / "sites"
    except ConfigError:
        return
    for key in sorted({site.site for site in snapshot.sites}):
        if (source / f"{key}.yaml").is_file():
            shutil.copyfile(source / f"{key}.yaml", folder / f"{key}.yaml")
