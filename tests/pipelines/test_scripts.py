"""Articles in scripts of the world, in a clean template and in one whose names say nothing: each comes back to the letter."""

from __future__ import annotations

import pytest

from pipelines.order import run_stages
from pipelines.page import Page

REPORTS = {
    "ru": ("Паром вернулся на линию", "Паром вернулся на линию после долгого ремонта, сообщили во вторник в порту. Первый рейс прошёл утром.", "Читайте также: Порт закрыт"),
    "uk": ("Пором повернувся на лінію", "Пором повернувся на лінію після довгого ремонту, повідомили у вівторок у порту. Перший рейс відбувся вранці.", "Читайте також: Порт закрито"),
    "ar": ("عودة العبارة إلى الخط", "عادت العبارة إلى الخط بعد إصلاح طويل، حسبما أعلن الميناء يوم الثلاثاء. وجرت الرحلة الأولى في الصباح.", "اقرأ أيضا: إغلاق الميناء"),
    "zh": ("渡轮恢复航线", "港口周二宣布，渡轮在长期维修后恢复航线。首班船于早晨出发，船上有一百多名乘客。船长说水面平静，航行顺利，没有遇到任何问题。", "相关新闻：港口冬季关闭"),
    "ja": ("フェリーが航路に戻る", "港は火曜日、長い修理を終えたフェリーが航路に戻ったと発表した。最初の便は朝に出航し、百人以上の乗客が乗っていた。船長は水面は穏やかだったと話した。", "関連記事：港は冬に閉鎖"),
    "hi": ("नाव मार्ग पर लौटी", "बंदरगाह ने मंगलवार को बताया कि लंबी मरम्मत के बाद नाव मार्ग पर लौट आई है। पहली यात्रा सुबह हुई और उसमें सौ से अधिक यात्री थे।", "यह भी पढ़ें: बंदरगाह बंद"),
    "ta": ("படகு மீண்டும் இயங்குகிறது", "நீண்ட பழுதுபார்ப்புக்குப் பிறகு படகு மீண்டும் இயங்குகிறது என்று துறைமுகம் செவ்வாயன்று தெரிவித்தது. முதல் பயணம் காலையில் நடந்தது.", "மேலும் படிக்க: துறைமுகம் மூடப்பட்டது"),
}  # fmt: skip
CLEAN = (
    "<nav><ul><li><a href=/a>A</a><li><a href=/b>B</a></ul></nav><main><article><h1>{title}</h1>{first}{card}{last}</article>"
    "<aside><h3>{card}</h3></aside></main><footer>© 2026</footer>"
)
SOUP = (
    "<div class=a1><div class=b2><a href=/a>A</a></div><div class=b2><a href=/b>B</a></div></div><div class=c3><div class=q9><h1>{title}</h1>"
    "</div><div class=d4>{first}{card}{last}</div></div><div class=f7>© 2026</div>"
)


@pytest.mark.parametrize("template", [CLEAN, SOUP], ids=["clean", "meaningless"])
@pytest.mark.parametrize("language", REPORTS)
def test_the_article_and_nothing_else(language: str, template: str) -> None:
    title, sentence, card = REPORTS[language]
    paragraphs = [f"{number}. {sentence}" for number in range(1, 7)]
    tag = "p" if template == CLEAN else "div"
    html = [f"<{tag} class=e5>{text}</{tag}>" for text in paragraphs]
    source = template.format(
        title=title, first="".join(html[:3]), last="".join(html[3:]), card=f"<{tag}><a href=/x>{card}</a></{tag}>"
    )
    body = f"<html lang={language}><head><title>{title}</title></head><body>{source}</body></html>".encode()
    draft = run_stages(
        Page(url="https://a.example/x", status=200, headers=(("Content-Type", "text/html; charset=utf-8"),), body=body)
    )
    assert draft.text.split("\n\n") == paragraphs
    assert draft.title == title
    assert draft.language == language
    assert {block.kind for block in draft.blocks if block.text == card} == {"related"}
