"""A page being set: writes elements in its skin and keeps account of every line that is not the article.

What ``furniture`` and ``captions`` hold in the end is the truth about the page's chrome, because nothing else can put such a line on it.
"""

from __future__ import annotations

from html import escape

from .edition import Edition
from .model import Article, Picture
from .paper import NAME, SECTIONS
from .skin import Skin, Template


def text(words: str) -> str:
    """Words as HTML text."""
    return escape(words, quote=False)


class Sheet:
    """One page of one edition, in one template."""

    def __init__(self, edition: Edition, template: Template) -> None:
        self.edition = edition
        self.skin = Skin(template)
        self.furniture: list[tuple[str, str]] = []
        """Every line so far that is no part of the article: text and kind, in page order."""
        self.captions: list[str] = []
        """Every caption so far, with its credit."""

    def box(self, tag: str, role: str, *inner: str, **attrs: str | None) -> str:
        """An element that holds others."""
        return self.skin.element(tag, role, *inner, **attrs)

    def line(
        self, kind: str, words: str, role: str, *, tag: str = "p", href: str | None = None, inner: str | None = None
    ) -> str:
        """A line of furniture in an element of its own; with ``href`` it is a link, ``inner`` is its HTML where it is not just words."""
        self.furniture.append((words, kind))
        content = inner if inner is not None else text(words)
        if href is not None:
            content = self.skin.element("a", f"{role}-link", content, href=href)
        return self.skin.element(tag, role, content)

    def button(self, kind: str, words: str, role: str) -> str:
        """A button in a line of its own."""
        return self.line(
            kind, words, f"{role}-row", inner=self.skin.element("button", role, text(words), type="button")
        )

    def figure(self, picture: Picture) -> str:
        """A picture with its caption and credit."""
        self.captions.append(picture.printed)
        self.furniture.append((picture.printed, "caption"))
        image = self.box(
            "img",
            "picture",
            src=f"/images/{picture.name}.svg",
            alt=picture.alt,
            width="960",
            height="540",
            loading="lazy",
        )
        credit = self.box("span", "credit", text(f"({picture.credit})"))
        return self.box(
            "figure", "figure", image, self.box("figcaption", "caption", text(picture.caption) + " " + credit)
        )

    def headline_link(self, kind: str, article: Article, role: str, tag: str = "li") -> str:
        """A line that links another article by its headline."""
        return self.line(kind, article.title, role, tag=tag, href=self.edition.path(article))

    def masthead(self, here: str = "") -> str:
        """The paper's name, its sections, and the way to the tide tables that never end."""
        name = self.line("nav", NAME, "masthead-name", href="/")
        entries = [self.line("nav", s.name, "menu-item", tag="li", href=f"/{s.key}/") for s in SECTIONS]
        self.furniture.append(("Tide tables", "nav"))
        when = self.edition.when
        tides = self.box("a", "menu-item-link", "Tide tables", href=f"/tides/{when:%Y/%m}/", rel="nofollow")
        entries.append(self.box("li", "menu-item", tides))
        crumb = self.line("nav", f"You are in: {here}", "breadcrumb") if here else ""
        return self.box(
            "header", "masthead", name, self.box("nav", "menu", self.box("ul", "menu-list", *entries)), crumb
        )
