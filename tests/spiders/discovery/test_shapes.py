"""From addresses to patterns: what articles have in common, and lists have not."""

import re

import pytest

from crawler.config.regex import read_regex
from spiders.discovery.shapes import covered, local, shapes_of

A = "https://a.example"
DATED = [f"{A}/2026/11/{day:02}/words-of-day-{day}/" for day in range(1, 20)]
FOLDERS = [
    f"{A}/{folder}/some-words-{n}-here" for folder in ("world", "sport", "city", "arts", "law") for n in range(4)
]
SUFFIX = [f"{A}/news/a-thing-happened-{n}1234{n}.html" for n in range(9)]
SLUGS = [f"{A}/the-{word}-of-it/" for word in ("cause", "end", "rest", "best", "sum", "most")]
QUERY = [f"{A}/?p={n}" for n in range(100, 110)]


@pytest.mark.parametrize(
    ("urls", "lists"),
    [
        (DATED, ["/", "/2026/11/", "/2026/11/02/", "/tag/some-thing/"]),
        (FOLDERS, ["/", "/world/", "/world", "/about-us"]),
        (SUFFIX, ["/news/", "/news/index"]),
        (SLUGS, ["/", "/news/", "/world/some-words-here/"]),
        (QUERY, ["/", "/?page=x"]),
    ],
)
def test_articles_fit_and_lists_do_not(urls, lists):
    shapes = shapes_of(urls)
    assert covered(urls, shapes) == 1
    assert covered([A + path for path in lists], shapes) == 0
    for shape in shapes:
        assert read_regex(shape.pattern) == shape.pattern
        assert re.search(shape.pattern, local(shape.example))


def test_of_several_forms_the_most_frequent_comes_first_and_rare_ones_are_left_out():
    shapes = shapes_of([*DATED, *DATED, *SLUGS, f"{A}/one-off/thing"] + [f"{A}/x/{n}/" for n in range(200, 230)])
    assert [round(shape.share, 2) for shape in shapes] == sorted((round(s.share, 2) for s in shapes), reverse=True)
    assert covered([f"{A}/one-off/thing"], shapes) == 0


def test_nothing_in_common_gives_nothing():
    assert shapes_of([]) == []
    assert shapes_of([f"{A}/"]) == []
