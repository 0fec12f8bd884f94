from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.access import access
from pipelines.page import Draft, TextBlock
from pipelines.walls import asks_to_pay

Read = Callable[..., Draft]

LONG = "The night ferry is back in the old harbour today. " * 60
NEWS = "The night ferry is back in the old harbour today. " * 15
SHORT = "The night ferry is back in the old harbour today. " * 4


def ld(**node: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "x"} | node)}</script>'


def after(text: str, *others: str) -> dict[str, Any]:
    """A draft of one kept block and what stands below it."""
    blocks = [TextBlock(index=0, path="body > p", tag="p", text=text, kept=True)]
    blocks += [
        TextBlock(index=i, path="body > div", tag="div", text=other, kept=False) for i, other in enumerate(others, 1)
    ]
    return {"text": text, "blocks": tuple(blocks)}


@pytest.mark.parametrize(
    ("html", "text", "below", "expected"),
    [
        pytest.param(ld(isAccessibleForFree=True), LONG, "", "free", id="declared free"),
        pytest.param(ld(isAccessibleForFree="True"), SHORT, "", "free", id="declared free as a string"),
        pytest.param(ld(isAccessibleForFree="http://schema.org/True"), SHORT, "", "free", id="declared free as an address"),
        pytest.param(ld(isAccessibleForFree=False), SHORT, "", "paywalled", id="declared paid, teaser"),
        pytest.param(ld(isAccessibleForFree="False"), SHORT, "", "paywalled", id="declared paid as a string"),
        pytest.param(ld(isAccessibleForFree=False), LONG, "", "metered", id="declared paid, sent whole"),
        pytest.param(ld(isAccessibleForFree=False), NEWS, "", "metered", id="declared paid, short news"),
        pytest.param(ld(isAccessibleForFree=False), NEWS, "Subscribe to continue reading", "paywalled", id="declared paid, wall seen"),
        pytest.param(ld(isAccessibleForFree=False, wordCount=3000), LONG, "", "paywalled", id="declared paid, a third was sent"),
        pytest.param(ld(isAccessibleForFree=False, wordCount="9" * 5000), LONG, "", "metered", id="absurd word count"),
        pytest.param('<meta property="article:content_tier" content="metered">', LONG, "", "metered", id="content tier metered"),
        pytest.param('<meta property="article:content_tier" content="locked">', SHORT, "", "paywalled", id="content tier locked"),
        pytest.param(ld(), SHORT, "Subscribe to continue reading", "paywalled", id="wall seen"),
        pytest.param(ld(), SHORT, "Jetzt weiterlesen mit BayPlus", "paywalled", id="wall seen, German"),
        pytest.param(ld(), SHORT, "Cet article est réservé aux abonnés", "paywalled", id="wall seen, French"),
        pytest.param(ld(), LONG, "Subscribe to continue reading", "metered", id="wall under a whole text"),
        pytest.param(ld(), LONG.rstrip(" .") + " …", "Subscribe to continue reading", "paywalled", id="wall under a text that is cut off"),
        pytest.param(ld(), LONG.rstrip(" .") + " …", "", "free", id="a text that ends so of itself"),
        pytest.param(ld(), "旧港の船台が" * 60 + "...", "この記事は会員限定です。ログインして続きを読む", "paywalled", id="wall seen, Japanese, cut off"),
        pytest.param(ld(isAccessibleForFree=True), LONG, "Subscribe to continue reading", "free", id="declared free, banner"),
        pytest.param(ld(), LONG, "Subscribe to our newsletter", "free", id="a newsletter is no wall"),
        pytest.param(ld(), LONG, "", "free", id="no sign of a wall"),
        pytest.param(ld(isAccessibleForFree=["x", None]), SHORT, "", "unknown", id="nothing understood"),
        pytest.param("<p>x</p>", "", "", "unknown", id="no text"),
    ],
)  # fmt: skip
def test_access(read_page: Read, html: str, text: str, below: str, expected: str) -> None:
    assert read_page(html, access, draft=after(text, *[below] * bool(below))).access == expected


def test_a_block_called_paywall_and_a_declaration_make_a_teaser(read_page: Read) -> None:
    kept = TextBlock(index=0, path="body > p", tag="p", text=NEWS, kept=True)
    wall = TextBlock(index=1, path="body > div", tag="div", text="The rest is for friends.", kept=False, kind="paywall")
    draft = {"text": NEWS, "blocks": (kept, wall)}
    assert read_page(ld(isAccessibleForFree=False), access, draft=draft).access == "paywalled"
    assert read_page(ld(), access, draft=draft).access == "free"


def test_a_sign_far_from_the_text_is_a_menu(read_page: Read) -> None:
    others = ["Other headline"] * 20 + ["Subscribe to continue reading"]
    assert read_page(ld(), access, draft=after(LONG, *others)).access == "free"


