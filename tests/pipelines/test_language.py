from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.config.rules import ExtractRules
from pipelines.language import language, normal, told_by
from pipelines.page import Draft

Read = Callable[..., Draft]

LD = '<script type="application/ld+json">{"@type":"Article","headline":"x","inLanguage":"de-AT"}</script>'
ENGLISH = "The night ferry is back in the old harbour, and the people of the town were on the quay to see it. " * 3
GERMAN = (
    "Die Nachtfähre ist wieder da, und die Leute aus der Stadt standen auf dem Kai, weil sie das mit den Kindern sehen. "
    * 3
)
FRENCH = (
    "Le bac de nuit est revenu dans le vieux port et les gens de la ville sont sur le quai pour le voir avec des amis. "
    * 3
)
RUSSIAN = "Ночной паром вернулся в старый порт, и жители города пришли на причал, чтобы его увидеть. " * 3
JAPANESE = "夜のフェリーが古い港に戻り、町の人々は岸壁でそれを見ていました。" * 3
CHINESE = "夜间渡轮回到旧港，市民在码头观看。" * 6
ARABIC = "عادت العبارة الليلية إلى الميناء القديم وكان أهل المدينة على الرصيف لمشاهدتها. " * 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("en", "en"), ("EN_us", "en-US"), ("de-de", "de-DE"), ("zh-hans-cn", "zh-Hans-CN"), ("zh-Hant", "zh-Hant"),
        ("pt_BR.UTF-8", "pt-BR"),
        ("es-419", "es-419"), ("English", "en"), ("jp", "ja"), ("eng", "en"), ("en, de", "en"), ("en-US-u-ca", "en-US"),
        ("x-default", None), ("und", None), ("", None), (None, None), ("${lang}", None), ("no idea", None), ("e" * 5000, None),
    ],
)  # fmt: skip
def test_normal(value: str | None, expected: str | None) -> None:
    assert normal(value) == expected


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (FRENCH, "fr"),
        (RUSSIAN, "ru"),
        (JAPANESE, "ja"),
        (CHINESE, "zh"),
        (ARABIC, "ar"),
    ],
)
def test_told_by(text: str, first: str) -> None:
    possible, _ = told_by(text)
    assert possible is not None
    assert possible[0] == first


@pytest.mark.parametrize("text", ["", "1234", "Ok.", "Lorem ipsum"])
def test_a_text_that_says_nothing(text: str) -> None:
    assert told_by(text) == (None, False)


@pytest.mark.parametrize(
    ("html", "text", "expected", "source"),
    [
        pytest.param('<html lang="en-GB"><p>x</p>', ENGLISH, "en-GB", "html", id="html"),
        pytest.param('<html xml:lang="de"><p>x</p>', GERMAN, "de", "html", id="xml:lang"),
        pytest.param(LD, GERMAN, "de-AT", "jsonld", id="jsonld"),
        pytest.param('<meta property="og:locale" content="fr_CA">', FRENCH, "fr-CA", "meta", id="og:locale"),
        pytest.param('<html lang="en"><meta property="og:locale" content="de_DE">', GERMAN, "de-DE", "meta", id="the text decides"),
        pytest.param('<html lang="en"><p>x</p>', JAPANESE, "ja", "guess", id="a template's language is not believed"),
        pytest.param('<html lang="uk"><p>x</p>', RUSSIAN, "uk", "html", id="a script of several languages"),
        pytest.param('<html lang="nb"><p>x</p>', "og det er ikke til å tro at han har vært der " * 4, "nb", "html", id="kin"),
        pytest.param("<p>x</p>", GERMAN, "de", "guess", id="nothing stated"),
        pytest.param('<html lang="de"><p>x</p>', "", "de", "html", id="no text"),
        pytest.param("<p>x</p>", "", None, None, id="nothing at all"),
    ],
)  # fmt: skip
def test_language(read_page: Read, html: str, text: str, expected: str | None, source: str | None) -> None:
    draft = read_page(html, language, draft={"text": text})
    assert (draft.language, draft.sources.language) == (expected, source)


def test_the_header_and_the_sites_rule_help(read_page: Read) -> None:
    headers = (("Content-Type", "text/html"), ("Content-Language", "sv-SE"))
    assert read_page("<p>x</p>", language, headers=headers).language == "sv-SE"
    draft = read_page("<p>x</p>", language, rules=ExtractRules(language="is"))
    assert (draft.language, draft.sources.language) == ("is", "rule")


def test_a_statement_that_does_not_fit_is_flagged(read_page: Read) -> None:
    draft = read_page('<html lang="en"><p>x</p>', language, draft={"text": RUSSIAN})
    assert (draft.language, draft.flags) == ("en", ("language-doubtful",))
