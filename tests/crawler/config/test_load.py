"""Which file counts over which, the search for the folder, and what ships with Pressmark."""

import dataclasses
import json
import pickle
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import urls
from crawler.config import (
    BUNDLED,
    ExtractRules,
    Settings,
    SiteConfig,
    apply_overrides,
    find_config,
    known_rules,
    load_settings,
    load_site,
    load_sites,
    site_for_url,
)
from crawler.config.bind import bind
from crawler.config.tree import parse
from crawler.errors import ConfigError, PolicyError, UsageError
from crawler.report.terminal import plain
from crawler.urls import Scope

SHORTEST = "version: 1\nsite: {key}\nhome: https://{key}.example/\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration of two short sites."""
    (tmp_path / "sites").mkdir()
    for key in ("alpha", "beta"):
        (tmp_path / "sites" / f"{key}.yaml").write_text(SHORTEST.format(key=key))
    return tmp_path


def write(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


# --- which counts over which


def test_command_line_over_environment_over_site_over_defaults(folder: Path) -> None:
    write(
        folder / "defaults.yaml",
        "version: 1\npoliteness: {contact: a@x.example, delay: 9s, tries: 7, concurrency: 2}\n",
    )
    write(folder / "sites/alpha.yaml", "politeness: {contact: b@x.example, delay: 8s, tries: 6}\n")
    env = {"PRESSMARK_CONTACT": "c@x.example"}
    site = load_site("alpha", folder, env=env, overrides=["politeness.delay=1s"])
    got = site.politeness
    assert (got.delay, got.contact, got.tries, got.concurrency, got.timeout) == (1.0, "c@x.example", 6, 2, 60.0)
    over = load_site("alpha", folder, env=env, overrides=["politeness.contact=d@x.example"])
    assert over.politeness.contact == "d@x.example"


def test_lists_replace_lists(folder: Path) -> None:
    write(folder / "defaults.yaml", "version: 1\nscope: {deny: [a, b], strip_params: [x]}\n")
    write(folder / "sites/alpha.yaml", "scope: {deny: [c]}\n")
    scope = load_site("alpha", folder, env={}).scope
    assert (scope.deny, scope.strip_params) == (("c",), ("x",))


def test_null_takes_a_default_back(folder: Path) -> None:
    write(folder / "defaults.yaml", "version: 1\nlimits: {max_age: 7d}\n")
    write(folder / "sites/alpha.yaml", "limits: {max_age: null}\n")
    assert load_site("alpha", folder, env={}).limits.max_age is None
    assert load_site("beta", folder, env={}).limits.max_age == 7 * 86400


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("politeness.dely=1s", "-s politeness.dely=1s: politeness.dely: unknown key"),
        ("politeness.delay=1", "-s politeness.delay=1: politeness.delay: expected a duration"),
        ("politeness.delay", "-s politeness.delay: no '='"),
        ("politeness=x", "-s politeness=x: politeness: expected a mapping"),
        ("scope.deny[0]=x", "-s scope.deny[0]=x: scope.deny[0]: unknown key"),
        ("=x", "-s =x: unknown key"),
        ("name=!!python/name:os.system x", "-s name=!!python/name:os.system x: the tag"),
        ("politeness.delay.x.y=1", "-s politeness.delay.x.y=1: politeness.delay: expected a duration"),
    ],
)
def test_a_wrong_override_is_told_as_a_wrong_line_is(folder: Path, override: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_site("alpha", folder, env={}, overrides=[override])
    assert caught.value.message.startswith(message)


def test_overrides_in_order_and_of_every_shape(folder: Path) -> None:
    site = apply_overrides(
        load_site("alpha", folder, env={}),
        [
            "politeness.delay=1s",
            "politeness.delay=2s",
            "scope.deny=[a, b]",
            "name=",
            "fetch.allow_private=true",
            "limits={max_articles: 5}",
        ],
    )
    assert (site.politeness.delay, site.scope.deny, site.name, site.fetch.allow_private, site.limits.max_articles) == (
        2.0, ("a", "b"), None, True, 5,
    )  # fmt: skip


def test_a_wrong_variable_is_named(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"^\$PRESSMARK_CONTACT: politeness\.contact: expected an e-mail"):
        load_site("alpha", folder, env={"PRESSMARK_CONTACT": "nobody"})
    with pytest.raises(ConfigError, match="unknown environment variable") as caught:
        load_site("alpha", folder, env={"PRESSMARK_CONTCT": "a@x.example"})
    assert caught.value.hint == "Did you mean PRESSMARK_CONTACT?"
    assert (
        load_site("alpha", folder, env={"PRESSMARK_CONTACT": "", "PRESSMARK_COLLECTION": "x"}).politeness.contact
        is None
    )


def test_what_a_site_must_say_is_not_taken_from_the_defaults(folder: Path) -> None:
    (folder / "sites/alpha.yaml").write_text("site: alpha\nhome: https://alpha.example/\n")
    with pytest.raises(ConfigError, match=r"alpha\.yaml:1: version: missing"):
        load_site("alpha", folder, env={})


# --- where it is found


def test_the_search_for_the_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    here = tmp_path_factory.mktemp("here")
    assert find_config(None, {}, here) == BUNDLED
    (here / "config").mkdir()
    assert find_config(None, {}, here) == BUNDLED
    (here / "config" / "sites").mkdir()
    assert find_config(None, {}, here) == here / "config"
    assert find_config(None, {"PRESSMARK_CONFIG": str(folder)}, here) == folder
    assert find_config(here, {"PRESSMARK_CONFIG": str(folder)}, here) == here
    for option, env in ((here / "no", {}), (None, {"PRESSMARK_CONFIG": str(here / "no")})):
        with pytest.raises(ConfigError, match="no such folder"):
            find_config(option, env, here)


def test_an_unknown_site_names_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_site("alfa", folder, env={})
    assert "'alpha'" in (caught.value.hint or "")
    with pytest.raises(UsageError) as caught:
        load_site("zzz", folder, env={})
    assert "alpha, beta" in (caught.value.hint or "")


@pytest.mark.parametrize(
    "key", ["../alpha", "/etc/passwd", "sites/alpha", "", ".", "ALPHA", "alpha\x00", "\x1b[2J", "a" * 300]
)
def test_a_key_never_leads_out_of_the_folder(folder: Path, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_site(key, folder, env={})
    assert "\x1b" not in str(caught.value)


def test_a_site_is_called_as_its_file_is(folder: Path) -> None:
    shutil.copy(folder / "sites/alpha.yaml", folder / "sites/gamma.yaml")
    with pytest.raises(ConfigError, match=r"gamma\.yaml:2: site: 'alpha' is not the file's name"):
        load_sites(folder, env={})


def test_a_file_of_another_suffix_is_not_passed_over(folder: Path) -> None:
    shutil.copy(folder / "sites/alpha.yaml", folder / "sites/gamma.yml")
    shutil.copy(folder / "sites/alpha.yaml", folder / "sites/.#alpha.yaml")
    with pytest.raises(ConfigError, match=r"gamma\.yml:1: a site's file ends in \.yaml"):
        load_sites(folder, env={})


def test_all_wrong_files_are_told_and_one_of_them_alone_does_not_stop_the_other_site(folder: Path) -> None:
    for key in ("alpha", "beta"):
        write(folder / f"sites/{key}.yaml", "nme: x\n")
    with pytest.raises(ConfigError) as caught:
        load_sites(folder, env={})
    assert "alpha.yaml:4: nme" in caught.value.message
    assert "beta.yaml:4: nme" in caught.value.message
    (folder / "sites/beta.yaml").write_text(SHORTEST.format(key="beta"))
    assert load_site("beta", folder, env={}).site == "beta"


def test_a_changed_file_is_read_again(folder: Path) -> None:
    assert load_sites(folder, env={})["alpha"].name is None
    write(folder / "sites/alpha.yaml", "name: A\n")
    assert load_sites(folder, env={})["alpha"].name == "A"


def test_reading_writes_nothing(folder: Path) -> None:
    before = sorted((p, p.stat().st_mtime_ns) for p in folder.rglob("*"))
    load_sites(folder, env={})
    site_for_url("https://alpha.example/x", folder, env={})
    assert sorted((p, p.stat().st_mtime_ns) for p in folder.rglob("*")) == before


# --- single pages


def test_any_host_has_a_site_without_configuration(folder: Path) -> None:
    write(folder / "defaults.yaml", "version: 1\npoliteness: {delay: 9s}\n")
    site = site_for_url(
        "https://WWW.News.example:8443/a?b#c",
        folder,
        env={"PRESSMARK_CONTACT": "a@x.example"},
        overrides=["fetch.verify_tls=false"],
    )
    assert (site.site, site.home) == ("news.example", "https://www.news.example:8443/")
    assert (site.politeness.delay, site.politeness.contact, site.fetch.verify_tls) == (9.0, "a@x.example", False)
    assert "pressmark/" in site.politeness.user_agent
    assert "(+a@x.example)" in site.politeness.user_agent


def test_a_page_of_a_configured_host_is_treated_as_the_site_and_filed_under_its_host(folder: Path) -> None:
    write(folder / "sites/alpha.yaml", "extract: {exclude: [aside]}\n")
    site = site_for_url("https://www.alpha.example/story", folder, env={})
    assert site.site == "alpha.example"
    assert site.rules.exclude == ("aside",)
    assert known_rules(folder, env={}) == {
        "alpha": site.rules, "alpha.example": site.rules, "beta": ExtractRules(), "beta.example": ExtractRules(),
    }  # fmt: skip


@pytest.mark.parametrize("url", ["ftp://x.example/", "x", "https://a:b@x.example/", ""])
def test_what_is_no_page_is_refused(folder: Path, url: str) -> None:
    with pytest.raises(PolicyError):
        site_for_url(url, folder, env={})


# --- a site's addresses


def test_everything_is_relative_to_home(folder: Path) -> None:
    write(folder / "sites/alpha.yaml", "discover: {feeds: [{url: /rss}, {url: 'https://feeds.example/a'}]}\n")
    site = load_site("alpha", folder, env={}, overrides=["home=http://127.0.0.1:8080/"])
    assert [site.absolute(feed.url) for feed in site.discover.feeds] == [
        "http://127.0.0.1:8080/rss",
        "https://feeds.example/a",
    ]
    assert urls.same_site("http://127.0.0.1:8080/x", site.hosts)
    assert not urls.same_site("http://127.0.0.1:9090/x", site.hosts)
    assert not urls.same_site("https://alpha.example/x", site.hosts)
    with pytest.raises(ConfigError, match=r"^-s home=nowhere: home: expected an address"):
        load_site("alpha", folder, env={}, overrides=["home=nowhere"])


@pytest.mark.parametrize("home", ["https://x.example/", "https://www.x.example/", "https://X.example:443"])
def test_a_home_stands_for_its_host_with_and_without_www(folder: Path, home: str) -> None:
    hosts = load_site("alpha", folder, env={}, overrides=[f"home={home}"]).hosts
    assert hosts == ("x.example", "www.x.example")


def test_hosts_that_are_given_count_alone(folder: Path) -> None:
    write(folder / "sites/alpha.yaml", "scope: {hosts: ['*.alpha.example']}\n")
    hosts = load_site("alpha", folder, env={}).hosts
    assert urls.same_site("https://war.alpha.example/", hosts)
    assert not urls.same_site("https://alpha.example/", hosts)


def test_a_site_goes_to_workers_and_into_files(folder: Path) -> None:
    write(folder / "sites/alpha.yaml", "extract: {chrome: [{id: a, kind: ad, css: .ad}]}\n")
    site = load_site("alpha", folder, env={})
    assert pickle.loads(pickle.dumps(site)) == site
    assert hash(site) == hash(load_site("alpha", folder, env={}))
    assert json.loads(json.dumps(dataclasses.asdict(site.rules)))["chrome"] == [
        {"id": "a", "kind": "ad", "css": ".ad", "text": None}
    ]


# --- what ships


def test_the_defaults_that_ship_are_the_defaults() -> None:
    assert load_settings(BUNDLED) == Settings(version=1)
    assert load_sites(BUNDLED, env={}).keys() >= {"demo", "kyivindependent"}


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://kyivindependent.com/ukraine-russia-reach-a-deal/", True),
        ("https://www.kyivindependent.com/a-story/?utm_source=x", False),
        ("https://kyivindependent.com/", False),
        ("https://kyivindependent.com/tag/war/", False),
        ("https://kyivindependent.com/author/somebody/", False),
        ("https://kyivindependent.com/news-archive/", False),
        ("https://kyivindependent.com/terms-of-use/", False),
        ("https://elsewhere.example/a-story/", False),
    ],
)
def test_scope_of_kyivindependent(url: str, taken: bool) -> None:
    site = load_site("kyivindependent", BUNDLED, env={})
    scope = Scope(site.hosts, site.scope.allow, site.scope.deny)
    assert (scope.verdict(urls.canonical(url, ()) if taken else url) is None) is taken


