"""What makes an article whole, on pages read from their bytes."""

from __future__ import annotations

from pipelines.blocks import Segment, blocks
from pipelines.decode import decode
from pipelines.order import run_stages
from pipelines.page import Draft, Page
from pipelines.parse import parse
from pipelines.whole import continued, enclosed, headed, in_the_run, notices, of_headlines, quoted, tabled

TIDE = "The tide came up the river at nine and stood against the wall for most of an hour, and nobody went home. "


def segments(html: str) -> list[Segment]:
    page = Page(url="https://a.example/x", status=200, headers=(("Content-Type", "text/html"),), body=html.encode())
    draft = Draft()
    for stage in (decode, parse, blocks):
        draft = stage(page, draft)
    assert draft.layout is not None
    return draft.layout.segments


def texts(found, indices):
    return [found[i].text.split()[0] for i in indices]


def prose(*names: str) -> str:
    return "".join(f"<p>{name} {TIDE}</p>" for name in names)


def kept_if(found, *names: str) -> list[bool]:
    return [segment.text.split()[0] in names for segment in found]


def test_a_table_between_paragraphs_is_whole():
    rows = "<table><tr><td>From</td><td>To</td></tr><tr><td>7:10</td><td>8:20</td></tr></table>"
    found = segments(f"<article>{prose('One')}{rows}{prose('Two')}</article>")
    assert texts(found, tabled(found, kept_if(found, "One", "Two", "7:10"))) == ["From"]
    assert texts(found, tabled(found, kept_if(found, "One"))) == []


def test_paragraphs_that_adverts_cut_off_into_containers_like_the_others_are_the_articles():
    part, advert = '<div class="part">{}</div>', f'<div class="slot">{prose("Advert", "Again")}</div>'
    page = (
        f"<article>{part.format(prose('Zero'))}{part.format(prose('One'))}{advert}{part.format(prose('Two', 'Three'))}"
    )
    page += f"{part.format(prose('Four', 'Five'))}{part.format(prose('Six'))}</article>"
    found = segments(page)
    assert texts(found, enclosed(found, kept_if(found, "One", "Five"))) == ["Two", "Three", "Four"]
    assert texts(found, enclosed(found, kept_if(found, "One"))) == [], "nothing is between"
    nameless = segments(page.replace(' class="part"', ""))
    assert texts(nameless, enclosed(nameless, kept_if(nameless, "One", "Five"))) == []


def test_a_line_above_the_first_paragraph_is_a_heading_if_lines_like_it_are():
    lines = [f"<div>{name} here</div><div>{prose(name)[3:-4]}</div>" for name in ("One", "Two", "Three")]
    found = segments(f"<div>{''.join(lines)}</div>")
    assert texts(found, headed(found, [False, *[True] * 5])) == ["One"]
    assert texts(found, headed(found, [False, True, False, True, True, True])) == [], "one other line is no pattern"
    other = segments(f"<div><h4>Zero here</h4>{''.join(lines)[len('<div>One here</div>') :]}</div>")
    assert texts(other, headed(other, [False, *[True] * 5])) == [], "it is set in another way"


def test_a_doubtful_line_in_a_run_of_paragraphs_stays_but_a_heading_or_a_link_does_not():
    page = f"<div>{prose('One', 'Two', 'Three')}<p>Last line.</p></div><div><p>Elsewhere here.</p></div>"
    found = segments(page)
    kept = kept_if(found, "One", "Two", "Three")
    assert texts(found, in_the_run(found, kept, [0.4] * len(found))) == ["Last"]
    assert texts(found, in_the_run(found, kept, [0.2] * len(found))) == []
    linked = segments(page.replace("Last line.", '<a href="/">Last line.</a>'))
    assert texts(linked, in_the_run(linked, kept, [0.4] * len(found))) == []


def test_a_list_of_the_sites_headlines_is_not_the_text():
    found = segments("<p>In brief: * Gate shut * Ferry late * More</p><p>The Gate was shut * and so on</p>")
    headlines = {"Gate shut", "Ferry late"}
    assert texts(found, of_headlines(found, [True, True], headlines.__contains__)) == ["In"]


def test_how_a_live_blog_is_to_be_read_is_not_its_text():
    found = segments(
        f"<p>Posts are added at the top as they are written.</p><p>{TIDE}</p><p>Updates came late at the top of the hour.</p>"
    )
    assert texts(found, notices(found, [True] * 3)) == ["Posts"]


def test_a_pull_quote_says_again_what_the_text_says():
    quote = "stood against the wall for most of an hour"
    found = segments(f"<div>{prose('One', 'Two', 'Three')}<div><p>{quote}</p></div></div>")
    assert texts(found, quoted(found, [True] * len(found))) == ["stood"]
    plain = segments(f"<div>{prose('One', 'Two', 'Three')}<p>{quote}</p></div>")
    assert texts(plain, quoted(plain, [True] * len(plain))) == []


def test_a_page_comes_back_whole():
    html = (
        f'<html><body><h1>The tide</h1><div class="b">{prose("One", "Two")}</div><div class="ad"><p>Advertisement</p></div>'
        f'<div class="b">{prose("Three", "Four")}</div></body></html>'
    )
    page = Page(url="https://a.example/x", status=200, headers=(("Content-Type", "text/html"),), body=html.encode())
    assert [part.split()[0] for part in run_stages(page).text.split("\n\n")] == ["One", "Two", "Three", "Four"]


def test_a_body_in_parts_goes_on_where_its_containers_do_if_nothing_speaks_against_them():
    page = "<main><div class=part>{}</div><div class=ad>Advert here</div><div class=part>{}</div><div class=box>{}</div></main>"
    found = segments(page.format(prose("One", "Two"), prose("Three", "Four"), prose("Five")))
    kept = kept_if(found, "One", "Two")
    assert texts(found, continued(found, kept, [0.3] * len(found))) == ["Three", "Four"]
    assert texts(found, continued(found, kept, [0.1] * len(found))) == [], "the judge is sure that they are not"
    assert texts(found, continued(found, kept_if(found, "Three"), [0.3] * len(found))) == [], (
        "what comes before is not the rest"
    )
    linked = segments(
        page.format(
            prose("One", "Two"), prose("Three") + '<p>Four <a href="/">tide</a> and more of it than that</p>', ""
        )
    )
    assert texts(linked, continued(linked, kept_if(linked, "One", "Two"), [0.3] * len(linked))) == [], (
        "it may be a list"
    )
