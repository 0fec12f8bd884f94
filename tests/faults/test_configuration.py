"""Faults of the configuration (FAULTS.md, section 4): each is told with file, line and key before anything is asked for or written.

All of them go through the command line. The paper that they would crawl is there and allowed: the first test crawls it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.errors import Exit
from tests.faults.conftest import FAULT
from tests.faults.fault import article, say, whole
from tests.faults.run import pressmark
from tests.faults.server import OddServer

ROW = "4 configuration"
SECRET = "sesame-open"
HEAD = """version: 1
site: paper
home: http://127.0.0.1:{port}/
discover: {{feeds: [{{url: /feed.xml}}], home: false}}
fetch: {{allow_private: [127.0.0.0/8]}}
politeness:
  delay: 0s
"""
"""Seven lines of a site that is crawled; a fault's own lines follow."""
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))

# name: (lines after HEAD, place and key that the message begins with, what it holds)
LINES: dict[str, tuple[str | bytes, str, str]] = {
    "malformed YAML": ("scope: {deny: [a\nname: x\n", "9: ", "not YAML"),
    "a value that opens another mapping": ("name: a: b\n", "8: ", "not YAML"),
    "a tab as indent": ("limits:\n\tmax_articles: 1\n", "9: ", "a tab"),
    "a key twice": ("name: a\nname: b\n", "9: name: ", "twice"),
    "a section twice": ("politeness: {tries: 1}\n", "8: politeness: ", "twice"),
    "an unknown key": ("limits:\n  max_artcles: 3\n", "9: limits.max_artcles: ", "Did you mean 'max_articles'"),
    "an unknown section": ("limit: {max_articles: 3}\n", "8: limit: ", "Did you mean 'limits'"),
    "a list for a text": ("name: [a]\n", "8: name: ", "expected a text"),
    "a text for a list": ("recheck: 1h\n", "8: recheck: ", "expected a list"),
    "a text for a number": ("limits: {max_articles: '3'}\n", "8: limits.max_articles: ", "found the text '3'"),
    "a number for a duration": ("limits: {max_time: 30}\n", "8: limits.max_time: ", "expected a duration"),
    "a mapping for nothing": ("limits:\n", "8: limits: ", "expected a mapping, found nothing"),
    "NaN": ("expect: {coverage: .nan}\n", "8: expect.coverage: ", "number '.nan'"),
    ".inf": ("expect: {articles_per_day: .inf}\n", "8: expect.articles_per_day: ", "number '.inf'"),
    "1e308": ("expect: {articles_per_day: 1e308}\n", "8: expect.articles_per_day: ", "1e308"),
    "an integer of 5,000 digits": (f"limits: {{max_articles: {'9' * 5000}}}\n", "8: limits.max_articles: ", "number"),
    "octal": ("limits: {max_articles: 0755}\n", "8: limits.max_articles: ", "number '0755'"),
    "sexagesimal": ("limits: {max_articles: 1:30}\n", "8: limits.max_articles: ", "number '1:30'"),
    "Norway": ("warc: {conversions: no}\n", "8: warc.conversions: ", "expected true or false, found the text 'no'"),
    "bytes that are no UTF-8": (b"name: caf\xe9\n", "8: ", "not UTF-8"),
    "NUL": ("name: a\x00b\n", "8: ", "U+0000"),
    "an escape sequence": ("name: \x1b[2J\n", "8: ", "U+001B"),
    "an escape sequence in a quoted key": ('"\\e[2J": 1\n', "8: ", "unknown key"),
    "10 MB": (b"# x\n" * 2_500_000, "1: ", "more than 256 KiB"),
    "250 KiB of brackets": ("name: " + "[" * 250_000, "8: name", "more than 16 levels"),
    "!!python/object/apply": ("name: !!python/object/apply:os.system [touch ran]\n", "8: name: ", "tag"),
    "!!python/name": ("name: !!python/name:os.system\n", "8: name: ", "tag"),
    "!!python/object/new in a list": ("recheck:\n  - !!python/object/new:os.mkdir [ran]\n", "9: recheck[0]: ", "tag"),
    "an anchors bomb": (BOMB, "8: a0: ", "anchor"),
    "an alias": ("name: *x\n", "8: name: ", "alias"),
    "a second document": ("---\nname: x\n", "8: ", "second document"),
    "a regex that backtracks": ("scope: {deny: [ok, '(a+)+$']}\n", "8: scope.deny[1]: ", "more than one way"),
    "a regex that trades characters": ("scope: {allow: ['.*a.*b.*c']}\n", "8: scope.allow[0]: ", "each other's"),
    "a regex that is none": ("scope: {allow: ['[']}\n", "8: scope.allow[0]: ", "unterminated"),
    "an address of a file": ("notify: {ping: 'file:///etc/passwd'}\n", "8: notify.ping: ", "expected an address"),
    "a secret in an address": (f"notify: {{ping: 'https://a:{SECRET}@x.example/'}}\n", "8: notify.ping: ", "before the @"),
    "a secret under an unknown key": (f"cookies: {{session: {SECRET}}}\n", "8: cookies: ", "unknown key"),
    "a header by a contact": ("warc: {operator: \"a\\r\\nX: y\"}\n", "8: warc.operator: ", "one line"),
    "a cron line of six fields": ("schedule: {every: '* * * * * *'}\n", "8: schedule.every: ", "daily at 06:30"),
    "minute 61": ("schedule: {every: '61 * * * *'}\n", "8: schedule.every: ", "daily at 06:30"),
    "30 February": ("schedule: {every: '0 0 30 2 *'}\n", "8: schedule.every: ", "ad day-of-month"),
    "once a second": ("schedule: {every: 1s}\n", "8: schedule.every: ", "nce a minute at most"),
    "once in a thousand years": ("schedule: {every: 365000d}\n", "8: schedule.every: ", "nce in 31 days at least"),
    "an unknown time zone": ("schedule: {timezone: Mars/Olympus}\n", "8: schedule.timezone: ", "IANA"),
    "a path for a time zone": ("timezone: ../../etc/passwd\n", "8: timezone: ", "IANA"),
}  # fmt: skip

