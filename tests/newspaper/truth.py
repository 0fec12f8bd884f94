"""What is true of each article's page: the rows that an extractor should come to. Made from the same content as the pages."""

from __future__ import annotations

from typing import Any

from .edition import Edition
from .markup import lines
from .metadata import declares_access
from .model import Article, stamp
from .page import compose
from .sheet import Sheet


def row(edition: Edition, article: Article) -> dict[str, Any]:
    """The truth about one article. The README says what each key means."""
    page = compose(edition, article)
    modified = edition.modified(article)
    paragraphs = lines(edition.blocks(article))
    twin = edition.twin_path(article)
    return {
        "url": edition.url(article),
        "other_urls": [edition.base + twin] if twin else [],
        "template": edition.template(article),
        "title": article.title,
        "description": article.description,
        "authors": list(article.authors),
        "published": article.published,
        "modified": stamp(modified) if modified else None,
        "section": edition.section_name(article),
        "tags": list(article.tags),
        "language": article.language,
        "page_type": article.page_type,
        "access": article.access,
        "access_declared": declares_access(Sheet(edition, edition.template(article)), article),
        "reach": article.reach,
        "in_feed": article in edition.reachable("feed")[:20],
        "in_news_sitemap": article in edition.recent(days=2),
        "seed": article.seed,
        "paragraphs": paragraphs,
        "text": "\n\n".join(paragraphs),
        "captions": list(page.captions),
        "furniture": [list(line) for line in page.furniture],
    }


def truth(edition: Edition) -> list[dict[str, Any]]:
    """The truth about every article of an edition, the newest first."""
    return [row(edition, article) for article in edition.articles]
