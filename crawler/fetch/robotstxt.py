"""What a robots.txt says to one user agent (RFC 9309). Pure: bytes in, rules out.

Owns the limits that keep a hostile file cheap, and which group of the file is ours; Protego does the rest. Never fetches, and does
not look at the file's sitemaps (spiders.discovery does).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from protego import Protego

LIMIT = 512 * 1024
"""Bytes of the file that are looked at; RFC 9309, 2.5, asks for 500 KiB at least."""
MAX_STARS = 32
"""Wildcards in one rule; a rule with more is dropped, as it means nothing and costs time at every URL."""

_AGENT_LINE = re.compile(r"user[-\s]*agent\s*[:\s](.*)", re.IGNORECASE)
_RULE = re.compile(r"(allow|disallow)\s*:\s*(.*)", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z0-9_-]+")
_ODD_LINE_ENDS = re.compile("[\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of the one group that holds for us."""

    _parsed: Protego = field(default_factory=Protego)

    def allow(self, url: str) -> bool:
        """Whether the URL may be fetched."""
        return bool(self._parsed.can_fetch(url, "*"))

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between two requests that the file asks for; None if it does not. Not in the standard, but in many files."""
        delay = self._parsed.crawl_delay("*")
        return None if delay is None else float(delay)


ALLOW_ALL = Rules()
"""The rules of a file that is not there (RFC 9309, 2.3.1.3)."""


def parse(body: bytes, user_agent: str) -> Rules:
    """Rules of a robots.txt for a crawler that calls itself ``user_agent``.

    The group is the one whose name is among the words of ``user_agent`` (the longest such name), else that of ``*``. Groups of
    the same name are one. A file cut at the limit loses its last line, half of which could mean more than the whole.
    """
    cut = len(body) > LIMIT
    text = body[:LIMIT].decode("utf-8-sig", errors="replace")
    lines = _ODD_LINE_ENDS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    if cut:
        lines.pop()
    names = [_agent(line) for line in lines]
    words = set(_TOKEN.findall(user_agent.lower()))
    ours = max((name for name in names if name in words), key=len, default="*")  # type: ignore[arg-type]
    # Each group becomes either that of all agents or that of somebody else: Protego's time grows with groups times rules.
    kept = []
    for line, name in zip(lines, names, strict=True):
        if name is not None:
            kept.append("User-agent: *" if name == ours else "User-agent: other")
        elif line.count("*") <= MAX_STARS:
            kept.append(line)
    return Rules(Protego.parse("\n".join(kept)))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a robots.txt says of one address, and which line says it."""

    allowed: bool
    line: int | None
    """Number of the line that decides, from 1; None if no rule speaks of the address."""
    text: str | None
    """The line as it stands there, or why there is none."""


def decide(body: bytes, user_agent: str, url: str) -> Decision:
    """The verdict of ``parse(body, user_agent).allow(url)``, and the line that it comes from: the longest rule that fits (RFC 9309, 2.2.2).

    For people; it takes longer than the verdict alone.
    """
    allowed = parse(body, user_agent).allow(url)
    text = body[:LIMIT].decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = _ODD_LINE_ENDS.sub(" ", text).split("\n")
    names = [_agent(line) for line in lines]
    words = set(_TOKEN.findall(user_agent.lower()))
    ours = max((name for name in names if name in words), key=len, default="*")  # type: ignore[arg-type]
    best: tuple[int, bool, int] | None = None
    within = after_rule = False
    for number, (line, name) in enumerate(zip(lines, names, strict=True), 1):
        if name is not None:
            within = name == ours or (within and not after_rule)
            after_rule = False
            continue
        rule = _RULE.match(line.partition("#")[0].strip())
        if rule is None:
            continue
        after_rule = True
        if within and rule[2] and rule[2].count("*") <= MAX_STARS and not _alone(rule[2]).can_fetch(url, "*"):
            allows = rule[1].lower() == "allow"
            best = max(best or (-1, False, 0), (len(rule[2]), allows, number), key=lambda each: each[:2])
    if best is None or best[1] != allowed:
        return Decision(allowed, None, None)
    return Decision(allowed, best[2], lines[best[2] - 1].strip()[:500])


def _alone(path: str) -> Protego:
    """Rules that disallow one path and nothing else."""
    return Protego.parse(f"User-agent: *\nDisallow: {path}")


def _agent(line: str) -> str | None:
    """Name of the agent that a line speaks of, lower case, without version; None if it is a line of another kind."""
    match = _AGENT_LINE.match(line.partition("#")[0].strip())
    if match is None:
        return None
    name = match[1].lower().partition("/")[0].strip()
    return name if name == "*" else name.replace("*", "")