# name: (from HEAD to the whole file, place and key, what the message holds)
WHOLES: dict[str, tuple[Callable[[str], str | bytes], str, str]] = {
    "an empty file": (lambda _: "", "1: ", "empty"),
    "a file of comments": (lambda _: "# later\n", "1: ", "empty"),
    "a byte order mark": (lambda head: b"\xef\xbb\xbf" + head.encode(), "1: ", "byte order mark"),
    "UTF-16": (lambda head: head.encode("utf-16"), "1: ", "byte order mark"),
    "a list": (lambda _: "- version: 1\n", "1: ", "found a list"),
    "no version": (lambda head: head.removeprefix("version: 1\n"), "1: version: ", "missing"),
    "a version to come": (lambda head: head.replace("version: 1", "version: 2"), "1: version: ", "expected 1"),
    "another site's name": (lambda head: head.replace("site: paper", "site: other"), "2: site: ", "not the file's name"),
    **{
        f"a site called {shown}": (
            lambda head, key=key: head.replace("site: paper", f'site: "{key}"'), "2: site: ", "expected a site's key"  # type: ignore[misc]
        )
        for shown, key in {
            "../../x": "../../x", "/etc/x": "/etc/x", "NUL": "a\\0b", "CON": "con", "300 letters": "x" * 300,
            "U+202E": "\\u202Exfdp", "PAPER": "PAPER", "nothing": "", "..": "..",
        }.items()
    },
}  # fmt: skip

# name: (arguments and variables, exit code, what the message begins with)
SPOKEN: dict[str, tuple[list[str], dict[str, str], Exit, str]] = {
    "-s, an unknown key": (["-s", "limits.max_artcles=3"], {}, Exit.CONFIG, "-s limits.max_artcles=3: limits.max_artcles: unknown key"),
    "-s, a tag": (["-s", "name=!!python/object/apply:os.mkdir [ran]"], {}, Exit.CONFIG, "-s name=!!python/object/apply:os.mkdir [ran]: the tag"),
    "-s, a regex that backtracks": (["-s", "scope.deny=['(a+)+$']"], {}, Exit.CONFIG, "-s scope.deny=['(a+)+$']: scope.deny[0]: "),
    "-s, another collection's name": (["-s", "site=../x"], {}, Exit.CONFIG, "-s site=../x: site: expected a site's key"),
    "a variable, no contact": ([], {"PRESSMARK_CONTACT": "a\r\nX: y"}, Exit.CONFIG, "$PRESSMARK_CONTACT: politeness.contact: "),
    "a variable, misspelt": ([], {"PRESSMARK_CONTCT": "a@x.example"}, Exit.CONFIG, "$PRESSMARK_CONTCT: unknown environment variable"),
    "a site that leads out": (["../sites/paper"], {}, Exit.USAGE, "no site '../sites/paper'"),
    "a site that is not there": (["papre"], {}, Exit.USAGE, "no site 'papre'"),
}  # fmt: skip


