"""Reference pages in Markdown: the record, the settings, the exit codes, the command line. Each is made from the code it describes.

Owns how they read; writes no file. Text comes from docstrings and from argparse, and from nowhere else, so a page cannot say what the code
does not.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from crawler.config import Settings, SiteConfig
from crawler.config.bind import expected
from crawler.config.load import FOLDER_VARIABLE, VARIABLES
from crawler.errors import TEMPORARY, Exit, Reason
from crawler.record import SCHEMA_VERSION
from crawler.report.docstrings import field_docs, fold
from crawler.report.outcome import REPORT_VERSION, Outcome
from crawler.report.schema import default_of
from crawler.upgrade import CLASSES, VERSIONS

MADE_BY = "<!-- Made by `python -m crawler.report.reference` from the source. Do not edit. -->"
_DEFAULT = re.compile(r" ?(?:Default: `(.*)`|(Required))\.$")


def record_page() -> str:
    """docs/record.md: every published field."""
    lines = [
        MADE_BY,
        "# The record",
        f"Version {SCHEMA_VERSION} of the rows that Pressmark publishes. Every key is always there. An unknown scalar is null, an "
        "unknown list is `[]`, and `text` is never null. Times are ISO 8601 in UTC with `Z`, and their names end in `_at`. Ids are never "
        "all digits.",
        "JSON Schema: [article](../config/schema/article.schema.json), [removed](../config/schema/removed.schema.json), "
        "[failures](../config/schema/failures.schema.json), [duplicates](../config/schema/duplicates.schema.json).",
        "Rows of any version so far are read: each is brought to the form of today, one version a step ([versions](#versions)).",
    ]
    for name, cls in CLASSES.items():
        lines += [f"## {name}.jsonl", fold(cls.__doc__ or ""), _field_table(cls)]
        for inner in dict.fromkeys(_classes_in(cls)):
            lines += [f"### {inner.__name__}", fold(inner.__doc__ or ""), _field_table(inner)]
    return _page([*lines, "## Reasons", *_reasons(), "## Versions", *_versions()])


def report_page() -> str:
    """docs/report.md: every field of a run's report."""
    lines = [
        MADE_BY,
        "# The report of a run",
        f"Version {REPORT_VERSION} of `runs/<run-id>/report.json`, of what `crawl --json` prints, and of what `notify.command` gets. "
        "`pressmark report` tells it to people. Every key is always there; times are ISO 8601 in UTC with `Z`.",
        "JSON Schema: [report](../config/schema/report.schema.json). Reasons: [record.md](record.md#reasons); exit codes: "
        "[exit-codes.md](exit-codes.md).",
        _field_table(Outcome),
    ]
    for inner in _all_classes_in(Outcome):
        lines += [f"## {inner.__name__}", fold(inner.__doc__ or ""), _field_table(inner)]
    return _page(lines)


def _all_classes_in(cls: type) -> list[type]:
    """The classes that a class is made of, in order, and those that they are made of."""
    found: dict[type, None] = {}
    todo = list(_classes_in(cls))
    while todo:
        inner = todo.pop(0)
        if inner not in found:
            found[inner] = None
            todo += _classes_in(inner)
    return list(found)


