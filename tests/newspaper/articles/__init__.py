"""All articles, one module a section: fiction, written for this project. Any likeness to a real town is the sea's doing."""

from __future__ import annotations

from ..model import Article
from . import culture, harbour, news, opinion, sport, town_hall

ARTICLES: tuple[Article, ...] = tuple(
    sorted(
        news.ARTICLES + town_hall.ARTICLES + harbour.ARTICLES + culture.ARTICLES + sport.ARTICLES + opinion.ARTICLES,
        key=lambda article: (article.published, article.slug),
        reverse=True,
    )
)
"""Every article, the newest first."""
