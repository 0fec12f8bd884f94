"""A table as JSON lines, in one gzip stream without time or name, so that the same rows give the same bytes."""

from __future__ import annotations

import gzip
from pathlib import Path

from crawler.dataset.tables import Row

_LEVEL = 4
"""Half of the time that zlib takes at its usual 6, for files that are a twentieth larger."""


class JsonLines:
    """``*.jsonl.gz``, a row a line, exactly as it stands in the collection where nothing was changed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._gzip = gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=self._file, mtime=0)

    def write(self, row: Row, line: bytes) -> None:
        """Add a row."""
        self._gzip.write(line)

    def close(self) -> None:
        """End the stream and close the file."""
        self._gzip.close()
        self._file.close()
