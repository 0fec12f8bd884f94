"""index.html: the face of an export, opened from disk. Pictures first, then words and tables; no script, no network, nothing that is not in
the file.

Owns what is shown and in which order; every figure comes from the portrait. What came from pages is escaped, and a policy in the page's
head forbids it to load or run anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from crawler.dataset.census import QUALITY_STEPS, WORD_STEPS, Sample
from crawler.dataset.citation import citation_text
from crawler.dataset.columns import percent
from crawler.dataset.coverage import Axis, axis, reasons_by_step, rows_by_step
from crawler.dataset.fields import EACH, dotted
from crawler.dataset.gaps import REASONS
from crawler.dataset.loading import loading_examples
from crawler.dataset.pictures import bar, bars, columns, strip, words
from crawler.dataset.portrait import Portrait
from crawler.errors import Reason
from crawler.report.docstrings import field_docs

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content-Security-Policy: nothing is loaded, nothing is run, nothing is sent."""
_STYLE = Path(__file__).with_name("page.css")
_SITES_SHOWN = 40
_BARS_SHOWN = 12
_GAPS_SHOWN = 60
_PARTS = (
    ("coverage", "Coverage"), ("missing", "What is missing"), ("fields", "Fields"), ("texts", "Texts"), ("rights", "Rights"),
    ("samples", "Samples"), ("load", "Load it"), ("files", "Files"), ("cite", "Cite"),
)  # fmt: skip


def page(portrait: Portrait) -> str:
    """The file."""
    parts = (_head, _coverage, _missing, _fields, _texts, _rights, _samples, _load, _files, _cite, _foot)
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
    links = "".join(f'<a href="#{key}">{title}</a>' for key, title in _PARTS)
    about = f'<p class="lead">{words(portrait.plan.description)}</p>' if portrait.plan.description else ""
    return (
        f'<header>\n<div class="kicker">Dataset · made {portrait.plan.made_at:%Y-%m-%d} with {words(portrait.plan.software)}</div>\n'
        f'<h1>{words(portrait.title)}</h1>\n<p class="lead">{words(portrait.summary)}</p>\n{about}'
        f'<dl class="facts">{shown}</dl>\n<nav aria-label="Parts of this page">{links}</nav>\n</header>\n'
    )


def _section(key: str, intro: str, content: str) -> str:
    title = dict(_PARTS)[key]
    return f'<section id="{key}">\n<h2>{title}</h2>\n<p class="soft">{intro}</p>\n{content}\n</section>\n'


# --- coverage and what is missing


def _coverage(portrait: Portrait) -> str:
    articles = portrait.articles
    gaps = portrait.gaps
    first = min([portrait.first_day, *(gap.first for gap in gaps)])
    last = max([portrait.last_day, *(gap.last for gap in gaps)])
    time = axis(first, last)
    totals = Counter[str]()
    for (_, day), number in articles.captured.items():
        totals[day] += number
    steps = rows_by_step(totals, time)
    titles = [f"{time.label(n)}: {number:,} rows" for n, number in enumerate(steps)]
    lines = [
        '<span class="name blank"></span>',
        f"<div>{columns(steps, titles, label=f'Rows by {time.step} of capture, {max(steps):,} at most')}</div>",
    ]
    sites = articles.sites.most_common(_SITES_SHOWN)
    by_site = {
        site: rows_by_step({day: n for (name, day), n in articles.captured.items() if name == site}, time)
        for site, _ in sites
    }
    most = max((max(values) for values in by_site.values()), default=1)
    for site, number in sorted(sites):
        lines.append(
            f'<span class="name">{words(site)} <b>{number:,}</b></span>{_strip(portrait, site, by_site[site], time, most)}'
        )
    lines.append(f'<span class="name blank"></span>{_time_axis(time)}')
    more = len(articles.sites) - len(sites)
    rest = f'<p class="soft">The {_SITES_SHOWN} largest sites; {more:,} more are in the data.</p>' if more > 0 else ""
    figure = f'<figure><div class="timeline">{"".join(lines)}</div>{_legend(portrait)}{rest}</figure>'
    peak = f"The highest column is {max(steps):,} rows." if len(time.starts) > 1 else ""
    return _section(
        "coverage",
        f"Rows by {time.step} of capture (UTC): all sites as columns, each site as a strip, stronger where there are more. {peak}",
        figure,
    )


def _strip(portrait: Portrait, site: str, values: list[int], time: Axis, most: int) -> str:
    reasons = reasons_by_step([gap for gap in portrait.gaps if gap.site == site], time)
    titles = [
        f"{time.label(n)}: {f'{value:,} rows' if value else REASONS[why] if why else 'before the first or after the last capture'}"
        for n, (value, why) in enumerate(zip(values, reasons, strict=True))
    ]
    return strip(values, reasons, titles, most, label=f"{site}: rows by {time.step} of capture")


