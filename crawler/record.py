"""The record: what Pressmark publishes, one class a file of a collection, one field a line.

Owns the names, the types and the meaning of every published field; docs/record.md and the JSON Schema are generated from the
docstrings below. Never reads or writes a file, and never decides a value.

Rules: every key is always there; an unknown scalar is null, an unknown list is []; ``text`` is never null; times are
ISO 8601 in UTC with ``Z`` and their names end in ``_at``; ids are never all digits; no free maps.
"""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal

SCHEMA_VERSION = "1.0"
"""Version of the rows' form. What changed from one to the next, and how old rows are read: ``crawler.upgrade``."""

Change = Literal["new", "edited", "cosmetic", "gone"]
DuplicateKind = Literal["exact", "near", "contained", "contains"]
Via = Literal["feed", "news_sitemap", "sitemap", "section", "link", "user", "import"]
PageType = Literal["article", "liveblog", "opinion", "video", "gallery", "podcast", "section", "other"]
Access = Literal["free", "metered", "paywalled", "consent_wall", "blocked", "unknown"]
Fidelity = Literal["wire", "reconstructed", "imported"]
Source = Literal["jsonld", "microdata", "meta", "html", "feed", "sitemap", "rule", "guess"]
Robots = Literal["allowed", "disallowed", "ignored", "unknown"]
BlockKind = Literal[
    "nav", "promo", "newsletter", "related", "feed", "byline", "caption", "disclosure", "share", "comments", "consent",
    "ad", "footer", "author_bio", "paywall", "repeated", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture that belongs to the article."""

    url: str
    """Absolute address of the picture."""
    caption: str | None
    """Caption and credit as printed under it; null if there is none."""
    alt: str | None
    """Text alternative; null if there is none or it is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """How the row was made: with these three, the record and the site's profile, it can be made again."""

    tool: str
    """Always ``pressmark``."""
    version: str
    """Version of Pressmark and of the library that decided the body, as ``0.1.0+trafilatura.2.3.1``."""
    method: str
    """Which way the body was found, for example ``trafilatura``, ``anchor``, ``fallback``."""
    profile_sha256: str | None
    """SHA-256 (base16) of the site profile that was used, a file in ``profiles/``; null if none was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSources:
    """Where each fact came from: jsonld, microdata, meta, html, feed, sitemap, rule or guess; null if the field is unknown."""

    title: Source | None = None
    """Source of ``title``."""
    description: Source | None = None
    """Source of ``description``."""
    authors: Source | None = None
    """Source of ``authors``."""
    section: Source | None = None
    """Source of ``section``."""
    tags: Source | None = None
    """Source of ``tags``."""
    language: Source | None = None
    """Source of ``language``."""
    published_at: Source | None = None
    """Source of ``published_at``."""
    modified_at: Source | None = None
    """Source of ``modified_at``."""
    canonical_url: Source | None = None
    """Source of ``canonical_url``."""
    page_type: Source | None = None
    """Source of ``page_type``."""
    access: Source | None = None
    """Source of ``access``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Rights signals as they were when the page was captured."""

    robots: Robots
    """robots.txt's verdict: allowed, ignored (it said no, a person decided to archive the page), unknown; disallowed in no row."""
    meta_robots: str | None
    """``<meta name=robots>`` and the ``X-Robots-Tag`` header, joined by ``, ``; null if there is neither."""
    tdm_reservation: bool | None
    """TDM Reservation Protocol: true if rights are reserved, false if declared open, null if nothing is declared."""
    tdm_policy: str | None
    """Address of the TDM policy; null if none is declared."""
    license_url: str | None
    """Address of the licence that the page declares (``rel=license``, JSON-LD ``license``); null if none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One line of articles.jsonl: one capture of one article."""

    schema_version: str
    """Version of this record's form."""
    id: str
    """``urn:uuid:…``: WARC-Record-ID of the response record that the row was made from."""
    article_id: str
    """``a_`` and 16 hex digits of the SHA-256 of ``canonical_url`` (or ``url`` if the page names none): the same for every capture."""
    revision: int
    """1 for the first capture of the article in this collection, counted up by each capture that is ``edited``."""
    previous_id: str | None
    """``id`` of the capture before this one; null for the first."""
    change: Change
    """What changed since ``previous_id``: new (the first capture); edited (words of headline or text differ); cosmetic (no word differs:
    white space, punctuation, case, typography, or a wall that stands no longer); gone (410, or at two looks an hour or
    more apart 404, or led away to a list or to another article: ``text`` is empty, ``previous_id`` leads to the last one)."""
    run_id: str | None
    """Run that captured it; null for imported records that name none."""
    site: str
    """Key of the site in the collection."""

    url: str
    """Address the page was served from, after redirects."""
    requested_url: str
    """Address that was asked for."""
    canonical_url: str | None
    """Address that the page itself calls canonical; null if it names none or names another site's."""
    domain: str
    """Host of ``url``, lower case, without ``www.``."""
    discovered_via: Via
    """How the address was found: feed, news_sitemap, sitemap, section, link, user (given by hand) or import."""
    discovered_url: str | None
    """Address of the feed, sitemap or page that named it; null if given by hand."""
    discovered_at: str | None
    """When it was found; null for imported records."""

    title: str | None
    """Headline, without the site's name."""
    description: str | None
    """Standfirst or summary that the page gives; null if it gives none."""
    authors: list[str]
    """Names of the authors, one entry a person, without "By" and without roles."""
    section: str | None
    """Section of the paper, as printed."""
    tags: list[str]
    """Keywords and topics, as printed, in order."""
    language: str | None
    """BCP 47 tag of the text, for example ``en`` or ``pt-BR``."""
    published_at: str | None
    """When the article was first published, in UTC with ``Z``."""
    published_raw: str | None
    """The date as it stood in the page, the feed or the sitemap."""
    modified_at: str | None
    """When it was last changed according to the page, in UTC with ``Z``."""
    text: str
    """The article: its paragraphs, headings, quotes and lists in reading order, parted by a blank line; empty if there is none."""
    word_count: int
    """Words in ``text`` (Chinese, Japanese and Korean characters count as one each)."""
    images: list[Image]
    """Pictures of the article, in order."""
    page_type: PageType
    """Kind of page: article, liveblog, opinion, video, gallery, podcast, section, other."""
    access: Access
    """Whether the whole text was there: free, metered, paywalled, consent_wall, blocked, unknown."""

    quality: float
    """0 to 1: how sure we are that ``text`` is the article, the whole of it, and nothing else."""
    flags: list[str]
    """Slugs that say why ``quality`` is not 1, or what a reader should know."""
    removed_chars: int
    """Characters of the page's text that are not in ``text``; the blocks are in removed.jsonl."""
    removed_kinds: list[str]
    """Kinds of the removed blocks, sorted."""
    text_sha256: str
    """SHA-256 (base16) of ``text`` in UTF-8."""
    duplicate_of: str | None
    """``id`` of the earliest capture of another article whose text is in essence the same; null if none is known. In a collection only
    exact copies within the site are marked; an export finds near-duplicates across all of its rows (docs/duplicates.md)."""
    duplicate_kind: DuplicateKind | None
    """How this text relates to that of ``duplicate_of``: exact, near, contained (this one is a part of it) or contains (it is a part of
    this one); null if there is none."""
    duplicate_similarity: float | None
    """0 to 1: runs of words that both texts share, of all that either has (Jaccard); null if there is none."""
    extraction: Extraction
    """How the row was made."""
    field_sources: FieldSources
    """Where each fact came from."""

    fetched_at: str
    """WARC-Date of the response record: when the capture began."""
    http_status: int
    """Status code of the answer."""
    content_type: str | None
    """Content-Type header as sent; null if there was none."""
    warc_filename: str | None
    """Name of the WARC file that holds the record, without ``.open``; null if read from a pipe."""
    warc_record_offset: int | None
    """Offset in bytes of the record's gzip member (or of the record, if not compressed) in the file; null if read from a pipe."""
    warc_record_length: int | None
    """Length in bytes of that member; null if read from a pipe."""
    payload_digest: str
    """``sha256:`` and base16 of the entity body as received: transfer coding removed, content coding kept."""
    capture_fidelity: Fidelity
    """wire: the bytes as they crossed the wire; reconstructed: rebuilt from parsed objects; imported: another tool's record."""

    rights: Rights
    """Rights signals as of capture."""
    withdrawn_at: str | None
    """When the content was taken down: the row is a tombstone, its ``text`` empty, the facts of the article null. Null if it never was."""
    withdrawn_reason: str | None
    """Why, as the person who ordered it put it; null if it never was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One line of removed.jsonl: a block of the page's text that is not the article."""

    schema_version: str = SCHEMA_VERSION
    """Version of this record's form."""
    id: str
    """``id`` of the capture in articles.jsonl."""
    kind: BlockKind
    """What the block is."""
    reason: str
    """Slug of the rule or witness that removed it."""
    path: str
    """Path of the element in the page, as CSS: ``body > main > aside:nth-of-type(2)``."""
    text: str
    """The block's text."""
    pages_sharing: int | None
    """On how many other pages of the site it was seen; null if no profile was used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One line of failures.jsonl: a URL that ended without a row in articles.jsonl, or whose row is incomplete."""

    schema_version: str = SCHEMA_VERSION
    """Version of this record's form."""
    site: str
    """Key of the site in the collection."""
    run_id: str | None
    """Run that came to this end; null for imported records that name none."""
    url: str
    """The address that was asked for."""
    record_id: str | None
    """``urn:uuid:…`` of the WARC record of what the server answered; null if none is kept."""
    reason: str
    """Why, as a slug; docs/record.md lists them."""
    http_status: int | None
    """Status of the last answer; null if there was none."""
    first_try_at: str | None
    """When it was first tried; null if it never was."""
    last_try_at: str | None
    """When it was last tried; null if it never was."""
    discovered_via: Via | None
    """How the address was found."""
    detail: str | None
    """What exactly happened, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """One line of an export's duplicates.jsonl: a capture whose text is in essence that of an earlier one, in numbers and in words."""

    schema_version: str = SCHEMA_VERSION
    """Version of this record's form."""
    id: str
    """``id`` of the later capture in articles.jsonl."""
    duplicate_of: str
    """``id`` of the earliest capture of another article that it was found to repeat."""
    kind: DuplicateKind
    """exact (the same words), near (most of each is in the other), contained (this one is a part of the other) or contains (the
    other is a part of this one)."""
    similarity: float
    """0 to 1: runs of words that both share, of all that either has (Jaccard)."""
    share: float
    """0 to 1: share of this text's runs of words that stand in the other."""
    share_of_other: float
    """0 to 1: share of the other text's runs of words that stand in this one."""
    words_in_common: int
    """Words of this text within runs that both share."""
    agency: str | None
    """News agency that either text credits, for example ``AFP``: both probably print its report; null if none is named."""
    explanation: str
    """All this as a sentence."""


_MUST_ESCAPE = re.compile("[\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]")


def to_json(row: Article | Block | Failure | Duplicate | dict[str, Any]) -> str:
    """Serialise ``row`` as one line of JSON, without the line feed.

    Valid UTF-8 and one physical line for every reader: C1 controls, U+2028, U+2029, U+FEFF and lone surrogates are escaped.

    Raises:
        ValueError: a float is NaN or infinite.
    """
    value = row if isinstance(row, dict) else _fields(row)
    line = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_fields)
    return _MUST_ESCAPE.sub(lambda m: f"\\u{ord(m[0]):04x}", line)


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass, not copied: ``asdict`` would copy each, and a sitemap may leave out fifty thousand addresses."""
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def utc(moment: datetime) -> str:
    """Format an aware datetime as ISO 8601 in UTC with ``Z``, with as many digits as it carries."""
    text = moment.astimezone(UTC).isoformat(timespec="microseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def article_id(canonical: str) -> str:
    """Return ``a_`` and the first 16 hex digits of the SHA-256 of a canonical URL."""
    return "a_" + sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16]
