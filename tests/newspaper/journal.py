"""The server's own log: the exact bytes of each exchange, to hold an archive against. Owns the log's folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Journal:
    """Writes ``NNNN.request``, ``NNNN.response`` and a line of ``log.jsonl`` for each exchange.

    Numbers go on where the folder's log ends.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.count = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            log = folder / "log.jsonl"
            self.count = len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0

    def write(self, request: bytes, response: bytes, **facts: Any) -> None:
        """Record one exchange. Called before the answer's bytes leave, so that whoever has read them finds them here."""
        if self.folder is None:
            return
        self.count += 1
        name = f"{self.count:04d}"
        (self.folder / f"{name}.request").write_bytes(request)
        (self.folder / f"{name}.response").write_bytes(response)
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"number": self.count, **facts}) + "\n")
