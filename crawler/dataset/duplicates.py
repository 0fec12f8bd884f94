"""Duplicates: which captures have in essence the text of an earlier one, across sites and runs.

Owns the search: MinHash signatures in bands name candidates (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4), and
every candidate is then compared word by word (``likeness``), so that chance names none. What is found does not depend on the order of
rows. Works on disk: memory grows by some 50 bytes a text. Marks; never drops.
"""

from __future__ import annotations

import sqlite3
import zlib
from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import chain, combinations, groupby, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from rensa import RMinHash

from crawler.dataset.agencies import agency_of
from crawler.dataset.likeness import compare, explain, runs_of, words_of
from crawler.record import SCHEMA_VERSION, Duplicate
from crawler.upgrade import Row

BANDS = 64
"""Bands of a signature. Two texts of similarity s share one, and so become candidates, with probability 1 - (1 - s²)⁶⁴: 0.93 at 0.2,
0.998 at 0.3; texts that share next to nothing (0.002) with 0.0003."""
HASHES = 2 * BANDS
"""Hashes of a signature, two to a band."""
SEED = 1
"""Of the hash functions. Another one would find other candidates at the edge."""
_LEAST_ESTIMATE = 0.12
"""Similarity as estimated from the signatures, below which no candidate is compared."""
_WHOLE_BUCKET = 16
"""Texts that share a band, up to which all pairs of them are candidates; of more, each with the earliest and the one captured before it."""
_ROW = HASHES * 4

_SCHEMA = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
PRAGMA temp_store=FILE;
CREATE TABLE texts(id TEXT PRIMARY KEY, article TEXT NOT NULL, at TEXT NOT NULL, url TEXT NOT NULL, agency TEXT, wording INTEGER NOT NULL);
CREATE TABLE wordings(number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, words BLOB NOT NULL);
CREATE TABLE pairs(one INTEGER, other INTEGER, PRIMARY KEY(one, other)) WITHOUT ROWID;
CREATE TABLE alike(one INTEGER, other INTEGER, PRIMARY KEY(one, other)) WITHOUT ROWID;
"""
_RANKED = """
CREATE TABLE ranked AS
    SELECT row_number() OVER (ORDER BY first, article, at, id) AS rank, dense_rank() OVER (ORDER BY first, article) AS article_rank,
           id, url, agency, wording
    FROM (SELECT *, min(at) OVER (PARTITION BY article) AS first FROM texts);
CREATE UNIQUE INDEX by_rank ON ranked(rank);
CREATE TABLE firsts AS SELECT wording, min(rank) AS rank, min(article_rank) AS article_rank FROM ranked GROUP BY wording;
CREATE UNIQUE INDEX by_wording ON firsts(wording);
INSERT INTO alike SELECT wording, wording FROM ranked GROUP BY wording HAVING count(*) > 1;
"""
_FOUND = """
CREATE TABLE found AS
    SELECT t.id AS id, t.wording AS wording, t.agency AS agency, t.rank AS rank, min(f.rank) AS of
    FROM ranked t JOIN alike a ON a.one = t.wording JOIN firsts f ON f.wording = a.other
    WHERE f.article_rank < t.article_rank GROUP BY t.rank;