def test_the_seed_s_furniture_meets_its_rule() -> None:
    """The lines of the page that the project was asked for, by their shape."""
    rules = load_site("kyivindependent", BUNDLED, env={}).rules.chrome
    lines = {
        "Skip to content": "nav",
        "by Some Body February 25, 2025 12:57 AM 2 min read": "byline",
        "This audio is created with AI assistance": "disclosure",
        "News Feed": "feed",
        "MORE NEWS": "feed",
        "Editors' Picks": "related",
        "* indicates required": "newsletter",
        "pre-order now": "promo",
        "Enter your email to subscribe": "newsletter",
        "Read also: Something else": "related",
    }
    for line, kind in lines.items():
        assert [r.kind for r in rules if r.text and re.search(r.text, line)] == [kind], line
    story = "Become a member of the council, he said, and read also the minutes by noon in 2 min read aloud."
    assert not [r.id for r in rules if r.text and re.search(r.text, story)]


def test_the_demo_s_scope_is_its_articles(newspaper: Any) -> None:
    site = load_site("demo", BUNDLED, env={}, overrides=[f"home={newspaper.url}"])
    scope = Scope(site.hosts, site.scope.allow, site.scope.deny)
    assert {row["url"] for row in newspaper.truth if scope.verdict(row["url"]) is not None} == set()
    for path in (
        "",
        "news/",
        "town-hall/",
        "news/?page=2",
        "about/",
        "tag/harbour/",
        "author/edda-marsh/",
        "feed.xml",
        "tides/2026/11/",
    ):
        assert scope.verdict(newspaper.url + path) is not None, path
    for address in (
        *(feed.url for feed in site.discover.feeds), *(s.url for s in site.discover.sitemaps), *(s.url for s in site.discover.sections),
    ):  # fmt: skip
        assert newspaper.get(site.absolute(address)).status == 200, address


