import dataclasses

from crawler.dataset.census import ArticleCensus, ColumnCensus
from crawler.dataset.fields import dotted
from crawler.dataset.tables import TABLES
from crawler.dataset.wording import percent
from crawler.record import Image, Rights
from tests.crawler.dataset.made import article


def row(number, **changes):
    return dataclasses.asdict(article(number, **changes))


def test_a_column_is_filled_where_it_says_something_and_its_example_is_short():
    census = ColumnCensus(TABLES["articles"].fields)
    images = [Image(url="u", caption=None, alt=None), Image(url="v", caption="The quay", alt=None)]
    for each in (row(1, text=""), row(2, text="word " * 50, images=images, authors=["Ada"])):
        census.write(each, b"")
    found = {
        dotted(path): (n, example)
        for (path, _), n, example in zip(census.leaves, census.filled, census.examples, strict=True)
    }
    assert found["text"][0] == 1
    assert len(found["text"][1]) == 72
    assert found["images[].caption"] == (1, "The quay")
    assert found["images[].alt"] == (0, None)
    assert found["authors[]"] == (1, "Ada")
    assert found["revision"] == (2, "1")
    assert found["rights.tdm_reservation"] == (0, None)


def test_rows_are_counted_by_what_they_say():
    census = ArticleCensus()
    reserved = Rights(
        robots="ignored", meta_robots=None, tdm_reservation=True, tdm_policy=None, license_url="https://l.example/"
    )
    for each in (
        row(1, word_count=49, quality=1.0),
        row(2, word_count=50, quality=0.0, language=None, rights=reserved),
        row(30, site="two"),
    ):
        census.write(each, b"")
    assert census.sites == {"one": 2, "two": 1}
    assert census.captured == {("one", "2026-11-01"): 2, ("two", "2026-11-02"): 1}
    assert (census.lengths[0], census.lengths[1], census.qualities[9], census.qualities[0]) == (1, 1, 2, 1)
    assert census.languages == {"en": 2, "unknown": 1}
    assert census.reservations == {"undeclared": 2, "reserved": 1}
    assert census.licences == {"https://l.example/": 1}
    assert (census.first_at, census.last_at) == ("2026-11-01T07:00:00Z", "2026-11-02T12:00:00Z")


def test_samples_do_not_depend_on_the_order_of_rows():
    rows = [row(n) for n in range(40)]
    forward, back = ArticleCensus(), ArticleCensus()
    for each in rows:
        forward.write(each, b"")
    for each in reversed(rows):
        back.write(each, b"")
    assert [sample.id for sample in forward.samples] == [sample.id for sample in back.samples]
    assert len(forward.samples) == 8


def test_a_share_is_never_rounded_to_nothing_or_all():
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == ["0 %", "<1 %", "50 %", ">99 %", "100 %"]