CREATE UNIQUE INDEX by_id ON found(id);
"""
_EACH = """
SELECT found.id, u.id, u.url, coalesce(found.agency, u.agency), mine.words, theirs.words
FROM found JOIN ranked u ON u.rank = found.of
JOIN wordings mine ON mine.number = found.wording JOIN wordings theirs ON theirs.number = u.wording
"""


class DuplicateFinder:
    """Finds duplicates among rows of articles: ``add`` all, then ``find``.

    Args:
        scratch: folder in which a temporary one is made; some 2 kB a text.
    """

    def __init__(self, scratch: Path | None = None) -> None:
        self._folder = TemporaryDirectory(prefix="duplicates-", dir=scratch)
        self._db = sqlite3.connect(Path(self._folder.name) / "texts.sqlite", isolation_level=None)
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")
        self._signatures = (Path(self._folder.name) / "signatures").open("w+b")
        self._count = 0
        self._found = False

    def __enter__(self) -> DuplicateFinder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Throw the scratch files away."""
        self._signatures.close()
        self._db.close()
        self._folder.cleanup()

    def add(self, row: Row) -> None:
        """Take in a row of articles, in any order. One without text, or whose ``id`` was taken in before, is passed over."""
        words = words_of(row["text"])
        if not words:
            return
        data = " ".join(words).encode()  # half a surrogate pair is no part of a word
        digest = blake2b(data, digest_size=16).digest()
        known = self._db.execute("SELECT number FROM wordings WHERE digest = ?", (digest,)).fetchone()
        number: int = known[0] if known else self._count
        added = self._db.execute(
            "INSERT OR IGNORE INTO texts VALUES(?,?,?,?,?,?)",
            (row["id"], row["article_id"], row["fetched_at"], row["url"], agency_of(row["text"], row["authors"]), number),
        )  # fmt: skip
        if added.rowcount and not known:
            self._db.execute("INSERT INTO wordings VALUES(?,?,?)", (number, digest, zlib.compress(data, 1)))
            hashes = RMinHash(HASHES, seed=SEED)
            hashes.update(runs_of(words))
            array("I", hashes.digest()).tofile(self._signatures)
            self._count += 1

    def find(self) -> Iterator[Duplicate]:
        """Yield the duplicates, those of the earliest captures first. Nothing can be added any more.

        A capture is a duplicate of the earliest one that has in essence its text and belongs to an article captured before its own: the
        revisions of one article are never duplicates of each other, nor an article one of its copies.
        """
        self._search()
        for line in self._db.execute(f"{_EACH} ORDER BY found.rank"):
            yield _duplicate(*line)

    def duplicate(self, capture_id: str) -> Duplicate | None:
        """What was found for a capture; None if it is no duplicate."""
        self._search()
        line = self._db.execute(f"{_EACH} WHERE found.id = ?", (capture_id,)).fetchone()
        return _duplicate(*line) if line else None

    def _search(self) -> None:
        if self._found:
            return
        self._found = True
        self._signatures.flush()
        self._db.execute("COMMIT")
        self._db.executescript(_RANKED)
        self._db.execute("BEGIN")
        ranks = array("Q", (rank for (rank,) in self._db.execute("SELECT rank FROM firsts ORDER BY wording")))
        for band in range(BANDS):
            self._db.executemany("INSERT OR IGNORE INTO pairs VALUES(?,?)", self._candidates(band, ranks))
        self._db.executemany("INSERT INTO alike VALUES(?,?)", self._alike())
        self._db.execute("COMMIT")
        self._db.executescript(_FOUND)

    def _candidates(self, band: int, ranks: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Pairs of texts that agree in a band, the lower number first."""
        column = array("Q")
        self._signatures.seek(0)
        while piece := self._signatures.read(_ROW << 10):
            column.extend(memoryview(piece).cast("Q")[band::BANDS].tolist())
        shared = {value for value, after in pairwise(sorted(column)) if value == after}
        order = sorted((number for number, value in enumerate(column) if value in shared), key=column.__getitem__)
        for _, group in groupby(order, key=column.__getitem__):
            bucket = list(group)
            if len(bucket) <= _WHOLE_BUCKET:
                yield from combinations(bucket, 2)
            else:
                bucket.sort(key=ranks.__getitem__)  # the earliest is the one to be named
                both = chain(((bucket[0], number) for number in bucket[1:]), pairwise(bucket))
                yield from ((min(pair), max(pair)) for pair in both)

    def _alike(self) -> Iterator[tuple[int, int]]:
        """Both directions of each candidate pair that is one of copies."""
        reader = self._db.cursor()
        last, mine, words = -1, b"", [""]
        for one, other in reader.execute("SELECT one, other FROM pairs ORDER BY one, other"):
            if one != last:
                last, mine, words = one, self._signature(one), self._words(one)
            if _estimate(mine, self._signature(other)) < _LEAST_ESTIMATE:
                continue
            if compare(words, self._words(other)).kind:
                yield one, other
                yield other, one

    def _signature(self, number: int) -> bytes:
        self._signatures.seek(number * _ROW)
        return self._signatures.read(_ROW)

    def _words(self, number: int) -> list[str]:
        (data,) = self._db.execute("SELECT words FROM wordings WHERE number = ?", (number,)).fetchone()
        return _unpacked(data)


def marked(row: Row, found: Duplicate | None) -> Row:
    """A row of articles with what was found for it in place of what it said of duplicates."""
    return row | {
        "duplicate_of": found.duplicate_of if found else None,
        "duplicate_kind": found.kind if found else None,
        "duplicate_similarity": found.similarity if found else None,
    }


def _duplicate(id: str, of: str, url: str, agency: str | None, mine: bytes, theirs: bytes) -> Duplicate:
    found = compare(_unpacked(mine), _unpacked(theirs))
    assert found.kind  # only copies are in the table
    return Duplicate(
        schema_version=SCHEMA_VERSION,
        id=id,
        duplicate_of=of,
        kind=found.kind,
        similarity=found.similarity,
        share=found.share,
        share_of_other=found.share_of_other,
        words_in_common=found.words_in_common,
        agency=agency,
        explanation=explain(found, of=url, agency=agency),
    )


def _estimate(one: bytes, other: bytes) -> float:
    pairs = zip(memoryview(one).cast("I"), memoryview(other).cast("I"), strict=True)
    return sum(a == b for a, b in pairs) / HASHES


def _unpacked(words: bytes) -> list[str]:
    return zlib.decompress(words).decode().split(" ")
