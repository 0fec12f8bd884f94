import dataclasses

import pytest

from crawler.dataset.condition import parse_condition
from crawler.dataset.tables import TABLES
from crawler.errors import UsageError
from crawler.record import Image, Rights
from tests.crawler.dataset.made import article

FIELDS = TABLES["articles"].fields
ROW = dataclasses.asdict(
    article(
        word_count=200, section="Town Hall", authors=["Ada Quill", "Bo Finch"], published_at="2026-11-20T08:00:00Z", modified_at=None,
        images=[Image(url="https://one.example/a.jpg", caption="The ferry", alt=None)], quality=0.75,
        rights=Rights(robots="ignored", meta_robots=None, tdm_reservation=True, tdm_policy=None, license_url=None),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("word_count>=200", True), ("word_count>200", False), ("word_count != 200", False), ("quality<0.8", True),
        ("section=Town Hall", True), ("section='Town Hall'", True), ("section~hall", True), ("section~harbour", False), ("section!=null", True),
        ("authors=Ada Quill", True), ("authors~finch", True), ("authors!=Ada Quill", False), ("authors!=Cy", True), ("tags=null", True),
        ("authors=null", False), ("tags!=null", False), ("images.caption~ferry", True), ("images.url~b.jpg", False),
        ("published_at>=2026-11", True), ("published_at<=2026-11", True), ("published_at<2026-11-20", False), ("published_at=2026-11-20", True),
        ("published_at>2026-11-20T07:59:59Z", True), ("modified_at>=2000", False), ("modified_at=null", True), ("modified_at!=2026", True),
        ("rights.robots!=ignored", False), ("rights.tdm_reservation=true", True), ("duplicate_of=null", True), ("word_count!=null", True),
    ],
)  # fmt: skip
def test_a_condition_holds_or_not(text, holds):
    assert parse_condition(text, FIELDS).holds(ROW) is holds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("word_cuont>3", "Did you mean 'word_count'?"),
        ("robots=allowed", "Did you mean 'rights.robots'?"),
        ("word_count", "FIELD OPERATOR VALUE"),
        ("word_count>many", "word_count is a whole number, and 'many' is none"),
        ("quality>good", "quality is a number, and 'good' is none"),
        ("published_at>yesterday", "is no date"),
        ("page_type=artcle", "Did you mean 'article'?"),
        ("word_count~3", "is no text"),
        ("rights.tdm_reservation>false", "= or !="),
        ("rights.tdm_reservation=yes", "true, false or null"),
        ("word_count>null", "neither more nor less"),
    ],
)
def test_what_is_no_condition_is_an_error_that_says_what_to_write(text, said):
    with pytest.raises(UsageError) as caught:
        parse_condition(text, FIELDS)
    assert said in str(caught.value)
