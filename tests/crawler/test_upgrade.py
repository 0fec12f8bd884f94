"""Rows of every version load, for ever. The old rows below stay as they are, whatever the record becomes."""

import dataclasses
import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from crawler.errors import StorageError
from crawler.record import SCHEMA_VERSION, Article, Block, Duplicate, Failure, to_json
from crawler.report.schema import json_schema
from crawler.upgrade import CLASSES, VERSIONS, Kind, load, upgrade

OLD: dict[str, dict[Kind, str]] = {
    "0.1": {
        "articles": """{"schema_version":"0.1","id":"urn:uuid:6f1c2f8e-55a0-4d7e-9c3b-0a6d1f2e3b4c","article_id":"a_0f1e2d3c4b5a6978",
"revision":2,"previous_id":"urn:uuid:5e0b1e7d-44f9-4c6d-8b2a-f95c0e1d2a3b","change":"edited","run_id":"20261101T060000Z-3fa9",
"site":"harbour","url":"https://harbour.example/ferry","requested_url":"https://harbour.example/ferry?from=feed","canonical_url":null,
"domain":"harbour.example","discovered_via":"feed","discovered_url":"https://harbour.example/rss","discovered_at":"2026-11-01T06:00:01Z",
"title":"Ferry late again","description":null,"authors":["Ada Quill"],"section":"Local","tags":["ferry"],"language":"en",
"published_at":"2026-11-01T05:30:00Z","published_raw":"Sun, 01 Nov 2026 06:30:00 +0100","modified_at":null,
"text":"The ferry was late.\\n\\nNobody minded.","word_count":6,"images":[{"url":"https://harbour.example/f.jpg","caption":null,"alt":"A ferry"}],
"page_type":"article","access":"free","quality":0.97,"flags":[],"removed_chars":12,"removed_kinds":["nav"],"text_sha256":"ab12",
"duplicate_of":"urn:uuid:4d9a0d6c-33e8-4b5c-9a19-e84b9d0c1f2a","extraction":{"tool":"pressmark","version":"0.1.0+trafilatura.2.3.1",
"method":"anchor","profile_sha256":"cd34"},"field_sources":{"title":"jsonld","description":null,"authors":"jsonld","section":"html",
"tags":"meta","language":"html","published_at":"feed","modified_at":null,"canonical_url":null,"page_type":"guess","access":"guess"},
"fetched_at":"2026-11-01T06:00:02.123456Z","http_status":200,"content_type":"text/html","warc_filename":"harbour-1.warc.gz",
"warc_record_offset":812,"warc_record_length":4001,"payload_digest":"sha256:ef56","capture_fidelity":"wire",
"rights":{"robots":"allowed","meta_robots":null,"tdm_reservation":null,"tdm_policy":null,"license_url":null}}""",
        "removed": """{"id":"urn:uuid:6f1c2f8e-55a0-4d7e-9c3b-0a6d1f2e3b4c","kind":"nav","reason":"links","path":"body > nav","text":"Home · Local",
"pages_sharing":4}""",
        "failures": """{"url":"https://harbour.example/gone","reason":"not-found","http_status":404,"first_try_at":"2026-11-01T06:00:03Z",
"last_try_at":"2026-11-01T06:00:03Z","discovered_via":"link","detail":null}""",
    },
    "1.0": {
        "duplicates": """{"schema_version":"1.0","id":"urn:uuid:6f1c2f8e-55a0-4d7e-9c3b-0a6d1f2e3b4c",
"duplicate_of":"urn:uuid:4d9a0d6c-33e8-4b5c-9a19-e84b9d0c1f2a","kind":"near","similarity":0.91,"share":0.95,"share_of_other":0.95,
"words_in_common":310,"agency":"AFP","explanation":"95 % of it stands there."}""",
    },
}
CASES = [(version, kind, text) for version, files in OLD.items() for kind, text in files.items()]


def old(version: str, kind: Kind) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(OLD[version][kind].replace("\n", ""))
    return row


@pytest.mark.parametrize(("version", "kind"), [case[:2] for case in CASES])
def test_an_old_row_loads_whole_and_valid(version: str, kind: Kind) -> None:
    row = old(version, kind)
    new = upgrade(kind, row)
    jsonschema.validate(new, json_schema(CLASSES[kind], kind, whole=True))
    made: Article | Block | Failure | Duplicate = load(CLASSES[kind], row)
    assert json.loads(to_json(made)) == new
    assert {name: new[name] for name in row if name != "schema_version"} == {
        name: row[name] for name in row if name != "schema_version"
    }
    assert new["schema_version"] == SCHEMA_VERSION


def test_nested_parts_are_classes_too() -> None:
    made = load(Article, old("0.1", "articles"))
    assert made.images[0].alt == "A ferry"
    assert made.field_sources.published_at == "feed"
    assert made.rights.robots == "allowed"
    assert (made.duplicate_kind, made.duplicate_similarity, made.withdrawn_at) == ("exact", 1.0, None)


def test_a_row_without_version_is_of_the_first() -> None:
    made = load(Failure, old("0.1", "failures"))
    assert (made.site, made.run_id, made.record_id) == ("unknown", None, None)
    assert upgrade("removed", old("0.1", "removed"))["schema_version"] == SCHEMA_VERSION


def test_a_newer_minor_version_is_read_for_what_is_known() -> None:
    row = upgrade("articles", old("0.1", "articles")) | {"schema_version": "1.999", "mood": "sour"}
    assert upgrade("articles", row)["mood"] == "sour"
    assert load(Article, row).title == "Ferry late again"


@pytest.mark.parametrize("version", ["2.0", "17.4", "one", "", None, 1])
def test_a_newer_major_version_is_refused_and_named(version: object) -> None:
    row = old("0.1", "articles") | {"schema_version": version}
    with pytest.raises(
        StorageError, match=rf"schema version {version}; this Pressmark reads versions up to {SCHEMA_VERSION}"
    ):
        upgrade("articles", row)


def test_a_missing_field_is_named() -> None:
    row = upgrade("articles", old("0.1", "articles"))
    del row["rights"]["robots"]
    with pytest.raises(StorageError, match=r"a row of articles.rights has no field 'robots'"):
        load(Article, row)


def test_versions_come_in_order_and_every_one_leads_to_the_next() -> None:
    numbers = [tuple(map(int, version.number.split("."))) for version in VERSIONS]
    assert numbers == sorted(set(numbers))
    assert [version.step is None for version in VERSIONS] == [True] + [False] * (len(VERSIONS) - 1)


def test_a_row_of_today_is_given_back_as_it_is() -> None:
    row = upgrade("articles", old("0.1", "articles"))
    assert upgrade("articles", row) is row
    assert set(row) == {field.name for field in dataclasses.fields(Article)}