def settings_page() -> str:
    """docs/settings.md: every setting of a site and its default."""
    variables = [(f"`{name}`", f"Sets `{path}` for all sites.") for name, path in VARIABLES.items()]
    lines = [
        MADE_BY,
        "# Settings",
        "A site is one YAML file, `sites/<key>.yaml`; [sites.md](sites.md) shows how to write one. What it does not say is taken from "
        "`defaults.yaml` beside `sites/`, and what that does not say from the defaults below. The environment counts over the files, and "
        "the command line over both: `pressmark crawl demo -s politeness.delay=1s`.",
        f"The folder is the one that `--config` names, else `${FOLDER_VARIABLE}`, else `./config` if it holds `sites/`, else the one that "
        "comes with Pressmark.",
        "Text is text: `no` is a word, and true or false are written `true` and `false`. Durations and sizes bear their unit. Tags, "
        "anchors, keys given twice, and numbers that people and parsers read differently (`0755`, `1:30`) are errors. A wrong file is told "
        "with file, line and key before anything is fetched or written, and the exit code is 3.",
        "Regular expressions are Python's, and are searched. One that a hostile address could keep busy is refused: a repeated group whose "
        "inside can match in several ways (`(a+)+`), and several repeats that can take each other's characters (`.*a.*b`).",
        "Editors check a file that begins with `# yaml-language-server: $schema=../schema/site.schema.json`.",
        "## Environment",
        _table(
            ("variable", "meaning"),
            [
                (f"`{FOLDER_VARIABLE}`", "Folder of the configuration."),
                ("`PRESSMARK_COLLECTION`", "Folder of the collection, where `-C` is not given."),
                *variables,
            ],
        ),
        "## Site",
        fold(SiteConfig.__doc__ or ""),
        _setting_table(SiteConfig, ""),
    ]
    for path, cls in _sections(SiteConfig, ""):
        lines += [f"## {path}", fold(cls.__doc__ or ""), _setting_table(cls, path)]
    return _page(lines)


def exit_codes_page() -> str:
    """docs/exit-codes.md: what a command's exit status says, and why a URL gave no row."""
    docs = field_docs(Exit)
    rows = [(str(code.value), code.name.lower(), docs[code.name]) for code in Exit]
    return _page([
        MADE_BY,
        "# Exit codes",
        "They are stable: scripts may rely on them.",
        _table(("code", "name", "meaning"), rows),
        "## Reasons",
        *_reasons(),
    ])  # fmt: skip


def defaults_file() -> str:
    """config/defaults.yaml: every default as it would be written."""
    lines = [
        "# yaml-language-server: $schema=schema/defaults.schema.json",
        "# What every site has unless its own file says otherwise. Made by `python -m crawler.report.reference` from the source.",
        "# To change a default for all of your sites, put it into a defaults.yaml of your own, beside your sites/.",
        "version: 1",
    ]
    for name, (meaning, default) in _settings(Settings).items():
        if default is not None:
            lines += ["", f"# {meaning}", f"{name}: {default}"]
    for path, cls in _sections(Settings, ""):
        if path.endswith("[]"):
            continue
        indent = "  " * path.count(".")
        lines += ["", f"{indent}# {fold(cls.__doc__ or '')}", f"{indent}{path.rpartition('.')[2]}:"]
        for name, (meaning, default) in _settings(cls).items():
            if default is not None:
                lines += [f"{indent}  # {meaning}", f"{indent}  {name}: {default}"]
    return "\n".join(lines) + "\n"


def command_page(parser: argparse.ArgumentParser) -> str:
    """docs/cli.md: every subcommand with its arguments."""
    lines = [
        MADE_BY,
        "# The command line",
        _prose(parser, parser.description),
        _arguments(parser),
        _prose(parser, parser.epilog),
    ]
    subparsers = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    lines.append(
        _table(
            ("command", "what it does"), [(f"[{c.dest}](#{c.dest})", c.help or "") for c in subparsers._choices_actions]
        )
    )
    for name, sub in subparsers.choices.items():
        lines += [f"## {name}", _prose(sub, sub.description), _arguments(sub)]
    return _page(lines)


def _arguments(parser: argparse.ArgumentParser) -> str:
    formatter = argparse.HelpFormatter(parser.prog)
    rows: list[tuple[str, str]] = []
    for action in parser._actions:
        if action.help in (None, argparse.SUPPRESS) or isinstance(action, argparse._HelpAction):
            continue
        values = (
            action.metavar
            if isinstance(action.metavar, str)
            else "|".join(map(str, action.choices or [action.dest.upper()]))
        )
        shown = "" if action.nargs == 0 else f" [{values}]" if action.nargs == "?" else f" {values}"
        names = ", ".join(f"`{option}{shown}`" for option in action.option_strings) or f"`{values}`"
        rows.append((names, formatter._expand_help(action)))
    return _table(("argument", "meaning"), rows) if rows else ""


