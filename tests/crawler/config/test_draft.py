"""A drafted YAML is read back as what it says, whatever a site calls itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config import SiteDraft, load_site
from crawler.config.draft import Line, quoted
from crawler.config.tree import parse_value


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).map(lambda t: " ".join(t.split()))
)
def test_a_text_is_read_back_as_it_was(text):
    if text:
        node = parse_value(quoted(text), "test")
        assert node.value == text


@pytest.mark.parametrize("sure", [True, False])
def test_a_draft_is_a_configuration(tmp_path, sure):
    draft = SiteDraft(
        site="paper", home="https://paper.example/", probed_at="2026-11-25", name="It's: a #paper, “yes”", language="uk",
        language_note="the home page says so", timezone="Europe/Kyiv", timezone_sure=sure, notes=["a note"],
        hosts=["paper.example", "www.paper.example", "blog.paper.example"],
        feeds=[Line(value="/rss?a=1&b=2", note="20 articles # really")],
        sitemaps=[Line(value="https://cdn.paper.example/sitemap.xml", follow="/sitemap-posts")],
        sections=[Line(name="Wörld: & more", value="/world/")],
        allow=[Line(value=r"^/\\d{4}/[^/?-]*+(?:-[^/?-]*+)+/$", note="all of them")],
        deny=[Line(value="^/world/$")],
    )  # fmt: skip
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "paper.yaml").write_text(draft.to_yaml(), encoding="utf-8")
    site = load_site("paper", tmp_path, env={})
    assert (site.name, site.language, site.timezone) == (draft.name, "uk", "Europe/Kyiv" if sure else None)
    assert [feed.url for feed in site.discover.feeds] == ["/rss?a=1&b=2"]
    assert [(s.url, s.follow) for s in site.discover.sitemaps] == [
        ("https://cdn.paper.example/sitemap.xml", "/sitemap-posts")
    ]
    assert [(s.name, s.url) for s in site.discover.sections] == [("Wörld: & more", "/world/")]
    assert site.scope.allow == (draft.allow[0].value,)
    assert site.scope.hosts == tuple(draft.hosts)


def test_an_empty_draft_is_one_too(tmp_path):
    (tmp_path / "sites").mkdir()
    draft = SiteDraft(site="paper", home="https://paper.example/", probed_at="2026-11-25")
    (tmp_path / "sites" / "paper.yaml").write_text(draft.to_yaml(), encoding="utf-8")
    assert load_site("paper", tmp_path, env={}).home == "https://paper.example/"
