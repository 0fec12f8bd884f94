"""Which line of a robots.txt decides: always in keeping with the verdict itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.robotstxt import decide, parse

ROBOTS = b"""# hello
User-agent: other
Disallow: /

User-agent: *
User-agent: pressmark
Disallow: /a/
Allow: /a/b/   # but this
Disallow: /*.pdf$
Crawl-delay: 2
Disallow:
"""


@pytest.mark.parametrize(
    ("path", "allowed", "line", "text"),
    [
        ("/", True, None, None),
        ("/a/x", False, 7, "Disallow: /a/"),
        ("/a/b/x", True, 8, "Allow: /a/b/   # but this"),
        ("/x.pdf", False, 9, "Disallow: /*.pdf$"),
    ],
)
def test_the_line_that_decides(path, allowed, line, text):
    decision = decide(ROBOTS, "pressmark/1.0 (+x@example.org)", f"https://a.example{path}")
    assert (decision.allowed, decision.line, decision.text) == (allowed, line, text)


_LINES = st.sampled_from(
    ["User-agent: *", "User-agent: pressmark", "User-agent: x", "Allow: /a", "Disallow: /a", "Disallow: /", "Allow: /a/*c", "Disallow: /a/b$",
     "", "Sitemap: /s", "Disallow:", "# note"]
)  # fmt: skip


@given(st.lists(_LINES, max_size=14), st.sampled_from(["/", "/a", "/a/b", "/a/bc", "/z"]))
def test_it_never_contradicts_the_verdict(lines, path):
    body, url = "\n".join(lines).encode(), f"https://a.example{path}"
    decision = decide(body, "pressmark/1.0", url)
    assert decision.allowed == parse(body, "pressmark/1.0").allow(url)
    if decision.line is not None:
        assert lines[decision.line - 1].lower().startswith("allow" if decision.allowed else "disallow")
