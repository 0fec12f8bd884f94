"""The benchmark corpora, read for the benches: pages, truth, halves and the scorer. Never part of the product."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator

from pipelines.page import Page


def pages(folder: Path, corpus: str) -> Iterator[tuple[dict[str, Any], Page]]:
    """Each page of ``folder/corpus.warc.gz`` with its line of ``folder/corpus.truth.jsonl``."""
    lines = (folder / f"{corpus}.truth.jsonl").read_text(encoding="utf-8").split("\n")
    truth = {row["url"]: row for row in map(json.loads, filter(None, lines))}
    with (folder / f"{corpus}.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                url = record.rec_headers.get_header("WARC-Target-URI")
                headers = tuple((str(n), str(v)) for n, v in record.http_headers.headers)
                yield truth[url], Page(url=url, status=200, headers=headers, body=record.content_stream().read())


def host(url: str) -> str:
    """Host of ``url`` without ``www.``."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def half(url: str) -> int:
    """Which half of the sites a page belongs to: 0 or 1, by the hash of its host."""
    return sha256(host(url).encode()).digest()[0] & 1


def score_module(folder: Path) -> ModuleType:
    """The scorer that stands beside the corpora."""
    path = folder.parent / "score" / "score.py"
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["score"] = module
    spec.loader.exec_module(module)
    return module
