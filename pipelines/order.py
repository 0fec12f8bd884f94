"""The order of the stages, top to bottom: what happens to a page.

To add a stage: one file with one function ``(Page, Draft) -> Draft``, and its name in the tuple.
"""

from __future__ import annotations

from pipelines.blocks import blocks
from pipelines.body import body
from pipelines.chrome import chrome
from pipelines.decode import decode
from pipelines.page import Draft, Page, Stage
from pipelines.parse import parse
from pipelines.structured import structured

STAGES: tuple[Stage, ...] = (
    decode,
    parse,
    structured,
    blocks,
    body,
    chrome,
)
"""All stages, in order."""


def run_stages(page: Page) -> Draft:
    """Return what the stages make of a page: the same for the same page, whatever came before."""
    draft = Draft()
    for stage in STAGES:
        draft = stage(page, draft)
    return draft
