"""Patterns that a hostile address could keep busy are refused; those that people write for news sites are not."""

import pytest

from crawler.config.regex import MAX_LENGTH, read_regex


@pytest.mark.parametrize(
    "pattern",
    [
        r"^/[^/]+/$", r"^/\d{4}/\d\d/\d\d/[a-z0-9-]+/$", r"/\d{4}/\d{2}/.*-\d+\.html", r"^https://x\.example/[^/]+/$", r"^/news/.*/live.*x",
        r"^/(tag|author)/", r"\?page=", r"foo.*bar", r"\s+$", r"-\d+\.(html?|php)$", r"^/(\d{4}/)?[^/]+/$", r"^(?!/tag/)/[^/]+/$",
        r"(?i)support independent journalism|become a member", r"^\s*Read (also|more):", r"^Also .*: .*", r"^by .{3,120} min read$",
        r"(?:ab)+", r"(?:foo|bar)+", r"(?:foo|fob)+",
        r"(?:/[^/]++)+/$", r"^/[a-z0-9]++(?:-[a-z0-9]++)+/$", r"(.)\1",
        r"^/[a-z-]+/[^/]+/[^/?]+$",
    ],
)  # fmt: skip
def test_ordinary_patterns_are_taken(pattern: str) -> None:
    assert read_regex(pattern) == pattern


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+", "(a*)*$", "(a+)*b", "(a|ab)*", "(|a)+", "(a?){50}", "((a+)b)*", "(?=(a+)+)", "(?:foo|[a-z]x)+",
        "(?:[^/]+/)+", r"^(\w+\s?)*$", "(?:a{1,3}){2,9}", "(?x) ( a + ) + # twice", "(?P<n>(?:x|x)*)*", "(?:a(?:b|bc))+", "(a+?)+?",
        "(?>(a+)+b)", "(?:(?>a+)b?)+",
    ],
)  # fmt: skip
def test_ambiguous_repeats_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="more than one way"):
        read_regex(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        ".*foo.*", ".*a.*b", ".*.*", "^.*.*.*x", r"\w+\w+", r"^\w+\w+\w+", r"(.*)(.*)\1", "^a+a+/b+b+/", "^[^/]+-[^/]+-[^/]+$",
        ".*(?>.*)x", "(?:a*|b*)c.*d.*", r"^\d+\w+[0-9a-f]+$", "^A+(?i:a+)a+$", "^[^ ]+я+[^ ]+", "^.*(?=x.*)y.*", "a+b*a+",
        "^a+b?a+c?a+", "^(?:.*a.*b)++",
        r"\S*((?>/b{0,3})*b)", r"(.)a+(?:\1|b)++c",
    ],
)  # fmt: skip
def test_repeats_that_trade_characters_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="each other's characters"):
        read_regex(pattern)


@pytest.mark.parametrize(
    "pattern", ["[", "(", "*", "a{2,1}", "(?P<n", r"\1", "(?<=a+)b", "[[a]", "(?z)", "x" * (MAX_LENGTH + 1), ""]
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"not a regular expression|at most 500|empty"):
        read_regex(pattern)
