"""Settings that are wrong: each is told with file, line and key, and with the way out."""

import dataclasses

import pytest

from crawler.config.bind import bind
from crawler.config.site import Extract, Politeness, Scope, SiteConfig
from crawler.config.tree import parse
from crawler.errors import ConfigError

HEAD = "version: 1\nsite: x\nhome: https://x.example/\n"


def site(text: str) -> SiteConfig:
    return bind(SiteConfig, parse((HEAD + text).encode(), "x.yaml"))


WRONG = [
    # lines after the three of HEAD, place and key, what is said, what the hint holds
    ("politness:\n  delay: 3s\n", "4: politness", "unknown key", "'politeness'"),
    ("politeness:\n  dely: 3s\n", "5: politeness.dely", "unknown key", "'delay'"),
    ("politeness:\n  Delay: 3s\n", "5: politeness.Delay", "unknown key", "'delay'"),
    ("delay: 3s\n", "4: delay", "unknown key", "'politeness.delay'"),
    ("feeds: []\n", "4: feeds", "unknown key", "'discover.feeds'"),
    ("zzz: 1\n", "4: zzz", "unknown key", "Known here: version, site"),
    ("<<: {name: A}\n", "4: <<", "unknown key", "Known here"),
    ("'': 1\n", "4: ", "unknown key", "Known here"),
    ("discover:\n  feeds:\n    - {url: /a}\n    - {ulr: /b}\n", "7: discover.feeds[1].ulr", "unknown key", "'url'"),
    ("name: 1984\n", "4: name", "expected a text, found the number 1984", "quotes"),
    ("name: true\n", "4: name", "expected a text, found true", "quotes"),
    ("name: [a]\n", "4: name", "expected a text, found a list", None),
    ("name: ''\n", "4: name", "expected a text", "one line"),
    ('name: "a\\nb"\n', "4: name", "expected a text", "one line"),
    ("language: english\n", "4: language", "expected a language", "BCP 47"),
    ("language: no_NO\n", "4: language", "expected a language", "BCP 47"),
    ("timezone: Kyiv\n", "4: timezone", "expected a time zone", "Europe/Kyiv"),
    ("timezone: ../../etc/passwd\n", "4: timezone", "expected a time zone", "IANA"),
    ("discover:\n", "4: discover", "expected a mapping, found nothing", "docs/settings.md"),
    ("discover: {feeds: /rss}\n", "4: discover.feeds", "expected a list, found the text '/rss'", "- "),
    ("discover: {feeds: [/rss]}\n", "4: discover.feeds[0]", "expected a mapping, found the text '/rss'", None),
    ("discover: {feeds: [{url: rss}]}\n", "4: discover.feeds[0].url", "expected an address", "https://"),
    ("discover: {feeds: [{url: //evil.example/}]}\n", "4: discover.feeds[0].url", "expected an address", "https://"),
    ("discover: {feeds: [{url: 'ftp://x/'}]}\n", "4: discover.feeds[0].url", "expected an address", "https://"),
    ("discover: {feeds: [{url: 'https://a:b@x/'}]}\n", "4: discover.feeds[0].url", "expected an address", "before the @"),
    ("discover: {feeds: [{url: '/a b'}]}\n", "4: discover.feeds[0].url", "expected an address", "white space"),
    ("discover: {feeds: [{}]}\n", "4: discover.feeds[0].url", "missing", "url: …"),
    ("discover: {sections: [{name: A, url: /, pages: 0}]}\n", "4: discover.sections[0].pages", "from 1 to 10000, found the number 0", None),
    ("discover: {sections: [{name: A, url: /, pages: 1.5}]}\n", "4: discover.sections[0].pages", "found the number 1.5", None),
    ("discover: {sections: [{name: A, url: /, next: 'a['}]}\n", "4: discover.sections[0].next", "expected a CSS selector", "CSS"),
    ("discover: {sections: [{name: A, url: /, next: 'a:next-page'}]}\n", "4: discover.sections[0].next", "CSS selector", "pseudo"),
    ("discover: {home: yes}\n", "4: discover.home", "expected true or false, found the text 'yes'", "Write true"),
    ("discover: {home: 'false'}\n", "4: discover.home", "expected true or false", "without quotes"),
    ("discover: {home: 0}\n", "4: discover.home", "expected true or false, found the number 0", None),
    ("scope: {allow: [ok, '[']}\n", "4: scope.allow[1]", "expected a regular expression", "unterminated"),
    ("scope: {allow: ['(a+)+$']}\n", "4: scope.allow[0]", "expected a regular expression", "more than one way"),
    ("scope: {deny: ['.*a.*b.*c']}\n", "4: scope.deny[0]", "expected a regular expression", "each other's"),
    ("scope: {deny: ['']}\n", "4: scope.deny[0]", "expected a regular expression", "empty"),
    ("scope: {hosts: ['https://x.example/']}\n", "4: scope.hosts[0]", "expected a host", "host alone"),
    ("scope: {hosts: [X.example]}\n", "4: scope.hosts[0]", "expected a host", "lower case"),
    ("scope: {strip_params: ['a=b']}\n", "4: scope.strip_params[0]", "expected a name", "parameter"),
    ("limits: {max_articles: '10'}\n", "4: limits.max_articles", "found the text '10'", "quotes away"),
    ("limits: {max_articles: -1}\n", "4: limits.max_articles", "found the number -1", None),
    ("limits: {max_articles: 1e3}\n", "4: limits.max_articles", "expected a whole number", None),
    ("limits: {max_age: 30}\n", "4: limits.max_age", "expected a duration", "a unit"),
    ("limits: {max_age: 30 days}\n", "4: limits.max_age", "expected a duration", "a unit"),
    ("limits: {max_age: 1h30m}\n", "4: limits.max_age", "expected a duration", "a unit"),
    ("limits: {max_age: 999999w}\n", "4: limits.max_age", "from 1m to 3650d", None),
    ("politeness:\n  contact: me\n", "5: politeness.contact", "expected an e-mail address", "e-mail"),
    ("politeness:\n  contact: 'https://x/) evil'\n", "5: politeness.contact", "expected an e-mail address", "page"),
    ("politeness:\n  delay: 0\n", "5: politeness.delay", "from 0s to 1h, found the number 0", "a unit"),
    ("politeness:\n  delay: -3s\n", "5: politeness.delay", "expected a duration", "a unit"),
    ("politeness:\n  robots: obay\n", "5: politeness.robots", "expected obey or ignore, found the text 'obay'", "'obey'"),
    ("politeness:\n  max_body: 32mb\n", "5: politeness.max_body", "expected a size", "MiB"),
    ("politeness:\n  max_body: 32\n", "5: politeness.max_body", "expected a size", "a unit"),
    ("fetch: {allow_private: maybe}\n", "4: fetch.allow_private", "expected true or false or a list", None),
    ("fetch: {allow_private: [10.0.0.1/8]}\n", "4: fetch.allow_private[0]", "expected an address or a network", "host bits"),
    ("fetch: {resolve: ['x:443']}\n", "4: fetch.resolve[0]", "expected HOST:PORT:ADDRESS", None),
    ("fetch: {resolve: ['x:443:y']}\n", "4: fetch.resolve[0]", "expected HOST:PORT:ADDRESS", "IPv4"),
    ("extract:\n  chrome:\n    - {id: a, kind: promo}\n", "6: extract.chrome[0].id", "either 'css' or 'text'", None),
    ("extract:\n  chrome:\n    - {id: a, kind: promo, css: a, text: b}\n", "6: extract.chrome[0].css", "either 'css' or 'text'", None),
    ("extract:\n  chrome:\n    - {id: a, kind: donation, css: a}\n", "6: extract.chrome[0].kind", "expected one of nav, promo", None),
    ("extract:\n  chrome:\n    - {id: A b, kind: ad, css: a}\n", "6: extract.chrome[0].id", "expected a name", "lower-case"),
    ("extract:\n  chrome:\n    - {id: a, kind: ad, css: a}\n    - {id: a, kind: ad, css: b}\n", "5: extract.chrome", "called 'a'", None),
    ("extract: {limits: {memory: 1MiB}}\n", "4: extract.limits.memory", "from 256MiB to 64GiB", None),
    ("warc: 1GB\n", "4: warc", "expected a mapping, found the text '1GB'", "docs/settings.md"),
    ("warc: {operator: 7}\n", "4: warc.operator", "expected a text", "quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "said", "hint"), WRONG)
def test_told_with_file_line_and_key(text: str, place: str, said: str, hint: str | None) -> None:
    with pytest.raises(ConfigError) as caught:
        site(text)
    assert caught.value.message.startswith(f"x.yaml:{place.removesuffix(': ')}: ")
    assert said in caught.value.message
    assert "\n" not in caught.value.message
    if hint:
        assert caught.value.hint
        assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("site: x\nhome: https://x.example/\n", "x.yaml:1: version: missing"),
        ("version: 1\nhome: https://x.example/\n", "x.yaml:1: site: missing"),
        ("# one\n\nversion: 1\nsite: x\n", "x.yaml:3: home: missing"),
        ("version: 2\nsite: x\nhome: https://x.example/\n", "x.yaml:1: version: expected 1, found the number 2"),
        ("version: true\nsite: x\nhome: https://x.example/\n", "x.yaml:1: version: expected 1, found true"),
        ("version: 1\nsite: ../x\nhome: https://x.example/\n", "x.yaml:2: site: expected a site's key"),
        ("version: 1\nsite: con\nhome: https://x.example/\n", "x.yaml:2: site: expected a site's key"),
        ("version: 1\nsite: x\nhome: /\n", "x.yaml:3: home: expected an address"),
        ("version: 1\nsite: x\nhome: https://x.example/#top\n", "x.yaml:3: home: expected an address"),
    ],
)
def test_the_head_is_checked(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        bind(SiteConfig, parse(text.encode(), "x.yaml"))
    assert caught.value.message.startswith(message)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        site("polite: 1\nname: 7\npoliteness:\n  delay: 3\n  robots: obay\nscope: {deny: [a, '[', b, '(']}\n")
    places = [line.split(": ")[:2] for line in caught.value.message.splitlines()]
    assert places == [
        ["x.yaml:4", "polite"], ["x.yaml:5", "name"], ["x.yaml:7", "politeness.delay"], ["x.yaml:8", "politeness.robots"],
        ["x.yaml:9", "scope.deny[1]"], ["x.yaml:9", "scope.deny[3]"],
    ]  # fmt: skip
    assert "(Did you mean 'politeness'?)" in caught.value.message


def test_a_thousand_mistakes_give_twenty_lines() -> None:
    with pytest.raises(ConfigError) as caught:
        site("".join(f"k{n}: 1\n" for n in range(1000)))
    assert caught.value.message.splitlines()[20:] == ["and 980 more"]


def test_what_is_left_out_comes_from_the_base_and_else_from_the_class() -> None:
    base = dataclasses.replace(site(""), politeness=Politeness(delay=7.0, tries=9), scope=Scope(deny=("a",)))
    laid = bind(SiteConfig, parse(b"politeness: {tries: 2}\nscope: {deny: []}\n", "f"), base)
    assert (laid.politeness.delay, laid.politeness.tries, laid.politeness.concurrency) == (7.0, 2, 1)
    assert laid.scope.deny == ()
    assert laid.site == "x"


def test_values_of_every_kind() -> None:
    made = site(
        "language: pt-BR\ntimezone: America/Sao_Paulo\nname: no\n"
        "limits: {max_age: 1.5h, max_time: null, max_articles: 10}\n"
        "politeness: {delay: 500ms, max_body: 1.5KiB, contact: desk@x.example}\n"
        "fetch: {allow_private: [127.0.0.1, 'fd00::/8'], resolve: ['x.example:443:[::1]']}\n"
        "extract: {include: [article], chrome: [{id: a, kind: ad, css: '.ad > a'}]}\n"
        "scope: {hosts: ['*.x.example', 'y.example:8080'], strip_params: ['utm_*']}\n"
    )
    assert (made.language, made.timezone, made.name) == ("pt-BR", "America/Sao_Paulo", "no")
    assert (made.limits.max_age, made.limits.max_time, made.limits.max_articles) == (5400.0, None, 10)
    assert (made.politeness.delay, made.politeness.max_body, made.politeness.contact) == (0.5, 1536, "desk@x.example")
    assert made.fetch.allow_private == ("127.0.0.1/32", "fd00::/8")
    assert made.rules.include == ("article",)
    assert made.rules.chrome[0].css == ".ad > a"
    assert made.rules.timezone == "America/Sao_Paulo"


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ("[]", ())])
def test_allow_private_is_a_switch_or_a_list(text: str, value: object) -> None:
    assert site(f"fetch: {{allow_private: {text}}}\n").fetch.allow_private == value


def test_the_same_key_may_stand_in_two_sections() -> None:
    assert bind(Extract, parse(b"memory: false\nlimits: {memory: 2GiB}\n", "f")).limits.memory == 2 * 1024**3
