"""A sentence, from the article that holds it back to the bytes it stands in: what ``show --sentence`` prints.

Owns the steps of that proof. Each number printed is computed from the record's bytes, never taken from the row.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crawler.dataset.source import Source, find, sources_at
from crawler.errors import EvidenceError, Exit, StorageError, UsageError, VerificationError
from crawler.report.terminal import plain
from crawler.upgrade import Row
from crawler.warc.reader import read_capture_at, read_raw
from pipelines.basis import Basis
from pipelines.derive import VERSION, derive
from pipelines.passage import Span, in_page, in_text, read_at

_AROUND = 240
"""Characters of the article that are shown before and behind the sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Where a sentence stands, and what proves it."""

    sentence: str
    """As it stands in the article."""
    id: str
    url: str
    title: str | None
    fetched_at: str
    text_start: int
    """First character of the sentence in the row's ``text``."""
    warc: str
    """Path of the WARC file."""
    warc_record_offset: int
    warc_record_length: int | None
    payload_digest: str
    """Of the record as it was read now; it is the row's."""
    body_bytes: int
    """Bytes of the page without its content coding."""
    places: tuple[Span, ...]
    """Where the sentence stands in those bytes."""
    html: tuple[str, ...]
    """The bytes at those places."""
    extracted_again: bool | None
    """Whether the record gives the row's text again; None if this version cannot repeat the row's."""


def show_sentence(args: argparse.Namespace) -> int:
    """Find a sentence and prove it; exit 8 if no article holds it, 9 if the record does not bear the row out."""
    if not any(map(str.isalnum, args.sentence)):
        raise UsageError("there is no word in the sentence", hint="Give a sentence, or a part of one, in quotes.")
    found = list(_holders(args))
    if not found:
        raise EvidenceError(
            f"no article {'called ' + args.id if args.id else 'in ' + str(args.collection)} holds that sentence",
            hint="Quotes, dashes, case and white space do not count; every word does. Try a shorter part.",
        )
    if len({row["article_id"] for _, row in found}) > 1:
        return _list(found, as_json=args.json)
    source, row = found[-1]
    if args.raw:
        sys.stdout.buffer.write(read_raw(warc_of(source, row), row["warc_record_offset"], row["warc_record_length"]))
        sys.stdout.flush()
        return Exit.DONE
    proof = prove(source, row, args.sentence)
    if args.json:
        print(json.dumps(asdict(proof), ensure_ascii=False))
    else:
        print(plain("\n".join(_told(proof, row, [each for _, each in found]))))
    return Exit.DONE


def prove(source: Source, row: Row, sentence: str) -> Proof:
    """Go from a row that holds a sentence to the bytes of its record.

    Raises:
        EvidenceError: the record is not at hand. VerificationError: it does not bear the row out.
    """
    span = in_text(row["text"], sentence)
    if span is None:
        raise EvidenceError(f"{row['id']} does not hold that sentence")
    path = warc_of(source, row)
    try:
        capture = read_capture_at(path, row["warc_record_offset"])
    except StorageError as error:
        raise VerificationError(
            f"the row's record cannot be read: {error.message}", hint=f"'pressmark verify {path}' says more."
        ) from error
    at = capture.pointer
    if at.record_id != row["id"] or at.payload_digest != row["payload_digest"]:
        raise VerificationError(
            f"{path} at {row['warc_record_offset']}: the record is {at.record_id} with {at.payload_digest}; the row says {row['id']} "
            f"with {row['payload_digest']}",
            hint="The row or the file was changed: 'pressmark verify' says which.",
        )
    quoted = row["text"][span.start : span.end]
    places = tuple(in_page(capture.body, capture.header("Content-Type"), quoted))
    if not places:
        raise VerificationError(
            f"the sentence is in the row but not in the page of its record, {path} at {row['warc_record_offset']}",
            hint="'pressmark verify' says whether the record gives the row.",
        )
    again = None
    if row["extraction"]["version"] == VERSION:
        article = derive(capture, basis_of(source, row)).article
        again = article is not None and article.text == row["text"]
        if not again:
            raise VerificationError(
                "the record does not give the row's text again", hint="'pressmark verify' says more."
            )
    return Proof(
        sentence=quoted,
        id=row["id"],
        url=row["url"],
        title=row["title"],
        fetched_at=row["fetched_at"],
        text_start=span.start,
        warc=str(path),
        warc_record_offset=row["warc_record_offset"],
        warc_record_length=at.length,
        payload_digest=at.payload_digest,
        body_bytes=len(capture.body),
        places=places,
        html=tuple(read_at(capture.body, capture.header("Content-Type"), each) for each in places),
        extracted_again=again,
    )


