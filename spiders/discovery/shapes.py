"""The shapes of articles' addresses: from addresses that feeds and sitemaps name to patterns for a site's ``scope``. Pure.

A shape is what addresses have in common: ``/2026/11/25/some-slug/`` and its like become ``^/\\d{4}/\\d{1,2}/\\d{1,2}/[^/?]+/$``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

SHARE = 0.04
"""Part of the addresses that a shape must have, to count."""
MAX_SHAPES = 6
"""Shapes that are named, the most frequent first."""
_MANY = 4
"""Folders at one place from which on they are taken for any."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_SUFFIX = re.compile(r"\.(?:s?html?|php|aspx?|jsp|ece|cms)", re.I)
_ANY, _SLUG, _NUMBER, _YEAR_MARK, _SHORT = r"[^/?]+", r"[^/?-]*+(?:-[^/?-]*+)+", r"\d+", r"\d{4}", r"\d{1,2}"
_MARKS = (_ANY, _SLUG, _NUMBER, _YEAR_MARK, _SHORT)


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of addresses."""

    pattern: str
    """Regular expression over path and query, as ``scope.allow`` takes it."""
    share: float
    """Part of the addresses that have it."""
    example: str


def shapes_of(urls: Iterable[str]) -> list[Shape]:
    """The shapes that cover nearly all of ``urls``, the most frequent first; none if they have too little in common."""
    addresses = list(dict.fromkeys(urls))
    found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for url in addresses:
        if marks := _marks(url):
            found[marks].append(url)
    shapes = []
    for marks, group in _merged(found).items():
        share = len(group) / len(addresses)
        if share >= SHARE:
            shapes.append(Shape(_pattern(marks), round(share, 3), group[0]))
    shapes.sort(key=lambda shape: (-shape.share, shape.pattern))
    return shapes[:MAX_SHAPES]


def covered(urls: Iterable[str], shapes: Iterable[Shape]) -> float:
    """Part of ``urls`` that have one of the shapes."""
    addresses = [local(url) for url in dict.fromkeys(urls)]
    patterns = [re.compile(shape.pattern) for shape in shapes]
    fit = sum(any(pattern.search(address) for pattern in patterns) for address in addresses)
    return fit / len(addresses) if addresses else 0.0


def local(url: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _marks(url: str) -> tuple[str, ...]:
    """What each segment of a path is, then how it ends: a literal word, or one of the marks."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if not segments:
        return ("?" + parts.query.partition("=")[0],) if "=" in parts.query else ()
    marks = [_mark(segment, last=at == len(segments) - 1) for at, segment in enumerate(segments)]
    end = "/" if parts.path.endswith("/") else ""
    if not end and (match := _SUFFIX.search(segments[-1], max(0, segments[-1].rfind(".")))):
        end = match[0].lower()
        marks[-1] = _mark(segments[-1][: match.start()], last=True)
    return (*marks, end)


def _mark(segment: str, *, last: bool) -> str:
    if segment.isdigit():
        return _YEAR_MARK if _YEAR.fullmatch(segment) else _SHORT if len(segment) <= 2 else _NUMBER
    text = unquote(segment)
    if last:
        return _SLUG if "-" in text.strip("-") else _ANY
    wordlike = len(text) <= 30 and text.count("-") <= 2 and not any(c.isdigit() for c in text)
    return re.escape(segment) if wordlike else _ANY


def _merged(found: dict[tuple[str, ...], list[str]]) -> dict[tuple[str, ...], list[str]]:
    """Take folders that are many at one place for any; and the last segment for any where some slugs have a hyphen and some have none."""
    by_form: defaultdict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for marks in found:
        form = tuple(mark if mark in _MARKS[1:] else _ANY for mark in marks[:-1])
        form = (*form[:-1], _ANY if form and form[-1] in (_SLUG, _ANY) else form[-1] if form else "", marks[-1])
        by_form[form].append(marks)
    merged: dict[tuple[str, ...], list[str]] = {}
    for form, members in by_form.items():
        many = len({marks[:-2] for marks in members}) >= _MANY
        for marks in members:
            key = (*form[:-2], *marks[-2:]) if many else marks
            merged.setdefault(key, []).extend(found[marks])
    return _hyphens(merged)


def _hyphens(found: dict[tuple[str, ...], list[str]]) -> dict[tuple[str, ...], list[str]]:
    """Where nearly all slugs of a form have a hyphen, ask for one: section pages often have none."""
    joined: dict[tuple[str, ...], list[str]] = {}
    for marks, group in found.items():
        if len(marks) < 2 or marks[-2] not in (_SLUG, _ANY):
            joined.setdefault(marks, []).extend(group)
            continue
        slugs, plain = (found.get((*marks[:-2], mark, marks[-1]), []) for mark in (_SLUG, _ANY))
        mark = _SLUG if len(slugs) >= 9 * len(plain) else _ANY
        joined.setdefault((*marks[:-2], mark, marks[-1]), []).extend(group)
    return joined


def _pattern(marks: tuple[str, ...]) -> str:
    if len(marks) == 1:
        return rf"^/\?{re.escape(marks[0][1:])}=\d+"
    if not marks[-1].startswith("."):
        return "^/" + "/".join(marks[:-1]) + marks[-1] + "$"
    slug = marks[-2].replace("[^/?", "[^/?.")  # what takes all and never gives back must leave the suffix
    return "^/" + "/".join((*marks[:-2], slug)) + re.escape(marks[-1]) + r"(?:\?|$)"