def _prose(parser: argparse.ArgumentParser, text: str | None) -> str:
    """A parser's description as Markdown: lines that are indented, or begin with the command's name, are commands to type."""
    shown: list[str] = []
    for paragraph in re.split(r"\n[ \t]*\n", (text or "").strip()):
        lines = [line.strip() for line in paragraph.splitlines()]
        typed = paragraph.startswith("  ") or all(line.startswith(parser.prog.split()[0] + " ") for line in lines)
        shown.append("```sh\n" + "\n".join(lines) + "\n```" if typed else " ".join(lines))
    return "\n\n".join(shown)


def _reasons() -> Iterator[str]:
    yield "Why a URL ended without a row in articles.jsonl, or with an incomplete one: `reason` in failures.jsonl."
    docs = field_docs(Reason)
    rows = [(f"`{reason.value}`", docs[reason.name], "yes" if reason in TEMPORARY else "no") for reason in Reason]
    yield _table(("reason", "meaning", "tried again by a later run"), rows)


def _versions() -> Iterator[str]:
    yield (
        "A minor version adds fields or values: a reader of the one before may pass them over. A major one takes a field away or gives it "
        "another meaning: a reader of the one before refuses it. What older rows do not say is read as each note tells."
    )
    for version in reversed(VERSIONS):
        yield f"**{version.number}**"
        yield "\n".join(f"- {note}" for note in version.notes)


def _field_table(cls: type) -> str:
    types, docs = get_type_hints(cls, include_extras=True), field_docs(cls)
    return _table(
        ("field", "type", "meaning"), [(f"`{name}`", _type_name(types[name]), doc) for name, doc in docs.items()]
    )


def _type_name(kind: Any) -> str:
    """A type as an analyst calls it."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return " or ".join(map(_type_name, args))
    if origin in (list, tuple):
        return f"list of {_type_name(args[0])}"
    if origin is dict:
        return f"map of string to {_type_name(args[1])}"
    if origin is Literal:
        return ", ".join(f"`{a}`" for a in args)
    if origin is Annotated:
        return _type_name(args[0])
    names = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
    return names.get(kind) or f"[{kind.__name__}](#{kind.__name__.lower()})"


def _classes_in(cls: type) -> Iterator[type]:
    for kind in get_type_hints(cls).values():
        for inner in (kind, *get_args(kind)):
            if isinstance(inner, type) and dataclasses.is_dataclass(inner):
                yield inner


def _sections(cls: type, path: str) -> Iterator[tuple[str, type]]:
    """Yield the sections below ``cls`` in order, each before its own; a list's items as ``path[]``."""
    for name, kind in get_type_hints(cls).items():
        here = f"{path}.{name}" if path else name
        for inner, suffix in ((kind, ""), *((item, "[]") for item in get_args(kind))):
            if isinstance(inner, type) and dataclasses.is_dataclass(inner):
                yield here + suffix, inner
                yield from _sections(inner, here + suffix)


def _settings(cls: type) -> dict[str, tuple[str, str | None]]:
    """Meaning and default of each setting; None for what is required or is a section."""
    found: dict[str, tuple[str, str | None]] = {}
    for field in dataclasses.fields(cls):
        doc = field_docs(cls)[field.name]
        said = _DEFAULT.search(doc)
        if not said and not dataclasses.is_dataclass(default_of(field)):
            raise ValueError(f"{cls.__qualname__}.{field.name}: the docstring does not end with the default")
        found[field.name] = (_DEFAULT.sub("", doc), said[1] if said else None)
    return found


def _setting_table(cls: type, path: str) -> str:
    types = get_type_hints(cls, include_extras=True)
    rows: list[tuple[str, ...]] = []
    for name, (meaning, default) in _settings(cls).items():
        if dataclasses.is_dataclass(types[name]):
            here = f"{path}.{name}" if path else name
            rows.append((f"`{name}`", "section", "", f"{meaning} See [{here}](#{here.replace('.', '')})."))
        else:
            rows.append(
                (f"`{name}`", expected(types[name]), "required" if default is None else f"`{default}`", meaning)
            )
    return _table(("key", "value", "default", "meaning"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in lines
    )


def _page(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