def _holders(args: argparse.Namespace) -> Iterator[tuple[Source, Row]]:
    """Rows that hold the sentence, oldest first."""
    sources = sources_at(args.collection, args.warc)
    among = (
        find(sources, args.id, where=args.collection)
        if args.id
        else ((source, row) for source in sources for row in source.rows("articles"))
    )
    holding = ((source, row) for source, row in among if in_text(row["text"], args.sentence))
    yield from sorted(holding, key=lambda item: str(item[1]["fetched_at"]))


def _list(found: list[tuple[Source, Row]], *, as_json: bool) -> int:
    """Several articles hold it: a line each, to choose one."""
    for _, row in found:
        told = {name: row[name] for name in ("fetched_at", "id", "url", "title")}
        print(
            json.dumps(told, ensure_ascii=False)
            if as_json
            else plain(f"{row['fetched_at']}  {row['id']}  {row['url']}")
        )
    print(f"{len(found)} captures hold it. Name one: pressmark show ID --sentence …", file=sys.stderr)
    return Exit.DONE


def _told(proof: Proof, row: Row, holders: list[Row]) -> Iterator[str]:
    text, start = row["text"], proof.text_start
    end = start + len(proof.sentence)
    before = ("…" if start > _AROUND else "") + text[max(0, start - _AROUND) : start]
    behind = text[end : end + _AROUND] + ("…" if len(text) > end + _AROUND else "")
    yield f"{row['title'] or '(no title)'}\n{proof.url}\n"
    yield f"{before}»{proof.sentence}«{behind}\n"
    length = f", {proof.warc_record_length} bytes" if proof.warc_record_length is not None else ""
    facts: list[tuple[str, Any]] = [
        ("captured", f"{proof.fetched_at} (WARC-Date)"),
        ("record", proof.id),
        ("file", f"{proof.warc} at {proof.warc_record_offset}{length}"),
        ("digest", f"{proof.payload_digest}, computed from these bytes and the same as in the row"),
        *(
            (
                "bytes",
                f"{place.start}–{place.end} of the page's {proof.body_bytes} (content coding removed): {' '.join(shown.split())}",
            )
            for place, shown in zip(proof.places, proof.html, strict=True)
        ),
        ("text", _again(proof, row)),
    ]
    others = [each for each in holders if each["id"] != proof.id]
    if others:
        facts.append(("also in", f"{len(others)} more captures of the article, the first of {others[0]['fetched_at']}"))
    yield from (f"{name:<9} {value}" for name, value in facts)
    yield f"\nThe record itself: pressmark show {proof.id.removeprefix('urn:uuid:')} --raw. By hand: docs/evidence.md."


def _again(proof: Proof, row: Row) -> str:
    if proof.extracted_again:
        return "extracted again from the record: the same, to the letter"
    return f"made by {row['extraction']['version']}, which {VERSION} cannot repeat; the sentence stands in the page all the same"


def warc_of(source: Source, row: Row) -> Path:
    """The WARC file that holds a row's record.

    Raises:
        EvidenceError: it is not at hand.
    """
    name = row["warc_filename"]
    path = source.warc(name) if name else None
    if path is None:
        raise EvidenceError(
            f"the record of {row['id']} is in {name or 'no file'}, which is not at hand",
            hint="Name the folder that holds it with --warc.",
        )
    return path


def basis_of(source: Source, row: Row) -> Basis:
    """The basis that a row was extracted with.

    Raises:
        EvidenceError: it is not at hand.
    """
    path = source.profile(str(row["extraction"]["profile_sha256"]))
    try:
        return Basis.from_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise EvidenceError(f"{path}: {error}", hint="'pressmark verify' lists what else is missing.") from error
