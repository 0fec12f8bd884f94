"""One fault: what a server does, and what is right then. A catalogue is a dict of them by name; each has a row in ../shared/FAULTS.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.server import Line, Route

ELSEWHERE = "again.test"
"""A host that faults lead to from others."""
ROW = "row"
"""Outcome of a page that gives a row of articles.jsonl."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is asked for, what comes, and what must be in the archive then."""

    row: str
    """The fault's place in FAULTS.md: its section, and the row in a few words."""
    serve: Route | None = None
    """What the server does when the fault's own path is asked for."""
    answer: Callable[[bytes], bytes] | None = None
    """In its place: what the server says, made of the fault's own article, which stands on no other page."""
    beside: Mapping[str, Route] = field(default_factory=dict)
    """What it does on further paths."""
    ends: str = ROW
    """ROW, or the reason in failures.jsonl."""
    truncated: str | None = None
    """WARC-Truncated of the last record of its answer."""
    kept: bool | None = True
    """Whether an answer is in the archive; None where the moment decides whether there is half a head to be kept."""
    flags: frozenset[str] = frozenset()
    """Flags that the row has, among others."""
    exact: bool = False
    """Whether the row has the text of the fault's own article, exactly."""
    text: str | None = None
    """Text that the row has, exactly, where it is another."""
    detail: str = ""
    """What failures.jsonl says, among others."""
    hops: int = 1
    """Exchanges that are made."""

    def route(self, name: str) -> Route:
        """What the server does for the fault called ``name``."""
        if self.serve is not None:
            return self.serve
        assert self.answer is not None
        return say(self.answer(article(name).encode()))


def head(status: str = "200 OK", **fields: str | int | bytes) -> bytes:
    """An HTTP/1.1 head; ``_`` in a field's name stands for ``-``."""
    lines = [f"HTTP/1.1 {status}".encode()]
    for name, value in fields.items():
        lines.append(
            name.replace("_", "-").encode() + b": " + (value if isinstance(value, bytes) else str(value).encode())
        )
    return b"\r\n".join(lines) + b"\r\n\r\n"


def whole(body: bytes | str, content_type: str = "text/html; charset=utf-8", **fields: str | int | bytes) -> bytes:
    """A whole answer with that body."""
    data = body.encode() if isinstance(body, str) else body
    return head(Content_Type=content_type, Content_Length=len(data), **fields) + data


def chunked(*chunks: bytes) -> bytes:
    """The body in chunks, with its last one."""
    return b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in (*chunks, b""))


def paragraphs(name: str) -> list[str]:
    """Three paragraphs that stand in the article called ``name`` and in no other."""
    return [
        f"The harbour office of {name} said on Tuesday that the ferry will run again before the week is over, and that nobody was hurt.",
        f"Three people who live near the {name} quay told our reporter that they had waited for the news since the storm came in.",
        f"The mayor of {name}, who had promised a new pier in spring, would not say when the work on it is going to begin.",
    ]


def article(name: str, *, more: str = "", within: str = "", lead: str = "") -> str:
    """A small article. ``lead`` goes into its head, ``within`` between its paragraphs, ``more`` behind them."""
    first, *rest = (f"<p>{each}</p>" for each in paragraphs(name))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>News of {name}</title>{lead}</head><body>'
        f"<article><h1>News of {name}</h1>{first}{within}{''.join(rest)}{more}</article></body></html>"
    )


def text_of(name: str) -> str:
    """Text of ``article(name)`` as its row has it."""
    return "\n\n".join(paragraphs(name))


def say(*parts: bytes, end: str = "", pause: float = 0.0) -> Route:
    """A route that sends the parts and may then end the connection: close, drop, reset or hang."""
    from tests.faults.server import raw

    return raw(*parts, end=end, pause=pause)


def endless(start: bytes, part: bytes, pause: float = 0.0) -> Route:
    """A route that never ends by itself."""

    def route(line: Line) -> None:
        line.over = True
        line.send(start)
        while True:
            line.send(part)
            line.wait(pause)

    return route
