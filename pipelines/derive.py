"""Derivation: from one capture and its basis to rows. A pure function; live crawl, ``extract`` and ``verify`` all call it.

Never reads a file, never knows what came before (that is ``pipelines.history``).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version

from crawler import __version__
from crawler.errors import Reason
from crawler.layout import safe_name
from crawler.record import SCHEMA_VERSION, Article, Block, Extraction, Rights, article_id, utc
from crawler.urls import domain
from crawler.warc.exchange import Capture
from pipelines.basis import Basis
from pipelines.order import run_stages
from pipelines.page import Draft, Page
from pipelines.words import count_words

VERSION = f"{__version__}+trafilatura.{version('trafilatura')}"
"""What ``extraction.version`` says of rows made by this code."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What one capture gives: a row and its removed blocks, or the reason why there is none."""

    capture_id: str
    """``id`` of the capture."""
    month: str
    """``YYYY-MM`` of the capture: which row file it goes to."""
    article: Article | None
    """The row, its place in history still open; None if ``verdict`` says why there is none."""
    blocks: tuple[Block, ...]
    """Rows of removed.jsonl."""
    verdict: Reason | None = None
    """Why there is no row."""
    detail: str | None = None
    """What exactly happened."""


def gives_rows(capture: Capture) -> bool:
    """Whether a capture is a page that rows can come from: a success, asked for as a page (or imported, where nobody said)."""
    if not 200 <= capture.status < 300:
        return False
    return capture.provenance.role == "page" or (capture.fidelity == "imported" and capture.provenance.role == "other")


def teaches(capture: Capture) -> bool:
    """Whether a capture shows its site's chrome: a page that gives rows, or a sibling that was looked at for that."""
    return gives_rows(capture) or (200 <= capture.status < 300 and capture.provenance.role == "sibling")


def site_of(capture: Capture) -> str:
    """Key of the site that a capture belongs to: as its provenance says, else its host."""
    return capture.provenance.site or safe_name(domain(capture.url))


def page_of(capture: Capture, basis: Basis) -> Page:
    """The input of the stages."""
    known = capture.provenance
    return Page(
        url=capture.url,
        status=capture.status,
        headers=capture.headers,
        body=capture.body,
        feed_title=known.title,
        feed_published=known.published_raw,
        discovered_via=known.discovered_via,
        robots=known.robots,
        rules=basis.rules,
        profile=basis.memory,
    )


def derive(capture: Capture, basis: Basis) -> Derived:
    """Run the stages over a capture and make its rows."""
    page = page_of(capture, basis)
    draft = run_stages(page)
    month = f"{capture.date:%Y-%m}"
    capture_id = capture.pointer.record_id
    if draft.verdict:
        return Derived(capture_id, month, None, (), Reason(draft.verdict), "; ".join(draft.flags) or None)
    blocks = tuple(
        Block(
            id=capture_id,
            kind=block.kind or "other",
            reason=block.reason or "not-kept",
            path=block.path,
            text=block.text,
            pages_sharing=block.pages_sharing,
        )
        for block in draft.blocks
        if not block.kept
    )
    return Derived(capture_id, month, _article(capture, page, draft, blocks, basis), blocks)


def _article(capture: Capture, page: Page, draft: Draft, blocks: tuple[Block, ...], basis: Basis) -> Article:
    known, at = capture.provenance, capture.pointer
    flags = draft.flagged(f"damaged-{capture.damaged}") if capture.damaged else draft.flags
    return Article(
        schema_version=SCHEMA_VERSION,
        id=at.record_id,
        article_id=article_id(draft.canonical_url or capture.url),
        revision=1,
        previous_id=None,
        change="new",
        run_id=known.run_id,
        site=site_of(capture),
        url=capture.url,
        requested_url=known.requested_url or capture.url,
        canonical_url=draft.canonical_url,
        domain=domain(capture.url),
        discovered_via=known.discovered_via or "import",
        discovered_url=known.discovered_url,
        discovered_at=utc(known.discovered_at) if known.discovered_at else None,
        title=draft.title,
        description=draft.description,
        authors=list(draft.authors),
        section=draft.section,
        tags=list(draft.tags),
        language=draft.language,
        published_at=draft.published_at,
        published_raw=draft.published_raw,
        modified_at=draft.modified_at,
        text=draft.text,
        word_count=count_words(draft.text),
        images=list(draft.images),
        page_type=draft.page_type,
        access=draft.access,
        quality=draft.quality,
        flags=list(flags),
        removed_chars=sum(len(block.text) for block in blocks),
        removed_kinds=sorted({block.kind for block in blocks}),
        text_sha256=sha256(draft.text.encode("utf-8", "surrogatepass")).hexdigest(),
        duplicate_of=None,
        duplicate_kind=None,
        duplicate_similarity=None,
        extraction=Extraction(tool="pressmark", version=VERSION, method=draft.method, profile_sha256=basis.sha256),
        field_sources=draft.sources,
        fetched_at=utc(capture.date),
        http_status=capture.status,
        content_type=capture.header("Content-Type"),
        warc_filename=at.filename,
        warc_record_offset=at.offset,
        warc_record_length=at.length,
        payload_digest=at.payload_digest,
        capture_fidelity=capture.fidelity,
        rights=Rights(
            robots=page.robots,
            meta_robots=draft.meta_robots,
            tdm_reservation=draft.tdm_reservation,
            tdm_policy=draft.tdm_policy,
            license_url=draft.license_url,
        ),
        withdrawn_at=None,
        withdrawn_reason=None,
    )