@dataclass
class Desk:
    """A folder with a configuration, the paper that it names, and what is to stay as it is."""

    folder: Path
    server: OddServer
    head: str

    def write(self, data: str | bytes, name: str = "sites/paper.yaml") -> None:
        (self.folder / "config" / name).write_bytes(data.encode() if isinstance(data, str) else data)

    def left(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def words(self, *more: str) -> list[str]:
        return ["crawl", *(more or ["paper"]), "-C", str(self.folder / "c"), "--config", str(self.folder / "config")]

    def refuses(self, words: list[str], said: pytest.CaptureFixture[str], code: Exit = Exit.CONFIG) -> str:
        """Run a command that ends with ``code``, asks for nothing and writes nothing; return what it says."""
        files, asked = self.left(), len(self.server.log)
        assert main(words) == code
        out, error = said.readouterr()
        assert out == ""
        assert self.left() == files
        assert len(self.server.log) == asked
        assert not re.search(r"Traceback|unexpected|[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", error), error
        assert SECRET not in error
        return error.removeprefix("pressmark: ")


@pytest.fixture
def desk(faulty: OddServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    port = faulty.listen()
    link = f"http://127.0.0.1:{port}/news/the-story-of-one"
    feed = f"<rss version='2.0'><channel><item><link>{link}</link></item></channel></rss>"
    faulty.routes[f"{port}/feed.xml"] = say(whole(feed, "text/xml"))
    faulty.routes[f"{port}/news/the-story-of-one"] = say(whole(article("One")))
    (tmp_path / "config" / "sites").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PRESSMARK_")]:
        monkeypatch.delenv(name)
    made = Desk(tmp_path, faulty, HEAD.format(port=port))
    made.write(made.head)
    return made


def test_without_a_fault_the_paper_is_asked_and_archived(desk: Desk) -> None:
    before = len(desk.server.log)
    done = pressmark(*desk.words(), "-s", "extract.memory=false")
    assert done.returncode == 0, done.stderr
    assert len(desk.server.log) > before
    assert (desk.folder / "c" / "paper" / "warc").is_dir()


@pytest.mark.parametrize("name", [*LINES, *WHOLES])
def test_a_fault_of_a_site_s_file_is_told_with_line_and_key(
    desk: Desk, name: str, capsys: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]
) -> None:
    record_property(FAULT, (ROW, name))
    if name in LINES:
        lines, place, holds = LINES[name]
        data = desk.head.encode() + (lines.encode() if isinstance(lines, str) else lines)
        desk.write(data)
    else:
        make, place, holds = WHOLES[name]
        desk.write(make(desk.head))
    said = desk.refuses(desk.words(), capsys)
    assert said.startswith(f"{desk.folder}/config/sites/paper.yaml:{place.rstrip()}"), said
    assert holds in said


@pytest.mark.parametrize("name", SPOKEN)
def test_a_fault_of_the_command_line_or_the_environment_is_told_by_name(
    desk: Desk,
    name: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    record_property(FAULT, (ROW, name))
    more, variables, code, begins = SPOKEN[name]
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    words = desk.words(*(more if more and more[0] != "-s" else ["paper", *more]))
    assert desk.refuses(words, capsys, code).startswith(begins)


@pytest.mark.parametrize(
    "words",
    [["crawl"], ["crawl", "paper"], ["crawl", "--due"], ["archive", "{home}news/the-story-of-one"], ["schedule"], ["sites", "list"], ["sites", "check"]],
)  # fmt: skip
def test_the_defaults_are_checked_by_every_command(
    desk: Desk, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    desk.write("version: 1\npoliteness:\n  dely: 3s\n", "defaults.yaml")
    home = desk.head.splitlines()[2].removeprefix("home: ")
    spoken = [word.format(home=home) for word in words]
    said = desk.refuses([*spoken, "-C", str(desk.folder / "c"), "--config", str(desk.folder / "config")], capsys)
    assert said.startswith(f"{desk.folder}/config/defaults.yaml:3: politeness.dely: unknown key"), said


def test_a_crawl_of_all_sites_tells_every_wrong_file_and_asks_the_good_one_for_nothing(desk: Desk) -> None:
    """In a process of its own, as users run it."""
    for number, (lines, _, _) in enumerate(LINES.values()):
        desk.write(desk.head.encode() + (lines.encode() if isinstance(lines, str) else lines), f"sites/f{number}.yaml")
    files, asked = desk.left(), len(desk.server.log)
    done = pressmark("crawl", "-C", desk.folder / "c", "--config", desk.folder / "config")
    assert done.returncode == Exit.CONFIG, done.stderr
    assert (done.stdout, desk.left(), len(desk.server.log)) == ("", files, asked)
    for number, (_, place, _) in enumerate(LINES.values()):
        assert f"sites/f{number}.yaml:{place.rstrip()}" in done.stderr
    assert SECRET not in done.stderr
