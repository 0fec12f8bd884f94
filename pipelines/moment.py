"""Moments in time as people and machines write them: ISO 8601, epoch, RFC 822, and dates in words of twenty languages.

Owns what is certain in a written date and what is not. Never reads a clock: "yesterday" is no date here, and a date whose day and
month can be exchanged is none either.

Source: ISO 8601, RFC 9557 (zone in brackets), RFC 5322 section 3.3; Unicode CLDR for the names of months.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from pipelines.months import MONTHS

MAX_LENGTH = 200
"""Longest text that is read as a date."""
FIRST_YEAR, LAST_YEAR = 1600, 2199
"""Years outside of these are defaults and typing errors, not dates."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A written date: what it says, and how much of it."""

    at: datetime
    """The moment; without ``tzinfo`` if the writing names no zone."""
    timed: bool
    """Whether a time of day was written."""

    @property
    def zoned(self) -> bool:
        """Whether a zone was written (a date without a time has none worth the name)."""
        return self.timed and self.at.tzinfo is not None

    def utc(self, zone: tzinfo = UTC) -> datetime:
        """The moment in UTC; ``zone`` is where a time without a zone was written. A bare date is midnight UTC of that date."""
        if not self.timed:
            return self.at.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
        return (self.at if self.at.tzinfo else self.at.replace(tzinfo=zone)).astimezone(UTC)


_ISO = re.compile(
    r"(?P<y>\d{4})(?P<s>[-/.]?)(?P<m>(?<=[-/.])\d{1,2}|\d{2})(?P=s)(?P<d>(?<=[-/.])\d{1,2}|\d{2})(?!\d)"
    r"(?:(?:[T\s_,]|\s+-\s+)\s*(?P<H>\d{1,2}):?(?P<M>\d{2})(?::?(?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<z>Z|(?:(?:UTC|GMT)\s*)?[+-]\d{1,2}:?(?:\d{2})?(?::\d{2})?|[A-Z]{2,5})?(?:\[[^\]]*\])?)?",
    re.I,
)
_CLOCK = re.compile(
    r"(?<![\d:./-])(?P<H>[01]?\d|2[0-3])\s?(?P<sep>[:.hH])\s?(?P<M>[0-5]\d)(?:[:.](?P<S>[0-5]\d))?(?![\d/-])(?:\s*Uhr\b)?"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?)?\s*(?P<z>(?:(?:UTC|GMT)\s*)?[+-]\d{1,2}:?\d{2}\b|[A-Z]{2,5}\b)?"
    r"|(?<![\d:./-])(?P<H12>1[0-2]|0?[1-9])\s?(?P<half12>[ap]\.?\s?m\b\.?)\s*(?P<z12>[A-Z]{2,4}\b)?",
    re.I,
)
_EAST_CLOCK = re.compile(r"(?P<H>\d{1,2})\s*[時时시]\s*(?:(?P<M>\d{1,2})\s*[分분])?")
_EAST = re.compile(r"(?P<y>(?:19|20)\d{2})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]?")
_NUMBERS = re.compile(
    r"(?<![\d.:/-])(?P<a>\d{1,2})\s?(?P<s>[./-])\s?(?P<b>\d{1,2})\s?(?P=s)\s?(?P<y>(?:19|20)\d{2}|\d{2}(?=[,\s|]|$))(?![\d/-])"
)
_DAY_MONTH = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|\.|-)?\s*(?:de\s+|d[’']|of\s+|-)?\s?(?P<w>[^\W\d_]{3,})\.?,?\s?(?:de[l]?\s+|-)?(?P<y>(?:19|20)\d{2})"
)
_MONTH_DAY = re.compile(
    r"(?<!\w)(?P<w>[^\W\d_]{3,})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?\.?,?\s+(?P<y>(?:19|20)\d{2})(?!\d)"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")

_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180,
    "jst": 540, "kst": 540, "sast": 120, "aest": 600, "aedt": 660, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420,
}  # fmt: skip
_PLACES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}


