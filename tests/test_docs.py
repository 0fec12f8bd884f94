"""What the documentation shows works: its YAML loads, its settings exist, its links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest

from crawler.cli import build_parser
from crawler.config import Settings, SiteConfig, apply_overrides, load_site
from crawler.config.bind import bind
from crawler.config.tree import parse
from crawler.errors import ConfigError

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md")])
SITES = (ROOT / "docs/sites.md").read_text(encoding="utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", SITES, re.S)


@pytest.mark.parametrize("text", YAML)
def test_the_yaml_of_the_sites_page_loads(text: str, tmp_path: Path) -> None:
    if "\nhome:" not in text:
        assert bind(Settings, parse(text.encode(), "sites.md")) != Settings(version=1)
        return
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites/example.yaml").write_text(text, encoding="utf-8")
    assert load_site("example", tmp_path, env={}).home == "https://www.example.org/"


def test_there_is_yaml_to_check() -> None:
    assert len(YAML) == 4


def test_the_error_that_the_sites_page_shows_is_the_error() -> None:
    shown = re.search(r"```text\n(.*?)```", SITES, re.S)
    assert shown
    text = "\n" * 4 + "version: 1\nsite: example\nhome: https://www.example.org/\npoliteness:\n  dely: 3s\n"
    with pytest.raises(ConfigError) as caught:
        bind(SiteConfig, parse(text.encode(), "config/sites/example.yaml"))
    assert f"{caught.value}\n" == shown[1]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_overrides_that_a_page_shows_are_settings(page: Path) -> None:
    site = SiteConfig(version=1, site="x", home="https://x.example/")
    for quoted, bare in re.findall(
        r"-s (?:'([a-z_]+[.=][^']+)'|([a-z_]+\.[a-z_.]+=[^\s`']+))", page.read_text(encoding="utf-8")
    ):
        assert apply_overrides(site, [quoted or bare]) != site or "null" in bare


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def commands(page: Path) -> list[str]:
    """Lines of a page's blocks that start Pressmark, without what is said of them behind two spaces or a #, and where their output goes."""
    found = []
    for block in re.findall(r"```(?:console|sh)\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
        for line in block.splitlines():
            for part in re.findall(r"(?:^|[|(;$] ?)(pressmark [^|;)]*)", line):
                found.append(re.split(r"\s{2,}|\s#|\s>", part)[0].strip())
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_a_page_shows_are_understood(page: Path) -> None:
    for line in commands(page):
        words = shlex.split(line)[1:]
        try:
            build_parser(only=words[0]).parse_args(words)
        except SystemExit:
            pytest.fail(f"{page.name}: {line}")


def test_there_are_commands_to_check() -> None:
    assert sum(len(commands(page)) for page in PAGES) > 50
