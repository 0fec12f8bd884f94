"""The register of what was made from a site and may have been given away: datasets and packages, with the captures that each holds.

Owns the files in ``exports/`` of a site's folder. So a takedown can name who holds what it takes down, even when DEST was moved away.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from crawler.dataset import provenance
from crawler.disk import append_file, make_folder, sync_file
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
    """Note a dataset at every site whose captures it holds. Memory does not depend on how many these are.

    Raises:
        StorageError: the register cannot be written.
    """
    named: defaultdict[str, list[SiteLayout]] = defaultdict(list)
    counts = Counter[str]()
    with (
        _storage(root),
        gzip.open(root / provenance.FOLDER / provenance.INDEX, "rt", encoding="utf-8", newline="") as file,
    ):
        for site in sites:
            named[site.site].append(site)
            _new(site, sha256).unlink(missing_ok=True)  # of an export that was killed here
        # but for the first few, the rows of a site follow each other: each run of them is a gzip member
        for key, lines in groupby(csv.DictReader(file), itemgetter("site")):
            counts[key] += _write([_new(site, sha256) for site in named[key]], (line["id"] for line in lines))
    for key, captures in counts.items():
        for site in named[key]:
            _enter(site, captures, kind="dataset", path=root, sha256=sha256, at=at)


def register(site: SiteLayout, ids: Collection[str], *, kind: str, path: Path, sha256: str, at: str) -> None:
    """Note a dataset or a package of a site.

    Raises:
        StorageError: the register cannot be written.
    """
    with _storage(site.exports):
        _new(site, sha256).unlink(missing_ok=True)
        captures = _write([_new(site, sha256)], sorted(ids))
    _enter(site, captures, kind=kind, path=path, sha256=sha256, at=at)


@contextmanager
def _storage(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"{error.filename or place}: {error.strerror}") from error


def _ids(sha256: str) -> str:
    """Name of the file that lists the captures of what is known by that digest."""
    return f"{sha256[:16]}.ids.gz"


def _new(site: SiteLayout, sha256: str) -> Path:
    return site.exports / f"{_ids(sha256)}.new"


def _write(paths: Iterable[Path], ids: Iterable[str]) -> int:
    """Append ids to files; returns how many."""
    count = 0
    with ExitStack() as stack:
        files = []
        for path in paths:
            make_folder(path.parent)
            files.append(stack.enter_context(gzip.open(path, "at", encoding="ascii")))
        for id in ids:
            count += 1
            for file in files:
                file.write(f"{id}\n")
    return count


def _enter(site: SiteLayout, captures: int, *, kind: str, path: Path, sha256: str, at: str) -> None:
    """Put the file of ids in its place, and a line into the list."""
    name = _ids(sha256)
    entry = Handed(at=at, kind=kind, path=str(path.absolute()), sha256=sha256, captures=captures, ids=name)
    with _storage(site.exports):
        sync_file(_new(site, sha256))
        _new(site, sha256).replace(site.exports / name)
        append_file(site.exports / _LIST, json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n")


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
