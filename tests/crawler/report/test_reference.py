"""Generated files: fresh in the checkout, told when stale, and true to the code."""

import argparse
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from crawler.cli import build_parser
from crawler.config import Settings, SiteConfig
from crawler.config.bind import bind
from crawler.config.tree import parse
from crawler.errors import Exit, Reason
from crawler.record import BlockKind
from crawler.report import pages
from crawler.report.docstrings import field_docs
from crawler.report.reference import generated, main, stale
from crawler.report.schema import default_of
from crawler.upgrade import CLASSES

ROOT = Path(__file__).parents[3]


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    """A small command line."""
    made = argparse.ArgumentParser(prog="tool", description="Does things.\n\nOften.\n\n  tool go | wc")
    commands = made.add_subparsers(dest="command")
    go = commands.add_parser(
        "go",
        help="go | stop",
        description="Goes.\n\n  tool go --far 3\n  tool go -\n\ntool go again\n\nIt is a tool go.",
    )
    go.add_argument("place", nargs="*", metavar="PLACE", help="where to")
    go.add_argument("--far", type=int, default=3, metavar="N", help="how far (default: %(default)s)")
    go.add_argument("--how", choices=["walk", "run"], help="in what way")
    go.add_argument("--quiet", action="store_true", help="say nothing")
    go.add_argument("--near", nargs="?", metavar="N", help="how near, if")
    go.add_argument("--secret", help=argparse.SUPPRESS)
    return made


def test_the_checkout_is_fresh() -> None:
    """What CI checks too; run 'make reference' when it fails."""
    assert stale(generated(build_parser()), ROOT) == []


def test_a_stale_or_missing_file_is_named(
    tmp_path: Path, parser: argparse.ArgumentParser, capsys: pytest.CaptureFixture[str]
) -> None:
    files = generated(parser)
    (tmp_path / "pyproject.toml").touch()
    assert sorted(stale(files, tmp_path)) == sorted(files)
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    page = tmp_path / "docs/record.md"
    page.write_text(page.read_text(encoding="utf-8").replace("Headline", "Head line"), encoding="utf-8")
    (tmp_path / "config/schema/site.schema.json").unlink()
    capsys.readouterr()
    before = page.read_text(encoding="utf-8")
    assert main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err
    assert {line.split(" ")[0] for line in said.splitlines()} == {"docs/record.md", "config/schema/site.schema.json"}
    assert page.read_text(encoding="utf-8") == before
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0


def test_elsewhere_it_refuses(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        main([], tmp_path)
    assert caught.value.code == 2
    assert list(tmp_path.iterdir()) == []


def sections(cls: type) -> Iterator[type]:
    yield cls
    for kind in get_type_hints(cls).values():
        for inner in (kind, *get_args(kind)):
            if isinstance(inner, type) and dataclasses.is_dataclass(inner):
                yield from sections(inner)


@pytest.mark.parametrize("cls", dict.fromkeys([*sections(SiteConfig), *sections(Settings)]), ids=lambda c: c.__name__)
def test_the_default_that_a_docstring_gives_is_the_default(cls: type) -> None:
    docs = field_docs(cls)
    for field in dataclasses.fields(cls):
        default = default_of(field)
        said = re.search(r"Default: `(.*)`\.$", docs[field.name])
        if default is dataclasses.MISSING:
            assert docs[field.name].endswith(" Required.")
        elif dataclasses.is_dataclass(default):
            assert said is None
        else:
            assert said, field.name
            other = dataclasses.make_dataclass(
                "Other", [(field.name, get_type_hints(cls, include_extras=True)[field.name])]
            )
            other.__module__ = cls.__module__
            assert getattr(bind(other, parse(f"{field.name}: {said[1]}\n".encode(), "f")), field.name) == default


def test_the_record_page_names_every_field_kind_and_reason() -> None:
    page = pages.record_page()
    for cls in CLASSES.values():
        for field in dataclasses.fields(cls):
            assert f"| `{field.name}` |" in page
    for word in (*get_args(BlockKind), *Reason):
        assert f"`{word}`" in page


def test_the_settings_page_names_every_section() -> None:
    page = pages.settings_page()
    for heading in (
        "discover.feeds[]",
        "scope",
        "limits",
        "politeness",
        "fetch",
        "extract.chrome[]",
        "extract.limits",
        "warc",
    ):
        assert f"\n## {heading}\n" in page
    assert "| `delay` | a duration such as 3s, 15m or 7d, from 0s to 1h | `3s` |" in page
    assert "PRESSMARK_CONTACT" in page


def test_the_exit_codes_page_names_every_code() -> None:
    page = pages.exit_codes_page()
    for code in Exit:
        assert f"\n| {code.value} | {code.name.lower()} |" in page


def test_the_command_page(parser: argparse.ArgumentParser) -> None:
    page = pages.command_page(parser)
    assert "Does things.\n\nOften.\n\n```sh\ntool go | wc\n```" in page
    assert "| [go](#go) | go \\| stop |" in page
    assert (
        "## go\n\nGoes.\n\n```sh\ntool go --far 3\ntool go -\n```\n\n```sh\ntool go again\n```\n\nIt is a tool go.\n"
        in page
    )
    assert "| `--near [N]` | how near, if |" in page
    assert "| `PLACE` | where to |" in page
    assert "| `--far N` | how far (default: 3) |" in page
    assert "| `--how walk\\|run` | in what way |" in page
    assert "| `--quiet` | say nothing |" in page
    assert "secret" not in page
    assert "`-h" not in page


def test_tables_have_the_same_number_of_cells_in_each_line() -> None:
    for page in (pages.record_page(), pages.settings_page(), pages.exit_codes_page()):
        for table in re.findall(r"(?:^\|.*\n)+", page, re.M):
            counts = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
            assert len(counts) == 1, table