def test_flags_say_why(read_page: Read) -> None:
    draft = read_page(ld(isAccessibleForFree=False), access, draft=after(SHORT, "Subscribe to continue reading"))
    assert draft.flags == ("paywall-seen", "paywall-declared", "teaser")
    assert draft.sources.access == "jsonld"


@pytest.mark.parametrize(
    ("title", "html"),
    [
        ("Just a moment...", "<p>x</p>"),
        ("Attention Required! | Cloudflare", "<p>x</p>"),
        ("Access Denied", "<p>x</p>"),
        ("Pardon Our Interruption", "<p>x</p>"),
        ("bay.example", '<div id="px-captcha"></div>'),
        ("bay.example", '<script src="https://geo.captcha-delivery.com/c.js"></script>'),
    ],
)
def test_challenges(read_page: Read, title: str, html: str) -> None:
    assert read_page(html, access, draft={"title": title}).access == "blocked"


def test_short_news_with_the_words_of_a_challenge_is_an_article(read_page: Read) -> None:
    draft = {"title": "Security check of the old harbour crane takes a day", **after(SHORT)}
    assert read_page(ld(), access, draft=draft).access != "blocked"


def test_a_headline_about_access_is_no_challenge(read_page: Read) -> None:
    assert (
        read_page(ld(), access, draft={"title": "Access denied: how the harbour shut its gates", **after(LONG)}).access
        == "free"
    )
    assert read_page('<script src="/px-captcha.js"></script>' + ld(), access, draft=after(LONG)).access == "free"


@pytest.mark.parametrize(
    "words",
    ["We value your privacy. Accept all cookies", "Mit Werbung weiterlesen oder Pur-Abo", "Continuer sans accepter", "Godkänn alla", "Hyväksy kaikki",
     "Akceptuj wszystkie", "Přijmout vše", "Tümünü kabul et", "Принять все", "قبول الكل", "すべて同意する", "接受全部", "모두 동의"],
)  # fmt: skip
def test_consent_walls(read_page: Read, words: str) -> None:
    assert read_page("<p>x</p>", access, draft=after(words)).access == "consent_wall"
    # the same words in a banner of an article prove nothing
    assert read_page(ld(), access, draft=after(LONG, words)).access == "free"


def test_addresses_of_consent_walls(read_page: Read) -> None:
    assert read_page("<p>x</p>", access, url="https://consent.bay.example/v2/collect").access == "consent_wall"


@pytest.mark.parametrize(
    "words",
    ["Sign up to read", "Log in to continue", "Already a subscriber?", "5 remaining free articles", "This story is reserved for members",
     "Bereits Abonnent?", "Den ganzen Artikel mit Bay+ lesen", "Artikel freischalten", "Déjà abonné ?",
     "Il vous reste 80 % de cet article à lire",
     "Exclusivo para suscriptores", "Ya soy suscriptor", "Exclusivo para assinantes", "Articolo riservato agli abbonati",
     "Lees verder met Plus",
     "Verder lezen?", "Bli abonnent", "Kun for abonnenter", "For å lese videre", "Læs hele artiklen med", "För att läsa vidare",
     "Endast för prenumeranter",
     "Artykuł dostępny tylko dla prenumeratorów", "Tento článek je pro předplatitele", "この記事は有料会員限定です",
     "残り1,234文字", "続きを読むには", "전용 콘텐츠", "Только для подписчиков",
     "Vain tilaajille", "Chcesz czytać dalej?", "Csak előfizetőknek", "Exclusiv pentru abonați", "Αποκλειστικά για συνδρομητές",
     "Abonelere özel", "Okumaya devam etmek için abone olun", "订阅后继续阅读", "登入後繼續閱讀", "会员专享", "구독자 전용",
     "Лише для передплатників", "اشترك الآن لقراءة المقال", "محتوى للمشتركين", "כתבה למנויים בלבד", "पूरा लेख पढ़ने के लिए सब्सक्राइब करें",
     "Berlangganan untuk membaca", "Konten khusus pelanggan"],
)  # fmt: skip
def test_what_walls_say(words: str) -> None:
    assert asks_to_pay(words)


@pytest.mark.parametrize(
    "words",
    [
        "Read more stories",
        "Newsletter abonnieren",
        "Log in",
        "The article was updated",
        "Abonnez-vous",
        "Abone sayısı arttı",
        "阅读更多",
        "会员登录",
        "구독",
        "Подписывайтесь на наш канал",
        "اشترك في النشرة البريدية",
        "Tilaa uutiskirje",
        "Az előfizetők száma nőtt",
    ],
)
def test_what_is_no_wall(words: str) -> None:
    assert not asks_to_pay(words)
