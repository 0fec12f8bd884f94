"""A site's YAML as a probe drafts it: every line says where it comes from, and what is only a guess is a comment.

Owns how the file reads. Never reads or writes one, and never decides what is true of a site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./:=&%-]*[A-Za-z0-9_/=&%-]|[A-Za-z/]")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "nan", "inf"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of a list, with what a person should know of it."""

    value: str
    note: str = ""
    name: str | None = None
    """Name of a section."""
    follow: str | None = None
    """Which sitemaps of an index are read."""


@dataclass(slots=True, kw_only=True)
class SiteDraft:
    """What a probe found out about a site."""

    site: str
    home: str
    probed_at: str
    """The day, as YYYY-MM-DD."""
    name: str | None = None
    language: str | None = None
    language_note: str = ""
    timezone: str | None = None
    timezone_note: str = ""
    timezone_sure: bool = False
    """Whether dates on the site bear out the zone; else it is written as a comment."""
    hosts: list[str] = field(default_factory=list)
    """Hosts beside the home's own."""
    feeds: list[Line] = field(default_factory=list)
    sitemaps: list[Line] = field(default_factory=list)
    sections: list[Line] = field(default_factory=list)
    allow: list[Line] = field(default_factory=list)
    deny: list[Line] = field(default_factory=list)
    robots_sitemaps: int = 0
    """Sitemaps that robots.txt names: they are read without being listed."""
    notes: list[str] = field(default_factory=list)
    """What else a person should know."""

    def to_yaml(self) -> str:
        """The file's text."""
        lines = [
            "# yaml-language-server: $schema=../schema/site.schema.json",
            f"# {self.name or self.site}. Drafted on {self.probed_at} by 'pressmark sites add'; docs/sites.md explains each key.",
            *(f"# {note}" for note in self.notes),
            "version: 1",
            f"site: {self.site}",
        ]
        if self.name:
            lines.append(f"name: {quoted(self.name)}")
        lines.append(f"home: {quoted(self.home)}")
        if self.language:
            lines.append(_noted(f"language: {self.language}", self.language_note))
        if self.timezone:
            lines.append(_noted(f"{'' if self.timezone_sure else '# '}timezone: {self.timezone}", self.timezone_note))
        lines += ["", *self._discover(), "", *self._scope()]
        lines += [
            "",
            "limits:",
            "  max_age: 30d # sitemaps may reach back for years; null takes all of them",
        ]
        return "\n".join(lines) + "\n"

    def _discover(self) -> list[str]:
        named = "none but those that robots.txt names" if self.robots_sitemaps else "none found"
        lists = [
            *self._list("feeds", self.feeds, "none found: articles come from sitemaps and lists"),
            *self._list("sitemaps", self.sitemaps, named),
            *self._list("sections", self.sections, "none that list articles were found in the navigation"),
        ]
        has_one = self.feeds or self.sitemaps or self.sections
        return ["discover:" if has_one else "# discover: what follows was not found; the home page is read", *lists]

    def _scope(self) -> list[str]:
        lines = [f"  hosts: [{', '.join(map(quoted, self.hosts))}]"] if self.hosts else []
        for key, entries in (("allow", self.allow), ("deny", self.deny)):
            if entries:
                lines += [f"  {key}:", *(_noted(f"    - {quoted(line.value)}", line.note) for line in entries)]
        nothing = "# scope: the addresses that were found have no form in common; extraction decides what is an article"
        return ["scope:", *lines] if lines else [nothing]

    @staticmethod
    def _list(key: str, entries: list[Line], nothing: str) -> list[str]:
        if not entries:
            return [f"  # {key}: {nothing}"]
        lines = [f"  {key}:"]
        for entry in entries:
            if entry.name is not None:
                lines.append(_noted(f"    - {{name: {quoted(entry.name)}, url: {quoted(entry.value)}}}", entry.note))
                continue
            lines.append(_noted(f"    - url: {quoted(entry.value)}", entry.note))
            if entry.follow:
                lines.append(f"      follow: {quoted(entry.follow)}")
        return lines


def quoted(text: str) -> str:
    """``text`` as a YAML scalar that is read back as the same text, on one line."""
    text = " ".join(text.split())
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and ": " not in text:
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text) + '"'


def _noted(line: str, note: str) -> str:
    return f"{line} # {' '.join(note.split())}" if note else line
