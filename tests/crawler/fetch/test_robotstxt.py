"""What a robots.txt says to us: RFC 9309's examples in other words, the web's bad habits, and files that mean harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.robotstxt import ALLOW_ALL, LIMIT, parse

AGENT = "pressmark/0.1.0 (+https://example.org/bot)"


def allowed(body: bytes, path: str, agent: str = AGENT) -> bool:
    return parse(body, agent).allow("https://example.org" + path)


@pytest.mark.parametrize(
    ("body", "yes", "no"),
    [
        (b"", ["/", "/a"], []),
        (b"User-agent: *\nDisallow: /a", ["/", "/b"], ["/a", "/a/b", "/ab"]),
        (b"User-agent: *\nDisallow:", ["/", "/a"], []),
        (b"User-agent: *\nDisallow: /\nAllow: /news/", ["/news/1"], ["/", "/other"]),
        (b"User-agent: *\nDisallow: /news/\nAllow: /news", ["/news"], ["/news/1"]),
        (b"User-agent: *\nAllow: /a\nDisallow: /a", ["/a"], []),
        (b"User-agent: *\nDisallow: /*.pdf$", ["/a.pdf.html"], ["/a.pdf"]),
        (b"User-agent: other\nDisallow: /", ["/"], []),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: pressmark\nDisallow: /x", ["/"], ["/x"]),
        (b"User-agent: PressMark\nDisallow: /x", ["/"], ["/x"]),
        (b"User-agent: pressmark/9\nDisallow: /x", ["/"], ["/x"]),
        (b"User-agent: press\nDisallow: /x", ["/x"], []),
        (b"User-agent: pressmark\nDisallow: /x\nUser-agent: a\nDisallow: /\nUser-agent: pressmark\nDisallow: /y", ["/z"], ["/x", "/y"]),
        (b"User-agent: a\nUser-agent: pressmark\nUser-agent: b\nDisallow: /x", ["/"], ["/x"]),
        (b"User-agent: a\nUser-agent: b\nDisallow: /x\n\nUser-agent: *\nDisallow: /y", ["/x"], ["/y"]),
        (b"User-agent: a\nDisallow: /x\nUser-agent: b\nDisallow: /y", ["/x", "/y"], []),
        (b"Disallow: /x\nUser-agent: *\nDisallow: /y", ["/x"], ["/y"]),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", ["/"], ["/a"]),
        (b"User-agent: *\rDisallow: /a\rDisallow: /b\r", ["/"], ["/a", "/b"]),
        (b"User-agent: *\r\nDisallow: /a\r\n", ["/"], ["/a"]),
        (b"  user-AGENT :  *   # all\n disallow :/a # no", ["/"], ["/a"]),
        (b"Useragent *\nDisallow /a", ["/"], ["/a"]),
        (b"User-agent: *\nDisallow: /a\x00\x0bDisallow: /b", ["/b"], []),
        (b"User-agent: *\nDisallow: /caf\xc3\xa9", ["/cafe"], ["/caf%C3%A9"]),
        (b"<html><body>User-agent: *\nDisallow: /</body>", ["/a"], []),
        (b"\xff\xfe\x00\x01", ["/"], []),
        (b"User-agent: *\nDisallow: /" + b"*" * 40, ["/a"], []),
    ],
)  # fmt: skip
def test_paths(body: bytes, yes: list[str], no: list[str]) -> None:
    assert [path for path in yes + no if allowed(body, path)] == yes


def test_robots_txt_itself_is_always_allowed() -> None:
    assert allowed(b"User-agent: *\nDisallow: /", "/robots.txt")
    assert ALLOW_ALL.allow("https://example.org/")


@pytest.mark.parametrize(
    ("body", "delay"),
    [
        (b"User-agent: *\nCrawl-delay: 5", 5.0),
        (b"User-agent: *\nCrawl-delay: 0.5\nDisallow: /a", 0.5),
        (b"User-agent: other\nCrawl-delay: 5", None),
        (b"User-agent: *\nCrawl-delay: 1e9", 1e9),
        (b"User-agent: *\nCrawl-delay: inf", None),
        (b"User-agent: *\nCrawl-delay: -1", None),
        (b"User-agent: *\nCrawl-delay: often", None),
        (b"User-agent: *\nCrawl-delay: 3\nUser-agent: pressmark\nDisallow: /a", None),
    ],
)
def test_crawl_delay(body: bytes, delay: float | None) -> None:
    assert parse(body, AGENT).crawl_delay == delay


def test_a_file_over_the_limit_loses_the_line_that_is_cut() -> None:
    head = b"User-agent: *\nDisallow: /first\n"
    filler = b"# " + b"x" * (LIMIT - len(head) - len(b"Disallow: /priv") - 3) + b"\n"
    body = head + filler + b"Disallow: /private\nDisallow: /last\n"
    assert body[:LIMIT].endswith(b"\nDisallow: /priv")
    assert not allowed(body, "/first")
    assert allowed(body, "/private")
    assert allowed(body, "/privet")
    assert allowed(body, "/last")


@pytest.mark.parametrize(
    "body",
    [
        b"".join(b"User-agent: a%d\n" % i for i in range(20_000)) + b"Disallow: /a\n" * 20_000,
        b"".join(b"User-agent: %s\n" % AGENT[i:].split()[0].encode() for i in range(9)) * 3000 + b"Disallow: /a\n" * 20_000,
        b"User-agent: *\n" + b"Disallow: /a*b*c*d*e*f*g*h*i*j*k*l*m*n*o*p*q\n" * 12_000,
        b"User-agent: *\n" + b"Disallow: /*a" + b"*a" * 260_000,
        b"User agent" + b" " * 520_000 + b"x",
        b"User-agent:" + b" " * 520_000 + b"x\nDisallow: /a",
        b"User-agent: *\n" + b"Disallow: /" + b"$" * 500_000,
        b"\n" * LIMIT,
        b"User-agent: *\nDisallow: /" + b"%" * 500_000,
    ],
    ids=range(9),
)  # fmt: skip
def test_a_hostile_file_costs_little(body: bytes) -> None:
    """What this guards against takes minutes or hours: without the guard the test would seem to hang."""
    rules = parse(body, AGENT)
    verdicts = {rules.allow("https://example.org/" + "abcdefghijklmnop" * 120) for _ in range(10)}
    assert len(verdicts) == 1


@given(st.binary(), st.text())
def test_no_file_and_no_agent_breaks_it(body: bytes, agent: str) -> None:
    rules = parse(b"User-agent: *\n" + body, agent)
    assert rules.allow("https://example.org/a?b=c#d") in (True, False)
    assert rules.crawl_delay is None or rules.crawl_delay >= 0


@given(
    st.lists(
        st.sampled_from(
            [
                "User-agent: *",
                "User-agent: pressmark",
                "User-agent: x",
                "Disallow: /a",
                "Allow: /a/b",
                "Crawl-delay: 1",
                "#",
                "",
            ]
        )
    )
)
def test_line_ends_do_not_matter(lines: list[str]) -> None:
    urls = ["https://example.org" + path for path in ("/", "/a", "/a/b")]
    verdicts = {tuple(map(parse(end.join(lines).encode(), AGENT).allow, urls)) for end in ("\n", "\r", "\r\n", " \t\n")}
    assert len(verdicts) == 1