def _time_axis(time: Axis) -> str:
    if len(time.starts) < 16:
        last = len(time.starts) - 1
        span = time.label(0) + (f" to {time.label(last)}" if last else "")
        return f'<div class="axis"><span>{span}</span></div>'
    places = [0, len(time.starts) // 2, len(time.starts) - 1]
    return f'<div class="axis">{"".join(f"<span>{time.label(n).rpartition(chr(32))[2]}</span>" for n in places)}</div>'


def _legend(portrait: Portrait) -> str:
    found = {gap.why for gap in portrait.gaps}
    entries = [("rows", "rows; stronger is more"), *((why, text) for why, text in REASONS.items() if why in found)]
    shown = (
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="{key}" width="10" height="10"/></svg>{words(text)}</li>'
        for key, text in entries
    )
    return f'<ul class="legend">{"".join(shown)}</ul>'


def _missing(portrait: Portrait) -> str:
    docs = {Reason[name].value: doc.replace("`", "") for name, doc in field_docs(Reason).items()}
    parts = []
    for title, counts, kind in (
        ("Tried, and gave no article", portrait.tried, "bad"),
        ("Found, and not asked for", portrait.not_asked, "weak"),
    ):
        if counts:
            reasons = [(reason, n, docs.get(reason, "")) for reason, n in counts.most_common()]
            parts.append(f"<div><h3>{title}: {counts.total():,} addresses</h3>{bars(reasons, kind=kind)}</div>")
    left = [(reason, n, "") for reason, n in portrait.left_out.most_common() if n]
    if left:
        parts.append(
            f"<div><h3>Captures that this export leaves out: {sum(n for _, n, _ in left):,}</h3>{bars(left, kind='weak')}</div>"
        )
    content = (
        f'<div class="pair">{"".join(parts)}</div>'
        if parts
        else "<p>Nothing: every address that was found gave a row.</p>"
    )
    longest = sorted(portrait.gaps, key=lambda gap: (-gap.days, gap.site, gap.first))[:_GAPS_SHOWN]
    if longest:
        days = sum(gap.days for gap in portrait.gaps)
        rows = (
            (gap.site, gap.first, gap.last, gap.days, REASONS[gap.why] + (f": {gap.detail}" if gap.detail else ""))
            for gap in longest
        )
        content += (
            f"<details{' open' if len(longest) <= 8 else ''}><summary>{days:,} days without a row, in {len(portrait.gaps):,} gaps</summary>"
            f"{_table(('site', 'from', 'to', '#days', 'why'), rows)}</details>"
        )
    return _section(
        "missing",
        "The absences, each with its reason. An address counts once, with the last reason, and only if it never gave an article.",
        content,
    )


# --- what the rows are


def _fields(portrait: Portrait) -> str:
    census = portrait.columns["articles"]
    everywhere: list[str] = []
    nowhere: list[str] = []
    rows = []
    for (path, _), filled in zip(census.leaves, census.filled, strict=True):
        name = words(dotted(path).removesuffix(EACH))
        if filled in (0, census.rows):
            (everywhere if filled else nowhere).append(name)
        else:
            share = filled / census.rows
            rows.append(f'<li><span class="name">{name}</span>{bar(share)}<span class="n">{percent(share)}</span></li>')
    content = f'<ul class="bars fields">{"".join(rows)}</ul>'
    for title, names in (("In every row", everywhere), ("In no row", nowhere)):
        if names:
            content += f'<h3 class="after">{title}</h3><p class="list">{", ".join(names)}</p>'
    return _section(
        "fields",
        "How many rows of <code>articles</code> say something in each column. <code>schema/columns.csv</code> has what each means.",
        content,
    )


def _texts(portrait: Portrait) -> str:
    articles = portrait.articles
    lengths = [articles.lengths[n] for n in range(len(WORD_STEPS))]
    names = [f"{step:,}" if step < 1000 else f"{step / 1000:g}k" for step in WORD_STEPS]
    qualities = [articles.qualities[n] for n in range(len(QUALITY_STEPS))]
    parts = [
        _histogram("Length: words, from the number below each column", lengths, names),
        _histogram(
            "Quality: how sure it is that the text is the article, and all of it",
            qualities,
            [f"{step:.1f}" for step in QUALITY_STEPS],
        ),
        _bars("Language", articles.languages, articles.rows),
        _bars("Kind of page", articles.kinds, articles.rows),
        _bars("Access", articles.access, articles.rows),
        _bars("Found through", articles.discovered, articles.rows),
    ]
    if articles.flags:
        parts.append(_bars("Flags", articles.flags, articles.rows))
    if articles.duplicates:
        parts.append(_bars("Copies of an earlier text", articles.duplicates, articles.rows))
    return _section("texts", "What the articles are.", f'<div class="pair">{"".join(parts)}</div>')


def _histogram(title: str, values: list[int], names: list[str]) -> str:
    titles = [f"{name}: {value:,} rows" for name, value in zip(names, values, strict=True)]
    labels = "".join(f"<span>{name}</span>" for name in names)
    return f'<figure><h3>{title}</h3>{columns(values, titles, label=title, widest=1)}<div class="axis each">{labels}</div></figure>'


def _bars(title: str, counts: Mapping[str, int], whole: int) -> str:
    listed = Counter(counts).most_common()
    rows = [(name, number, "") for name, number in listed[:_BARS_SHOWN]]
    if rest := listed[_BARS_SHOWN:]:
        rows.append((f"{len(rest)} more", sum(number for _, number in rest), ""))
    return f"<div><h3>{title}</h3>{bars(rows, whole)}</div>"


def _rights(portrait: Portrait) -> str:
    articles = portrait.articles
    parts = [
        _bars("robots.txt", articles.robots, articles.rows),
        _bars("Text and data mining", articles.reservations, articles.rows),
        _bars("Licence that the page declares", articles.licences or {"none": articles.rows}, articles.rows),
        _bars("Fidelity of the record", articles.fidelity, articles.rows),
    ]
    return _section(
        "rights",
        "What each page declared when it was captured. The articles are their publishers' and authors'.",
        f'<div class="pair">{"".join(parts)}</div>',
    )


def _samples(portrait: Portrait) -> str:
    shown = "".join(_sample(sample) for sample in sorted(portrait.articles.samples, key=lambda sample: sample.number))
    return _section(
        "samples",
        "Rows drawn by the digest of their id. With the collection at hand the commands print the text and the raw record.",
        f'<div class="samples">{shown}</div>',
    )


def _sample(sample: Sample) -> str:
    place = (
        f"{sample.warc[0]} at offset {sample.warc[1]}, {sample.warc[2]} bytes"
        if sample.warc
        else "read from a pipe: no place is known"
    )
    text = sample.text[:280].rsplit(" ", 1)[0] + " …" if len(sample.text) > 280 else sample.text
    captured = sample.fetched_at[:16].replace("T", " ")
    published = f" · published {sample.published_at[:10]}" if sample.published_at else ""
    return (
        f"<article><h3><bdi>{words(sample.title or '(no title)')}</bdi></h3>"
        f'<p class="meta">row {sample.number:,} · {words(sample.site)}{published} · captured {words(captured)} · '
        f"{sample.words:,} words · quality {sample.quality:.2f}<br><bdi>{words(sample.url)}</bdi></p>"
        + (f'<p dir="auto">{words(text)}</p>' if text else "")
        + f"<pre>pressmark show {words(sample.id)}\npressmark show {words(sample.id)} --raw</pre>"
        f'<p class="meta">{words(place)}</p></article>'
    )


# --- how to use it


def _load(portrait: Portrait) -> str:
    file = portrait.best("articles")
    shown = "".join(
        f"<div><h3>{name}</h3><pre>{words(code)}</pre></div>"
        for name, _, code in loading_examples(file.path, file.form)
    )
    return _section("load", "From within this folder.", f'<div class="pair">{shown}</div>')


def _files(portrait: Portrait) -> str:
    rows = (
        (file.path, file.table.doc, portrait.rows[file.table.name], _bytes(file.size), file.sha256)
        for file in portrait.files
    )
    return _section(
        "files",
        "<code>sha256sum -c manifest-sha256.txt</code> checks the data, <code>sha256sum -c tagmanifest-sha256.txt</code> all else. "
        "<code>provenance/index.csv.gz</code> names the WARC record of each row.",
        _table(("file", "a row is", "#rows", "#size", "SHA-256"), rows),
    )


def _cite(portrait: Portrait) -> str:
    return _section(
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


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A table; the columns whose head begins with ``#`` hold numbers."""
    looks = [
        " class=num"
        if name.startswith("#")
        else " class=digest"
        if name == "SHA-256"
        else " class=day"
        if name in ("from", "to")
        else ""
        for name in head
    ]
    top = "".join(f"<th{look}>{words(name.lstrip('#'))}</th>" for name, look in zip(head, looks, strict=True))

    def lines() -> Iterator[str]:
        for row in rows:
            cells = (f"{value:,}" if isinstance(value, int) else words(value) for value in row)
            yield "<tr>" + "".join(f"<td{look}>{cell}</td>" for cell, look in zip(cells, looks, strict=True)) + "</tr>"

    return f'<div class="table"><table><thead><tr>{top}</tr></thead><tbody>{"".join(lines())}</tbody></table></div>'


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
