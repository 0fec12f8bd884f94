"""The register of what was made from a site and may have been given away: datasets and packages, with the captures that each holds.

Owns the files in ``exports/`` of a site's folder. So a takedown can name who holds what it takes down, even when DEST was moved away.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from crawler.dataset import provenance
from crawler.errors import StorageError
from crawler.layout import SiteLayout

_LIST = "exports.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One dataset or package."""

    at: str
    """When it was made."""
    kind: str
    """``dataset`` or ``package``."""
    path: str
    """Where it was made; it may have been moved since."""
    sha256: str
    """Of a dataset's tag manifest, or of the package: what it is known by."""
    captures: int
    """How many of the site's captures it holds."""
    ids: str
    """File in the same folder that lists them."""


def register_dataset(sites: Iterable[SiteLayout], root: Path, *, sha256: str, at: str) -> None:
    """Note a dataset at every site whose captures it holds.

    Raises:
        StorageError: the register cannot be written.
    """
    held: defaultdict[str, list[str]] = defaultdict(list)
    with gzip.open(root / provenance.FOLDER / provenance.INDEX, "rt", encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            held[line["site"]].append(line["id"])
    for site in sites:
        if held[site.site]:
            register(site, held[site.site], kind="dataset", path=root, sha256=sha256, at=at)


def register(site: SiteLayout, ids: Collection[str], *, kind: str, path: Path, sha256: str, at: str) -> None:
    """Note a dataset or a package of a site.

    Raises:
        StorageError: the register cannot be written.
    """
    name = f"{sha256[:16]}.ids.gz"
    entry = Handed(at=at, kind=kind, path=str(path.absolute()), sha256=sha256, captures=len(ids), ids=name)
    try:
        site.exports.mkdir(exist_ok=True)
        new = site.exports / f"{name}.new"
        with gzip.open(new, "wt", encoding="ascii") as file:
            file.writelines(f"{id}\n" for id in sorted(ids))
        new.replace(site.exports / name)
        with (site.exports / _LIST).open("ab") as log:
            log.write(json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n")
            log.flush()
            os.fsync(log.fileno())
    except OSError as error:
        raise StorageError(f"{error.filename or site.exports}: {error.strerror}") from error


def holders(site: SiteLayout, ids: Collection[str]) -> Iterator[tuple[Handed, int]]:
    """Yield what holds one of these captures, and how many of them.

    Raises:
        StorageError: the register cannot be read.
    """
    wanted = set(ids)
    try:
        if not (site.exports / _LIST).exists():
            return
        for line in (site.exports / _LIST).read_bytes().splitlines():
            try:
                entry = Handed(**json.loads(line))
            except (ValueError, TypeError):
                continue  # half a line of a machine that stopped
            with gzip.open(site.exports / entry.ids, "rt", encoding="ascii") as file:
                held = sum(each.rstrip("\n") in wanted for each in file)
            if held:
                yield entry, held
    except (OSError, EOFError) as error:
        raise StorageError(f"{site.exports}: {error}", hint="Which exports hold it cannot be told.") from error
