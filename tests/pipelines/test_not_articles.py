"""Pages that stand where an article should be, whole and through all stages: which give no row, and what the record of others says."""

from __future__ import annotations

import pytest

from pipelines.order import run_stages
from pipelines.page import Draft, Page
from tests.newspaper.edition import Edition, Mode
from tests.newspaper.site import Site

URL = "https://www.quay-courier.example/town/pilot-boat-sold"
NAV = '<nav><a href="/">Home</a> <a href="/town">Town</a> <a href="/sport">Sport</a></nav>'
FOOT = '<footer><a href="/imprint">Imprint</a> <a href="/privacy">Privacy policy</a> © 2026 Quay Courier</footer>'
PROSE = "The harbour board sold its last pilot boat on Monday, to a fisher who wants to carry salt with it again. "


def page(title: str, inside: str, *, lang: str = "en", head: str = "") -> str:
    return f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{inside}</body></html>'


def extract(source: str, url: str = URL, *, via: str | None = None) -> Draft:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return run_stages(Page(url=url, status=200, headers=headers, body=source.encode(), discovered_via=via))


CONSENT_EN = page(
    "Quay Courier",
    "<div><h1>Before you continue to the Quay Courier</h1><p>We and 640 partners would like to keep things on your device, count your visits "
    "and show you advertising that fits.</p><p>You may change your mind at any time under Privacy at the foot of each page.</p>"
    "<button>Accept all cookies</button><button>More choices</button></div>",
)
CONSENT_DE = page(
    "Hafenbote",
    "<main><h2>Wie möchten Sie den Hafenboten lesen?</h2><section><h3>Mit Werbung weiterlesen</h3><p>Wir und unsere 212 Partner messen dafür, "
    "was Sie ansehen, und bitten um Ihre Einwilligung.</p><button>Zustimmen</button></section><section><h3>Pur-Abo</h3><p>Ohne Messung und ohne "
    "Anzeigen für 3,99 Euro im Monat.</p><button>Abo wählen</button></section></main>",
    lang="de",
)
CLOUDFLARE = page(
    "Just a moment...",
    "<div class=main-wrapper><h1>quay-courier.example</h1><p>We are looking whether a human being sits at this connection. This takes a few "
    "seconds.</p><noscript>Switch JavaScript and cookies on to go on.</noscript></div><script>window._cf_chl_opt={cType:'managed'}</script>",
)
DATADOME = page(
    "quay-courier.example",
    "<p>Push the slider to the right to show that you are no machine.</p>",
    head='<script src="https://ct.captcha-delivery.com/c.js"></script>',
)
MISSING_EN = page(
    "Page not found | Quay Courier",
    NAV
    + "<main><h1>Page not found</h1><p>What you were looking for has moved, or was never here. Try the search.</p></main>"
    + FOOT,
)
MISSING_FR = page(
    "Page introuvable - Le Courrier du Quai",
    NAV + "<main><h1>Page introuvable</h1><p>L’adresse que vous avez suivie ne mène plus à rien. Revenez à la une ou cherchez un mot.</p></main>",
    lang="fr",
)  # fmt: skip
MISSING_RU = page(
    "Страница не найдена — Портовый вестник",
    NAV + "<main><h1>Страница не найдена</h1><p>Возможно, её перенесли или адрес набран с ошибкой. Вернитесь на главную.</p></main>",
    lang="ru",
)  # fmt: skip
LISTING = page(
    "Town | Quay Courier",
    NAV
    + "<main><h1>Town</h1>"
    + "".join(
        f'<div><h2><a href="/town/story-{n}">Story number {n} of what the board has sold this year</a></h2><p>A line that says in short what it is about.</p></div>'
        for n in range(14)
    )
    + '<a href="/town?page=2">Older stories</a></main>'
    + FOOT,
)
TEASER = page(
    "The last pilot boat is sold - Quay Courier",
    NAV
    + f"<article><h1>The last pilot boat is sold</h1><p>By Ivo Marek</p><p>{PROSE * 2}</p><p>{PROSE}What he paid nobody would say.</p></article>"
    + '<div><h3>Subscribe to continue reading</h3><p>Already a subscriber? <a href="/login">Log in</a></p></div>'
    + FOOT,
)


