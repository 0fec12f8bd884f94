"""What an address alone betrays: that it is one of endlessly many, or that it is an article's. Pure, and never raises.

Meant for addresses that links name, on sites whose configuration says nothing better. What a feed or a sitemap names is wanted as it is.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from crawler.urls import MAX_SCOPE_URL

MAX_SEGMENTS = 20
"""Most path segments of an address that is no trap (Heritrix, TooManyPathSegmentsDecideRule)."""
MAX_PARAMS = 12
"""Most query parameters of an address that is no trap."""
ARTICLE = 0.5
"""The likeness from which an address is taken for an article's."""

_DATE = re.compile(
    r"(?:19|20)\d\d[/_-]?(?:0[1-9]|1[0-2]|[1-9](?=[/_-])|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.I
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|mjs|json|xml|rss|atom|txt|pdf|docx?|xlsx?|pptx?|zip|gz|exe|apk|mp[34]|m4[av]|webm"
    r"|wav|ogg|woff2?|ttf)",
    re.I,
)
_PAGE = re.compile(r"\.(?:s?html?|php|aspx?|jsp|ece|cms)", re.I)
_ID = re.compile(r"(?<![a-z])[a-z]{0,7}\d{5,}(?![a-z])|\b(?=[a-z]*\d)[0-9a-z]{8,}\b|\d{4,}\Z", re.I)
_QUERY_ID = re.compile(
    r"(?:^|&)(?:p|id|aid|nid|art|article|articleid|article_id|news|newsid|story|storyid|idx|no)=\w*\d", re.I
)
_KIND = frozenset(
    {
        "article",
        "articles",
        "artikel",
        "articulo",
        "story",
        "stories",
        "post",
        "posts",
        "doc",
        "nieuws",
        "clanek",
        "view",
    }
)
_LIST = frozenset({
    "tag", "tags", "topic", "topics", "tema", "temas", "thema", "themen", "author", "authors", "autor", "autoren", "auteur", "auteurs",
    "byline", "by", "people", "person", "profile", "profiles", "user", "users", "member", "members", "staff", "contributor",
    "contributors", "category", "categories", "categoria", "kategorie", "rubrik", "rubrique", "keyword", "keywords", "label", "labels",
    "search", "suche", "buscar", "recherche", "page", "archive", "archives",
})  # fmt: skip
_PEOPLE = frozenset({
    "author", "authors", "autor", "autoren", "auteur", "auteurs", "people", "person", "profile", "profiles", "user", "users", "member",
    "members", "staff", "contributor", "contributors", "search", "suche", "buscar", "recherche",
})  # fmt: skip
_ARCHIVE = frozenset({"archive", "archives"})
_SERVICE = frozenset({
    "login", "signin", "sign-in", "signup", "sign-up", "register", "account", "logout", "subscribe", "subscription", "subscriptions",
    "abo", "newsletter", "newsletters", "feed", "feeds", "rss", "about", "about-us", "contact", "contact-us", "contacts", "impressum",
    "imprint", "privacy", "privacy-policy", "datenschutz", "terms", "terms-of-service", "terms-of-use", "terms-and-conditions", "legal",
    "cookies", "cookie-policy", "help", "faq", "faqs", "careers", "jobs", "advertise", "advertising", "mediakit", "sitemap", "shop",
    "store", "cart", "checkout", "donate", "membership", "wp-content", "wp-admin", "wp-login.php", "cdn-cgi", "static", "assets", "api",
    "policies", "policy", "accessibility", "code-of-ethics", "coupons", "vouchers", "weather", "crosswords", "horoscope",
    "horoscopes", "share", "sharer", "intent", "print", "amp-story",
})  # fmt: skip


