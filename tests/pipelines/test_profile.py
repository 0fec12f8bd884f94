"""The memory of a site: the same whatever the order of its pages, never more than was seen, never the page itself."""

from __future__ import annotations

import json
import pickle
from itertools import permutations

import pytest

from pipelines.page import Page
from pipelines.profile import MAX_SHARED, SiteProfile, Survey, build_profile, fingerprint, survey


def page(number: int, words: str = "", url: str | None = None) -> Page:
    own = "".join(
        f"<p>Sentence {i} of report {number} says what nobody else has said of this affair so far.</p>"
        for i in range(4)
    )
    links = "".join(f'<li><a href="/{number}/{i}">Teaser {number} {i}</a></li>' for i in range(4))
    source = f"<title>Report {number}</title><h1>Report {number} of the year</h1>{own}<p>{words}</p><p>Shared by all pages</p><ul class=latest>{links}</ul>"
    return Page(url=url or f"https://a.example/{number}", status=200, headers=(), body=source.encode())


SURVEYS = [survey(page(n, f"Shared by {'even' if n % 2 == 0 else 'odd'} pages")) for n in range(4)]


def test_a_survey_is_plain_data() -> None:
    one = SURVEYS[0]
    assert Survey.from_json(one.to_json()) == one
    assert pickle.loads(pickle.dumps(one)) == one
    assert "\n" not in one.to_json()


def test_the_order_of_pages_does_not_matter() -> None:
    assert len({build_profile(order).sha256 for order in permutations(SURVEYS)}) == 1


def test_a_profile_survives_json_and_is_named_by_its_content() -> None:
    profile = build_profile(SURVEYS)
    again = SiteProfile.from_json(profile.to_json())
    assert again == profile
    assert again.sha256 == profile.sha256
    assert build_profile(SURVEYS[:3]).sha256 != profile.sha256
    with pytest.raises(ValueError, match="version 99"):
        SiteProfile.from_json(json.dumps({"version": 99}))


def test_it_counts_other_pages() -> None:
    profile = build_profile(SURVEYS)
    assert profile.pages == 4
    assert profile.others("Shared by all pages", itself=True) == 3
    assert profile.others("shared, by: ALL pages", itself=False) == 4
    assert profile.others("Shared by even pages", itself=True) == 1
    assert (
        profile.others("Sentence 1 of report 1 says what nobody else has said of this affair so far.", itself=True) == 0
    )
    assert profile.others("Never seen", itself=True) == 0
    assert profile.surveyed("https://a.example/2")
    assert not profile.surveyed("https://a.example/9")
    assert profile.knows_headline("Report 3 of the year")


def test_numbers_tell_blocks_apart() -> None:
    assert fingerprint("The index closed at 4,512 points.") != fingerprint("The index closed at 4,513 points.")


def test_places_of_link_lists_are_remembered_whatever_they_list() -> None:
    profile = build_profile(SURVEYS)
    assert {place for one in SURVEYS for place in one.places} == {*profile.places}
    assert [*profile.places.values()] == [4]


def redesigned(body: str, menu: str) -> Survey:
    prose = "".join(
        f"<p>Sentence {n} of a report that nobody has told so far, as long as such sentences are.</p>" for n in range(4)
    )
    links = "".join(f'<li><a href="/n/{n}">Teaser {n}</a></li>' for n in range(4))
    source = f"<title>New</title><h1>New</h1>{body % prose}<ul class={menu}>{links}</ul>"
    return survey(Page(url="https://a.example/new", status=200, headers=(), body=source.encode()))


def test_a_page_fits_whose_text_or_whose_lists_stand_where_they_stood() -> None:
    profile = build_profile(SURVEYS)
    assert all(profile.fits(one) for one in SURVEYS)
    assert profile.fits(redesigned("%s", "a8d1")), "class names change with every build"
    assert profile.fits(redesigned("<main><section>%s</section></main>", "latest")), "an unusual article"
    assert not profile.fits(redesigned("<main><section>%s</section></main>", "a8d1")), "a redesign"


def test_copies_of_an_article_count_once() -> None:
    copies = [survey(page(1, url=f"https://a.example/1?from={n}")) for n in range(5)]
    profile = build_profile(copies)
    assert profile.pages == 1
    assert profile.shared == {}
    assert build_profile([*copies, survey(page(2))]).others("Shared by all pages", itself=True) == 1


def test_pages_with_one_title_for_all_are_still_different_pages() -> None:
    pages = [page(n) for n in range(5)]
    surveys = [
        survey(
            Page(
                url=p.url,
                status=200,
                headers=(),
                body=p.body.replace(b"<title>Report", b"<title>The Gazette</title><i>"),
            )
        )
        for p in pages
    ]
    assert build_profile(surveys).pages == 5


def test_it_is_bounded() -> None:
    many = tuple(f"{i:016x}" for i in range(MAX_SHARED + 500))
    surveys = [
        Survey(
            address=f"u{n}", names=(f"n{n}",), headline="", template="t", prints=many[n:], prose=(f"x{n}",), places=()
        )
        for n in range(3)
    ]
    profile = build_profile(surveys)
    assert len(profile.shared) == MAX_SHARED
    assert set(profile.shared.values()) <= {2, 3}


def test_no_surveys_make_an_empty_profile() -> None:
    assert build_profile([]).pages == 0


def test_a_page_without_anything_can_be_surveyed() -> None:
    assert survey(Page(url="https://a.example/", status=200, headers=(), body=b"")).prints == ()
