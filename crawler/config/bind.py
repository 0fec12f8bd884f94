"""A tree of YAML to dataclasses: every key known, every value of its kind, every error with its place.

Owns the messages a user reads about a wrong setting; all that is wrong is told at once. Knows no setting by name: names, kinds and limits
come from the dataclasses.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from crawler.config.kinds import Kind, Range
from crawler.config.tree import Mapping, Node, Scalar, Sequence, describe, printable
from crawler.errors import ConfigError

T = TypeVar("T")

MAX_PROBLEMS = 20
"""Most problems in one message."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Problem:
    where: str
    path: str
    text: str
    hint: str | None

    def __str__(self) -> str:
        return f"{self.where}: {printable(self.path)}: {self.text}" if self.path else f"{self.where}: {self.text}"


class _Bad(Exception):
    """A value that was reported and cannot be used."""


def bind(cls: type[T], node: Node, base: object = None) -> T:
    """Make a ``cls`` of what ``node`` says; what it leaves out is taken from the field of the same name of ``base``, else the default.

    Raises:
        ConfigError: something is wrong; the message has a line for each problem, ``WHERE: key.path: what``, and the hint the way out.
    """
    binder = _Binder(cls)
    try:
        bound = binder.section(cls, node, base, "")
    except _Bad:
        bound = None
    if binder.problems:
        raise binder.error()
    assert isinstance(bound, cls)
    return bound


@cache
def types_of(cls: type) -> dict[str, Any]:
    """Fields of a dataclass and their types, with their kinds."""
    return get_type_hints(cls, include_extras=True)


