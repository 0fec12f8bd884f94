"""Other extractors, each from a page's bytes to its text, for bench_extraction.py to measure beside Pressmark in the same run.

trafilatura is a dependency. resiliparse and readability-lxml are only for this bench, and stand neither in pyproject.toml nor in the lock:

    uv pip install resiliparse readability-lxml
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

import lxml.html
from trafilatura import bare_extraction

from pipelines.page import Page

Peer = Callable[[Page], str]
"""Text of a page."""


def peers() -> dict[str, Peer]:
    """The extractors that are installed, by name; stderr says what is missing."""
    found: dict[str, Peer] = {"trafilatura": trafilatura(fast=False), "trafilatura-fast": trafilatura(fast=True)}
    for name, load in (("resiliparse", resiliparse), ("readability-lxml", readability)):
        try:
            found[name] = load()
        except ModuleNotFoundError:
            print(f"{name} is not installed and not measured: uv pip install {name}", file=sys.stderr)
    return found


def trafilatura(*, fast: bool) -> Peer:
    """trafilatura with metadata, because Pressmark's time has the facts in it too."""

    def text(page: Page) -> str:
        found = bare_extraction(page.body, url=page.url, with_metadata=True, fast=fast)
        return str(getattr(found, "text", None) or "")

    return text


def resiliparse() -> Peer:
    """resiliparse's main content, its own detection of the encoding with it. It gives no facts."""
    tree = import_module("resiliparse.parse.html").HTMLTree
    detect = import_module("resiliparse.parse.encoding").detect_encoding
    extract = import_module("resiliparse.extract.html2text").extract_plain_text

    def text(page: Page) -> str:
        parsed = tree.parse_from_bytes(page.body, detect(page.body))
        return str(extract(parsed, main_content=True, alt_texts=False, comments=False))

    return text


def readability() -> Peer:
    """readability's summary, as text. It gives a title, and no other fact."""
    document = import_module("readability").Document

    def text(page: Page) -> str:
        found = document(page.body)
        found.short_title()
        return "\n".join(lxml.html.fromstring(found.summary()).itertext())

    return text
