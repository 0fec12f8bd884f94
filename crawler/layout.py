"""Every path of a collection. Owns all names on disk; never opens a file.

A collection is a folder of sites; a site's folder stands alone:

    <collection>/<site>/warc/         *.warc.gz, and at most one *.warc.gz.open that is being written
                        index/        index.cdxj
                        articles/     articles-YYYY-MM.jsonl   (month of capture, UTC)
                        removed/      removed-YYYY-MM.jsonl
                        failures/     failures-YYYY-MM.jsonl
                        profiles/     <sha256>.json
                        runs/<run-id>/report.json
                        exports/      register of the datasets and packages that were made from it
                        takedowns.jsonl   log of what was taken down (only if anything was)
                        ledger.sqlite, lock
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from crawler.errors import StorageError

OPEN = ".open"
"""Suffix of a file that is being written."""
TORN = ".torn"
"""Suffix of a file that keeps the bytes a repair cut off."""
WARC = (".warc", ".warc.gz", ".warc.zst")
"""Suffixes of WARC files of any tool. Pressmark itself writes the second."""

_SAFE = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}


def is_safe(name: str) -> bool:
    """Whether ``name`` can be a file name on any system as it stands."""
    return (
        bool(_SAFE.fullmatch(name))
        and name.split(".")[0] not in _RESERVED
        and not name.endswith(".")
        and ".." not in name
    )


def safe_name(text: str) -> str:
    """Turn any text into a file name that is safe on every system.

    Lower-case letters, digits, ``.``, ``_`` and ``-``, at most 100 characters; where that loses something, eight hex digits of
    the text's SHA-256 are added, so that two texts never share a name.
    """
    if is_safe(text):
        return text
    plain = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:80] or "x"
    return f"{plain}-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


@dataclass(frozen=True)
class SiteLayout:
    """The folder of one site."""

    root: Path

    @property
    def site(self) -> str:
        """Key of the site: the folder's name."""
        return self.root.name

    @property
    def warc(self) -> Path:
        """Folder of the WARC files."""
        return self.root / "warc"

    @property
    def index(self) -> Path:
        """The CDXJ index of the WARC files."""
        return self.root / "index" / "index.cdxj"

    @property
    def profiles(self) -> Path:
        """Folder of the site profiles."""
        return self.root / "profiles"

    @property
    def runs(self) -> Path:
        """Folder of the runs' reports."""
        return self.root / "runs"

    @property
    def ledger(self) -> Path:
        """The ledger, SQLite."""
        return self.root / "ledger.sqlite"

    @property
    def lock(self) -> Path:
        """The file whose lock says that a process is at work on the site."""
        return self.root / "lock"

    @property
    def takedowns(self) -> Path:
        """The log of what was taken down."""
        return self.root / "takedowns.jsonl"

    @property
    def exports(self) -> Path:
        """Folder of the register of exports and packages."""
        return self.root / "exports"

    @property
    def rebuilt(self) -> SiteLayout:
        """Where derived files are made anew; crawler/swap.py puts them in place."""
        return SiteLayout(self.root / "rebuilt")

    def rows(self, kind: str, month: str) -> Path:
        """File of rows: ``kind`` is articles, removed or failures, ``month`` is ``YYYY-MM``."""
        return self.root / kind / f"{kind}-{month}.jsonl"

    def row_files(self, kind: str) -> list[Path]:
        """All files of rows of that kind, in order."""
        return sorted((self.root / kind).glob(f"{kind}-*.jsonl"))

    def warc_files(self) -> list[Path]:
        """All WARC files in order of their names, the one being written included."""
        return sorted(p for p in self.warc.glob("*.warc*") if p.name.removesuffix(OPEN).endswith((".warc", ".warc.gz")))

    def warc_file(self, name: str) -> Path:
        """Where the WARC called ``name`` in rows and index stands now: closed, or still being written."""
        closed = self.warc / name
        return closed if closed.exists() else self.warc / (name + OPEN)

    def profile(self, sha256_hex: str) -> Path:
        """File of the profile with that digest."""
        return self.profiles / f"{sha256_hex}.json"

    def run(self, run_id: str) -> Path:
        """Folder of one run."""
        return self.runs / run_id


@dataclass(frozen=True)
class CollectionLayout:
    """A collection: a folder of sites."""

    root: Path

    def site(self, key: str) -> SiteLayout:
        """Layout of the site called ``key``, whose name is made safe first.

        Raises:
            StorageError: the folder is a link that leads out of the collection.
        """
        folder = self.root / safe_name(key)
        if not folder.resolve().is_relative_to(self.root.resolve()):
            raise StorageError(
                f"{folder} is a link that leads out of the collection {self.root}",
                hint="Move the site's folder into the collection, or name the collection it belongs to with -C.",
            )
        return SiteLayout(folder)

    def sites(self) -> list[SiteLayout]:
        """All sites that have something in them, by name."""
        if not self.root.is_dir():
            return []
        found = (p for p in self.root.iterdir() if (p / "warc").is_dir() or (p / "ledger.sqlite").exists())
        return [self.site(p.name) for p in sorted(found) if is_safe(p.name)]
