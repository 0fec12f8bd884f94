"""Names of authors as bylines write them: split, freed of by-words, roles, agencies and addresses.

Owns what a name is and what stands around it. Never looks at a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.months import MONTHS
from pipelines.plain import key, plain

MAX_NAME = 70
"""Longest name, in characters."""
MAX_WORDS = 7
"""Most words of a name."""


def _words(text: str) -> str:
    return "|".join(text.split())


BY = re.compile(
    r"^(?:(?:(?:written|posted|reported|published|story|words|text|article|edited|analysis|opinion|review|photos?|report|commentary)\s+by"
    r"|(?:geschrieben|ein artikel|ein beitrag|interview)\s+von|skrevet\s+a[fv]|an?alisi\s+di|propos\s+recueillis\s+par"
    r"|autor(?:in|en|es|a)?|auteurs?|autor[ei]|authors?|автор(?:ы)?|"
    + _words("by von vom par por door av af di text texte texto testo tekst текст reporter yazan haber penulis oleh")
    + r"|文|作者|記者|记者|撰文|責編|责编|责任编辑|取材・文)(?:\s*[:：/]\s*|\s+))+",
    re.I,
)
"""By-words at the beginning of a byline."""
_AND = re.compile(
    r"\s*(?:[;|•·\n\t、，]|\s/\s|\s[-–—]\s|(?<=\w)\s*/\s*(?=[A-ZÀ-Þ]\w+\s)"
    r"|\s(?:" + _words("and und et y och og en ja ve oraz и та dan with mit avec con & +").replace("+", r"\+") + r")\s)\s*",
    re.I,
)  # fmt: skip
_COMMA = re.compile(r"\s*,\s*")
_ADDRESS = re.compile(r"\S+@\S+|(?:https?:)?//\S+|www\.\S+", re.I)
_HANDLE = re.compile(r"(?:^|\s)@\w+|^\w+(?:[._]\w+)*[._]\d+$", re.A)
_CREDIT = re.compile(
    r"^(?:photo|image|illustration|video|foto|bild)\w*\s+(?:provided|supplied|courtesy|credit\w*|by|von|par|:)", re.I
)
_BRACKETS = re.compile(r"\s*[(\[（【<][^)\]）】>]{0,80}(?:[)\]）】>]|$)\s*")
_DEGREE = r"(?:ph\.?\s?d|m\.?d|dds|dmd|esq|m\.?sc?|m\.?a|mba|mfa|rn|rdn?|cpa|cfp|j\.?d|mph|ldn?|cscs|cpt|dc|dvm|edd|psyd|lcsw|faap|facs)\.?"
_SUFFIX = re.compile(rf"^(?:jr\.?|sr\.?|ii|iii|iv|dr\.?|do|{_DEGREE})$", re.I)
_DEGREES = re.compile(
    r"(?:\s+(?:MS|MD|MA|MBA|MSc|PhD|Ph\.D\.?|RDN?|RN|LDN?|CDN|MPH|CPT|JD|Esq\.?|CSCS|CFP|CPA|DDS|DVM|PsyD))+$"
)
_TAIL = re.compile(
    r"\s+(?:기자|記者|记者|報道|撰稿|is\s.*|for\s+\S.*|on\s.*|(?:last\s+)?(?:published|updated|posted|modified)\b.*|\d.*|[-–—|•·].*)$",
    re.I,
)
_PLACE = re.compile(r"\s+(?:in|aus|à|from)\s+[A-ZÀ-Þ]\w+(?:[\s/-][A-ZÀ-Þ]\w+)*$")
_NOBODY = frozenset(
    key(name)
    for name in _words(
        "admin administrator webmaster user guest unknown null none undefined anonymous author autor auteur editor root test nobody na "
        "byline profile super-user wp-admin site-admin admin-user contributor published updated posted share follow more by von"
    ).split("|")
)
_ROLE = re.compile(
    r"\b(?:"
    + _words(
        "reporter editor writer correspondent journalist columnist contributor producer fellow director professor analyst critic chief "
        "manager senior staff freelance officer president founder head ceo chair photographer fotograf updated published follow "
        "redakteur(?:in)? korrespondent(?:in)? autor(?:in)? journaliste? r[ée]dact(?:eur|rice) correspondante? redactora? corresponsal "
        "periodista giornalista inviato redaktor dziennikarz"
    )
    + r")\b",
    re.I,
)
_AGENCIES = _words(
    "reuters afp dpa ansa efe apa ap sid epd kna upi pti ani ians tass bloomberg xinhua kyodo yonhap lusa belga anp tt ntb ritzaus? stt "
    "çtk čtk pap tasr mti agerpres keystone sda ats imago getty"
)
_AGENCY = re.compile(rf"^(?:{_AGENCIES})$", re.I)
_GROUP = re.compile(
    r"\b(?:"
    + _words(
        "news redaktion\\w* redacci[oó]n r[ée]daction redazione redakcja redakce staff team desk editorial editors board agency agentur "
        "agencia agence agenzia press media magazine times post journal network wire newsroom company inc llc ltd gmbh university "
        "institute college school ministry office department foundation association committee council services? group club online "
        "digital contributors reporters correspondents sponsored partner content haber ajans[ıi] center centre society tv radio zeitung "
        "nachrichten"
    )
    + rf"|{_AGENCIES}"
    + r")\b|\.(?:"
    + _words("com org net de co fr at ch be nl es it pl se no dk is tv eu tr uk")
    + r")\b",
    re.I,
)
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]+")
_EDGE = " .,:;*|–—-•/"


def names_in(text: object) -> Iterator[str]:
    """Names in the words of a byline, in order."""
    line = plain(text, 1500)
    if not line:
        return
    line = _HANDLE.sub(" ", _ADDRESS.sub(" ", line))
    line = _BRACKETS.sub(" , ", line).strip(" ,")
    found = 0
    for chunk in _AND.split(BY.sub("", line)):
        for name in _named([part for part in _COMMA.split(chunk) if part.strip()], found):
            found += 1
            yield name


def is_group(name: str, site: Iterable[str] = ()) -> bool:
    """Whether a name is that of an organisation or a desk: by its words, or because the site goes by it (``site`` holds keys)."""
    own = key(name)
    return bool(_GROUP.search(name)) or any(
        own == other or (len(other) > 4 and own.startswith(other)) for other in site
    )


def looks_like_person(name: str) -> bool:
    """Whether a name that nothing but its place on the page marks is a person's: two to five words, capitals where a name has them."""
    words = name.split()
    if _is_without_spaces(name):
        return len(name) <= 7
    if not name[0].isalpha() or not 2 <= len(words) <= 5 or _ROLE.search(name) or ":" in name:
        return False
    return words[0][0].isupper() and words[-1][0].isupper() if name[0].islower() or name[0].isupper() else True