def expected(kind: Any) -> str:
    """Say what a value of the type ``kind`` looks like."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        found = next((m.name for m in args[1:] if isinstance(m, Kind)), None) or expected(args[0])
        limits = next(
            (f", from {_show(kind, m.least)} to {_show(kind, m.most)}" for m in args[1:] if isinstance(m, Range)), ""
        )
        return found + limits
    if origin in (Union, UnionType):
        return " or ".join(expected(a) for a in args)
    if origin is Literal:
        return ("one of " if len(args) > 2 else "") + " or ".join(", ".join(map(str, args)).rsplit(", ", 1))
    if origin is tuple:
        return f"a list, each entry {expected(args[0])}"
    return {bool: "true or false", int: "a whole number", NoneType: "null"}.get(kind, "a mapping")


def _show(kind: Any, value: float) -> str:
    show = next((m.show for m in get_args(kind)[1:] if isinstance(m, Kind)), str)
    return show(int(value) if float(value).is_integer() else value)


class _Binder:
    def __init__(self, root: type) -> None:
        self.root = root
        self.problems: list[_Problem] = []

    def error(self) -> ConfigError:
        """All problems as one error."""
        if len(self.problems) == 1:
            return ConfigError(str(self.problems[0]), hint=self.problems[0].hint)
        lines = [f"{p} ({p.hint})" if p.hint else str(p) for p in self.problems[:MAX_PROBLEMS]]
        rest = len(self.problems) - MAX_PROBLEMS
        return ConfigError(
            "\n".join([*lines, *([f"and {rest} more"] if rest > 0 else [])]),
            hint="docs/settings.md lists every setting.",
        )

    def fail(self, where: str, path: str, text: str, hint: str | None = None) -> _Bad:
        """Note a problem."""
        self.problems.append(_Problem(where, path, text, hint))
        return _Bad()

    def section(self, cls: type, node: Node, base: object, path: str) -> Any:
        """Bind a mapping to a dataclass."""
        if not isinstance(node, Mapping):
            raise self.fail(
                node.where, path, f"expected a mapping, found {describe(node)}", "docs/settings.md lists its keys."
            )
        types = types_of(cls)
        values: dict[str, Any] = {}
        misspelt = {_close(key, list(types)) for key in node.items if key not in types}
        bad = False
        for key, (where, child) in node.items.items():
            try:
                if key not in types:
                    raise self.fail(where, _join(path, key), "unknown key", self.nearest(key, cls))
                values[key] = self.value(types[key], child, _join(path, key), getattr(base, key, None))
            except _Bad:
                bad = True
        for field in dataclasses.fields(cls):
            required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            if field.name in node.items:
                continue
            if hasattr(base, field.name) and (isinstance(base, cls) or not required):
                values[field.name] = getattr(base, field.name)
            elif required:
                bad = True
                if field.name in misspelt:
                    continue  # told already, as an unknown key
                hint = f"Write '{field.name}: …', {expected(types[field.name])}."
                self.fail(node.where, _join(path, field.name), "missing", hint)
        if bad:
            raise _Bad
        made = cls(**values)
        for key, text in made.check() if hasattr(made, "check") else ():
            bad = True
            self.fail(node.items[key][0] if key in node.items else node.where, _join(path, key), text)
        if bad:
            raise _Bad
        return made

    def value(self, kind: Any, node: Node, path: str, base: object = None) -> Any:
        """Bind a value to the type of its field."""
        origin, args = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return self.value(self.choose(kind, node, path), node, path, base)
        if origin is tuple:
            return self.items(args[0], node, path)
        if origin is Annotated:
            return self.annotated(kind, node, path)
        if dataclasses.is_dataclass(kind):
            return self.section(kind, node, base, path)  # type: ignore[arg-type]
        found = node.value if isinstance(node, Scalar) else node
        if origin is Literal:
            if any(found == a and type(found) is type(a) for a in args):
                return found
            close = _close(str(found), [str(a) for a in args]) if isinstance(found, str) else None
            raise self.wrong(kind, node, path, f"Did you mean '{close}'?" if close else None)
        if type(found) is kind:
            return found
        raise self.wrong(kind, node, path, self.shape_hint(kind, found))

    def choose(self, union: Any, node: Node, path: str) -> Any:
        """Which type of a union ``node`` is meant to be, by its shape."""
        for kind in get_args(union):
            if isinstance(node, Scalar):
                if kind is NoneType and node.value is None:
                    return kind
                if kind is bool and isinstance(node.value, bool):
                    return kind
            elif get_origin(kind) is tuple and isinstance(node, Sequence):
                return kind
        rest = [k for k in get_args(union) if k not in (NoneType, bool) and get_origin(k) is not tuple]
        if not rest:
            raise self.wrong(union, node, path, None)
        return rest[0]

    def items(self, kind: Any, node: Node, path: str) -> tuple[Any, ...]:
        """Bind a list."""
        if not isinstance(node, Sequence):
            raise self.fail(
                node.where,
                path,
                f"expected a list, found {describe(node)}",
                "Write [one, two], or lines that begin with '- '.",
            )
        found: list[Any] = []
        for index, item in enumerate(node.items):
            try:
                found.append(self.value(kind, item, f"{path}[{index}]"))
            except _Bad:
                continue
        if len(found) < len(node.items):
            raise _Bad
        return tuple(found)

    def annotated(self, kind: Any, node: Node, path: str) -> Any:
        """Bind a scalar that has a kind, a range, or both."""
        args = get_args(kind)
        spelling = next((m for m in args[1:] if isinstance(m, Kind)), None)
        limits = next((m for m in args[1:] if isinstance(m, Range)), None)
        if spelling is None:
            value = self.value(args[0], node, path)
        elif not isinstance(node, Scalar) or not isinstance(node.value, str):
            raise self.wrong(kind, node, path, self.spelling_hint(spelling, node))
        else:
            try:
                value = spelling.read(node.value)
            except ValueError as error:
                raise self.wrong(kind, node, path, _sentence(str(error))) from None
        if limits and not limits.least <= value <= limits.most:
            raise self.wrong(kind, node, path, None)
        return value

    def wrong(self, kind: Any, node: Node, path: str, hint: str | None) -> _Bad:
        """Note that a value is not of its type."""
        return self.fail(node.where, path, f"expected {expected(kind)}, found {describe(node)}", hint)

    def spelling_hint(self, spelling: Kind, node: Node) -> str | None:
        """What to write in place of a number, true, false or nothing."""
        if not isinstance(node, Scalar) or node.value is None:
            return None
        try:
            spelling.read(str(node.value))
        except ValueError as error:
            return _sentence(str(error))
        return "Put it in quotes."

    @staticmethod
    def shape_hint(kind: type, found: object) -> str | None:
        """What to write in place of a text, where true, false or a number is meant."""
        text = str(found).lower()
        if kind is bool and isinstance(found, str):
            words = {
                "yes": "true",
                "on": "true",
                "y": "true",
                "true": "true",
                "no": "false",
                "off": "false",
                "n": "false",
                "false": "false",
            }
            return f"Write {words[text]}, without quotes." if text in words else None
        return "Take the quotes away." if kind is int and isinstance(found, str) and text.isdecimal() else None

    def nearest(self, key: str, cls: type) -> str:
        """The known key that is nearest to an unknown one: in its own section, or of the same name in another."""
        own = [f.name for f in dataclasses.fields(cls)]
        if close := _close(key, own):
            return f"Did you mean '{close}'?"
        paths = list(_paths(self.root, ""))
        if elsewhere := next((p for p in paths if p.rpartition(".")[2] == key), None):
            return f"Did you mean '{elsewhere}'?"
        return f"Known here: {', '.join(own)}."


def _paths(cls: type, path: str) -> Iterator[str]:
    """All keys of a class and of its sections, not those within lists."""
    for name, kind in types_of(cls).items():
        yield _join(path, name)
        if dataclasses.is_dataclass(kind):
            yield from _paths(kind, _join(path, name))  # type: ignore[arg-type]


def _close(text: str, known: list[str]) -> str | None:
    return next(iter(get_close_matches(text.lower(), known, 1, 0.6)), None)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