@pytest.mark.parametrize(
    ("source", "verdict", "access", "flag"),
    [
        pytest.param(CONSENT_EN, "blocked", "consent_wall", "consent-wall", id="consent wall, English"),
        pytest.param(CONSENT_DE, "blocked", "consent_wall", "consent-wall", id="consent wall, German"),
        pytest.param(CLOUDFLARE, "blocked", "blocked", "challenge-page", id="challenge, told by its title"),
        pytest.param(DATADOME, "blocked", "blocked", "challenge-page", id="challenge, told by its script"),
        pytest.param(MISSING_EN, "not-article", "unknown", "soft-404", id="soft 404, English"),
        pytest.param(MISSING_FR, "not-article", "unknown", "soft-404", id="soft 404, French"),
        pytest.param(MISSING_RU, "not-article", "unknown", "soft-404", id="soft 404, Russian"),
        pytest.param(LISTING, "not-article", None, "listing", id="listing"),
        pytest.param(TEASER, None, "paywalled", "teaser", id="teaser before a pay wall"),
    ],
)
def test_what_stands_where_an_article_should(source: str, verdict: str | None, access: str | None, flag: str) -> None:
    draft = extract(source)
    assert draft.verdict == verdict
    assert access is None or draft.access == access
    assert flag in draft.flags
    assert (draft.quality == 0.0) is (verdict is not None)


@pytest.mark.parametrize(
    "title",
    ["Сторінку не знайдено", "Sivua ei löydy", "Az oldal nem található", "Pagina nu a fost găsită", "Η σελίδα δεν βρέθηκε", "الصفحة غير موجودة",
     "הדף לא נמצא", "पेज नहीं मिला", "Halaman tidak ditemukan", "找不到頁面", "ページが見つかりません", "Không tìm thấy trang"],
)  # fmt: skip
def test_error_pages_that_say_200_are_told_in_many_languages(title: str) -> None:
    draft = extract(page(title, f"{NAV}<main><h1>{title}</h1><p>…</p></main>{FOOT}"))
    assert (draft.verdict, "soft-404" in draft.flags) == ("not-article", True)


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        ("0; url=/town/boat", "not-article"),
        ("3;URL='/town/boat'", "not-article"),
        ("300", None),
        ("60; url=/town/boat", None),
    ],
)
def test_a_page_that_leads_on_at_once_is_no_article(content: str, verdict: str | None) -> None:
    inside = "<p>You are being taken to the story about the pilot boat of the old harbour, which has moved to another place.</p>"
    draft = extract(page("One moment please", inside, head=f'<meta http-equiv="refresh" content="{content}">'))
    assert draft.verdict == verdict
    assert ("redirect-page" in draft.flags) is (verdict is not None)


def test_a_teaser_is_a_row_that_says_it_is_none_of_the_whole() -> None:
    draft = extract(TEASER)
    assert draft.text.startswith("The harbour board sold")
    assert draft.text.endswith("What he paid nobody would say.")
    assert "paywall-seen" in draft.flags
    assert [b.kind for b in draft.blocks if b.text.startswith("Subscribe to continue")] == ["paywall"]
    assert 0 < draft.quality <= 0.3


@pytest.mark.parametrize(
    "furniture",
    [
        pytest.param("<div><p>We value your privacy.</p><button>Accept all cookies</button></div>", id="consent banner"),
        pytest.param('<script src="https://ct.captcha-delivery.com/c.js"></script>', id="a watchman's script"),
        pytest.param("".join(f'<h3><a href="/a/{n}">Other story {n} of the town</a></h3>' for n in range(14)), id="list below"),
    ],
)  # fmt: skip
def test_an_article_with_the_same_furniture_is_an_article(furniture: str) -> None:
    paragraphs = "".join(
        f"<p>{PROSE} Bid number {n} was the highest until noon, and the board took it. {PROSE}</p>" for n in range(6)
    )
    source = page(
        "Page not found in the harbour's log",
        f"{NAV}<article><h1>Page not found in the harbour's log</h1>{paragraphs}</article>{furniture}{FOOT}",
    )
    draft = extract(source)
    assert (draft.verdict, draft.access) == (None, "free")
    assert not {"consent-wall", "challenge-page", "soft-404", "listing"} & set(draft.flags)