def _named(parts: list[str], before: int) -> Iterator[str]:
    """The names among the parts between commas: what follows a name without being one is a role, a place or a degree."""
    for place, part in enumerate(parts):
        name = BY.sub("", part.strip(_EDGE))
        if (short := _TAIL.sub("", name)) != name:
            # what was cut off may have been the rest of a date
            first, _, last = short.rpartition(" ")
            name = first if last.casefold().rstrip(".") in MONTHS else short
        name = _once(_DEGREES.sub("", _PLACE.sub("", name)).strip(_EDGE))
        if place and (
            _SUFFIX.match(name) or (" " not in name and not _is_without_spaces(name) and not _AGENCY.match(name))
        ):
            continue
        if _is_name(name) and not ((place or before) and _ROLE.search(name)):
            yield name


def _once(name: str) -> str:
    """A name that is there twice in a row (the link and its label) once."""
    words = name.split()
    half = len(words) // 2
    return " ".join(words[:half]) if half and len(words) % 2 == 0 and words[:half] == words[half:] else name


def _is_name(name: str) -> bool:
    return (
        2 <= len(name) <= MAX_NAME
        and len(name.split()) <= MAX_WORDS
        and _LETTER.search(name) is not None
        and key(name) not in _NOBODY
        and not all(word in MONTHS for word in _LETTERS.findall(name.casefold()))
        and not name.endswith(("?", "!"))
        and not _CREDIT.match(name)
    )


def _is_without_spaces(name: str) -> bool:
    return any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in name)
