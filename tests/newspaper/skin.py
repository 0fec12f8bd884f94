"""How an element is dressed. Two skins over one layout: ``clean`` says what things are, ``meaningless`` hides it.

``clean`` uses HTML's own elements and names its classes after what they hold. ``meaningless`` is a soup of ``div`` and ``span`` whose class
names are hashes, as style compilers make them, with a box or two around everything.
"""

from __future__ import annotations

from hashlib import sha256
from html import escape
from typing import Literal

Template = Literal["clean", "meaningless"]

_VOID = frozenset({"img", "input", "meta", "link", "br"})
_KEPT = frozenset({"a", "img", "button", "input", "form", "label", "strong", "em", "video", "html", "body"})
"""Elements that the soup keeps: what works only as itself."""
_INLINE = frozenset({"span", "time", "small", "cite"})
_BOXED = frozenset(
    {"article-body", "byline", "caption", "feed-item", "related-item", "card", "newsletter-form", "article"}
)
"""Roles around which the soup puts a box more."""


def attributes(values: dict[str, str | None]) -> str:
    """Attributes as HTML writes them; None leaves one out, an empty value gives the bare name."""
    written = ""
    for name, value in values.items():
        if value is not None:
            written += f" {name.strip('_').replace('_', '-')}" + (f'="{escape(value)}"' if value else "")
    return written


class Skin:
    """One template's way to write elements."""

    def __init__(self, template: Template) -> None:
        self.template = template

    @property
    def soup(self) -> bool:
        """Whether this is the meaningless template."""
        return self.template == "meaningless"

    def name(self, role: str) -> str:
        """Class name for what an element holds."""
        if not self.soup:
            return role
        number = int(sha256(role.encode()).hexdigest()[:12], 16)
        letters = "bcdfghjkmnpqrstvwxz2456789"
        digits = ""
        while number:
            number, rest = divmod(number, len(letters))
            digits += letters[rest]
        return f"{digits[:1].translate(str.maketrans('2456789', 'aeiouyl'))}{digits[1:3]}-{digits[3:7]}"

    def element(self, tag: str, role: str, *inner: str, **attrs: str | None) -> str:
        """One element with its content, which is HTML already."""
        if self.soup and tag not in _KEPT:
            tag = "span" if tag in _INLINE else "div"
            attrs = {name: value for name, value in attrs.items() if name not in {"datetime", "role_"}}
        written = f"<{tag}{attributes({'class': self.name(role), **attrs})}>"
        if tag not in _VOID:
            written += "".join(inner) + f"</{tag}>"
        return f'<div class="{self.name(role + " box")}">{written}</div>' if self.soup and role in _BOXED else written

    def prose(self, tag: str, inner: str, manner: int) -> str:
        """One block of the article's text.

        The soup has three manners, one a section: 0 keeps ``p`` and ``h2``, 1 boxes each of them, 2 makes ``div`` of them.
        Lists, tables and quotations stay what they are, for nothing else says that they are.
        """
        if not self.soup:
            return f"<{tag}>{inner}</{tag}>"
        if manner == 2 and tag in {"p", "h2"}:
            return f'<div class="{self.name(tag + " text")}">{inner}</div>'
        written = f'<{tag} class="{self.name(tag + " text")}">{inner}</{tag}>'
        return f'<div class="{self.name("text box")}">{written}</div>' if manner == 1 else written
