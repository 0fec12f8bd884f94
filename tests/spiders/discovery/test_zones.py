"""A site's time zone: sure only where country and dates agree."""

import pytest

from spiders.discovery.zones import COUNTRIES, zone_of

KYIV = ["Wed, 25 Nov 2026 12:00:00 +0200", "Wed, 01 Jul 2026 12:00:00 +0300"]


@pytest.mark.parametrize(
    ("home", "dates", "zone", "sure"),
    [
        ("https://a.ua/", KYIV, "Europe/Kyiv", True),
        ("https://a.ua/", ["2026-11-25T12:00:00Z"], "Europe/Kyiv", False),
        ("https://a.co.uk/", KYIV, "Europe/London", False),
        ("https://a.example/", KYIV, "Etc/UTC", False),
    ],
)
def test_a_zone_and_how_sure_it_is(home, dates, zone, sure):
    found = zone_of(home, dates)
    assert found is not None
    assert (found[0], found[2]) == (zone, sure)


def test_nothing_speaks_for_a_zone():
    assert zone_of("https://a.example/", ["2026-11-25T12:00:00Z", None, "soon"]) is None


def test_all_zones_exist():
    assert all(zone_of(f"https://a.{country}/", KYIV) for country in COUNTRIES)
