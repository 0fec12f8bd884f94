"""The corpora as pages: reads ``../shared/corpora`` and loads the measures of ``../shared/score``. Used by the benches only."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from pipelines.page import Page

SHARED = Path(__file__).parents[2].parent / "shared"
NAMES = ("fundus-dev", "naeb-dev", "wcxb-dev")


def pages(name: str, shared: Path = SHARED) -> Iterator[tuple[Page, dict[str, Any]]]:
    """Each page of a corpus with what a person says of it, in the order of the file."""
    with (shared / "corpora" / f"{name}.truth.jsonl").open(encoding="utf-8") as lines:
        truth = {row["url"]: row for row in map(json.loads, lines)}
    with (shared / "corpora" / f"{name}.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                url = record.rec_headers.get_header("WARC-Target-URI")
                headers = tuple((str(n), str(v)) for n, v in record.http_headers.headers)
                yield Page(url=url, status=200, headers=headers, body=record.content_stream().read()), truth[url]


def measure(name: str, shared: Path = SHARED) -> ModuleType:
    """A module of ``shared/score``: ``score`` or ``facts``."""
    spec = spec_from_file_location(f"pressmark_{name}", shared / "score" / f"{name}.py")
    if spec is None or spec.loader is None:
        sys.exit(f"no {name}.py in {shared / 'score'}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