def looks_like_trap(url: str) -> str | None:
    """Why ``url`` looks like one of endlessly many, as a slug; None if it does not.

    ``too-long`` (MAX_SCOPE_URL characters), ``too-deep`` (MAX_SEGMENTS), ``repeated-path`` (segments that come three times in a row, as
    in Heritrix's PathologicalPathDecideRule; numbers alone do not count, since dates repeat), ``too-many-params`` (MAX_PARAMS, or one
    name more than three times).
    """
    if len(url) > MAX_SCOPE_URL:
        return "too-long"
    segments, query = _path(url)
    if len(segments) > MAX_SEGMENTS:
        return "too-deep"
    for size in range(1, len(segments) // 3 + 1):
        for start in range(len(segments) - 3 * size + 1):
            group = segments[start : start + size]
            if group * 3 == segments[start : start + 3 * size] and not all(s.isdigit() for s in group):
                return "repeated-path"
    names = [p.split("=", 1)[0] for p in query.split("&") if p]
    if len(names) > MAX_PARAMS or any(names.count(n) > 3 for n in names):
        return "too-many-params"
    return None


def article_likeness(url: str) -> float:
    """How much ``url`` looks like an article's: 0 (a list, a file, a service) to 1.

    For it: a slug of several words, a date in the path, an id of five digits or more, ``.html``. Against it: ``/tag/``, ``/author/``,
    ``/search`` and their kin, one short word, the suffix of a file. Languages other than those of these words count by slug, date and id.
    """
    segments, query = _path(url[:MAX_SCOPE_URL])
    segments = [unquote(s) for s in segments]
    if not segments:
        return 0.6 if _QUERY_ID.search(query) else 0.0
    *before, last = segments
    if (dot := last.rfind(".")) > 0 and _FILE.fullmatch(last, dot):
        return 0.0
    page = bool(dot > 0 and _PAGE.fullmatch(last, dot))
    slug = last[:dot] if page else last
    if page and slug.lower() in ("index", "default") and before:
        *before, slug = before
    names = {s.lower() for s in before}
    if names & _SERVICE or slug.lower() in _SERVICE:
        return 0.0
    dated = bool(_DATE.search("/".join(before)) or (not slug.isdigit() and _DATE.search(slug)))
    numbered = bool(_ID.search(slug)) or any(s.isdigit() and len(s) > 4 for s in before[-1:])
    if before and len(_words(before[-1])) > len(_words(slug)):
        slug = before[-1]  # …/what-the-mayor-said/82671903
    words = _words(slug)
    score = {0: 0.0, 1: 0.0, 2: 0.1, 3: 0.35}.get(len(words), 0.5)
    score += 0.3 if len(slug) >= 30 else 0.0
    score += 0.4 if dated and not last.isdigit() else 0.0
    score += 0.4 if numbered else 0.0
    score += 0.2 if page else 0.0
    score += 0.2 if names & _KIND else 0.0
    score += 0.4 if _QUERY_ID.search(query) else 0.0
    score += 0.1 if last.isdigit() and len(last) >= 5 else 0.0
    if names & _LIST or slug.lower() in _LIST:
        score -= 0.0 if numbered and names & _LIST <= _ARCHIVE else 0.3 if dated else 1.0
    elif last.isdigit() and len(last) < 5:
        score -= 0.5
    return min(1.0, max(0.0, round(score, 2)))


def is_probably_article(url: str) -> bool:
    """Whether ``article_likeness`` reaches ARTICLE."""
    return article_likeness(url) >= ARTICLE


def is_list(url: str) -> bool:
    """Whether ``url`` could be a page that lists articles: a short path that names no service, no person and no file."""
    segments, query = _path(url)
    names = [unquote(s).lower() for s in segments]
    if not 1 <= len(names) <= 3 or query or _FILE.search(names[-1]):
        return False
    return not (set(names) & _SERVICE) and not (set(names) & _PEOPLE)


def _words(slug: str) -> list[str]:
    return [w for w in re.split(r"[-_+ ,.]+", slug) if w]


def _path(url: str) -> tuple[list[str], str]:
    """Path segments that are not empty, and the query."""
    path, _, query = url.partition("#")[0].partition("?")
    return [s for s in path.split("/")[3:] if s], query
