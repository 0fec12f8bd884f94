"""The body and its furniture, from bytes to blocks: through all stages, as a crawl runs them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.config import ChromeRule, ExtractRules
from pipelines.order import run_stages
from pipelines.page import Draft, Page
from pipelines.profile import build_profile, survey

FURNITURE = (Path(__file__).parent / "furniture.html").read_text(encoding="utf-8")
PARAGRAPHS = re.findall(r"<p>(.*?)</p>", FURNITURE.split('class="gh-content">')[1].split("</section>")[0])
TEMPLATES = ("clean", "meaningless")
EXPECTED = [
    ("The Long Tide", "promo"), ("pre-order now", "promo"), ("Skip to content", "nav"), ("Edit post", "nav"), ("Two river towns agree", "other"),
    ("by Marta Olenko", "byline"), ("Crew of the old", "caption"), ("This audio is", "disclosure"), ("River news latest", "related"),
    ("Key developments", "related"), ("News Feed", "feed"), ("11:54 PM", "feed"), ("Mayor declines", "feed"), ('"I do not make', "feed"),
    ("5:42 PM", "feed"), ("Three years of", "feed"), ("Our reporter sits", "feed"), ("MORE NEWS", "feed"), ("Editors' Picks", "related"),
    ("Enter your email", "newsletter"), ("Please, enter", "newsletter"), ("Subscribe", "newsletter"), ("* indicates", "newsletter"),
    ("* indicates", "newsletter"), ("* indicates", "newsletter"), ("Subscribe", "newsletter"), ("Subscribe", "newsletter"),
    ("* indicates", "newsletter"), ("Subscribe", "newsletter"), ("* indicates", "newsletter"), ("Subscribe", "newsletter"),
    ("Explaining the River", "newsletter"), ("* indicates", "newsletter"), ("Subscribe", "newsletter"), ("Successfuly", "newsletter"),
    ("Thank you for", "newsletter"),
]  # fmt: skip


def template(name: str, source: str = FURNITURE) -> str:
    """The page as it is, or with class names and elements that mean nothing."""
    if name == "clean":
        return source
    numbers = iter(range(10_000))
    source = re.sub(r' class="[^"]*"', lambda _: f' class="x{next(numbers)}"', source)
    return re.sub(r"<(/?)(?:figure|figcaption|aside|article|main|header|section)\b", r"<\1div", source)


def extract(source: str, url: str = "https://post.example/ferry/", **page: object) -> Draft:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return run_stages(Page(url=url, status=200, headers=headers, body=source.encode(), **page))


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_missions_page_comes_back_exact(name: str) -> None:
    assert extract(template(name)).text.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize("stated", [True, False], ids=["with JSON-LD", "without"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_its_headline_byline_and_caption_are_facts(name: str, stated: bool) -> None:
    source = template(name)
    draft = extract(source if stated else re.sub(r"<script.*?</script>", "", source))
    assert draft.title == "Two river towns agree to share a ferry, council says"
    assert draft.authors == ("Marta Olenko",)
    assert (draft.published_at or "")[:10] == "2025-03-04"
    assert [image.caption for image in draft.images] == ["Crew of the old cable ferry. (HP/archive)"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_line_of_its_furniture_is_named(name: str) -> None:
    removed = [block for block in extract(template(name)).blocks if not block.kept]
    for block, (begins, kind) in zip(removed, EXPECTED, strict=True):
        assert block.text.startswith(begins)
        assert (block.text[:30], block.kind) == (block.text[:30], kind)
        assert block.reason
        assert block.path.startswith("body")


def test_every_block_is_kept_or_removed_once_in_order() -> None:
    draft = extract(FURNITURE)
    assert [block.index for block in draft.blocks] == list(range(len(draft.blocks)))
    assert [block.text for block in draft.blocks if block.kept] == draft.text.split("\n\n")
    assert all((block.kind is None) == block.kept for block in draft.blocks)


def test_the_same_page_gives_the_same_whatever_came_before() -> None:
    other = FURNITURE.replace("ferry", "tram").replace("Sula", "Ros")
    first = extract(FURNITURE)
    extract(other)
    for _ in range(3):
        again = extract(FURNITURE)
        assert (again.text, again.blocks, again.flags) == (first.text, first.blocks, first.flags)


def article(
    paragraphs: str,
    *,
    lang: str = "en",
    title: str = "A headline that says what happened in town",
    before: str = "",
    after: str = "",
) -> str:
    return (
        f'<html lang="{lang}"><head><title>{title}</title><meta property="og:title" content="{title}"></head><body><nav><a href="/">Home</a>'
        f'<a href="/news">News</a><a href="/sport">Sport</a></nav>{before}<main><h1>{title}</h1>{paragraphs}</main>{after}'
        '<footer><a href="/imprint">Imprint</a> <a href="/privacy">Privacy policy</a></footer></body></html>'
    )


LANGUAGES = {
    "uk": "Поромна переправа знову працює, повідомила міська рада у вівторок, після ремонту обох причалів на річці.",
    "ar": "عادت العبّارة إلى العمل يوم الثلاثاء، بحسب ما أعلنه المجلس البلدي، بعد إصلاح الرصيفين على ضفتي النهر القديم.",
    "zh": "市议会星期二表示，修缮工程结束之后，连接两岸的渡轮已经恢复运营，居民们再次可以乘船上班，商店老板对此表示欢迎，并希望周末的客人会更多。",
    "ja": "市議会は火曜日、両岸の桟橋の修理が終わり、渡し船の運航が再開されたと発表した。住民は再び船で通勤できるようになり、商店主らも歓迎している。",
    "hi": "नगर परिषद ने मंगलवार को कहा कि दोनों घाटों की मरम्मत के बाद नौका सेवा फिर से शुरू हो गई है, और लोग इससे खुश हैं।",
    "ta": "இரு கரைகளிலும் உள்ள படகுத்துறைகள் சரிசெய்யப்பட்ட பிறகு, படகுச் சேவை மீண்டும் தொடங்கியது என்று நகர சபை செவ்வாயன்று தெரிவித்தது.",
    "el": "Το πορθμείο λειτουργεί ξανά, ανακοίνωσε την Τρίτη το δημοτικό συμβούλιο, μετά την επισκευή των δύο αποβάθρων.",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_scripts(lang: str) -> None:
    paragraphs = [f"{LANGUAGES[lang]} ({i})" for i in range(1, 7)]
    source = article("".join(f"<p>{p}</p>" for p in paragraphs), lang=lang, title=LANGUAGES[lang][:40])
    assert extract(source).text.split("\n\n") == paragraphs


WORDS = "The council met again on Tuesday to talk about the ferry, and {} spoke for an hour about what it costs to keep it running."


def sentences(count: int, first: int = 0) -> list[str]:
    names = (
        "the clerk",
        "a fisher",
        "the mayor",
        "one teacher",
        "two guests",
        "a baker",
        "the smith",
        "an engineer",
        "the vicar",
        "a nurse",
    )
    return [WORDS.format(f"{names[i % 10]} number {i}") for i in range(first, first + count)]


def test_headings_lists_quotes_and_tables_keep_their_form() -> None:
    one, two, three, four, five, six = sentences(6)
    source = article(
        f"<p>{one}</p><p>{two}</p><h2>What it costs</h2><p>{three}</p><ul><li>{four}</li><li>{five}</li></ul><blockquote><p>{six}</p></blockquote>"
    )
    assert extract(source).text.split("\n\n") == [one, two, "What it costs", three, f"- {four}", f"- {five}", six]


def test_text_that_unfolds_on_a_click_is_the_articles_and_told() -> None:
    lines = sentences(10)
    seen, folded = ("".join(f"<p>{line}</p>" for line in part) for part in (lines[:5], lines[5:]))
    dialogue = (
        '<div style="display:none"><p>Tell your friends what the council said, and be quick about it, please.</p></div>'
    )
    for box in ('<div class="rest" style="display: none">', "<div hidden>"):
        draft = extract(article(f"{seen}<button>Read more</button>{box}{folded}</div>", after=dialogue))
        assert draft.text.split("\n\n") == lines
        assert "hidden-text" in draft.flags
    assert not {"hidden-text", "hidden-text-left-out"} & set(extract(article(seen + folded, after=dialogue)).flags)


def test_hidden_prose_beside_an_article_that_is_left_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = sentences(6)
    seen, folded = ("".join(f"<p>{line}</p>" for line in part) for part in (lines[:3], lines[3:]))
    odds = iter((0.1, *[0.9] * 3, *[0.1] * 9))
    monkeypatch.setattr("pipelines.body.probability", lambda row: next(odds))
    draft = extract(article(f"{seen}<div hidden>{folded}</div>"))
    assert draft.text.split("\n\n") == lines[:3]
    assert "hidden-text-left-out" in draft.flags


def test_the_last_short_answers_of_an_interview_are_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [*sentences(4), "Will it be ready?", "I hope so."]
    odds = iter((0.9, 0.9, 0.9, 0.9, 0.9, 0.4, 0.4))  # the headline, too, which is no text however likely it looks
    monkeypatch.setattr("pipelines.body.probability", lambda row: next(odds))
    draft = extract(
        f"<html><body><div><h1>The ferry</h1>{''.join(f'<p>{line}</p>' for line in lines)}</div></body></html>"
    )
    assert draft.text.split("\n\n") == lines


def test_nothing_stands_twice() -> None:
    lines = sentences(6)
    body = "".join(f"<p>{line}</p>" for line in lines)
    assert extract(article(body + f"<div><p>{lines[2]}</p></div>")).text.split("\n\n") == lines


def test_a_caption_is_never_text() -> None:
    lines = sentences(6)
    caption = "The ferry crosses the river on its first day after the long repair, with the mayor on board."
    for figure in (
        f"<figure><img src=a.jpg><figcaption>{caption}</figcaption></figure>",
        f'<div><img src=a.jpg><p class="wp-caption-text">{caption}</p></div>',
        f"<div><div><img src=a.jpg></div><div>{caption}</div></div>",
    ):
        draft = extract(
            article(
                "".join(f"<p>{line}</p>" for line in lines[:3])
                + figure
                + "".join(f"<p>{line}</p>" for line in lines[3:])
            )
        )
        assert draft.text.split("\n\n") == lines
        assert [block.kind for block in draft.blocks if block.text == caption] == ["caption"]


def test_what_says_again_the_text_alternative_of_the_picture_before_it_is_a_caption() -> None:
    lines, caption = sentences(6), "The ferry crosses the river on its first day."
    before, after = ("".join(f"<p>{line}</p>" for line in part) for part in (lines[:3], lines[3:]))
    picture = f'<div><picture><source srcset=a.webp><img src=a.jpg alt="{caption}"></picture></div>'
    assert extract(article(f"{before}{picture}<p>{caption}</p>{after}")).text.split("\n\n") == lines
    assert caption in extract(article(f"{before}<p>{caption}</p>{picture}{after}")).text, "the picture comes after it"


def test_a_doubtful_heading_between_paragraphs_is_filled_in_unless_it_is_a_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, two = sentences(2)
    for heading, text in (
        ("What it costs", [one, "What it costs", two]),
        ("<a href='/mill'>What it costs</a>", [one, two]),
    ):
        likely = iter((0.9, 0.3, 0.9))
        monkeypatch.setattr("pipelines.body.probability", lambda row, likely=likely: next(likely))
        found = extract(f"<html><body><p>{one}</p><h3>{heading}</h3><p>{two}</p></body></html>")
        assert found.text.split("\n\n") == text


def test_where_nothing_is_likely_the_surest_blocks_are_the_article(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = sentences(4)
    odds = iter((0.3, 0.28, 0.1, 0.1))
    monkeypatch.setattr("pipelines.body.probability", lambda row: next(odds))
    draft = extract(f"<html><body>{''.join(f'<p>{line}</p>' for line in lines)}</body></html>")
    assert (draft.text.split("\n\n"), draft.method) == (lines[:2], "fallback")


HOUSE = "We at the Post believe that local news should reach everybody, whatever they earn, and we ask our readers to help us do so."


def sibling(number: int, extra: str = HOUSE) -> str:
    lines = "".join(f"<p>{line}</p>" for line in sentences(6, 10 * number))
    middle = f"<p>{extra}</p>"
    return article(
        lines[: len(lines) // 2].rsplit("<p>", 1)[0] + middle + "<p>" + lines.split("<p>", 4)[4],
        title=f"Report number {number} of the ferry council",
    )


def test_what_sibling_pages_share_is_removed_from_the_second_page_on() -> None:
    pages = {f"https://post.example/{n}": sibling(n) for n in (1, 2)}
    alone = extract(pages["https://post.example/1"], "https://post.example/1")
    assert HOUSE in alone.text
    profile = build_profile(
        survey(Page(url=url, status=200, headers=(), body=source.encode())) for url, source in pages.items()
    )
    draft = extract(pages["https://post.example/1"], "https://post.example/1", profile=profile)
    assert HOUSE not in draft.text
    assert draft.text == "\n\n".join(block for block in alone.text.split("\n\n") if block != HOUSE)
    assert [(b.kind, b.reason, b.pages_sharing) for b in draft.blocks if b.text == HOUSE] == [
        ("repeated", "repeated", 1)
    ]
    assert all(b.pages_sharing == 0 for b in draft.blocks if b.kept)


def test_two_addresses_of_one_article_do_not_erase_it() -> None:
    source = sibling(1)
    urls = ("https://post.example/1", "https://post.example/1?print=1", "https://amp.post.example/1")
    profile = build_profile(survey(Page(url=url, status=200, headers=(), body=source.encode())) for url in urls)
    assert profile.pages == 1
    assert extract(source, urls[0], profile=profile).text == extract(source, urls[0]).text


def test_a_copy_under_another_headline_does_not_erase_it_either() -> None:
    source, copy = (
        sibling(1),
        sibling(1).replace("Report number 1 of the ferry council", "The ferry, and who is to pay for it now"),
    )
    copy = copy.replace("number 14", "number 94").replace("number 15", "number 95")
    pages = (
        Page(url=f"https://post.example/{n}", status=200, headers=(), body=s.encode())
        for n, s in enumerate((source, copy))
    )
    profile = build_profile(survey(page) for page in pages)
    draft = extract(source, "https://post.example/0", profile=profile)
    assert draft.text == extract(source).text
    assert "mostly-repeated" in draft.flags or profile.pages == 1


def test_house_lines_of_the_article_are_kept_and_flagged() -> None:
    note = "Editor's note: this report was changed after the council corrected the price of the crossing on its own website."
    pages = {f"https://post.example/{n}": sibling(n, note) for n in (1, 2, 3)}
    profile = build_profile(
        survey(Page(url=url, status=200, headers=(), body=source.encode())) for url, source in pages.items()
    )
    draft = extract(pages["https://post.example/2"], "https://post.example/2", profile=profile)
    assert note in draft.text
    assert "house-line" in draft.flags


def test_a_sites_rules_win() -> None:
    lines = sentences(6)
    body = "".join(f"<p>{line}</p>" for line in lines)
    source = article(
        f'<div id="text">{body}<p class="own">{HOUSE}</p></div>',
        after=f'<div id="extra"><p>{sentences(1, 50)[0]}</p></div>',
    )
    rules = ExtractRules(
        exclude=("#text p:first-child",), chrome=(ChromeRule(id="appeal", kind="promo", text="We at the Post"),)
    )
    draft = extract(source, rules=rules)
    assert draft.text.split("\n\n")[:5] == lines[1:]
    assert [(b.kind, b.reason) for b in draft.blocks if b.text == HOUSE] == [("promo", "appeal")]
    assert [b.reason for b in draft.blocks if b.text == lines[0]] == ["exclude"]
    draft = extract(source, rules=ExtractRules(include=("#extra",)))
    assert draft.text == sentences(1, 50)[0]
    assert draft.method == "rules"
    draft = extract(source, rules=ExtractRules(chrome=(ChromeRule(id="own", kind="ad", css=".own"),)))
    assert [(b.kind, b.reason) for b in draft.blocks if b.text == HOUSE] == [("ad", "own")]


def test_a_control_reference_or_an_odd_tag_does_not_cost_the_page() -> None:
    lines = sentences(6)
    source = article(
        "".join(f"<p>{line}&#x1;</p>" for line in lines[:3])
        + "<pre>a <urn:uuid:0-0> b</pre>"
        + "".join(f"<p>{x}</p>" for x in lines[3:])
    )
    assert [line for line in extract(source).text.split("\n\n") if line in lines] == lines


def test_pages_that_stop_other_extractors_end_in_seconds() -> None:
    lines = sentences(8_000)
    assert extract(article("".join(f"<p>{line}</p>" for line in lines))).text.count("\n\n") > 7_900
    rows = "".join(f"<tr><td>boat {i}</td><td>{i}</td></tr>" for i in range(4_000))
    assert (
        extract(article(f"<p>{lines[0]}</p><p>{lines[1]}</p><table>{rows}</table><p>{lines[2]}</p>")).blocks[-1].index
        > 4_000
    )
    deep = "<div>" * 50_000 + "".join(f"<p>{line}</p>" for line in lines[:5])
    assert extract(article(deep)).text.split("\n\n") == lines[:5]


def test_a_page_without_text_gives_none() -> None:
    for source in ("", "<html></html>", '<nav><a href="/">Home</a></nav>', "plain"):
        draft = extract(source)
        assert draft.text in ("", "plain")
        assert all(block.kind for block in draft.blocks if not block.kept)
