"""Fixtures for the tests of the stages: a page from a few lines of HTML, run through the stages that a test names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pipelines.decode import decode
from pipelines.page import Draft, Page, Stage
from pipelines.parse import parse
from pipelines.structured import structured

URL = "https://www.harbour-gazette.example/city/2025/ferry-returns"


@pytest.fixture
def read_page() -> Callable[..., Draft]:
    """``read_page(html, *stages, url=…, headers=…, draft={…}, **page)``: decode, parse and structured, then ``stages`` on top.

    ``draft`` sets fields of the draft before ``stages`` run, as if body and chrome had found them.
    """

    def run(
        html: str,
        *stages: Stage,
        url: str = URL,
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),),
        draft: dict[str, Any] | None = None,
        **page: Any,
    ) -> Draft:
        captured = Page(url=url, status=200, headers=headers, body=html.encode("utf-8", "surrogatepass"), **page)
        found = structured(captured, parse(captured, decode(captured, Draft())))
        found = replace(found, **(draft or {}))
        for stage in stages:
            found = stage(captured, found)
        return found

    return run
