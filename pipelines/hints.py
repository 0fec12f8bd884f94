"""What the names that a page gives its elements say: ``class``, ``id`` and ``role`` words of the trade, each under the kind it hints at.

Owns the vocabulary; a hint is evidence for the stages that weigh it, never a decision. Pure: the cache only saves work.
"""

from __future__ import annotations

import re
from functools import lru_cache


class Hint:
    """What an element's tag or name hints at: bits of plain integers, because Flag's operators cost too much in the walk."""

    NAV = 1
    FOOTER = 1 << 1
    ASIDE = 1 << 2
    FORM = 1 << 3
    FIGURE = 1 << 4
    CAPTION = 1 << 5
    RELATED = 1 << 6
    SHARE = 1 << 7
    COMMENTS = 1 << 8
    NEWSLETTER = 1 << 9
    AUTHOR = 1 << 10
    BYLINE = 1 << 11
    PROMO = 1 << 12
    AD = 1 << 13
    CONSENT = 1 << 14
    PAYWALL = 1 << 15
    TAGS = 1 << 16
    FEED = 1 << 17
    DISCLOSURE = 1 << 18
    HEADER = 1 << 19
    TEASER = 1 << 20
    BODY = 1 << 21
    QUOTE = 1 << 22
    TABLE = 1 << 23
    LIST = 1 << 24
    WIDGET = 1 << 25
    HIDDEN = 1 << 26
    TITLE = 1 << 27
    BOX = 1 << 28
    STANDFIRST = 1 << 29
    CORRECTION = 1 << 30
    EMBED = 1 << 31


_WORDS: dict[int, str] = {
    Hint.NAV: "nav menu breadcrumb breadcrumbs crumbs pagination pager skip toolbar hamburger navigation navbar subnav megamenu toc "
              "search topbar",
    Hint.FOOTER: "footer colophon copyright legal imprint impressum",
    Hint.ASIDE: "sidebar aside rail rightcol secondary sticky complementary",
    Hint.FIGURE: "figure image images img photo photos picture pictures media gallery carousel slideshow slider video player audio embed "
                 "infographic bild foto",
    Hint.CAPTION: "caption captions credit credits legend photographer bildunterschrift legende figcaption subtitle-photo",
    Hint.RELATED: "related recommend recommended recommendation recommendations recirc trending popular promoted outbrain taboola "
                  "crosslink readmore readnext upnext similar",
    Hint.SHARE: "share shares sharing social socials follow whatsapp addtoany print sharedaddy addthis sharebar socialshare",
    Hint.COMMENTS: "comment comments disqus replies respond reactions feedback kommentare kommentar comentarios commentaires livefyre",
    Hint.NEWSLETTER: "newsletter newsletters subscribe subscription signup mailchimp optin mailing",
    Hint.AUTHOR: "bio contributor contributors authorbox authorbio authorinfo",
    Hint.BYLINE: "byline bylines author authors autor autoren auteur auteurs dateline pubdate publish published publication timestamp date "
                 "datum meta metadata kicker updated posted credits-author",
    Hint.PROMO: "promo promos promotion promotions banner cta donate donation donations membership offer offers shop store buy appeal "
                "fundraiser",
    Hint.AD: "ad ads adv advert adverts advertisement advertising advertorial adsense adslot dfp gpt sponsor sponsored sponsors werbung "
             "anzeige publicidad publicite",
    Hint.CONSENT: "cookie cookies consent gdpr onetrust didomi cmp borlabs cmplz cookiebanner",
    Hint.PAYWALL: "paywall regwall piano login signin subscriber subscribers plus",
    Hint.TAGS: "tag tags topic topics keyword keywords category categories taglist tagcloud themen hashtag hashtags label labels",
    Hint.FEED: "feed newsfeed ticker latest livefeed newslist timeline archive headlines stream recent",
    Hint.DISCLOSURE: "disclosure disclaimer tts listen affiliate speechify beyondwords trinity audioplayer texttospeech",
    Hint.HEADER: "header masthead topbar hero",
    Hint.TEASER: "teaser teasers card cards tile tiles grid excerpt",
    Hint.BODY: "articlebody articletext articlecontent storybody bodycopy bodytext richtext paragraph prose textbody maintext wysiwyg "
               "entrycontent postcontent",
    Hint.WIDGET: "widget widgets module plugin tool poll quiz form modal popup overlay tooltip dialog alert notification dropdown "
                 "accordion btn button",
    Hint.EMBED: "embed embeds embedded tweet twitter instagram tiktok facebook-post youtube",
    Hint.HIDDEN: "hidden hide sronly visuallyhidden noprint invisible assistive",
    Hint.TITLE: "headline title heading",
    Hint.BOX: "infobox factbox box callout highlights takeaways glossary facts keypoints",
    Hint.STANDFIRST: "standfirst subtitle subhead subheadline subheading dek deck lede lead intro chapo chapeau entradilla sommario "
                     "vorspann summary abstract strapline",
    Hint.CORRECTION: "correction corrections clarification erratum",
}  # fmt: skip
"""Whole words."""
_PAIRS: dict[int, str] = {
    Hint.NAV: "skip-link skip-to",
    Hint.ASIDE: "right-col right-column side-bar",
    Hint.CAPTION: "image-credit photo-credit photo-by pie-foto image-copyright media-copyright",
    Hint.RELATED: "most-read most-popular most-viewed more-on more-from more-stories more-news more-articles more-to read-more read-next "
                  "read-also see-also up-next next-up next-article next-post next-story also-read you-may editors-picks editor-picks "
                  "lire-aussi lees-ook also-like bookmark-card bookmark-container",
    Hint.COMMENTS: "comment-list comment-form comment-section",
    Hint.NEWSLETTER: "sign-up email-form email-capture opt-in",
    Hint.AUTHOR: "about-author the-author author-box author-bio author-info author-card author-profile author-details author-description "
                 "author-desc autor-box autor-info writer-bio",
    Hint.BYLINE: "posted-on posted-by entry-meta post-meta article-meta article-info post-info reading-time read-time",
    Hint.PROMO: "call-to support-us app-promo app-download product-card teaser-box",
    Hint.PAYWALL: "pay-wall log-in sign-in premium-box premium-offer plus-box subscriber-only",
    Hint.FEED: "news-feed news-list live-feed recent-posts recent-news latest-news latest-posts",
    Hint.BODY: "article-body article-content article-text article-main article-copy article-paragraph story-body story-content story-text "
               "post-content post-body post-text entry-content body-copy body-text body-content content-body content-text rich-text "
               "news-body news-text news-content text-body main-text single-content td-post",
    Hint.HIDDEN: "sr-only visually-hidden screen-reader d-none",
    Hint.BOX: "info-box fact-box key-points key-facts key-takeaways at-glance timeline-box",
    Hint.STANDFIRST: "sub-title sub-head sub-heading sub-headline article-lead teaser-text",
    Hint.TEASER: "list-item story-card post-card grid-item promo-item",
    Hint.CORRECTION: "editors-note editor-note update-note",
    Hint.DISCLOSURE: "text-to audio-player audio-notice",
}  # fmt: skip
"""Two words in a row."""
_PARTS: tuple[tuple[str, int], ...] = (
    ("breadcrumb", Hint.NAV), ("navigation", Hint.NAV), ("footer", Hint.FOOTER), ("sidebar", Hint.ASIDE), ("caption", Hint.CAPTION),
    ("related", Hint.RELATED), ("recommend", Hint.RELATED), ("newsletter", Hint.NEWSLETTER), ("subscri", Hint.NEWSLETTER),
    ("byline", Hint.BYLINE), ("paywall", Hint.PAYWALL), ("advert", Hint.AD), ("sponsor", Hint.AD), ("comment", Hint.COMMENTS),
    ("share", Hint.SHARE), ("social", Hint.SHARE), ("donat", Hint.PROMO), ("promo", Hint.PROMO), ("teaser", Hint.TEASER),
    ("headline", Hint.TITLE), ("cookie", Hint.CONSENT), ("consent", Hint.CONSENT), ("articlebody", Hint.BODY), ("paragraph", Hint.BODY),
    ("factbox", Hint.BOX), ("infobox", Hint.BOX), ("disclaim", Hint.DISCLOSURE), ("widget", Hint.WIDGET),
)  # fmt: skip
"""Parts of a word, for names that glue their words together."""
_WORD_HINTS: dict[str, int] = {}
for _hint, _words in _WORDS.items():
    for _word in _words.split():
        _WORD_HINTS[_word] = _WORD_HINTS.get(_word, 0) | _hint
