"""News agencies: which one a text credits. Owns their names and the places where a credit stands; pure.

Short names are words of other languages too (AP, TT, PA), so they count only where credits stand: in the dateline, in brackets, at the
end of the text, or among the authors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAMES: dict[str, tuple[str, ...]] = {
    "AAP": ("Australian Associated Press",),
    "AFP": ("Agence France-Presse", "Agence France Presse"),
    "ANP": (),
    "ANSA": (),
    "AP": ("Associated Press",),
    "APA": (),
    "Anadolu": ("Anadolu Agency", "Anadolu Ajansı"),
    "BNS": ("Baltic News Service",),
    "Belga": (),
    "Bloomberg": (),
    "CTK": ("ČTK",),
    "DPA": ("Deutsche Presse-Agentur",),
    "EFE": ("Agencia EFE",),
    "Europa Press": (),
    "HINA": (),
    "IANS": (),
    "Interfax": ("Интерфакс",),
    "Interfax-Ukraine": ("Интерфакс-Украина", "Інтерфакс-Україна"),
    "Keystone-SDA": ("SDA",),
    "Kyodo": ("Kyodo News", "共同通信"),
    "LETA": (),
    "Lusa": ("Agência Lusa",),
    "MTI": (),
    "NTB": (),
    "PA": ("PA Media", "Press Association"),
    "PAP": ("Polska Agencja Prasowa",),
    "PTI": ("Press Trust of India",),
    "RIA Novosti": ("РИА Новости",),
    "Reuters": ("Thomson Reuters", "Рейтер"),
    "Ritzau": (),
    "STT": (),
    "Suspilne": ("Суспільне",),
    "TASR": (),
    "TASS": ("ТАСС",),
    "TT": ("Tidningarnas Telegrambyrå",),
    "Tanjug": (),
    "UNIAN": ("УНІАН", "УНИАН"),
    "UPI": ("United Press International",),
    "Ukrinform": ("Укрінформ", "Укринформ"),
    "Xinhua": ("新华社", "Xinhua News Agency"),
    "Yonhap": ("연합뉴스", "Yonhap News Agency"),
}


def _folded(text: str) -> str:
    """Text without case, as the expression below takes it: the four letters i of Turkish are one (``XİNHUA``)."""
    return text.casefold().replace("i\u0307", "i").replace("ı", "i")


_AGENCY = {_folded(name): agency for agency, names in _NAMES.items() for name in (agency, *names)}
_FIRST = {re.findall(r"\w+", name)[0] for name in _AGENCY}
"""First words of the names: a text that has none of them as a word credits no agency."""
_ANY = "|".join(re.escape(name) for name in sorted(_AGENCY, key=len, reverse=True))
_CREDITS = re.compile(
    rf"\((?:[^()\n]{{0,30}}[/, -])?(?P<bracket>{_ANY})(?:[/, -][^()\n]{{0,30}})?\)"  # (AFP), (AP Photo), (dpa/lno)
    rf"|^(?:[^\n.]{{0,40}}[-–—,/(] ?)?(?P<dateline>{_ANY})\)? ?(?:[-–—:]|\))"  # OLDPORT, 3 May (AFP) – …; AFP: …
    rf"|(?:[-–—/(\[]|\b(?:source|agency|agencies|with|by|mit|avec|con|quelle|fuente)\b:?) ?(?P<end>{_ANY})[)\].]?\s*\Z"
    rf"|^\W*(?P<alone>{_ANY})\W*\Z",  # a last paragraph that is nothing but the agency's name
    re.IGNORECASE | re.MULTILINE,
)


def agency_of(text: str, authors: Iterable[str] = ()) -> str | None:
    """The news agency that a text or its authors credit; None if there is none, the first of several."""
    for author in authors:
        for part in re.split(r"\s*[,/&]\s*|\s+(?:and|und|et|y|with)\s+", author):
            if agency := _AGENCY.get(_folded(part.strip())):
                return agency
    for paragraph in (text[:400], text[-200:]):
        named = not _FIRST.isdisjoint(re.findall(r"\w+", _folded(paragraph)))
        if named and (found := _CREDITS.search(paragraph)):
            return _AGENCY[_folded(next(name for name in found.groups() if name))]
    return None