def front(lines: dict[str, str], *, head: str = "", above: str = "") -> str:
    """A front page of nothing but ``<div>``: each headline, linked, with its line below, both in a frame of their own."""
    cards = (
        f'<div class="k{n % 3}"><div><a href="/a/{n}">{headline}</a></div><div>{line}</div></div>'
        for n, (headline, line) in enumerate(lines.items())
    )
    return page("Quay Courier", f"{NAV}{above}<div>{''.join(cards)}</div>{FOOT}", head=head)


BRIEFS = {
    f"The {what} of the old harbour opens again in {month}": f"The board voted for it on Monday, after the {what} had stood empty for years. Work begins in {month}, and nobody was against it."
    for what, month in (("crane", "May"), ("slipway", "June"), ("customs house", "July"), ("light", "August"), ("rope yard", "March"), ("ice house", "April"))
}  # fmt: skip
BRIEFS_JA = {
    f"旧港の{what}が{month}に再び開かれることになりました": f"港湾局は月曜日、長く使われていなかった{what}を{month}に再開すると決めた。反対する人はいなかった。"
    for what, month in (("起重機", "五月"), ("船台", "六月"), ("税関", "七月"), ("灯台", "八月"), ("製綱所", "三月"))
}


@pytest.mark.parametrize("lines", [pytest.param(BRIEFS, id="English"), pytest.param(BRIEFS_JA, id="Japanese")])
@pytest.mark.parametrize(
    "head",
    [
        pytest.param("", id="no data"),
        pytest.param('<meta property="og:type" content="article">', id="og:type article, which many systems give to all pages"),
        pytest.param(
            '<script type="application/ld+json">{"@type": "WebPage", "name": "Front", "datePublished": "2026-11-20T08:00:00Z"}</script>',
            id="the page's own date",
        ),
    ],
)  # fmt: skip
def test_a_front_page_is_told_by_its_teasers_whatever_its_elements_are_called(lines: dict[str, str], head: str) -> None:
    draft = extract(front(lines, head=head), "https://www.quay-courier.example/town")
    assert (draft.page_type, draft.verdict) == ("section", "not-article")
    assert "listing" in draft.flags


def test_a_round_up_that_the_feed_or_its_own_data_calls_an_article_is_one() -> None:
    stated = '<meta property="article:published_time" content="2026-11-20T08:00:00Z">'
    assert extract(front(BRIEFS), via="feed").verdict is None
    assert extract(front(BRIEFS, head=stated)).verdict is None
    assert extract(front(BRIEFS), via="link").verdict == "not-article"


def test_teasers_below_an_article_of_a_few_lines_make_no_list_of_it() -> None:
    above = (
        f"<div><h1>The last pilot boat is sold</h1><p>{PROSE}</p><p>What he paid nobody would say. {PROSE}</p></div>"
    )
    draft = extract(front(BRIEFS, above=above))
    assert draft.verdict is None
    assert draft.text.startswith("The harbour board sold")


@pytest.mark.parametrize("mode", ["clean", "meaningless"])
@pytest.mark.parametrize("path", ["/", "/news/", "/town-hall/", "/culture/", "/sport/", "/opinion/"])
def test_no_list_of_the_demo_newspaper_is_an_article(mode: Mode, path: str) -> None:
    house = "https://lantern.example"
    found = Site(Edition(base=house, mode=mode)).find(path)
    draft = run_stages(Page(url=house + path, status=200, headers=(("Content-Type", "text/html"),), body=found.body))
    assert (draft.page_type, draft.verdict) == ("section", "not-article")
