"""README.md: the dataset card, for people and for Hugging Face ``datasets``, written from the data.

Owns what is said and in which order; every figure comes from the portrait. Text that came from pages stands in it only in code marks.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from crawler.dataset.card_missing import missing_section
from crawler.dataset.citation import citation_text
from crawler.dataset.columns import columns_markdown
from crawler.dataset.editions import EDITIONS
from crawler.dataset.features import features
from crawler.dataset.likeness import LEAST_WORDS, LONGER, NEAR, PART, RUN
from crawler.dataset.loading import loading_lines
from crawler.dataset.portrait import Portrait
from crawler.dataset.sheet import LONGEST
from crawler.dataset.wording import listed, percent, plain_markdown
from crawler.dataset.yamltext import to_yaml

_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
_DISCOVERED = {
    "feed": "a feed", "news_sitemap": "a news sitemap", "sitemap": "a sitemap", "section": "a section page", "link": "a link",
    "user": "a person", "import": "another tool's archive",
}  # fmt: skip


_LOADING = {
    "parquet": "From Parquet, which bears the types:",
    "jsonl": "From JSON lines, with the types of `schema/`, which `load_tables.py` and `load_tables.R` beside this file read:",
    "csv": "From CSV, which has no types but those that a reader guesses:",
}
_LOADING_NOTE = """\
Each line is run from within this folder; other tables load by their names. Text, whole numbers, decimals, booleans, times in UTC, lists and
records have the same type in all of these readers.
"""
_PLAIN_JSON = """\
Without `load_tables` every reader loads the JSON lines, too: the first rows are the few that together fill every column, so that each
type is inferred. But some readers then take times for text or lose their zone, text that looks like a number or a time may become one,
pandas takes whole numbers that are null somewhere for decimals, and a column that no row fills has no type. `datasets` fails where what
looks like times in its first 10 MB does not further down, pyarrow at a row of more than 1 MB.
"""
_FROM_THE_CARD = """\
From anywhere, `datasets.load_dataset("PATH/OF/THIS/FOLDER", "articles", split="train")` reads the head of this file, which declares the
types for `datasets`.
"""
_TEXT = """\
Text was told from navigation, adverts and other chrome by Pressmark's stages around trafilatura, from the archived record alone; every
block that was taken out is a row of `removed` with what it is and what decided so. Nothing was rewritten.
"""
_COMPARED = """\
A row whose text is in essence that of an earlier captured article, of any site here, bears its id in `duplicate_of`; `duplicates`
has the numbers and a sentence for each. Texts were compared as words, without case and punctuation: MinHash signatures of all
runs of {run} words named candidates, and each was then compared run by run. `exact`: the same words. `contained` and `contains`:
{part} of the shorter text's runs stand in the other, which has at least {longer} times its words. `near`: {near} of each text's
runs stand in the other. Below {least} words only exact copies count. Earliest means first captured, and is no proof of who wrote
it.
"""
_NOT_COMPARED = """\
Texts were not compared for this export. Within a site, exact copies are marked when they are captured: a row with the text of an earlier
article under another address bears its id in `duplicate_of`.
"""
_RIGHTS = """\
The articles are their publishers' and authors'. That a page could be read and kept says nothing of what else may be done with it;
whoever uses this dataset answers for that under the law that holds for them. What each page declared when it was captured stands in
`rights`:
"""
_PEOPLE = """\
News names people: authors in `authors`, persons in `title` and `text`, and at times victims, minors and suspects. Nothing was
pseudonymised. Who works with it needs a ground for that (in the EU: GDPR, articles 6, 9, 85 and 89), should publish no more than the
question needs, and should follow corrections and takedowns: rows that were withdrawn from the collection are not in this export, but
may be in an older one.
"""
_PROOF = """\
`provenance/index.csv.gz` names for each row the WARC file, offset, length and digest of the record that it was made from;
`provenance/warcs.csv` those files with their SHA-256; `provenance/profiles/` what extraction knew of each site. With the WARC files and
Pressmark every row can be made again. `sha256sum -c manifest-sha256.txt` checks the data, `sha256sum -c tagmanifest-sha256.txt` all
else: the folder is a bag (RFC 8493).
"""


def card(portrait: Portrait) -> str:
    """The file."""
    parts = (
        _front_matter(portrait), _opening(portrait), _loading(portrait), _tables(portrait), _collection(portrait),
        missing_section(portrait), _text(portrait), _duplicates(portrait), _rights(portrait), "## Personal data\n\n" + _PEOPLE,
        "## Where each row comes from\n\n" + _PROOF, _citing(portrait), _columns(portrait),
    )  # fmt: skip
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _front_matter(portrait: Portrait) -> str:
    languages = sorted({tag.partition("-")[0].lower() for tag in portrait.articles.languages if tag != "unknown"})
    size = next((name for limit, name in _SIZES if portrait.articles.rows < limit), "n>10M")
    infos, configs = [], []
    for table in portrait.tables:
        if not portrait.rows[table.name]:
            continue
        best = portrait.best(table.name)
        if best.form != "csv":  # whose columns are others, and whose types readers guess
            infos.append({"config_name": table.name, "features": features(table.fields)})
        default = {"default": True} if table.name == "articles" else {}
        configs.append({"config_name": table.name, **default, "data_files": [{"split": "train", "path": best.path}]})
    head: dict[str, Any] = {
        "pretty_name": portrait.title,
        **({"language": languages} if languages else {}),
        "license": portrait.plan.licence.lower() if portrait.plan.licence else "other",
        **({} if portrait.plan.licence else {"license_name": "rights-of-the-publishers"}),
        "size_categories": [size],
        "tags": ["news", "web-archive", "warc", "pressmark"],
        "configs": configs,
        **({"dataset_info": infos} if infos else {}),
    }
    return f"---\n{to_yaml(head)}---"


def _opening(portrait: Portrait) -> str:
    plan = portrait.plan
    lines = [
        f"# {plain_markdown(portrait.title)}",
        "",
        portrait.summary + f" Made on {plan.made_at:%Y-%m-%d} with {plan.software}.",
    ]
    if plan.description:
        lines += ["", plan.description]
    lines += ["", "`index.html` shows all this as pictures: open it from disk, it needs no network."]
    return "\n".join(lines)


def _loading(portrait: Portrait) -> str:
    parts = ["## How to load it"]
    for file in portrait.loadable:
        rows = [f"| {reader} | `{line}` |" for reader, line in loading_lines(file).items()]
        parts.append("\n".join([_LOADING[file.form], "", "| in | line |", "| --- | --- |", *rows]))
    forms = {file.form for file in portrait.loadable}
    if forms != {"csv"}:
        parts += [_LOADING_NOTE, *([_PLAIN_JSON] if "jsonl" in forms else []), _FROM_THE_CARD]
    return "\n\n".join(part.strip() for part in parts)


def _tables(portrait: Portrait) -> str:
    lines = ["## What is in it", "", "| table | rows | a row is | files |", "| --- | ---: | --- | --- |"]
    for table in portrait.tables:
        files = ", ".join(f"`{file.path}`" for file in portrait.files_of(table.name))
        lines.append(f"| {table.name} | {portrait.rows[table.name]:,} | {table.doc} | {files} |")
    if portrait.plan.editions:
        where = ", ".join(f"{name} (`{EDITIONS[name][1]}`)" for name in portrait.plan.editions)
        lines += ["", f"The articles that have text are there once more for other tools: {where}."]
    if portrait.cut_cells:
        lines += [
            "",
            f"{portrait.cut_cells:,} cells of CSV end at {LONGEST:,} characters, a spreadsheet's limit; the other files are whole.",
        ]
    return "\n".join(lines)


def _collection(portrait: Portrait) -> str:
    articles, runs = portrait.articles, portrait.runs
    commands = Counter(run["command"] for run in runs)
    if runs:
        first, last = runs[0]["started_at"][:10], runs[-1]["started_at"][:10]
        times = f"{len(runs):,} runs" if len(runs) > 1 else "one run"
        how = f"Pages were fetched by Pressmark in {times} ({listed(commands)}), the first on {first}, the last on {last}."
    else:
        how = "Pages were brought in from other archives; no run is recorded."
    lines = ["## How it was collected", "", how]
    found = Counter({_DISCOVERED[name]: number for name, number in articles.discovered.items()})
    lines[-1] += f" Addresses were found through {listed(found)}."
    lines[-1] += (
        " Every exchange is kept byte for byte in WARC files; each row was derived from one record of them, and names it."
        if articles.fidelity.keys() <= {"wire"}
        else f" Each row was derived from one WARC record, and names it. Fidelity of the records: {listed(articles.fidelity)}."
    )
    lines += [
        "",
        "| site | articles | first capture | last capture | configuration |",
        "| --- | ---: | --- | --- | --- |",
    ]
    days: dict[str, list[str]] = {}
    for site, day in articles.captured:
        days.setdefault(site, []).append(day)
    for site, number in sorted(articles.sites.items()):
        lines.append(
            f"| {site} | {number:,} | {min(days[site])} | {max(days[site])} | `provenance/sites/{site}.yaml` |"
        )
    lines += [
        "",
        "A configuration is as it stood when this dataset was made; earlier runs may have had another. A site that was "
        "archived by hand has none. `provenance/runs.jsonl` has the runs.",
    ]
    return "\n".join(lines)


def _text(portrait: Portrait) -> str:
    articles = portrait.articles
    lines = [
        "## How the text was decided",
        "",
        _TEXT,
        "| version | method | rows |",
        "| --- | --- | ---: |",
    ]
    lines += [f"| {version} | {method} | {n:,} |" for (version, method), n in sorted(portrait.extractors.items())]
    low = sum(number for place, number in articles.qualities.items() if place < 5)
    lines += [
        "",
        f"`quality` says how sure that is, from 0 to 1: {low:,} rows ({percent(low / articles.rows)}) are below 0.5.",
    ]
    if articles.flags:
        lines[-1] += f" Flags: {listed(articles.flags)}."
    return "\n".join(lines)


def _duplicates(portrait: Portrait) -> str:
    found, plan = portrait.articles.duplicates, portrait.plan
    if plan.duplicates == "skip":
        how = _NOT_COMPARED
    else:
        how = _COMPARED.format(
            run=RUN, part=f"{PART:.0%}", longer=LONGER, near=f"{NEAR:.0%}", least=LEAST_WORDS
        ).replace("%", " %")
    count = f"Marked here: {listed(found)} rows." if found else "No row here is marked."
    dropped = portrait.left_out["duplicate"]
    kept = (
        f"The copies were asked to be left out: {dropped:,} rows were."
        if plan.duplicates == "drop"
        else "None was dropped."
    )
    return "\n\n".join(("## Duplicates", how.strip(), f"{count} {kept}"))


def _rights(portrait: Portrait) -> str:
    articles = portrait.articles
    lines = [
        "## Rights",
        "",
        _RIGHTS,
        f"- robots.txt: {listed(articles.robots)}",
        f"- text and data mining (TDM Reservation Protocol): {listed(articles.reservations)}",
        f"- licence: {listed(Counter(dict(articles.licences.most_common(5)))) or 'none declared'}",
    ]
    respected = sorted(portrait.plan.selection.respect)
    if respected:
        lines.append(f"- left out of this export for such a signal ({', '.join(respected)}): "
                     f"{sum(n for reason, n in portrait.left_out.items() if reason.startswith('respect')):,}")  # fmt: skip
    if portrait.plan.licence:
        lines += ["", f"The collection as a whole, its selection and its metadata, is under {portrait.plan.licence}."]
    return "\n".join(lines)


def _citing(portrait: Portrait) -> str:
    return (
        f"## How to cite\n\n> {plain_markdown(citation_text(portrait))}\n\n`CITATION.cff` says the same for programs."
    )


def _columns(portrait: Portrait) -> str:
    parts = ["## Columns\n\n`schema/columns.csv` has these as a table, `schema/*.schema.json` as JSON Schema."]
    for table in portrait.tables:
        parts.append(f"### {table.name}\n\n{columns_markdown(portrait.columns[table.name])}")
    return "\n\n".join(parts)
