"""crawler/urls.py: the normal form, the identity, the scope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from crawler.errors import PolicyError, Reason
from crawler.urls import MAX_SCOPE_URL, MAX_URL, Scope, canonical, check, domain, host, same_site, without_userinfo

# pieces that, put together, are nearly addresses
PIECES = st.sampled_from([
    "http", "https", "ftp", ":", "/", "//", "\\", "?", "#", "@", "&", "=", ";", "%", "%2e", "%2E%2e", "%41", "%c3%bc", "..", ".", "a", "A",
    "news", "example.org", "EXAMPLE.org", "127.1", "0x7f000001", "[::1]", "[", "]", ":80", ":443", ":0", "ü", "faß.de", "\ud800", "\x00",
    " ", "\t", "\n", "utm_source=x", "jsessionid=1", ";jsessionid=2", "sid=0123456789abcdef0123456789abcdef", "|", "'", '"', "1",
])  # fmt: skip
NEARLY = st.lists(PIECES, max_size=14).map("".join)
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=())),
    NEARLY,
    NEARLY.map(lambda t: "http://example.org/" + t),
    NEARLY.map(lambda t: "https://" + t),
)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("HTTP://News.Example.ORG:80/a", "http://news.example.org/a"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org:/a", "https://example.org/a"),
        ("  https://exam\tple.org/a\n", "https://example.org/a"),
        ("https://example.org/a/./b/../c/%2E%2e/d#part", "https://example.org/a/d"),
        ("https://example.org/../..", "https://example.org/"),
        ("https://example.org/a/..", "https://example.org/"),
        ("https:\\\\example.org\\a\\b", "https://example.org/a/b"),
        ("https:example.org/a", "https://example.org/a"),
        ("https://bücher.example/ü?q=ä", "https://xn--bcher-kva.example/%C3%BC?q=%C3%A4"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://ＥＸＡＭＰＬＥ.org/", "https://example.org/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://0251.0376.0251.0376/", "http://169.254.169.254/"),
        ("http://[0:0::1]:80/", "http://[::1]/"),
        ("https://example.org/a b|c", "https://example.org/a%20b%7Cc"),
        ("https://example.org/%7euser?x=%zz", "https://example.org/%7euser?x=%zz"),
        ("https://under_score.example.org/", "https://under_score.example.org/"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org?b=1", "https://example.org/?b=1"),
        ("https://good.example\\@evil.example/", "https://good.example/@evil.example/"),
        ("https://%65xample.org/", "https://example.org/"),
        ("https://example.org/\ud800", "https://example.org/%EF%BF%BD"),
    ],
)
def test_check_gives_the_normal_form(given: str, wanted: str) -> None:
    assert check(given) == wanted


@pytest.mark.parametrize(
    "bad",
    [
        "", "example.org", "//example.org/", "/path", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "data:,x",
        "mailto:a@example.org", "https://", "https:///", "https://?x", "https://user@example.org/", "https://user:secret@example.org/",
        "https://@example.org/", "https://exa mple.org/", "https://exa<mple.org/", "https://a..example.org/", "https://.example.org/",
        "https://example.org:99999/", "https://example.org:0/", "https://example.org:80a/", "https://[::1/", "https://[::1%25eth0]/",
        "https://[g]/", "http://1.2.3.4.5/", "http://256.1.1.1.1/", "http://999999999999/", "https://" + "a" * 64 + ".org/",
        "https://" + "a." * 127 + "org/", "https://example.org/" + "a" * MAX_URL, "https://example.org/" + "ü" * (MAX_URL // 5),
        "https://exa%00mple.org/", "https://exa%2Fmple.org/",
    ],
)  # fmt: skip
def test_check_refuses_with_a_hint(bad: str) -> None:
    with pytest.raises(PolicyError) as caught:
        check(bad)
    assert caught.value.hint
    assert len(caught.value.message) < 400
    assert host(bad) == "" or "@" in bad
    assert Scope().verdict(bad) is Reason.BAD_URL


def test_what_is_checked_is_what_scrapy_asks_for() -> None:
    url = check("https://example.org/a|b {c}'\"^`?q='|x y&z=[1]\\<>")
    assert safe_url_string(url) == url


@given(ANY_TEXT)
def test_check_is_a_fixed_point_for_us_and_for_scrapy(text: str) -> None:
    try:
        url = check(text)
    except PolicyError:
        return
    assert check(url) == url
    assert safe_url_string(url) == url
    assert url.isascii()
    assert url.startswith(("http://", "https://"))
    assert "#" not in url
    assert host(url)


@given(ANY_TEXT)
def test_canonical_is_idempotent_and_raises_only_its_own_error(text: str) -> None:
    try:
        identity = canonical(text)
    except PolicyError:
        return
    assert canonical(identity) == identity
    assert canonical(check(text)) == identity
    assert host(identity) == host(text)


@given(ANY_TEXT)
def test_questions_about_an_address_never_raise(text: str) -> None:
    assert domain(text) in (host(text), host(text).removeprefix("www."))
    assert isinstance(same_site(text, ["example.org", "*.example.org"]), bool)
    assert Scope(hosts=("example.org",), allow=("^/news",), deny=("x",)).verdict(text) in (
        None,
        Reason.BAD_URL,
        Reason.OUT_OF_SCOPE,
    )


@given(
    st.from_regex(
        r"https?://[a-z0-9-]{1,9}(\.[a-z0-9-]{1,9}){0,3}/([A-Za-z0-9_.~-]{0,9}/){0,4}[a-z.-]{0,9}", fullmatch=True
    )
)
def test_the_short_way_for_plain_addresses_gives_what_the_long_one_gives(url: str) -> None:
    def result(text: str) -> str:
        try:
            return check(text)
        except PolicyError:
            return "refused"

    assert result(url) == result(url + "#the-fragment-keeps-it-off-the-short-way")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("https://example.org/a?utm_source=x&b=2&UTM_Medium=y&a=1", "https://example.org/a?b=2&a=1"),
        ("https://example.org/a?fbclid=x", "https://example.org/a"),
        ("https://example.org/a?&&b=1&", "https://example.org/a?b=1"),
        ("https://example.org/a;jsessionid=0A1B?x=1", "https://example.org/a?x=1"),
        ("https://example.org/a;JSESSIONID=1;v=2/b", "https://example.org/a;v=2/b"),
        ("https://example.org/..;jsessionid=1/a", "https://example.org/a"),
        ("https://example.org/a?PHPSESSID=abc&id=5", "https://example.org/a?id=5"),
        ("https://example.org/a?sid=0123456789abcdef0123456789ABCDEF", "https://example.org/a"),
        ("https://example.org/a?sid=12", "https://example.org/a?sid=12"),
        ("https://example.org/%7euser/%c3%bc", "https://example.org/~user/%C3%BC"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/%%34%31", "https://example.org/%2541"),
        ("https://example.org/a%2Fb", "https://example.org/a%2Fb"),
    ],
)
def test_canonical_drops_what_does_not_tell_pages_apart(given: str, wanted: str) -> None:
    assert canonical(given) == wanted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/a/"),
        ("https://example.org/a", "http://example.org/a"),
        ("https://example.org/a", "https://www.example.org/a"),
        ("https://example.org/a?x=1&y=2", "https://example.org/a?y=2&x=1"),
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a", "https://example.org/a/index.html"),
        ("https://example.org/a?id=1", "https://example.org/a?id=2"),
    ],
)
def test_canonical_keeps_apart_what_a_site_may_keep_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_the_parameters_to_strip_are_the_callers() -> None:
    url = "https://example.org/a?ref=home&utm_source=x"
    assert canonical(url, ("ref",)) == "https://example.org/a?utm_source=x"
    assert canonical(url, ()) == "https://example.org/a?ref=home&utm_source=x"


def test_host_and_domain() -> None:
    assert host("https://WWW.Example.org:8080/x") == "www.example.org"
    assert domain("https://WWW.Example.org:8080/x") == "example.org"
    assert domain("https://www2.example.org/") == "www2.example.org"
    assert domain("no address") == ""


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://example.org/", True),
        ("http://EXAMPLE.org:80/x", True),
        ("https://www.example.org/", False),
        ("https://example.org:8443/", False),
        ("https://notexample.org/", False),
        ("https://example.org.evil.example/", False),
        ("https://evil.example/https://example.org/", False),
        ("https://example.org@evil.example/", False),
        ("https://evil.example\\@example.org/", False),
        ("https://deep.sub.example.net/", True),
        ("https://example.net/", False),
        ("https://evilexample.net/", False),
        ("http://127.0.0.1:8080/a", True),
        ("http://127.1:8080/a", True),
        ("http://127.0.0.1/a", False),
    ],
)
def test_same_site(url: str, wanted: bool) -> None:
    assert same_site(url, ("example.org", "*.Example.net", "127.0.0.1:8080")) is wanted


def test_scope_hosts_allow_deny() -> None:
    scope = Scope(
        hosts=("example.org",), allow=(r"^/\d{4}/", r"https://example\.org/live"), deny=(r"^/\d{4}/ads", r"\?print=")
    )
    assert scope.verdict("https://example.org/2024/a-story") is None
    assert scope.verdict("https://example.org/live/today") is None
    assert scope.verdict("https://example.org/about") is Reason.OUT_OF_SCOPE
    assert scope.verdict("https://example.org/x?y=/2024/") is Reason.OUT_OF_SCOPE
    assert scope.verdict("https://example.org/2024/ads/x") is Reason.OUT_OF_SCOPE
    assert scope.verdict("https://example.org/2024/a?print=1") is Reason.OUT_OF_SCOPE
    assert scope.verdict("https://other.example/2024/a") is Reason.OUT_OF_SCOPE
    assert scope.verdict("mailto:desk@example.org") is Reason.BAD_URL


def test_scope_judges_the_normal_form() -> None:
    scope = Scope(hosts=("example.org",), deny=("^/private/",))
    assert scope.verdict("https://example.org/a/../private/x") is Reason.OUT_OF_SCOPE
    assert scope.verdict("https://example.org/%2e/private/x") is Reason.OUT_OF_SCOPE
    assert scope.verdict("https://example.org/open#/private/") is None


def test_scope_without_anything_takes_any_address_but_no_endless_one() -> None:
    assert Scope().verdict("https://example.org/") is None
    assert Scope().verdict("https://example.org/" + "a" * MAX_SCOPE_URL) is Reason.OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://agent:sesame@a.example/x@y", "https://…@a.example/x@y"),
        (" HTTP:\\\\sesame@a.example", " HTTP:\\\\…@a.example"),
        ("https://a:b@c:d@a.example/", "https://…@a.example/"),
        ("agent:sesame@a.example/", "agent:…@a.example/"),
        ("https://a.example/?mail=a@b.example", "https://a.example/?mail=a@b.example"),
    ],
)
def test_a_password_in_an_address_is_never_shown(url: str, shown: str) -> None:
    assert without_userinfo(url) == shown
    if "sesame" in url:
        with pytest.raises(PolicyError) as error:
            check(url)
        assert "sesame" not in str(error.value)