# --- nothing but a site or a ConfigError, whatever stands in the file

VALID = (BUNDLED / "sites/kyivindependent.yaml").read_text(encoding="utf-8")
SCRAPS = [
    "\t", "\n", "  ", ": ", "- ", "'", '"', "{", "}", "[", "]", "&a ", "*a", "!!python/name:os.system ", "|", ">", "#", "null", "~", "0755",
    ".inf", "\x00", "\ufeff", "\u2028", "\ud7ff", "---\n", "...", "%YAML 1.2", "<<: ", "? ", ",", "1e999", "true", "no", "(a+)+", "\\", "é",
    "𝔸", "9" * 400,
]  # fmt: skip


def outcome(make: Callable[[], SiteConfig]) -> SiteConfig | ConfigError:
    """What ``make`` gives; any other exception is the test's failure."""
    try:
        return make()
    except ConfigError as error:
        return error


@st.composite
def mutations(draw: st.DrawFn) -> str:
    text = VALID
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 30)) * draw(st.booleans())
        scrap = draw(st.sampled_from(SCRAPS) | st.text(max_size=5) | st.just(text[start:end] * 2))
        text = text[:start] + scrap + text[end:]
    return text


@settings(max_examples=300, deadline=None)
@given(mutations())
def test_a_mutated_file_is_a_site_or_a_told_error(text: str) -> None:
    made = outcome(lambda: bind(SiteConfig, parse(text.encode("utf-8", "replace"), "m.yaml"), Settings(version=1)))
    if isinstance(made, ConfigError):
        assert re.match(r"m\.yaml:\d+: ", made.message)
        assert plain(made.message) == made.message
    else:
        assert pickle.loads(pickle.dumps(made)) == made


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_told_error(data: bytes) -> None:
    with pytest.raises(ConfigError, match=r"^b\.yaml:\d+: "):
        bind(SiteConfig, parse(data, "b.yaml"))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_override_is_a_site_or_a_told_error(text: str) -> None:
    base = SiteConfig(version=1, site="x", home="https://x.example/")
    for override in (text, f"name={text}", f"scope.deny={text}", f"politeness.{text}=1"):
        made = outcome(lambda: apply_overrides(base, [override]))  # noqa: B023
        assert isinstance(made, SiteConfig) or made.message.startswith("-s ")
