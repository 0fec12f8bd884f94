"""index.html: the face of an export, opened from disk. Pictures first, then words and tables; no script, no network, nothing that is not in
the file.

Owns what is shown and in which order; every figure comes from the portrait. What came from pages is escaped, and a policy in the page's
head forbids it to load or run anything.
"""

from __future__ import annotations

from pathlib import Path

from crawler.dataset.citation import citation_text
from crawler.dataset.loading import loading_lines
from crawler.dataset.page_coverage import coverage, missing
from crawler.dataset.page_markup import PARTS, section, table
from crawler.dataset.page_rows import fields, rights, samples, texts
from crawler.dataset.pictures import words
from crawler.dataset.portrait import Portrait

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content-Security-Policy: nothing is loaded, nothing is run, nothing is sent."""
_STYLE = Path(__file__).with_name("page.css")


def page(portrait: Portrait) -> str:
    """The file."""
    parts = (_head, coverage, missing, fields, texts, rights, samples, _load, _files, _cite, _foot)
    body = "".join(part(portrait) for part in parts)
    style = _STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{words(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{words(portrait.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _head(portrait: Portrait) -> str:
    articles = portrait.articles
    days = len({day for _, day in articles.captured})
    facts = (
        ("articles", f"{articles.rows:,}"),
        ("sites", f"{len(articles.sites):,}"),
        ("words", _short(articles.words)),
        ("days with captures", f"{days:,}"),
        ("blocks removed", _short(portrait.rows["removed"])) if "removed" in portrait.rows else ("", ""),
        ("addresses tried in vain", f"{portrait.tried.total():,}") if "failures" in portrait.rows else ("", ""),
    )
    shown = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts if name)
    links = "".join(f'<a href="#{key}">{title}</a>' for key, title in PARTS)
    about = f'<p class="lead">{words(portrait.plan.description)}</p>' if portrait.plan.description else ""
    return (
        f'<header>\n<div class="kicker">Dataset · made {portrait.plan.made_at:%Y-%m-%d} with {words(portrait.plan.software)}</div>\n'
        f'<h1>{words(portrait.title)}</h1>\n<p class="lead">{words(portrait.summary)}</p>\n{about}'
        f'<dl class="facts">{shown}</dl>\n<nav aria-label="Parts of this page">{links}</nav>\n</header>\n'
    )


def _load(portrait: Portrait) -> str:
    lines: dict[str, list[str]] = {}
    for file in portrait.loadable:
        for reader, line in loading_lines(file).items():
            lines.setdefault(reader, []).append(line.replace("; ", "\n"))
    shown = "".join(
        f"<div><h3>{reader}</h3>{''.join(f'<pre>{words(line)}</pre>' for line in each)}</div>"
        for reader, each in lines.items()
    )
    return section("load", "From within this folder; README.md says more.", f'<div class="pair">{shown}</div>')


def _files(portrait: Portrait) -> str:
    rows = (
        (file.path, file.table.doc, portrait.rows[file.table.name], _bytes(file.size), file.sha256)
        for file in portrait.files
    )
    return section(
        "files",
        "<code>sha256sum -c manifest-sha256.txt</code> checks the data, <code>sha256sum -c tagmanifest-sha256.txt</code> all else. "
        "<code>provenance/index.csv.gz</code> names the WARC record of each row.",
        table(("file", "a row is", "#rows", "#size", "SHA-256"), rows),
    )


def _cite(portrait: Portrait) -> str:
    return section(
        "cite",
        "<code>CITATION.cff</code> says the same for programs.",
        f"<blockquote>{words(citation_text(portrait))}</blockquote>",
    )


def _foot(portrait: Portrait) -> str:
    made = "; ".join(
        f"{words(version)} ({words(method)}) {n:,}" for (version, method), n in sorted(portrait.extractors.items())
    )
    return (
        f"<footer><p>Rows by extractor: {made}.</p><p>This page needs no network and runs no script. Data: SHA-256 of the manifest "
        f"{portrait.fingerprint}.</p></footer>\n"
    )


def _short(number: int) -> str:
    for size, unit in ((10**9, "bn"), (10**6, "m"), (10**4, "k")):
        if number >= size:
            return f"{number / (1000 if unit == 'k' else size):.{0 if unit == 'k' else 1}f} {unit}"
    return f"{number:,}"


def _bytes(size: int) -> str:
    for limit, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= limit:
            return f"{size / limit:.1f} {unit}"
    return f"{size} B"