_PAIR_HINTS: dict[str, int] = {}
for _hint, _words in _PAIRS.items():
    for _word in _words.split():
        _PAIR_HINTS[_word] = _PAIR_HINTS.get(_word, 0) | _hint
_SPLIT = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

_TAGS: dict[str, int] = {
    "nav": Hint.NAV, "menu": Hint.NAV, "footer": Hint.FOOTER, "aside": Hint.ASIDE, "form": Hint.FORM, "fieldset": Hint.FORM,
    "figure": Hint.FIGURE, "picture": Hint.FIGURE, "figcaption": Hint.CAPTION, "header": Hint.HEADER, "blockquote": Hint.QUOTE,
    "table": Hint.TABLE, "ul": Hint.LIST, "ol": Hint.LIST, "dl": Hint.LIST, "button": Hint.WIDGET, "label": Hint.FORM,
    "dialog": Hint.WIDGET, "noscript": Hint.HIDDEN, "amp-ad": Hint.AD, "legend": Hint.FORM, "address": Hint.BYLINE, "time": Hint.BYLINE,
}  # fmt: skip
_ROLES: dict[str, int] = {
    "navigation": Hint.NAV, "menu": Hint.NAV, "menubar": Hint.NAV, "contentinfo": Hint.FOOTER, "complementary": Hint.ASIDE,
    "banner": Hint.HEADER, "search": Hint.NAV, "dialog": Hint.WIDGET, "alertdialog": Hint.WIDGET, "form": Hint.FORM,
}  # fmt: skip


def of_tag(tag: str) -> int:
    """Hint of an element's name."""
    return _TAGS.get(tag, 0)


def of_role(role: str) -> int:
    """Hint of a ``role`` attribute (WAI-ARIA landmarks)."""
    return _ROLES.get(role, 0)


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> int:
    found = _WORD_HINTS.get(word, 0)
    if len(word) > 7:
        for part, hint in _PARTS:
            if part in word:
                found |= hint
    return found


@lru_cache(maxsize=20_000)
def of_names(names: str) -> int:
    """Hints in the words of ``class`` and ``id``, as an integer of ``Hint`` bits."""
    found = 0
    last = ""
    for word in _SPLIT.findall(names[:400]):
        word = word.lower()
        found |= _of_word(word) | _PAIR_HINTS.get(f"{last}-{word}", 0)
        last = word
    return found
