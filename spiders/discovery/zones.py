"""A site's time zone, from the dates it gives with an offset and the country that its address names. A guess, and it says how good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.urls import host
from spiders.dates import read_date

COUNTRIES = {
    "ua": "Europe/Kyiv", "uk": "Europe/London", "ie": "Europe/Dublin", "de": "Europe/Berlin", "at": "Europe/Vienna", "ch": "Europe/Zurich",
    "fr": "Europe/Paris", "be": "Europe/Brussels", "nl": "Europe/Amsterdam", "lu": "Europe/Luxembourg", "es": "Europe/Madrid",
    "pt": "Europe/Lisbon", "it": "Europe/Rome", "gr": "Europe/Athens", "pl": "Europe/Warsaw", "cz": "Europe/Prague",
    "sk": "Europe/Bratislava", "hu": "Europe/Budapest",
    "ro": "Europe/Bucharest", "bg": "Europe/Sofia", "rs": "Europe/Belgrade", "hr": "Europe/Zagreb",
    "si": "Europe/Ljubljana", "md": "Europe/Chisinau", "lt": "Europe/Vilnius", "lv": "Europe/Riga", "ee": "Europe/Tallinn",
    "fi": "Europe/Helsinki", "se": "Europe/Stockholm", "no": "Europe/Oslo", "dk": "Europe/Copenhagen", "is": "Atlantic/Reykjavik",
    "tr": "Europe/Istanbul", "il": "Asia/Jerusalem", "lb": "Asia/Beirut", "ge": "Asia/Tbilisi", "am": "Asia/Yerevan", "az": "Asia/Baku",
    "in": "Asia/Kolkata", "pk": "Asia/Karachi", "bd": "Asia/Dhaka", "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "tw": "Asia/Taipei",
    "hk": "Asia/Hong_Kong", "sg": "Asia/Singapore", "ph": "Asia/Manila", "th": "Asia/Bangkok", "vn": "Asia/Ho_Chi_Minh",
    "za": "Africa/Johannesburg", "ke": "Africa/Nairobi", "ng": "Africa/Lagos", "eg": "Africa/Cairo", "ma": "Africa/Casablanca",
    "ar": "America/Argentina/Buenos_Aires", "cl": "America/Santiago", "pe": "America/Lima", "uy": "America/Montevideo",
    "nz": "Pacific/Auckland",
}  # fmt: skip
"""Countries of one zone, or whose papers keep one, by the last part of the host."""


def zone_of(
    home: str, dates: Iterable[str | None], rows: Iterable[Mapping[str, object]] = ()
) -> tuple[str, str, bool] | None:
    """(zone, how it was found, whether dates bear it out) of a site; None if nothing speaks for one.

    Args:
        dates: dates as feeds and sitemaps give them.
        rows: articles, for their ``published_raw``.
    """
    read = [read_date(raw) for raw in [*dates, *(str(row.get("published_raw") or "") for row in rows)]]
    known = [date for date in read if date is not None and date.utcoffset()]
    country = COUNTRIES.get(host(home).rpartition(".")[2])
    if country is None:
        if not known:
            return None
        offset = Counter(date.strftime("%z") for date in known).most_common(1)[0][0]
        return "Etc/UTC", f"unknown: its dates bear {offset[:3]}:{offset[3:]}; name the zone of the newsroom", False
    if not known:
        return country, "a guess by the country of its address; its dates bear no offset", False
    fits = sum(_offset(date, country) == date.utcoffset() for date in known)
    if fits * 10 >= len(known) * 9:
        return country, "by the country of its address, and its dates bear that offset", True
    return country, "a guess by the country of its address; its dates bear another offset", False


def _offset(date: datetime, zone: str) -> timedelta | None:
    return date.astimezone(ZoneInfo(zone)).utcoffset()
