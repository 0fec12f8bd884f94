"""The census of an export: what its rows hold, counted while they are written.

Owns the counts that the card and the page show: how far each column is filled, days, languages, lengths, rights, samples. Memory depends
on the number of sites and days, not on that of rows.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from crawler.dataset.fields import EACH, Field, Path, at, leaves
from crawler.dataset.tables import Row

WORD_STEPS = (0, 50, 100, 200, 300, 400, 600, 800, 1000, 1500, 2000, 3000, 5000)
"""Lower ends of the classes of length, in words."""
QUALITY_STEPS = tuple(n / 10 for n in range(10))
"""Lower ends of the classes of quality."""
_SAMPLES = 8
_EXAMPLE = 72
"""Characters of an example, at most."""


class ColumnCensus:
    """How far each column of a table is filled, with an example of each."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self.leaves: list[tuple[Path, Field]] = list(leaves(fields))
        self.rows = 0
        self.filled = [0] * len(self.leaves)
        """Rows that have a value (of a list: an entry), by column."""
        self.examples: list[str | None] = [None] * len(self.leaves)
        self._ways = [(n, path, EACH in path) for n, (path, _) in enumerate(self.leaves)]

    def write(self, row: Row, line: bytes) -> None:
        """Count a row."""
        self.rows += 1
        filled, examples = self.filled, self.examples
        for number, path, listed in self._ways:
            value = _first(row, path) if listed else row[path[0]] if len(path) == 1 else at(row, path)
            if value is not None and value != "":
                filled[number] += 1
                if examples[number] is None:
                    examples[number] = _example(value)

    def close(self) -> None:
        """Nothing is left to do."""


def _first(value: Any, path: Path) -> Any:
    """The first value that stands at a path through lists."""
    for step, name in enumerate(path):
        if value is None:
            return None
        if name == EACH:
            return next((found for entry in value if (found := _first(entry, path[step + 1 :])) is not None), None)
        value = value[name]
    return value


def _example(value: Any) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _EXAMPLE else text[: _EXAMPLE - 1] + "…"


@dataclass(frozen=True, slots=True)
class Sample:
    """A row that is shown."""

    rank: str
    """By what it was drawn: digest of its id, so that the same rows give the same samples."""
    number: int
    """Of its row, from 1."""
    id: str
    site: str
    title: str | None
    url: str
    text: str
    """Its beginning."""
    words: int
    quality: float
    fetched_at: str
    published_at: str | None
    warc: tuple[str, int, int] | None
    """Name of the WARC file, offset, length."""


@dataclass(slots=True)
class ArticleCensus:
    """What the rows of ``articles`` are."""

    rows: int = 0
    captured: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rows by site and day of capture."""
    published: Counter[str] = field(default_factory=Counter)
    """Rows by day of publication, as far as it is known."""
    languages: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    """Rows by class of length, the place in ``WORD_STEPS``."""
    words: int = 0
    qualities: Counter[int] = field(default_factory=Counter)
    """Rows by class of quality, the place in ``QUALITY_STEPS``."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Rows by ``page_type``."""
    access: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    discovered: Counter[str] = field(default_factory=Counter)
    """Rows by how their address was found."""
    robots: Counter[str] = field(default_factory=Counter)
    reservations: Counter[str] = field(default_factory=Counter)
    """Rows by TDM reservation: reserved, open, undeclared."""
    licences: Counter[str] = field(default_factory=Counter)
    fidelity: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    """Rows that repeat an earlier one, by kind."""
    first_at: str | None = None
    """First capture."""
    last_at: str | None = None
    """Last capture."""
    samples: list[Sample] = field(default_factory=list)

    def write(self, row: Row, line: bytes) -> None:
        """Count a row."""
        self.rows += 1
        fetched, rights = row["fetched_at"], row["rights"]
        self.captured[row["site"], fetched[:10]] += 1
        if row["published_at"]:
            self.published[row["published_at"][:10]] += 1
        self.languages[row["language"] or "unknown"] += 1
        self.lengths[_place(row["word_count"], WORD_STEPS)] += 1
        self.words += row["word_count"]
        self.qualities[_place(row["quality"], QUALITY_STEPS)] += 1
        self.kinds[row["page_type"]] += 1
        self.access[row["access"]] += 1
        self.flags.update(row["flags"])
        self.discovered[row["discovered_via"]] += 1
        self.robots[rights["robots"]] += 1
        self.reservations[{True: "reserved", False: "open"}.get(rights["tdm_reservation"], "undeclared")] += 1
        if rights["license_url"] and (rights["license_url"] in self.licences or len(self.licences) < 100):
            self.licences[rights["license_url"]] += 1
        self.fidelity[row["capture_fidelity"]] += 1
        if row["duplicate_of"]:
            self.duplicates[row["duplicate_kind"] or "exact"] += 1
        self.first_at = fetched if self.first_at is None else min(self.first_at, fetched)
        self.last_at = fetched if self.last_at is None else max(self.last_at, fetched)
        self._draw(row)

    def close(self) -> None:
        """Nothing is left to do."""

    @property
    def sites(self) -> Counter[str]:
        """Rows by site."""
        sites: Counter[str] = Counter()
        for (site, _), number in self.captured.items():
            sites[site] += number
        return sites

    def _draw(self, row: Row) -> None:
        rank = sha256(row["id"].encode()).hexdigest()
        if len(self.samples) == _SAMPLES and rank >= self.samples[-1].rank:
            return
        place = None
        if row["warc_filename"]:
            place = (row["warc_filename"], row["warc_record_offset"], row["warc_record_length"])
        self.samples.append(
            Sample(
                rank, self.rows, row["id"], row["site"], row["title"], row["url"], row["text"][:400], row["word_count"], row["quality"],
                row["fetched_at"], row["published_at"], place,
            )
        )  # fmt: skip
        self.samples.sort(key=lambda sample: sample.rank)
        del self.samples[_SAMPLES:]


def _place(value: float, steps: tuple[float, ...]) -> int:
    place = 0
    for number, step in enumerate(steps):
        if value < step:
            break
        place = number
    return place
