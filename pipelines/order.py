"""The order of the stages, top to bottom: what happens to a page.

To add a stage: one file with one function ``(Page, Draft) -> Draft``, and its name in the tuple.
"""

from __future__ import annotations

from pipelines.access import access
from pipelines.blocks import blocks
from pipelines.body import body
from pipelines.canonical import canonical
from pipelines.chrome import chrome
from pipelines.dates import dates
from pipelines.decode import decode
from pipelines.headline import headline
from pipelines.images import images
from pipelines.kind import kind
from pipelines.language import language
from pipelines.page import Draft, Page, Stage
from pipelines.parse import parse
from pipelines.people import people
from pipelines.quality import quality
from pipelines.rights import rights
from pipelines.structured import structured
from pipelines.taxonomy import taxonomy

STAGES: tuple[Stage, ...] = (
    decode,
    parse,
    structured,
    headline,
    dates,
    people,
    taxonomy,
    canonical,
    rights,
    blocks,
    body,
    chrome,
    language,
    images,
    kind,
    access,
    quality,
)
"""All stages, in order."""


def run_stages(page: Page) -> Draft:
    """Return what the stages make of a page: the same for the same page, whatever came before."""
    draft = Draft()
    for stage in STAGES:
        draft = stage(page, draft)
    return draft
