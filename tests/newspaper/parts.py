"""The furniture of a page, part by part, top to bottom. Each function returns HTML and leaves its lines in the sheet's account."""

from __future__ import annotations

from . import house
from .house import Around, card_lines, feed_lines
from .model import Article
from .paper import PERSON
from .sheet import Sheet, text


def banner(sheet: Sheet) -> str:
    """The promotion at the very top."""
    return sheet.box(
        "div",
        "promo-banner",
        sheet.line("promo", house.BANNER, "promo-text"),
        sheet.line("promo", house.BANNER_LINK, "promo-action", href="/about/"),
    )


def skip_and_edit(sheet: Sheet) -> str:
    """The link for those who do not see the page, and the one for those who make it."""
    skip = sheet.line("nav", house.SKIP, "skip-link", tag="div", href="#main")
    return skip + sheet.line("nav", house.EDIT, "edit-link", tag="div", href="/about/")


def player(sheet: Sheet) -> str:
    """The film player of a video page."""
    video = sheet.box("video", "player-screen", poster="/images/gate-film.svg", preload="none")
    return sheet.box(
        "div", "player", video, *(sheet.line("other", words, "player-control", tag="div") for words in house.PLAYER)
    )


def audio(sheet: Sheet) -> str:
    """The notice of the audio player."""
    return sheet.line("disclosure", house.AUDIO, "audio-notice", tag="div")


def paywall(sheet: Sheet) -> str:
    """What stands where the text ends for those who have not paid."""
    return sheet.box("div", "paywall", *(sheet.line("paywall", words, "paywall-line") for words in house.PAYWALL))


def signup_box(sheet: Sheet) -> str:
    """The small sign-up box between paragraphs."""
    head, line, action = house.BOX
    return sheet.box(
        "aside",
        "newsletter-box",
        sheet.line("newsletter", head, "newsletter-head", tag="h3"),
        sheet.line("newsletter", line, "newsletter-line"),
        sheet.button("newsletter", action, "newsletter-button"),
    )


def promo_box(sheet: Sheet) -> str:
    """The promotion between paragraphs."""
    head, line, action = house.BOX_PROMO
    return sheet.box(
        "aside",
        "promo-box",
        sheet.line("promo", head, "promo-head", tag="h3"),
        sheet.line("promo", line, "promo-line"),
        sheet.line("promo", action, "promo-action", href="/about/"),
    )


def advert(sheet: Sheet, words: str) -> str:
    """An advertisement with its label."""
    label = sheet.line("ad", house.AD_LABEL, "ad-label", tag="div")
    return sheet.box("div", "ad-slot", label, sheet.line("ad", words, "ad-text", href="/about/"))


def after_text(sheet: Sheet, article: Article) -> str:
    """What follows the text: the house's appeal, tags, sharing, and who wrote it."""
    appeal = sheet.line("promo", house.SUPPORT, "support")
    tags = [sheet.line("nav", tag, "tag", tag="li", href=f"/tag/{slug(tag)}/") for tag in article.tags]
    share = [
        sheet.line("share", house.SHARE_HEAD, "share-head", tag="h4"),
        *(sheet.button("share", words, "share-button") for words in house.SHARE),
    ]
    bios = [sheet.line("author_bio", PERSON[name].bio, "author-bio") for name in article.authors]
    return appeal + sheet.box("ul", "tags", *tags) + sheet.box("div", "share", *share) + "".join(bios)


def card(sheet: Sheet, chosen: Around) -> str:
    """The card that links another article and runs the day's headlines together."""
    head, line = card_lines(sheet.edition, chosen)
    href = sheet.edition.path(chosen.card)
    return sheet.box(
        "div",
        "card",
        sheet.line("related", head, "card-head", tag="h4", href=href),
        sheet.line("related", line, "card-line"),
    )


def latest(sheet: Sheet, articles: tuple[Article, ...]) -> str:
    """The list of the latest news: times, headlines, teasers."""
    parts = [sheet.line("feed", house.FEED_HEAD, "feed-head", tag="h3")]
    for article in articles:
        time, title, teaser = feed_lines(article)
        parts.append(
            sheet.box(
                "div",
                "feed-item",
                sheet.line("feed", time, "feed-time", tag="div"),
                sheet.line("feed", title, "feed-title", tag="h4", href=sheet.edition.path(article)),
                sheet.line("feed", teaser, "feed-teaser"),
            )
        )
    parts.append(sheet.line("feed", house.FEED_MORE, "feed-more", href="/news/"))
    return sheet.box("section", "feed", *parts)


def links(sheet: Sheet, head: str, articles: tuple[Article, ...], role: str) -> str:
    """A heading and the headlines under it, if there are any."""
    parts = [sheet.line("related", head, f"{role}-head", tag="h3")]
    if articles:
        parts.append(sheet.box("ul", role, *(sheet.headline_link("related", a, "related-item") for a in articles)))
    return sheet.box("section", f"{role}-section", *parts)


def signup(sheet: Sheet) -> str:
    """The newsletter's form with all the lines that its script would hide."""
    parts = []
    for words in house.SIGNUP:
        if words == house.SIGNUP_BUTTON:
            parts.append(sheet.box("input", "newsletter-field", type="email", name="email"))
            parts.append(sheet.button("newsletter", words, "newsletter-button"))
        else:
            parts.append(sheet.line("newsletter", words, "newsletter-note", tag="div"))
    form = sheet.box("form", "newsletter-form", *parts, action="/subscribe/", method="post")
    return sheet.box("section", "newsletter", form)


def comments(sheet: Sheet, said: tuple[tuple[str, str], ...]) -> str:
    """Readers' comments, if there are any."""
    if not said:
        return ""
    parts = [sheet.line("comments", house.COMMENTS_HEAD, "comments-head", tag="h3")]
    parts.append(sheet.line("comments", house.COMMENTS_RULE, "comments-rule"))
    for who, what in said:
        name = sheet.line("comments", who, "comment-name", tag="div")
        parts.append(sheet.box("div", "comment", name, sheet.line("comments", what, "comment-text")))
    return sheet.box("section", "comments", *parts)


def consent(sheet: Sheet) -> str:
    """The cookie banner."""
    line = sheet.line("consent", house.CONSENT, "consent-line")
    return sheet.box(
        "div", "consent", line, *(sheet.button("consent", words, "consent-button") for words in house.CONSENT_BUTTONS)
    )


def footer(sheet: Sheet) -> str:
    """The foot of every page."""
    lines = [sheet.line("footer", words, "footer-line") for words in house.FOOTER]
    lines += [sheet.line("footer", words, "footer-link", href=href) for words, href in house.FOOTER_LINKS]
    return sheet.box("footer", "footer", *lines)


def pull_quote(sheet: Sheet, words: str) -> str:
    """A sentence of the article set large."""
    return sheet.box("aside", "pull-quote", sheet.line("repeated", words, "pull-words"))


def read_also(sheet: Sheet, article: Article) -> str:
    """A link to another article between paragraphs."""
    inner = "Read also: " + sheet.box("a", "read-also-link", text(article.title), href=sheet.edition.path(article))
    return sheet.line("related", f"Read also: {article.title}", "read-also", inner=inner)


def slug(tag: str) -> str:
    """A tag's name in addresses; letters of any script stay."""
    return "-".join("".join(c if c.isalnum() else " " for c in tag.lower()).split())
