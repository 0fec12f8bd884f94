"""The paper itself: its name, town, clock, sections and people. Facts that every page shares."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .model import Person, Section

NAME = "The Pellhaven Lantern"
MOTTO = "Lit every morning since 1868"
ZONE = timezone(-timedelta(hours=3, minutes=30))
"""Pellhaven keeps the sun's own half hour, all the year round."""
FOUNDED = "1868"

SECTIONS: tuple[Section, ...] = (
    Section(key="news", name="News", about="What happened in Pellhaven, on Skarra and along the Sound."),
    Section(key="town-hall", name="Town Hall", about="Council, courts and the public purse."),
    Section(key="harbour", name="Harbour", about="Ships, fish, kelp and the people who live by them."),
    Section(key="culture", name="Culture", about="Stage, page, kitchen and the long winter evenings."),
    Section(key="sport", name="Sport", about="The Harriers, the gigs and everybody who swims before breakfast."),
    Section(key="opinion", name="Opinion", about="Columns, letters and the paper’s own view."),
)

PEOPLE: tuple[Person, ...] = (
    Person(
        name="Maren Oduya",
        key="maren-oduya",
        bio="Maren Oduya reports on the town and the island. She learnt to row before she could ride a bicycle.",
    ),
    Person(
        name="Tobias Ferncastle",
        key="tobias-ferncastle",
        bio="Tobias Ferncastle has sat through every council meeting since 2009, most of them awake.",
    ),
    Person(
        name="Halvard Quill",
        key="halvard-quill",
        bio="Halvard Quill writes about boats and money from a desk that overlooks Quay Six.",
    ),
    Person(
        name="Clemency Achterberg",
        key="clemency-achterberg",
        bio="Clemency Achterberg edits the culture pages and reviews nothing that she has a part in.",
    ),
    Person(
        name="Rufus Hale-Okoro",
        key="rufus-hale-okoro",
        bio="Rufus Hale-Okoro covers sport. He was once a very slow winger.",
    ),
    Person(
        name="Wilhelmina Stroud",
        key="wilhelmina-stroud",
        bio="Wilhelmina Stroud’s column has appeared on Thursdays for twenty-two years.",
    ),
    Person(
        name="Priyanka Dole",
        key="priyanka-dole",
        bio="Priyanka Dole reports on schools, health and whatever the night shift brings.",
    ),
    Person(name="Osric Lund", key="osric-lund", bio="Osric Lund writes long pieces about small places."),
    Person(
        name="Ines Varga",
        key="ines-varga",
        bio="Ines Varga is the paper’s chief photographer and owns four pairs of waders.",
    ),
    Person(name="Edda Marsh", key="edda-marsh", bio="Edda Marsh is the editor of this paper."),
    Person(
        name="Nerys Abbotkane",
        key="nerys-abbotkane",
        bio="Nerys Abbotkane teaches coastal engineering at the Pellhaven College of the Sea.",
    ),
    Person(
        name="Соломія Бережна",
        key="solomiia-berezhna",
        bio="Solomiia Berezhna writes for the paper’s readers in Ukrainian, every second Wednesday.",
    ),
    Person(
        name="يسرى حدّان",
        key="yusra-haddan",
        bio="Yusra Haddan writes for the paper’s readers in Arabic and keeps the chess column.",
    ),
    Person(
        name="汐見 灯",
        key="shiomi-akari",
        bio="Shiomi Akari is a marine biologist who writes about what she finds, in Japanese.",
    ),
)

SECTION = {section.key: section for section in SECTIONS}
PERSON = {person.name: person for person in PEOPLE}


def printed_day(when: datetime) -> str:
    """Day as the paper prints it, in its own time: ``November 20, 2026``."""
    local = when.astimezone(ZONE)
    return f"{local:%B} {local.day}, {local.year}"


def printed_time(when: datetime) -> str:
    """Time as the paper prints it, in its own time: ``12:57 AM``."""
    local = when.astimezone(ZONE)
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'AM' if local.hour < 12 else 'PM'}"


def local_iso(when: datetime) -> str:
    """ISO 8601 in the paper's own time with its offset: ``2026-11-20T00:57:00-03:30``."""
    return when.astimezone(ZONE).isoformat(timespec="seconds")
