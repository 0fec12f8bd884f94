"""YAML text to a tree of plain values that remember where they stand. The only module that imports yaml.

Owns what YAML is allowed to be here: one document, UTF-8, at most 256 KiB, mappings, lists and scalars of the core schema. No tags, no
anchors, no aliases, no keys given twice, and nothing is ever constructed from a tag: only the parser's events are read. Knows no setting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from crawler.errors import ConfigError
from crawler.report.terminal import plain
from crawler.urls import without_userinfo

MAX_BYTES = 256 * 1024
"""Largest file."""
MAX_DEPTH = 16
"""Deepest nesting."""

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,2})?")
_ODD_NUMBER = re.compile(
    r"[-+]?0[xob][0-9a-f_]+|[-+]?[0-9][0-9_]*|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+|[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?|[-+]?\.(inf|nan)",
    re.I,
)
"""What YAML 1.1, YAML 1.2 and people read as different numbers: 0755, 0x1F, 1_000, 1:30, .5, .inf."""
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value: text, number, true, false or null."""

    where: str
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    where: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values, each key with its own place."""

    where: str
    items: dict[str, tuple[str, Node]]


Node = Scalar | Sequence | Mapping


def read_file(path: Path) -> Mapping:
    """Read one YAML file.

    Raises:
        ConfigError: the file cannot be read, or is not the YAML that is allowed here; the message begins with ``FILE:LINE``.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(
            f"{path}: {error.strerror}", hint="Name the folder of the configuration with --config."
        ) from error
    return parse(data, str(path))


def parse(data: bytes, source: str) -> Mapping:
    """Parse the bytes of a file called ``source``, which is used in messages only.

    Raises:
        ConfigError: as :func:`read_file`.
    """
    if len(data) > MAX_BYTES:
        raise ConfigError(
            f"{source}:1: more than {MAX_BYTES // 1024} KiB; this is no configuration",
            hint="Split it: one file a site.",
        )
    for mark, name in ((b"\xef\xbb\xbf", "UTF-8 with"), (b"\xff\xfe", "UTF-16 with"), (b"\xfe\xff", "UTF-16 with")):
        if data.startswith(mark):
            raise ConfigError(f"{source}:1: {name} a byte order mark", hint="Save the file as UTF-8 without one.")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{source}:{line}: not UTF-8: {error.reason}", hint="Save the file as UTF-8.") from error
    node = _document(text, lambda line: f"{source}:{line}")
    if isinstance(node, Mapping):
        return node
    if isinstance(node, Scalar) and node.value is None:
        raise ConfigError(f"{source}:1: the file is empty", hint="docs/sites.md shows the shortest file that works.")
    raise ConfigError(
        f"{node.where}: expected 'key: value' lines, found {describe(node)}", hint="docs/sites.md shows an example."
    )


def parse_value(text: str, source: str) -> Node:
    """Parse the value of a setting that a command line or an environment variable gives.

    Raises:
        ConfigError: it is not the YAML that is allowed here.
    """
    return _document(text, lambda _line: source)


def describe(node: Node) -> str:
    """Say what a node is, for messages."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    value = node.value
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text '{printable(without_userinfo(value))}'"
    return f"the number {value}"


def printable(text: str) -> str:
    """Make a text of a file safe for a terminal: on one line, without control characters, at most 80 characters."""
    short = text if len(text) <= 80 else text[:79] + "…"
    return plain(short).replace("\n", "\\n").replace("\t", "\\t")


Place = Callable[[int], str]


def _document(text: str, place: Place) -> Node:
    """Build the one node of ``text``; ``place`` turns a line, from 1, into what messages begin with."""
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    try:
        node: Node = Scalar(place(1), None)
        seen = False
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen or event.version or event.tags:
                    raise _refuse(
                        place, event, "", "a second document ('---') or a directive ('%')", "Keep one document a file."
                    )
                seen = True
            elif isinstance(event, yaml.NodeEvent):
                node = _node(event, events, place, "", 1)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError(f"{place(line)}: a control character (U+{error.character:04X})", hint="Delete it.") from error
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, place) from error
    return node


def _node(event: yaml.Event, events: Iterator[yaml.Event], place: Place, key: str, depth: int) -> Node:
    where = place(_line(event.start_mark))
    if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) or event.anchor is not None:
        raise _refuse(
            place, event, key, "an anchor or an alias ('&', '*')", "Write the value out, or put a text in quotes."
        )
    if event.tag is not None:
        raise _refuse(
            place, event, key, f"the tag '{printable(event.tag)}'", "Delete the tag, or put the text in quotes."
        )
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(where, event.value if event.style else _plain(event, place, key))
    if depth > MAX_DEPTH:
        raise _refuse(
            place, event, key, f"more than {MAX_DEPTH} levels", "docs/settings.md shows the form of every setting."
        )
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Node] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(_node(event, events, place, f"{key}[{len(items)}]", depth + 1))
        return Sequence(where, tuple(items))
    return _mapping(where, events, place, key, depth + 1)


def _mapping(where: str, events: Iterator[yaml.Event], place: Place, key: str, depth: int) -> Mapping:
    found: dict[str, tuple[str, Node]] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            raise _refuse(place, event, key, "a key that is not a plain name", "Keys are the names of settings.")
        name = f"{key}.{event.value}" if key else event.value
        if event.value in found:
            raise _refuse(
                place,
                event,
                name,
                f"the same key twice (first at {found[event.value][0]})",
                "Keep one of them.",
            )
        found[event.value] = (place(_line(event.start_mark)), _node(next(events), events, place, name, depth))
    return Mapping(where, found)


def _plain(event: yaml.ScalarEvent, place: Place, key: str) -> str | int | float | bool | None:
    """Read a plain scalar as the core schema of YAML 1.2 does, so that ``no`` is a text; refuse numbers read in two ways."""
    text: str = event.value
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _ODD_NUMBER.fullmatch(text):
        raise _refuse(
            place, event, key, f"the number '{text}'", "Write it in plain decimal digits, or in quotes if it is a text."
        )
    return text


def _refuse(place: Place, event: yaml.Event, key: str, what: str, hint: str) -> ConfigError:
    """Error for what YAML allows and a configuration does not."""
    return ConfigError(
        f"{place(_line(event.start_mark))}: {printable(key) + ': ' if key else ''}{what} is not allowed here",
        hint=hint,
    )


def _syntax_error(error: yaml.MarkedYAMLError, place: Place) -> ConfigError:
    problem, context = str(error.problem), str(error.context or "")
    line = _line(error.problem_mark)
    if "'\\t'" in problem:
        return ConfigError(f"{place(line)}: a tab", hint="YAML is indented with spaces.")
    if error.context_mark and ("stream end" in problem or "end of stream" in problem):
        begun = place(_line(error.context_mark))  # the end of the file says nothing
        return ConfigError(f"{begun}: not YAML: what begins here never ends", hint="Close the quote, the [ or the {.")
    if context in ("while scanning an alias", "while scanning an anchor") or "cannot start any token" in problem:
        return ConfigError(
            f"{place(line)}: not YAML: {problem}", hint="Put a text that begins with a sign, such as * or @, in quotes."
        )
    begun = f" ({context}, begun on line {_line(error.context_mark)})" if error.context_mark else ""
    return ConfigError(f"{place(line)}: not YAML: {problem}{begun}", hint="Look at that line and the one before it.")


def _line(mark: Any) -> int:
    """Line of a parser's mark, from 1."""
    return mark.line + 1 if mark else 1