def read_stamp(value: object) -> Moment | None:
    """Read a date that a machine wrote: ISO 8601 in its many dialects, epoch seconds or milliseconds, RFC 822, or a date in words."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value)) if abs(value) < 1e14 else ""
    if not isinstance(value, str):
        return None
    text = value.strip()[:MAX_LENGTH]
    if _EPOCH.fullmatch(text):
        return _epoch(text)
    if match := _ISO.match(text):
        return _checked(match["y"], match["m"], match["d"], match["H"], match["M"], match["S"], match["f"], match["z"])
    return read_words(text)


def read_words(text: str) -> Moment | None:
    """Read the first date in words or numbers that can mean one day only; a time of day is looked for after it, then before it."""
    text = text[:MAX_LENGTH]
    if found := _EAST.search(text):
        day = (found["y"], found["m"], found["d"])
    elif ((found := _DAY_MONTH.search(text)) and (month := MONTHS.get(_word(found["w"])))) or (
        (found := _MONTH_DAY.search(text)) and (month := MONTHS.get(_word(found["w"])))
    ):
        day = (found["y"], str(month), found["d"])
    elif found := _NUMBERS.search(text):
        first, second = int(found["a"]), int(found["b"])
        if found["s"] != "." and first <= 12 and second <= 12 and first != second:
            return None
        if second > 12 and found["s"] != ".":
            first, second = second, first
        year = found["y"] if len(found["y"]) == 4 else "20" + found["y"]
        day = (year, str(second), str(first))
    elif found := _ISO.search(text):
        return read_stamp(found[0]) if found["s"] else None
    else:
        return None
    for part in (text[found.end() :], text[: found.start()]):
        if clock := _EAST_CLOCK.search(part):
            return _checked(*day, clock["H"], clock["M"] or "0", None, None, None)
        if clock := _CLOCK.search(part):
            if clock["H12"]:
                return _checked(*day, _hour(clock["H12"], clock["half12"]), "0", None, None, clock["z12"])
            if clock["sep"] == "." and part[clock.end() : clock.end() + 1] == ".":
                continue
            return _checked(*day, _hour(clock["H"], clock["half"]), clock["M"], clock["S"], None, clock["z"])
    return _checked(*day, None, None, None, None, None)


def _word(text: str) -> str:
    # Turkish dotted capitals fold to two characters, of which the names above have one
    return text.casefold().replace("i̇", "i")


def _hour(hour: str, half: str | None) -> str:
    if not half:
        return hour
    return str(int(hour) % 12 + (12 if half[0] in "pP" else 0))


def _epoch(text: str) -> Moment | None:
    whole = text.partition(".")[0]
    seconds = int(whole) / (1000 if len(whole) == 13 else 1)
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return Moment(at, True) if 1980 < at.year <= LAST_YEAR else None


def _checked(
    year: str,
    month: str,
    day: str,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    zone: str | None,
) -> Moment | None:
    try:
        at = datetime(int(year), int(month), int(day))
        if hour is not None:
            # midnight at the end of the day, and leap seconds
            extra = timedelta(days=1) if int(hour) == 24 else timedelta()
            at = at.replace(
                hour=int(hour) % 24,
                minute=int(minute or 0),
                second=min(59, int(second or 0)),
                microsecond=int(f"{fraction or '0':0<6.6}"),
            )
            at = _in_zone(at + extra, zone)
    except (ValueError, OverflowError):
        return None
    if not FIRST_YEAR <= at.year <= LAST_YEAR or (at.year, at.month, at.day) == (1970, 1, 1):
        return None
    return Moment(at, hour is not None)


def _in_zone(at: datetime, zone: str | None) -> datetime:
    if not zone:
        return at
    name = zone.casefold().replace(" ", "")
    if name in _PLACES:
        return at.replace(tzinfo=ZoneInfo(_PLACES[name]))
    if name in _ZONES:
        return at.replace(tzinfo=timezone(timedelta(minutes=_ZONES[name])))
    if match := re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?(?::\d{2})?", name):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > 14 * 60:
            raise ValueError(zone)
        return at.replace(tzinfo=timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes)))
    return at
