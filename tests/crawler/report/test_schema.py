"""The JSON Schemas: what ships validates, what is wrong does not, and they agree with the loader."""

import copy
import dataclasses
import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from crawler.config import BUNDLED, Settings, SiteConfig
from crawler.config.bind import bind
from crawler.config.tree import parse
from crawler.errors import ConfigError, Exit
from crawler.record import Article, Block, Extraction, Failure, FieldSources, Image, Rights
from crawler.report.outcome import Outcome
from crawler.report.schema import json_schema, plain

SITE = json_schema(SiteConfig, "site", whole=False)
ROW = Article(
    schema_version="1.0", id="urn:uuid:00000000-0000-4000-8000-000000000000", article_id="a_0123456789abcdef", revision=1, previous_id=None,
    change="new", run_id=None, site="x", url="https://x.example/a", requested_url="https://x.example/a", canonical_url=None,
    domain="x.example", discovered_via="feed", discovered_url=None, discovered_at="2026-11-20T09:00:00Z", title=None, description=None,
    authors=[], section=None, tags=["a"], language="en", published_at=None, published_raw=None, modified_at=None, text="", word_count=0,
    images=[Image(url="https://x.example/a.png", caption=None, alt="A")], page_type="article", access="free", quality=0.5, flags=[],
    removed_chars=0, removed_kinds=["nav"], text_sha256="0", duplicate_of=None, duplicate_kind=None, duplicate_similarity=None,
    extraction=Extraction(tool="pressmark", version="0.1.0", method="trafilatura", profile_sha256=None),
    field_sources=FieldSources(title="jsonld"), fetched_at="2026-11-20T09:00:00Z", http_status=200, content_type=None, warc_filename=None,
    warc_record_offset=0, warc_record_length=1, payload_digest="sha256:0", capture_fidelity="wire",
    rights=Rights(robots="allowed", meta_robots=None, tdm_reservation=None, tdm_policy=None, license_url=None),
    withdrawn_at=None, withdrawn_reason=None,
)  # fmt: skip


def valid(schema: dict[str, Any], value: object) -> bool:
    return jsonschema.Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize("cls", [Article, Block, Failure, SiteConfig, Settings])
def test_it_is_a_schema(cls: type) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema(cls, "x", whole=True))


def test_a_row_is_valid_and_whole() -> None:
    schema = json_schema(Article, "x", whole=True)
    row = json.loads(json.dumps(dataclasses.asdict(ROW)))
    assert valid(schema, row)
    for key in row:
        assert not valid(schema, {k: v for k, v in row.items() if k != key}), key
    changes: list[dict[str, Any]] = [
        {"extra": 1}, {"title": 1}, {"text": None}, {"change": "other"}, {"authors": None}, {"word_count": 1.5}, {"images": [{}]},
    ]  # fmt: skip
    for change in changes:
        assert not valid(schema, row | change), change
    partial = copy.deepcopy(row)
    del partial["field_sources"]["title"]
    assert not valid(schema, partial)


@pytest.mark.parametrize("path", sorted((BUNDLED / "sites").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_sites_that_ship_validate(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema/site.schema.json\n")
    jsonschema.validate(yaml.safe_load(text), SITE)


def test_the_defaults_that_ship_validate_and_leave_nothing_out() -> None:
    shipped = yaml.safe_load((BUNDLED / "defaults.yaml").read_text(encoding="utf-8"))
    jsonschema.validate(shipped, json_schema(Settings, "x", whole=False))
    assert shipped == plain(Settings(version=1))


HEAD = "version: 1\nsite: x\nhome: https://x.example/\n"


@pytest.mark.parametrize(
    "text",
    [
        "nme: x", "name: 7", "name: no", "name: null", "language: EN", "discover: {feeds: [/rss]}", "discover: {feeds: [{url: /rss}]}",
        "discover: {feeds: [{url: rss}]}", "discover: {home: 1}", "discover: {home: false}", "discover: {sections: [{name: A}]}",
        "politeness: {delay: 3s}", "politeness: {delay: 3}", "politeness: {robots: ignore}", "politeness: {robots: maybe}",
        "politeness: {tries: 11}", "politeness: {contact: null}", "limits: {max_age: null}", "limits: {max_articles: 1.5}",
        "fetch: {allow_private: true}",
        "fetch: {allow_private: ['10.0.0.0/8']}", "fetch: {allow_private: 1}", "extract: {chrome: [{id: a, kind: ad, css: b}]}",
        "extract: {chrome: [{id: a, kind: what, css: b}]}", "warc: {max_bytes: 1GB}", "warc: {max_bytes: 1 GB}", "warc: []",
    ],
)  # fmt: skip
def test_editor_and_loader_agree(text: str) -> None:
    """The schema cannot say all that the loader checks, but what these say it can."""
    document = HEAD + text + "\n"
    try:
        bind(SiteConfig, parse(document.encode(), "f"))
    except ConfigError:
        loaded = False
    else:
        loaded = True
    value = yaml.load(document, Loader=yaml.BaseLoader) if "no" in text.split() else yaml.safe_load(document)
    assert valid(SITE, value | {"version": 1}) is loaded


def test_defaults_stand_in_the_schema_as_they_are_written() -> None:
    definitions = SITE["$defs"]
    assert definitions["Politeness"]["properties"]["delay"]["default"] == "3s"
    assert definitions["WarcOptions"]["properties"]["max_bytes"]["default"] == "1GB"
    assert definitions["Limits"]["properties"]["max_age"]["default"] is None
    assert SITE["required"] == ["version", "site", "home"]


def test_a_report_is_valid_against_its_schema() -> None:
    from tests.crawler.fetch.test_notices import ALARM, outcome

    schema = json_schema(Outcome, "x", whole=True)
    jsonschema.Draft202012Validator.check_schema(schema)
    report = json.loads(json.dumps(outcome(Exit.DEGRADED, [ALARM]).to_dict()))
    jsonschema.validate(report, schema)
    del report["watched"]["gone"]
    with pytest.raises(jsonschema.ValidationError, match="gone"):
        jsonschema.validate(report, schema)
