"""Derivation: from one capture and its basis to rows. A pure function; live crawl, ``extract`` and ``verify`` all call it.

Never reads a file, never knows what came before (that is ``pipelines.history``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from urllib.parse import urlsplit

from crawler import __version__
from crawler.errors import Reason
from crawler.layout import safe_name
from crawler.record import SCHEMA_VERSION, Article, Block, Extraction, FieldSources, Rights, article_id, utc
from crawler.urls import domain
from crawler.warc.exchange import Capture
from pipelines.basis import Basis
from pipelines.order import run_stages
from pipelines.page import Draft, Page
from pipelines.survey import template_of
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
    look: bool = False
    """Whether a known article was looked at again: what finds nothing new gives no row."""
    moved: bool = False
    """Whether the page came from another address than was asked for."""
    template: str = ""
    """Fingerprint of the template that the page is set in; empty where there is no row."""


def gives_rows(capture: Capture) -> bool:
    """Whether a capture is a page that rows can come from: a success, asked for as a page (or imported, where nobody said).

    That a known article is not found any more is a row too. An answer to us that did not come whole is none: the run has told it as a
    failure. What another tool cut is all that there is of the page.
    """
    if is_missing(capture):
        return True
    if not 200 <= capture.status < 300:
        return False
    if capture.provenance.role == "page":
        return not (capture.damaged or "").startswith("truncated")
    return capture.fidelity == "imported" and capture.provenance.role == "other"


def is_missing(capture: Capture) -> bool:
    """Whether the server says that a known article is not there (404, 410)."""
    return (
        capture.status in (404, 410) and capture.provenance.role == "page" and capture.provenance.article_id is not None
    )


def teaches(capture: Capture) -> bool:
    """Whether a capture shows its site's chrome: a page that gives rows, or a sibling that was looked at for that.

    A known article that is looked at again teaches nothing: its page was surveyed when it was new, and must not count twice.
    """
    if capture.provenance.article_id or not 200 <= capture.status < 300:
        return False
    return gives_rows(capture) or capture.provenance.role == "sibling"


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
    page, month, capture_id = page_of(capture, basis), f"{capture.date:%Y-%m}", capture.pointer.record_id
    look, moved = capture.provenance.article_id is not None, _moved(capture)
    if is_missing(capture):
        return Derived(capture_id, month, gone(_article(capture, page, Draft(), (), basis)), (), look=True, moved=moved)
    draft = run_stages(page)
    if look and (why := _led_away(capture, draft, moved=moved)):
        article = gone(_article(capture, page, Draft(), (), basis), why)
        return Derived(capture_id, month, article, (), look=True, moved=moved)
    if draft.verdict:
        detail = "; ".join(_why(capture, page, draft)) or None
        return Derived(capture_id, month, None, (), Reason(draft.verdict), detail, look=look, moved=moved)
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
    article = _article(capture, page, draft, blocks, basis)
    template = template_of(draft.layout) if draft.layout else ""
    return Derived(capture_id, month, article, blocks, look=look, moved=moved, template=template)


def gone(article: Article, *flags: str) -> Article:
    """The row that says that an article is not there any more: place and record, and nothing of what came instead of it."""
    return replace(
        article, change="gone", canonical_url=None, title=None, description=None, authors=[], section=None, tags=[], language=None,
        published_at=None, published_raw=None, modified_at=None, text="", word_count=0, images=[], page_type="other", access="unknown",
        quality=0.0, flags=["gone", *flags], removed_chars=0, removed_kinds=[], text_sha256=sha256(b"").hexdigest(),
        duplicate_of=None, extraction=replace(article.extraction, method="none"), field_sources=FieldSources(),
    )  # fmt: skip


def _moved(capture: Capture) -> bool:
    asked = capture.provenance.requested_url
    return asked is not None and urlsplit(asked).path.rstrip("/") != urlsplit(capture.url).path.rstrip("/")


def _led_away(capture: Capture, draft: Draft, *, moved: bool) -> str | None:
    """Why a page that came instead of a known article says that it is gone; None if it does not say so.

    An error page with status 200, or a redirect to a list or to a page above the article: the section, the front page. A challenge or a
    consent wall says nothing.
    """
    if draft.access in ("blocked", "consent_wall"):
        return None
    if "soft-404" in draft.flags:
        return "soft-404"
    above = urlsplit(capture.url).path.rstrip("/") + "/"
    up = urlsplit(capture.provenance.requested_url or "").path.startswith(above)
    return "redirected" if moved and (up or "listing" in draft.flags) else None


def _flags(capture: Capture, draft: Draft) -> tuple[str, ...]:
    """What was noticed of a page, and what is damaged in its record."""
    return draft.flagged(f"damaged-{capture.damaged}") if capture.damaged else draft.flags


def _why(capture: Capture, page: Page, draft: Draft) -> tuple[str, ...]:
    """What is said of a page that gives no article. Of bytes that are no page, what was noticed in reading them as one says nothing."""
    flags = _flags(capture, draft)
    if draft.verdict != Reason.NOT_HTML:
        return flags
    declared = page.header("Content-Type")
    said = f"declared as {declared}" if declared else "no type declared"
    return said, *(flag for flag in flags if flag.startswith("damaged-"))


def _article(capture: Capture, page: Page, draft: Draft, blocks: tuple[Block, ...], basis: Basis) -> Article:
    known, at = capture.provenance, capture.pointer
    return Article(
        schema_version=SCHEMA_VERSION,
        id=at.record_id,
        article_id=known.article_id or article_id(draft.canonical_url or capture.url),
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
        flags=list(_flags(capture, draft)),
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
