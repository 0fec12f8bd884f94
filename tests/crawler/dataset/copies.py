"""Copies with known edits of the demo newspaper's articles, and texts that are none: what finding duplicates is measured on.

Owns the edits and what is true of them. All is fiction, and made anew each time from the same seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tests.newspaper.articles import ARTICLES
from tests.newspaper.markup import lines, read

Row = dict[str, Any]
Edit = Callable[[list[str], random.Random], list[str]]
LEAST = 60
"""Words of an article that is worth copying."""
_FILLERS = (
    "Readers who were there are asked to write to the newsroom, which pays for stamps.",
    "The council meets again on the second Tuesday of the month, weather permitting.",
    "A spokeswoman for the harbour office said that she had nothing to add, and added it.",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A row and what it is a copy of."""

    row: Row
    edit: str
    sources: frozenset[str]
    """Ids of which it may be called a duplicate; none if it must not be called one."""


def row(name: str, text: str, *, at: str, article: str | None = None, authors: tuple[str, ...] = ()) -> Row:
    """A row of articles with what the search looks at."""
    return {
        "id": f"urn:uuid:{name}", "article_id": article or "a_" + sha256(name.encode()).hexdigest()[:16], "fetched_at": at,
        "url": f"https://{name}.example/", "text": text, "authors": list(authors),
    }  # fmt: skip


def _changed(share: float) -> Edit:
    """Every n-th word or so by another word: a paraphrase that keeps the sentences' order."""

    def edit(text: list[str], chance: random.Random) -> list[str]:
        return [
            " ".join(f"{word[:1]}umber{len(word)}" if chance.random() < share else word for word in each.split())
            for each in text
        ]

    return edit


def _cut(share: float) -> Edit:
    """The beginning only, to the end of a sentence: what a paper with less room prints."""

    def edit(text: list[str], chance: random.Random) -> list[str]:
        words = " \n ".join(text).split(" ")
        kept = words[: max(LEAST // 2, round(len(words) * share))]
        return " ".join(kept).split(" \n ")

    return edit


EDITS: dict[str, Edit] = {
    "word for word": lambda text, chance: text,
    "other quotes and spaces": lambda text, chance: [
        p.replace("'", "’").replace('"', "”").replace(" ", "  ") for p in text
    ],
    "new headline and standfirst in the text": lambda text, chance: [
        "All of Oldport asks what comes next",
        _FILLERS[0],
        *text,
    ],
    "agency line appended": lambda text, chance: [*text, "With material by AFP"],
    "dateline and agency before": lambda text, chance: [f"OLDPORT, 3 May (Reuters) – {text[0]}", *text[1:]],
    "house paragraphs added": lambda text, chance: [text[0], _FILLERS[1], *text[1:], _FILLERS[2], _FILLERS[0]],
    "paragraphs in another order": lambda text, chance: chance.sample(text, len(text)),
    "last paragraph cut": lambda text, chance: text[:-1] if len(text) > 2 else text,
    "cut to 70 %": _cut(0.7),
    "cut to 50 %": _cut(0.5),
    "cut to 35 %": _cut(0.35),
    "one word in twenty changed": _changed(0.05),
    "one word in ten changed": _changed(0.1),
    "one word in seven changed": _changed(0.15),
    "one word in five changed": _changed(0.2),
    "one word in three changed": _changed(0.33),
}


def originals() -> list[Case]:
    """The articles themselves, captured first."""
    return [
        Case(row(slug, "\n\n".join(text), at="2026-11-01T06:00:00Z"), "original", frozenset())
        for slug, text in _texts().items()
    ]


def copies(seed: int = 1) -> Iterator[Case]:
    """A copy of each article by each edit."""
    chance = random.Random(seed)
    texts = _texts()
    slugs = list(texts)
    for i, (slug, text) in enumerate(texts.items()):
        source = f"urn:uuid:{slug}"
        for number, (name, edit) in enumerate(EDITS.items()):
            made = "\n\n".join(edit(list(text), chance))
            yield Case(row(f"{slug}-{number}", made, at="2026-11-02T06:00:00Z"), name, frozenset({source}))
        other = slugs[(i + 1) % len(slugs)]
        both = row(f"{slug}-roundup", "\n\n".join([*text, *texts[other]]), at="2026-11-02T06:00:00Z")
        yield Case(both, "two reports in one", frozenset({source, f"urn:uuid:{other}"}))


def others(seed: int = 1) -> Iterator[Case]:
    """Texts that have much in common with an article and are none of its copies."""
    chance = random.Random(seed)
    texts = _texts()
    spare = [paragraph for text in texts.values() for paragraph in text[2:]]
    chance.shuffle(spare)  # each is used once: two digests that share their paragraphs would be copies
    for slug, text in texts.items():
        words = " ".join(text).split()
        third = len(words) // 3
        quoting = [*chance.sample(words, len(words) - third), *words[:third]]
        yield Case(
            row(f"{slug}-quote", " ".join(quoting), at="2026-11-03T06:00:00Z"),
            "a third quoted, the rest its own",
            frozenset(),
        )
        own = " ".join(chance.sample(words, len(words)))
        yield Case(
            row(f"{slug}-words", own, at="2026-11-03T06:00:00Z"), "the same words in an order of its own", frozenset()
        )
        taken, spare = spare[:5], spare[5:]
        if len(taken) == 5:
            yield Case(
                row(f"{slug}-digest", "\n\n".join(taken), at="2026-11-03T06:00:00Z"),
                "a paragraph of each of five",
                frozenset(),
            )


def _texts() -> dict[str, list[str]]:
    texts = {article.slug: lines(read(article.body)) for article in ARTICLES}
    return {slug: text for slug, text in texts.items() if sum(len(p.split()) for p in text) >= LEAST}
