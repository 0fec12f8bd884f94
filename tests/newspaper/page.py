"""An article's page: the head, the article, and the furniture around it. Pages and truth both come from ``compose``."""

from __future__ import annotations

from dataclasses import dataclass

from . import house, parts
from .edition import Edition
from .markup import Block, Figure, Heading, Insert, Items, Paragraph, Quote, Table, lines, runs
from .metadata import head
from .model import Article, moment
from .paper import PERSON, SECTIONS, printed_day, printed_time
from .sheet import Sheet, text


@dataclass(frozen=True)
class Composed:
    """A page and the account of its lines."""

    html: str
    furniture: tuple[tuple[str, str], ...]
    captions: tuple[str, ...]


def manner(article: Article) -> int:
    """In which way the soup writes an article's paragraphs: one way a section."""
    return [section.key for section in SECTIONS].index(article.section) % 3


def _inline(sheet: Sheet, source: str) -> str:
    """A paragraph's inner HTML. A link to an article that is not out yet is just its words."""
    written = ""
    for run in runs(source):
        words = text(run.text)
        target = sheet.edition.by_slug.get(run.slug)
        if target:
            words = f'<a href="{sheet.edition.path(target)}">{words}</a>'
        elif run.style in {"strong", "em"}:
            words = f"<{run.style}>{words}</{run.style}>"
        written += words
    return written


def _block(sheet: Sheet, block: Block, how: int) -> str:
    """One block of the text."""
    match block:
        case Paragraph(words):
            return sheet.skin.prose("p", _inline(sheet, words), how)
        case Heading(words):
            return sheet.skin.prose("h2", _inline(sheet, words), how)
        case Quote(paragraphs):
            return sheet.skin.prose("blockquote", "".join(f"<p>{_inline(sheet, p)}</p>" for p in paragraphs), how)
        case Items(items, ordered):
            entries = "".join(f"<li>{_inline(sheet, item)}</li>" for item in items)
            return sheet.skin.prose("ol" if ordered else "ul", entries, how)
        case Table(rows):
            written = ""
            for number, row in enumerate(rows):
                cell = "td" if number else "th"
                written += "<tr>" + "".join(f"<{cell}>{_inline(sheet, words)}</{cell}>" for words in row) + "</tr>"
            return sheet.skin.prose("table", written, how)
        case Figure(picture):
            return sheet.figure(picture)
        case Insert("pull", words):
            return parts.pull_quote(sheet, words)
        case Insert("also", slug):
            target = sheet.edition.by_slug.get(slug)
            return parts.read_also(sheet, target) if target else ""
        case Insert("signup"):
            return parts.signup_box(sheet)
        case Insert("promo"):
            return parts.promo_box(sheet)
    raise ValueError(f"no such block: {block!r}")


def _body(sheet: Sheet, article: Article) -> str:
    """The text's container, or its containers, with an advertisement between, where the article is split over several."""
    stretches: list[str] = [""]
    for block in sheet.edition.blocks(article):
        if block == Insert("split", ""):
            stretches.append(parts.advert(sheet, house.ADS[len(stretches) % len(house.ADS)]))
            stretches.append("")
        else:
            stretches[-1] += _block(sheet, block, manner(article)) + "\n"
    return "".join(s if n % 2 else sheet.box("div", "article-body", s) for n, s in enumerate(stretches))


def _byline(sheet: Sheet, article: Article) -> str:
    """Who, when, and how long it takes to read, in one line."""
    when = moment(article.published)
    names = [
        sheet.box("a", "author-link", text(name), href=f"/author/{PERSON[name].key}/", rel="author")
        for name in article.authors
    ]
    date = f"{printed_day(when)} {printed_time(when)}"
    length = house.minutes(sum(len(line.split()) for line in lines(sheet.edition.blocks(article))))
    words = " ".join(filter(None, [f"by {' and '.join(article.authors)}" if names else "", date, length]))
    inner = ("by " + " and ".join(names) + " ") if names else ""
    inner += (
        sheet.box("time", "date", text(date), datetime=article.published) + " " + sheet.box("span", "minutes", length)
    )
    return sheet.line("byline", words, "byline", inner=inner)


def compose(edition: Edition, article: Article) -> Composed:
    """Set one article's page."""
    sheet = Sheet(edition, edition.template(article))
    chosen = house.around(edition, article)
    soup = sheet.skin.soup
    out = [parts.banner(sheet), parts.skip_and_edit(sheet)]
    if not article.seed:
        out.append(sheet.masthead(edition.section_name(article)))
        if soup:
            out.append(parts.latest(sheet, chosen.feed))
    title_tag = "div" if soup and manner(article) == 2 else "h1"
    inner = [
        f'<{title_tag} class="{sheet.skin.name("headline")}">{text(article.title)}</{title_tag}>',
        _byline(sheet, article),
        sheet.figure(article.picture) if article.picture else "",
        parts.player(sheet) if article.page_type == "video" else "",
        parts.audio(sheet),
        sheet.line("other", house.LIVE, "live-note") if article.page_type == "liveblog" else "",
        _body(sheet, article),
        parts.paywall(sheet) if article.access == "paywalled" else "",
    ]
    if not article.seed:
        inner.append(parts.after_text(sheet, article))
    story = sheet.box("article", "article", *inner)
    after = [parts.card(sheet, chosen)]
    if article.seed or not soup:
        after.append(parts.latest(sheet, chosen.feed))
    after += [parts.links(sheet, house.PICKS_HEAD, chosen.picks, "picks"), parts.signup(sheet)]
    if not article.seed:
        after += [
            parts.comments(sheet, chosen.comments),
            parts.links(sheet, house.RELATED_HEAD, chosen.related, "related"),
            parts.advert(sheet, chosen.ad),
        ]
    out.append(sheet.box("main", "main", story, *after, id="main"))
    if not article.seed:
        out += [parts.footer(sheet), parts.consent(sheet)]
    direction = "rtl" if article.language == "ar" else None
    html = document(sheet, head(sheet, article), "\n".join(out), article.language, direction)
    return Composed(html, tuple(sheet.furniture), tuple(sheet.captions))


def document(sheet: Sheet, head_html: str, body_html: str, language: str, direction: str | None = None) -> str:
    """A whole HTML document."""
    turned = f' dir="{direction}"' if direction else ""
    script = (
        "window.lantern=window.lantern||[];lantern.push({event:'page',note:'This text is script and never shown.'});"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"{turned}>\n<head>\n{head_html}\n</head>\n'
        f'<body class="{sheet.skin.name("page")}">\n{body_html}\n<script>{script}</script>\n</body>\n</html>\n'
    )
