"""What the rows of an export are: four parts of its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from crawler.dataset.census import QUALITY_STEPS, WORD_STEPS, Sample
from crawler.dataset.fields import EACH, dotted
from crawler.dataset.page_markup import section
from crawler.dataset.pictures import bar, bars, columns, words
from crawler.dataset.portrait import Portrait
from crawler.dataset.wording import percent

_BARS_SHOWN = 12


def fields(portrait: Portrait) -> str:
    """How far each column is filled."""
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
    return section(
        "fields",
        "How many rows of <code>articles</code> say something in each column. <code>schema/columns.csv</code> has what each means.",
        content,
    )


def texts(portrait: Portrait) -> str:
    """Lengths, quality, languages, kinds."""
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
    return section("texts", "What the articles are.", f'<div class="pair">{"".join(parts)}</div>')


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


def rights(portrait: Portrait) -> str:
    """What pages declared."""
    articles = portrait.articles
    parts = [
        _bars("robots.txt", articles.robots, articles.rows),
        _bars("Text and data mining", articles.reservations, articles.rows),
        _bars("Licence that the page declares", articles.licences or {"none": articles.rows}, articles.rows),
        _bars("Fidelity of the record", articles.fidelity, articles.rows),
    ]
    return section(
        "rights",
        "What each page declared when it was captured. The articles are their publishers' and authors'.",
        f'<div class="pair">{"".join(parts)}</div>',
    )


def samples(portrait: Portrait) -> str:
    """A few rows, each with the way to its source."""
    shown = "".join(_sample(sample) for sample in sorted(portrait.articles.samples, key=lambda sample: sample.number))
    return section(
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
